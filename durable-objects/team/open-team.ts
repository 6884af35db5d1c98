import { type TeamInput, teamInputSchema } from "../../workers/mao/teams/team-input.ts";
import { TASK_SPEAKER } from "../../workers/mao/teams/transcript.ts";
import { asMaterial, bounded, contextParts, MAX_CONTEXT_CHARACTERS } from "../../workers/models/assignment.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { Usage } from "../../workers/platform/recorded.ts";
import type { AgentHost } from "../agent-turn/agent-host.ts";
import { addUsage } from "../agent-turn/turn.ts";
import { membersOf, type Pattern, type Team } from "./team.ts";

/** A team that has its task and has not begun. @throws Problem `invalid-request`, `invalid-graph` when it cannot be one */
export function openTeam(
  host: AgentHost,
  order: { step: string; pattern: Pattern; input: unknown; depth: number; talk: Team["talk"] },
): Team {
  const { step, pattern, depth, talk } = order;
  const parsed = teamInputSchema.safeParse(order.input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Problem(
      "invalid-request",
      `The team ${step} cannot begin: ${issue?.path.join(".") || "with"}: ${issue?.message ?? "it does not fit"}.`,
    );
  }
  const input = parsed.data;
  const context = input.context === undefined ? [] : contextParts(input.context, "context");
  return {
    ...{ host, step, pattern, input, depth, context, talk },
    members: membersOf(host, input.agents),
    messages: [{ speaker: TASK_SPEAKER, text: taskMessage(input, context), at: 0 }],
    asked: [],
  };
}

/** What the team and its questions have taken. */
export function usageOf({ messages, asked }: Team): Usage {
  const none: Usage = { inputTokens: 0, outputTokens: 0, costMicros: 0 };
  return [...messages.flatMap(({ usage }) => (usage === undefined ? [] : [usage])), ...asked].reduce(addUsage, none);
}

/** The first message of a team: its task, what is expected, and what there is to work with. */
function taskMessage(input: TeamInput, context: Team["context"]): string {
  return [
    input.task,
    ...(input.expected_output === undefined ? [] : [`Expected output: ${input.expected_output}`]),
    ...bounded(context, MAX_CONTEXT_CHARACTERS / 2).map(({ from, text }) => `<data from="${from}">\n${asMaterial(text)}\n</data>`),
  ].join("\n\n");
}
