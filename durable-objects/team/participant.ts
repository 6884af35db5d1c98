import { z } from "zod";
import type { AgentDefinition, ModelAgent } from "../../workers/mao/agent-definition.ts";
import { findAgent } from "../../workers/mao/agents.ts";
import { stepSchema } from "../../workers/mao/graph.ts";
import { textsOf } from "../../workers/mao/teams/ended.ts";
import { cutMessage, historyFor, spokenTurnSchema, TASK_SPEAKER, type TeamMessage } from "../../workers/mao/teams/transcript.ts";
import { contextParts } from "../../workers/models/assignment.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { assertNotHeld } from "../../workers/platform/held.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { guard } from "../../workers/policy/guard.ts";
import { speak } from "../agent-turn/speak.ts";
import { workOf } from "../graph/tool-step.ts";
import { recordedProblem } from "../journal/journal.ts";
import { NO_RETRY } from "../journal/retry.ts";
import { speakAsOne } from "./nested.ts";
import { type Choice, shownName, type Team } from "./team.ts";

type Speaking = Extract<Choice, { kind: "speak" }>;
type Turn = z.infer<typeof spokenTurnSchema>;

/** Words by which a conversation is ended; an engine that only follows rules may say them when it has nothing to add, and no other. */
const LAST_WORD = /TERMINATE|DONE|STOP|FINISH|COMPLETE|EXIT|\bEND\b/i;
/** What a person is shown of the conversation when asked. */
const MAX_PROMPT_CHARACTERS = 4_000;

/**
 * Lets a participant speak in the team's n-th turn, and records what it said together with the event that tells of it. A turn that was recorded is not taken again.
 * @returns undefined while the turn waits for somebody
 * @throws Problem when the participant cannot speak
 */
export async function takeTurn(team: Team, n: number, choice: Speaking): Promise<TeamMessage | undefined> {
  const { host } = team;
  const step = `${team.step}/t${n}`;
  if (host.journal.record(step)?.state !== "done") {
    const turn = await said(team, step, choice);
    if (turn === undefined) return undefined;
    const options = {
      uses: usesOf(choice),
      title: choice.speaker,
      isOutside: false,
      onUnknown: "retry",
      retry: NO_RETRY,
      timeoutMs: 60_000,
    } as const;
    await host.journal.step(step, options, async () => {
      host.emit({ type: "team.message", data: { step: team.step, turn: n, speaker: turn.speaker, text: turn.text } });
      return z.json().parse(turn);
    });
  }
  const turn = spokenTurnSchema.parse(await host.journal.output(step));
  return { ...turn, at: host.journal.record(step)?.finishedAt ?? host.clock.now() };
}

function usesOf(choice: Speaking): string {
  return `agent:${choice.speaker}`;
}

async function said(team: Team, step: string, choice: Speaking): Promise<Turn | undefined> {
  const node = choice.node === undefined ? undefined : team.input.nodes?.[choice.node];
  if (node?.uses !== undefined) return ofStep(team, step, choice, node.uses, node.with ?? {});
  const agent = choice.agent ?? findAgent(team.host.agents, choice.speaker);
  const allowed = await guard(team.host, {
    principal: team.host.scope.principal,
    resource: { type: "agent", id: choice.speaker },
    within: workOf(team.host),
  });
  assertNotHeld(allowed);
  if (allowed.effect === "deny") throw new Problem("forbidden", `The agent ${choice.speaker} may not run: ${allowed.reason}.`);
  switch (agent.as) {
    case "model":
      return ofModel(team, step, choice, agent);
    case "human":
      return ofPerson(team, step, choice, agent);
    case "team":
      return named(choice, await speakAsOne(team, step, choice.speaker, agent));
    case "a2a":
      return ofStep(team, step, choice, `a2a:${choice.speaker}`, { message: newsFor(team, choice) });
    default:
      return agent satisfies never;
  }
}

/** What a participant said, as a turn of its own name. */
function named({ speaker, node }: Speaking, spoken: Omit<Turn, "speaker"> | undefined): Turn | undefined {
  return spoken === undefined ? undefined : { ...spoken, text: cutMessage(spoken.text), speaker, ...(node === undefined ? {} : { node }) };
}

