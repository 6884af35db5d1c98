import type { AgentDefinition, ModelAgent } from "../../workers/mao/agent-definition.ts";
import { type TeamMessage, transcriptOf } from "../../workers/mao/teams/transcript.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { speak } from "../agent-turn/speak.ts";
import { addUsage } from "../agent-turn/turn.ts";
import { openTeam, usageOf } from "./open-team.ts";
import { shownName, type Team } from "./team.ts";

/** Teams inside teams. */
const MAX_TEAM_DEPTH = 4;
const RESPONSE_PROMPT = "Answer the task on behalf of the team above, in one message, without saying that there was a conversation.";

type TeamAgent = Extract<AgentDefinition, { as: "team" }>;

/**
 * Lets a team speak as one participant of another (a society of mind): it talks among itself about what was said, under this turn's name, and one answer is made of it.
 * @returns undefined while something in it waits
 * @throws Problem `limit-exceeded` when teams are nested too deep
 */
export async function speakAsOne(
  outer: Team,
  step: string,
  name: string,
  agent: TeamAgent,
): Promise<Omit<TeamMessage, "speaker" | "at"> | undefined> {
  if (outer.depth >= MAX_TEAM_DEPTH) throw new Problem("limit-exceeded", `Teams may be nested ${MAX_TEAM_DEPTH} deep; ${name} is deeper.`);
  const task = transcriptOf(outer.messages, shownName(outer));
  const until = agent.until === undefined ? {} : { until: agent.until };
  const input = { ...agent.with, ...until, task };
  const team = openTeam(outer.host, { step, pattern: agent.pattern, input, depth: outer.depth + 1, talk: outer.talk });
  const ended = await team.talk(team);
  if (ended === undefined) return undefined;
  const said = team.messages.slice(1);
  const history = transcriptOf(said, shownName(team));
  const voice: ModelAgent = {
    as: "model",
    title: agent.title ?? name,
    instructions: agent.instructions,
    tools: [],
    ...(agent.model === undefined ? {} : { model: agent.model }),
  };
  const spoken = await speak(outer.host, {
    step: `${step}/answer`,
    name,
    agent: voice,
    assignment: { goal: outer.input.task, context: said.map(({ speaker, text }) => ({ from: shownName(team)(speaker), text })) },
    history: [
      { role: "user", text: `${task}\n\n<data from="the team">\n${history}\n</data>\n\n${agent.response_prompt ?? RESPONSE_PROMPT}` },
    ],
  });
  if (spoken === undefined) return undefined;
  return { text: spoken.text, engine: spoken.engine, usage: addUsage(usageOf(team), spoken.usage) };
}
