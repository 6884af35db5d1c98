import { z } from "zod";
import { preparedInputs } from "../../workers/mao/inputs.ts";
import { type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import type { Clock } from "../../workers/platform/clock.ts";
import type { NewEvent } from "../../workers/platform/events.ts";
import { derivedId } from "../../workers/platform/ids.ts";
import { isProblemType, Problem } from "../../workers/platform/problem.ts";
import { recordedProblemSchema } from "../../workers/platform/recorded.ts";
import { resolveTemplate } from "../../workers/templates/resolve.ts";
import type { StepCall } from "../graph/graph-run.ts";
import { recordingProblems, retryOf } from "../graph/tool-step.ts";
import type { Journal, Outcome } from "../journal/journal.ts";
import type { StepRecord } from "../journal/step-record.ts";
import type { RunRecord } from "./run-view.ts";

/** Runs below a run: a template that starts itself ends here. */
export const MAX_RUN_DEPTH = 8;
/** Runs of one tree, the first one and all that its steps and theirs have started. */
export const MAX_RUNS_A_TREE = 1_000;
/** How often a run is asked whether it has ended; it tells of its end too. */
const POLL_MS = 300_000;
const START_TIMEOUT_MS = 60_000;
/** Where a step is, in words, may grow by one name a level. */
const MAX_PLACE_CHARACTERS = 1_000;
const MAX_DETAIL_CHARACTERS = 2_000;

const startedSchema = z.object({ run: z.string(), template: z.string(), version: z.number().int() });

/** How a run has ended, as it crosses from its object to its parent's: JSON text. */
export const toldOutcomeSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("done"), output: parsedJsonSchema, history: z.array(z.string()).optional() }),
  z.object({ kind: z.literal("failed"), problem: recordedProblemSchema, history: z.array(z.string()).optional() }),
]);

interface ChildParts {
  readonly env: Env;
  readonly clock: Clock;
  readonly journal: () => Journal;
  readonly state: () => RunRecord;
  readonly append: (event: NewEvent) => void;
}

/**
 * The runs that steps of a run have started. Each is an object of its own with an id made from the step, so that starting it twice is starting it once; the
 * step waits until the run tells how it ended, or is asked. How deep runs lie and how many a tree has is bounded.
 */
export class ChildRuns {
  readonly #parts: ChildParts;
  /** Outcomes that came before their step was recorded as waiting. */
  readonly #early = new Map<string, { key: string; outcome: Outcome }>();
  readonly #pollAt = new Map<string, number>();

  constructor(parts: ChildParts) {
    this.#parts = parts;
  }

  /** Runs a step `run:<template>[@<version>]`: settled when it returns, or waiting for its run. @throws the platform's own resets */
  async run(call: StepCall): Promise<void> {
    const journal = this.#parts.journal();
    await recordingProblems(journal, call.name, async () => {
      const { uses, title } = call.step;
      const started = startedSchema.parse(
        await journal.step(
          `${call.name}/start`,
          { uses, isOutside: true, onUnknown: "retry", retry: retryOf(call), timeoutMs: START_TIMEOUT_MS },
          () => this.#start(call),
        ),
      );
      journal.wait(call.name, { uses, title, on: "run", child: started.run });
      const early = this.#early.get(call.name);
      this.#early.delete(call.name);
      if (early !== undefined) await journal.settle(call.name, early.key, early.outcome);
    });
  }

  /** A run tells how it ended. Told twice, or too late, it changes nothing. */
  async ended(told: { step: string; key: string; outcome: string }): Promise<void> {
    const journal = this.#parts.journal();
    const outcome = this.#taken(told.outcome, told.step);
    if (journal.record(told.step) === undefined) this.#early.set(told.step, { key: told.key, outcome });
    else await journal.settle(told.step, told.key, outcome);
  }

