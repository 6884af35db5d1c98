import { env, runInDurableObject } from "cloudflare:test";
import { EventLog } from "../../durable-objects/event-log/event-log.ts";
import type { GraphHost, GraphRun, StepCall } from "../../durable-objects/graph/graph-run.ts";
import { Journal } from "../../durable-objects/journal/journal.ts";
import { NO_RETRY } from "../../durable-objects/journal/retry.ts";
import { StepRecords } from "../../durable-objects/journal/step-records.ts";
import { valueStore } from "../../durable-objects/journal/value-store.ts";
import { graphSchema } from "../../workers/mao/graph.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";

/** What a test's step does; by the name after `tool:test.`. */
export type Effect = (call: StepCall) => Promise<Json> | Json;

/** The clock of a test: `at` is the time. */
export interface TestClock {
  at: number;
}

/** Runs `work` over the storage of an object of its own. */
export function inObject<R>(name: string, work: (storage: DurableObjectStorage) => Promise<R>): Promise<R> {
  return runInDurableObject(env.IDEMPOTENCY_RECORD.getByName(`engine/${name}`), async (_, state) => work(state.storage));
}

/** Log and journal over a storage, as an object opens them each time it wakes. */
export function open(storage: DurableObjectStorage, time: TestClock = { at: 1_000 }, mayBegin?: () => boolean) {
  const steps = new StepRecords();
  const clock = { now: () => time.at };
  const log = new EventLog(storage, clock, [steps]);
  const journal = new Journal({ log, steps, values: valueStore(env.ARTIFACTS, "ten/engine"), clock, mayBegin, owner: () => "run" });
  return { log, journal };
}

/** A host whose tools are `effects`: `tool:test.<name>` runs the effect of that name under the step's own options. */
export function hostOf(journal: Journal, effects: Record<string, Effect>, more: Partial<GraphHost> = {}): GraphHost {
  return {
    journal,
    isStopped: () => false,
    ...more,
    async run(call) {
      const effect = effects[call.step.uses.slice("tool:test.".length)] ?? ((made: StepCall) => made.input.value ?? null);
      const options = { uses: call.step.uses, isOutside: false, onUnknown: "retry", retry: NO_RETRY, timeoutMs: 60_000 } as const;
      // A failed step is recorded by the journal; the interpreter reads it there.
      await journal
        .step(call.name, options, async () => effect(call))
        .catch((error: unknown) => {
          if (journal.record(call.name)?.state !== "failed") throw error;
        });
    },
  };
}

/** A run of the graph with these steps. */
export function runOf(graph: object, inputs: Record<string, Json> = {}): GraphRun {
  return { graph: graphSchema.parse(graph), inputs, prefix: "" };
}
