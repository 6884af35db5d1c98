import { Problem } from "../../workers/platform/problem.ts";
import type { AgentHost } from "../agent-turn/agent-host.ts";
import { runAgentStep } from "../agent-turn/agent-step.ts";
import { type RemoteDefinition, runA2aStep } from "../graph/a2a-step.ts";
import { agentsOf, type GraphHost, type StepCall, usesAround } from "../graph/graph-run.ts";
import { runCapsuleStep, runToolStep } from "../graph/tool-step.ts";
import { startWait } from "../graph/waits.ts";
import { runTeamStep } from "../team/team-step.ts";
import type { ChildRuns } from "./child-runs.ts";

/** How each kind of step runs inside a run. */
export async function runStep(shared: AgentHost, host: GraphHost, children: ChildRuns, call: StepCall): Promise<void> {
  const { uses } = call.step;
  const agents = call.within === undefined ? shared : { ...shared, agents: agentsOf(call.within) };
  switch (uses.slice(0, uses.indexOf(":"))) {
    case "tool":
      return runToolStep(agents, call);
    case "capsule":
      return runCapsuleStep(agents, host, call);
    case "agent":
      return runAgentStep({ ...agents, within: usesAround(call.within) }, call);
    case "a2a":
      return runRemoteStep(agents, call);
    case "team":
      return runTeamStep({ ...agents, within: usesAround(call.within) }, call);
    case "run":
      return children.run(call);
    case "human":
    case "timer":
    case "signal":
      return startWait(host, call);
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