  /** Asks the runs that were not heard of for a while. @returns when to ask next; undefined when nothing waits for a run */
  async poll(): Promise<number | undefined> {
    const journal = this.#parts.journal();
    const now = this.#parts.clock.now();
    for (const { step, child } of this.#open()) {
      const at = this.#pollAt.get(step) ?? now + POLL_MS;
      this.#pollAt.set(step, at);
      if (at > now) continue;
      this.#pollAt.set(step, now + POLL_MS);
      const text = await this.#runNamed(child).outcome();
      if (text !== undefined) await journal.settle(step, journal.keyOf(step), this.#taken(text, step));
    }
    const times = this.#open().map(({ step }) => this.#pollAt.get(step) ?? now + POLL_MS);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Tells every run that a step waits for that it is not wanted any more. @throws when one cannot be reached */
  async cancelAll(mode: "graceful" | "hard"): Promise<void> {
    await Promise.all(this.#open().map(({ child }) => this.#cancel(child, mode)));
  }

  /** Tells the run of a step that was ended because its time was over. */
  async expired({ on, child }: StepRecord): Promise<void> {
    if (on === "run" && child !== undefined) await this.#cancel(child, "graceful");
  }

  /**
   * Counts a run into the tree of which this run is the root. Counting it twice is counting it once.
   * @throws Problem `limit-exceeded` when the tree is full
   */
  admit({ run, place }: { run: string; place: string }): void {
    const { tree } = this.#parts.state();
    if (tree.includes(run)) return;
    if (tree.length + 1 >= MAX_RUNS_A_TREE)
      throw new Problem(
        "limit-exceeded",
        `The step ${place} would start one run more than the ${MAX_RUNS_A_TREE} that a run and all below it may be; let it start fewer, or start them apart.`,
      );
    this.#parts.append({ type: "run.admitted", data: { run, place } });
  }

  async #start(call: StepCall): Promise<Json> {
    const { env, journal } = this.#parts;
    const { id, principal, depth, parent, root, createdAt } = this.#parts.state();
    const place = `${parent?.place === undefined ? "" : `${parent.place} › `}${call.name}`.slice(0, MAX_PLACE_CHARACTERS);
    const [name = "", version] = call.step.uses.slice("run:".length).split("@");
    if (depth >= MAX_RUN_DEPTH)
      throw new Problem(
        "limit-exceeded",
        `The step ${place} would start a run ${depth + 1} deep, and runs may lie ${MAX_RUN_DEPTH} deep; a template that starts itself needs a condition (\`when\`) under which it does not.`,
      );
    const template = await resolveTemplate(env, principal.tenant, name, version === undefined ? undefined : Number(version));
    const key = journal().keyOf(call.name);
    const run = derivedId("run", createdAt, key);
    if (root === undefined) this.admit({ run, place });
    else await this.#runNamed(root).admitRun({ run, place });
    const order = {
      principal,
      id: run,
      title: call.step.title ?? template.graph.name ?? name,
      graph: JSON.stringify(template.graph),
      inputs: JSON.stringify(preparedInputs(template.graph, call.input)),
      template: { name, version: template.version },
      parent: { run: id, step: call.name, key, place },
      root: root ?? id,
      depth: depth + 1,
      history: [...journal().history],
    };
    await this.#runNamed(run).create(order, 0);
    return { run, template: name, version: template.version };
  }

  /** How a run ended; what happened in it is part of this run's history before anything goes on. */
  #taken(text: string, step: string): Outcome {
    const told = toldOutcomeSchema.parse(JSON.parse(text));
    this.#parts.journal().tellHistory(told.history ?? [], step);
    return outcomeIn(told);
  }

  async #cancel(run: string, mode: "graceful" | "hard"): Promise<void> {
    const stub = this.#runNamed(run);
    if ((await stub.outcome()) === undefined) await stub.cancel({ mode, by: this.#parts.state().id });
  }

  #open(): { step: string; child: string }[] {
    const found: { step: string; child: string }[] = [];
    for (const { step, state, on, child } of this.#parts.journal().open.values())
      if (state === "waiting" && on === "run" && child !== undefined) found.push({ step, child });
    return found;
  }

  #runNamed(run: string) {
    return this.#parts.env.MAO_RUN.getByName(`${this.#parts.state().principal.tenant}/${run}`);
  }
}

function outcomeIn(told: z.infer<typeof toldOutcomeSchema>): Outcome {
  if (told.kind === "done") return { kind: "done", output: told.output };
  const { type, detail } = told.problem;
  return { kind: "failed", problem: new Problem(isProblemType(type) ? type : "tool-failed", detail.slice(0, MAX_DETAIL_CHARACTERS)) };
}
