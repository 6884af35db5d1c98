import { stepSchema } from "../../workers/mao/graph.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { GraphHost, StepCall } from "../graph/graph-run.ts";
import { runCapsuleStep } from "../graph/tool-step.ts";
import { recordedProblem } from "../journal/journal.ts";
import { type Desk, stepEnvironment } from "./desk.ts";
import { runStep } from "./run-step.ts";

/** The steps that only a project can take, in the capsules that govern it. */
export type OwnSteps = Readonly<Record<`tool:kamachiq.${string}`, (call: StepCall) => Promise<Json>>>;

export interface Governed {
  /** The step's name in the journal. */
  readonly step: string;
  readonly title: string;
  /** `<name>@<range>`: the tenant's own, or one of the platform's. */
  readonly capsule: string;
  readonly input: Readonly<Record<string, Json>>;
  readonly own: OwnSteps;
  /** False when the project has moved on meanwhile. */
  readonly isWanted: () => boolean;
}

/**
 * Has a capsule do a part of the project's governance: the built-in ones go through this same door as a tenant's own.
 * @returns what it gave, or undefined while it waits for something, or is not wanted any more
 * @throws Problem when it has failed for good
 */
export async function runGoverned(desk: Desk, governed: Governed): Promise<Json | undefined> {
  const { step, title, capsule, input } = governed;
  const { journal } = desk.bench;
  const isOver = () => journal.record(step)?.state === "done" || journal.record(step)?.final === true;
  if (!isOver()) {
    const call: StepCall = { name: step, step: stepSchema.parse({ uses: `capsule:${capsule}`, title }), input };
    await runCapsuleStep(stepEnvironment(desk), governanceHost(desk, governed), call);
  }
  const record = journal.record(step);
  if (record?.state === "done") return journal.output(step);
  if (record === undefined || !isOver()) return undefined;
  const problem = recordedProblem(record);
  throw new Problem(problem.type, `${title} with ${capsule} failed: ${problem.detail}`);
}

function governanceHost(desk: Desk, { own, isWanted }: Governed): GraphHost {
  const shared = stepEnvironment(desk);
  const host: GraphHost = {
    journal: desk.bench.journal,
    isStopped: () => desk.state().isPaused || !isWanted(),
    run: async (call) => {
      const take = isOwn(call.step.uses) ? own[call.step.uses] : undefined;
      if (take === undefined) return runStep(desk, shared, host, call);
      try {
        await take(call);
      } catch (error) {
        failedAsOwn(desk, call, error);
      }
    },
  };
  return host;
}

function isOwn(uses: string): uses is `tool:kamachiq.${string}` {
  return uses.startsWith("tool:kamachiq.");
}

/** A problem on the way to a step is its recorded failure. @throws whatever else it is */
function failedAsOwn({ bench: { journal } }: Desk, call: StepCall, error: unknown): void {
  if (!(error instanceof Problem)) throw error;
  const record = journal.record(call.name);
  if (record?.state !== "done" && record?.final !== true) journal.fail(call.name, error);
}