async function ofModel(team: Team, step: string, choice: Speaking, agent: ModelAgent): Promise<Turn | undefined> {
  const { speaker, instruction, handoffs = [], due = [] } = choice;
  const hasNothingNew = team.pattern !== "hierarchical" && due.length === 0 && isRepeating(team, speaker);
  const lastWord = textsOf(team.input.until ?? { max_messages: 1 }).find((text) => LAST_WORD.test(text));
  const others = team.messages.filter((message, i) => i > 0 && message.speaker !== speaker && message.isIdle !== true);
  const spoken = await speak(team.host, {
    step,
    name: speaker,
    agent,
    assignment: {
      goal: instruction ?? team.input.task,
      expectedOutput: team.input.expected_output,
      context: [...team.context, ...others.map((message) => ({ from: shownName(team)(message.speaker), text: message.text }))],
      colleagues: due.map(({ name, description }) => ({ call: name, description })),
      ...(lastWord === undefined ? {} : { lastWord }),
      hasNothingNew,
    },
    history: historyFor(team.messages, speaker, shownName(team), instruction),
    handoffs,
  });
  if (spoken === undefined) return undefined;
  const { text, usage, engine, called, handoff } = spoken;
  const passed = handoff === undefined ? undefined : { target: handoff.target, message: handoff.message };
  return named(choice, {
    text: text === "" && passed !== undefined ? `To ${shownName(team)(passed.target)}: ${passed.message}` : text,
    usage,
    engine,
    ...(called.length === 0 ? {} : { called: [...called] }),
    ...(passed === undefined ? {} : { handoff: passed }),
    ...(hasNothingNew && engine === "embedded" ? { isIdle: true } : {}),
  });
}

/** True when a speaker has spoken, and nothing was said since but by engines that follow rules: nothing new can come of it. */
function isRepeating(team: Team, speaker: string): boolean {
  const last = team.messages.findLastIndex((message) => message.speaker === speaker);
  return last >= 0 && team.messages.slice(last).every((message) => message.engine === "embedded");
}

/** Asks a person, and waits for the answer as for any other question of the run. */
async function ofPerson(team: Team, step: string, choice: Speaking, agent: AgentDefinition): Promise<Turn | undefined> {
  const { journal } = team.host;
  const input = `${step}/input`;
  const record = journal.record(input);
  if (record === undefined) {
    const prompt = newsFor(team, choice).slice(-MAX_PROMPT_CHARACTERS);
    journal.wait(input, { uses: "human:input", title: agent.title ?? choice.speaker, on: "human", prompt });
    return undefined;
  }
  if (record.state === "failed") throw recordedProblem(record);
  if (record.state !== "done") return undefined;
  const [answer] = contextParts(await journal.output(input), choice.speaker);
  return named(choice, { text: answer?.text ?? "" });
}

/** Runs another kind of step as the participant's turn; its output, as text, is what it says. */
async function ofStep(
  team: Team,
  step: string,
  choice: Speaking,
  uses: string,
  input: Readonly<Record<string, Json>>,
): Promise<Turn | undefined> {
  const { journal } = team.host;
  const name = `${step}/step`;
  const parsed = stepSchema.safeParse({ uses });
  if (!parsed.success)
    throw new Problem("invalid-graph", `The node ${choice.node ?? choice.speaker} uses ${uses}, which is no kind of step.`);
  if (journal.record(name)?.state !== "done") await team.host.run({ name, step: parsed.data, input });
  const record = journal.record(name);
  if (record?.state === "failed" && record.final === true) throw recordedProblem(record);
  if (record?.state !== "done") return undefined;
  const parts = contextParts(await journal.output(name), choice.speaker);
  return named(choice, { text: parts.map(({ text }) => text).join("\n\n") });
}

/** What was said since the participant last spoke: all that one who keeps its own memory needs to be told. */
function newsFor(team: Team, { speaker, instruction }: Speaking): string {
  const last = team.messages.findLastIndex((message) => message.speaker === speaker);
  const news = team.messages.slice(last + 1).map((message) => `${shownName(team)(message.speaker)}: ${message.text}`);
  return [
    ...(last < 0 || news.length > 0 ? news : [`${TASK_SPEAKER}: ${team.input.task}`]),
    ...(instruction === undefined ? [] : [instruction]),
  ].join("\n\n");
}
