import { z } from "zod";
import type { Plan } from "../../workers/kamachiq/plan.ts";
import type { TaskResult } from "../../workers/kamachiq/report.ts";
import { durationMs } from "../../workers/mao/duration.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { type GraphHost, type GraphRun, type GraphStatus, runGraph, type StepCall } from "../graph/interpreter.ts";
import { runCapsuleStep, runToolStep, type StepEnvironment } from "../graph/tool-step.ts";
import { recordedProblem } from "../journal/journal.ts";
import { startAgentTask } from "./agent-tasks.ts";
import { type Desk, stepEnvironment } from "./desk.ts";
import { taskResultSchema } from "./results.ts";

/** Takes the plan's tasks as far as they go now. @throws Problem of the first task that has failed, once all have ended */
export async function runTasks(desk: Desk, plan: Plan): Promise<GraphStatus> {
  const run: GraphRun = { graph: plan.graph, inputs: {}, prefix: `r${desk.state().round}/` };
  const status = await runGraph(graphHost(desk), run);
  if (status === "failed") throw firstFailure(desk, run);
  return status;
}

/** What the tasks of the present round found, in the order of the goals. */
export async function resultsOf({ bench: { journal }, state }: Desk, plan: Plan): Promise<TaskResult[]> {
  const prefix = `r${state().round}/`;
  return Promise.all(
    plan.goals.flatMap((goal) =>
      goal.steps.map(async (step): Promise<TaskResult> => {
        const { text, analyses, engine } = taskResultSchema.parse(await journal.output(prefix + step));
        return { step, goalId: goal.id, text, analyses, engine };
      }),
    ),
  );
}

function graphHost(desk: Desk): GraphHost {
  const { log, journal } = desk.bench;
  const shared = stepEnvironment(desk);
  const host: GraphHost = {
    journal,
    isStopped: () => desk.state().isPaused || desk.state().phase !== "running",
    onWave: (steps) => {
      // A step that is taken up again after an interruption belongs to the wave it was started in.
      const { waves } = desk.state();
      const first = steps.filter((step) => !waves.some((wave) => wave.includes(step)));
      if (first.length > 0) log.append({ type: "wave.started", data: { wave: waves.length + 1, steps: first } });
    },
    run: (call) => runStep(desk, shared, host, call),
  };
  return host;
}

async function runStep(desk: Desk, shared: StepEnvironment, host: GraphHost, call: StepCall): Promise<void> {
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
      return host.journal.fail(call.name, new Problem("invalid-graph", `There is no kind of step for ${uses}.`));
  }
}

function firstFailure({ bench: { journal } }: Desk, run: GraphRun): Problem {
  for (const name of Object.keys(run.graph.steps)) {
    const record = journal.record(run.prefix + name);
    if (record?.state !== "failed") continue;
    const problem = recordedProblem(record);
    return new Problem(problem.type, `Task ${name} failed: ${problem.detail} Retry it, or cancel the project.`);
  }
  return new Problem("tool-failed", "A task failed.");
}
