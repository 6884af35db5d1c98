import type { Json } from "../../workers/platform/canonical-json.ts";
import { isPlatformReset } from "../../workers/platform/platform-reset.ts";
import { Problem, problemOf } from "../../workers/platform/problem.ts";
import type { AgentHost } from "../agent-turn/agent-host.ts";
import type { StepCall } from "../graph/graph-run.ts";
import { unmetCondition } from "../graph/interpreter.ts";
import { NO_RETRY } from "../journal/retry.ts";
import { converse } from "./converse.ts";
import { openTeam, usageOf } from "./open-team.ts";
import type { Pattern } from "./team.ts";

const PATTERNS: ReadonlyMap<string, Pattern> = new Map(
  (["round-robin", "selector", "swarm", "magentic", "hierarchical", "graph"] as const).map((pattern) => [`team:${pattern}`, pattern]),
);

/**
 * Runs a `team:<pattern>` step: agents, people and teams talk until the team has come to its end; its output is
 * `{text, messages: [{speaker, text}], stop_reason, usage}`. Every turn is a step `<step>/t<n>` and one `team.message`. Settled when it returns; while a turn waits for
 * somebody (a person as `<step>/t<n>/input`), or when the run is stopped, the step is left as it is, and calling this again goes on where it was.
 * @throws the platform's own resets
 */
export async function runTeamStep(host: AgentHost, call: StepCall): Promise<void> {
  try {
    const pattern = PATTERNS.get(call.step.uses);
    if (pattern === undefined) throw new Problem("invalid-graph", `There is no kind of team ${call.step.uses}.`);
    const team = openTeam(host, { step: call.name, pattern, input: call.input, depth: 0, talk: converse });
    const ended = await converse(team);
    if (ended === undefined) return;
    const messages = team.messages.slice(1).map(({ speaker, text }) => ({ speaker, text }));
    const output: Json = { text: ended.text, messages, stop_reason: ended.reason, usage: { ...usageOf(team) } };
    const unmet = unmetCondition(call.step, output);
    if (unmet !== undefined) throw new Problem("tool-failed", `What the team said does not meet its condition: ${unmet}.`);
    const options = {
      uses: call.step.uses,
      title: call.step.title,
      isOutside: false,
      onUnknown: "retry",
      retry: NO_RETRY,
      timeoutMs: 60_000,
    } as const;
    await host.journal.step(call.name, options, async () => output);
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined || isPlatformReset(error)) throw error;
    host.journal.fail(call.name, problem);
  }
}
