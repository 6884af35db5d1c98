import { z } from "zod";
import { durationMs } from "../../workers/mao/duration.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { AgentHost } from "../agent-turn/agent-host.ts";
import { runAgentStep } from "../agent-turn/agent-step.ts";
import { type RemoteDefinition, runA2aStep } from "../graph/a2a-step.ts";
import type { GraphHost, StepCall } from "../graph/interpreter.ts";
import { runCapsuleStep, runToolStep } from "../graph/tool-step.ts";
import type { Journal } from "../journal/journal.ts";
import { runTeamStep } from "../team/team-step.ts";

/** How each kind of step runs inside a run. */
export async function runStep(agents: AgentHost, host: GraphHost, call: StepCall): Promise<void> {
  const { uses } = call.step;
  switch (uses.slice(0, uses.indexOf(":"))) {
    case "tool":
      return runToolStep(agents, call);
    case "capsule":
      return runCapsuleStep(agents, host, call);
    case "agent":
      return runAgentStep(agents, call);
    case "a2a":
      return runRemoteStep(agents, call);
    case "team":
      return runTeamStep(agents, call);
    case "human":
      return askPerson(host.journal, call);
    case "timer":
      return waitForTime(host.journal, call);
    default:
      return host.journal.fail(call.name, new Problem("invalid-graph", `There is no kind of step for ${uses} in a run.`));
  }
}

async function runRemoteStep(agents: AgentHost, call: StepCall): Promise<void> {
  const agent = remoteAgentOf(agents.agents, call.step.uses);
  if (agent !== undefined) return runA2aStep(agents, call, agent);
  agents.journal.fail(call.name, new Problem("invalid-graph", `${call.step.uses} is no agent that the graph defines with \`as: a2a\`.`));
}

/** The definition of the remote agent that a step uses; undefined when the graph has none of that name. */
export function remoteAgentOf(agents: AgentHost["agents"], uses: string): RemoteDefinition | undefined {
  const agent = agents[uses.slice("a2a:".length)];
  return agent?.as === "a2a" ? agent : undefined;
}

function askPerson(journal: Journal, { name, step, input }: StepCall): void {
  const { uses, title, timeout } = step;
  const prompt = z.object({ prompt: z.string().max(10_000) }).safeParse(input).data?.prompt;
  journal.wait(name, {
    uses,
    title,
    on: "human",
    prompt,
    until: timeout === undefined ? undefined : systemClock.now() + durationMs(timeout),
  });
}

const timerSchema = z.union([z.object({ duration: z.string() }), z.object({ until: z.iso.datetime({ offset: true }) })]);

/** @throws never: what is no time is the step's recorded failure */
function waitForTime(journal: Journal, { name, step, input }: StepCall): void {
  const { uses, title } = step;
  const time = timerSchema.safeParse(input);
  if (!time.success) {
    journal.fail(name, new Problem("invalid-graph", `${uses} takes {duration: "24h"} or {until: "2027-01-31T09:00:00Z"}.`));
    return;
  }
  const until = "until" in time.data ? Date.parse(time.data.until) : systemClock.now() + durationMs(time.data.duration);
  journal.wait(name, { uses, title, on: "timer", until });
}
