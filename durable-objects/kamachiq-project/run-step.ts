import { z } from "zod";
import { durationMs } from "../../workers/mao/duration.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { GraphHost, StepCall } from "../graph/interpreter.ts";
import { runCapsuleStep, runToolStep, type StepEnvironment } from "../graph/tool-step.ts";
import { startAgentTask } from "./agent-tasks.ts";
import type { Desk } from "./desk.ts";

/** Takes one step of a plan, or of a capsule that governs the project. */
export async function runStep(desk: Desk, shared: StepEnvironment, host: GraphHost, call: StepCall): Promise<void> {
  const { uses, title, timeout } = call.step;
  const until = (duration: string) => systemClock.now() + durationMs(duration);
  switch (uses.slice(0, uses.indexOf(":"))) {
    case "tool":
      return runToolStep(shared, call);
    case "capsule":
      return runCapsuleStep(shared, host, call);
    case "agent":
      return startAgentTask(desk, call);
    case "human":
      return host.journal.wait(call.name, { uses, title, on: "human", until: timeout === undefined ? undefined : until(timeout) });
    case "timer":
      return host.journal.wait(call.name, { uses, title, on: "timer", until: until(z.string().parse(call.input.duration)) });
    default:
      return host.journal.fail(call.name, new Problem("invalid-graph", `A project cannot take a step of ${uses}.`));
  }
}
