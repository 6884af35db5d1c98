import { Problem } from "../../workers/platform/problem.ts";
import type { GraphHost, StepCall } from "../graph/graph-run.ts";
import { runCapsuleStep, runToolStep, type StepEnvironment } from "../graph/tool-step.ts";
import { startWait } from "../graph/waits.ts";
import { startAgentTask } from "./agent-tasks.ts";
import type { Desk } from "./desk.ts";

/** Takes one step of a plan, or of a capsule that governs the project. */
export async function runStep(desk: Desk, shared: StepEnvironment, host: GraphHost, call: StepCall): Promise<void> {
  const { uses } = call.step;
  switch (uses.slice(0, uses.indexOf(":"))) {
    case "tool":
      return runToolStep(shared, call);
    case "capsule":
      return runCapsuleStep(shared, host, call);
    case "agent":
      return startAgentTask(desk, call);
    case "human":
    case "timer":
      return startWait(host, call);
    default:
      return host.journal.fail(call.name, new Problem("invalid-graph", `A project cannot take a step of ${uses}.`));
  }
}
