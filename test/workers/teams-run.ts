import { env, runInDurableObject } from "cloudflare:test";
import type { AgentHost } from "../../durable-objects/agent-turn/agent-host.ts";
import { EventLog } from "../../durable-objects/event-log/event-log.ts";
import { runToolStep } from "../../durable-objects/graph/tool-step.ts";
import { Journal } from "../../durable-objects/journal/journal.ts";
import { StepRecords } from "../../durable-objects/journal/step-records.ts";
import { valueStore } from "../../durable-objects/journal/value-store.ts";
import { type Graph, graphSchema, stepSchema } from "../../workers/mao/graph.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { ROLES } from "../../workers/platform/capabilities.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import { newId } from "../../workers/platform/ids.ts";
import { Problem } from "../../workers/platform/problem.ts";

/** A run's storage, which outlives the incarnations that a test opens over it. */
export interface TestRun {
  /** A new incarnation: nothing is known but what was recorded. */
  open(): TestIncarnation;
  readonly now: { at: number };
  readonly signals: Set<string>;
  readonly reserved: { step: string; micros: number }[];
}

export interface TestIncarnation {
  readonly host: AgentHost;
  readonly journal: Journal;
  readonly stop: AbortController;
  events(): LoggedEvent[];
  /** The output of a step that is done; the problem of one that failed. */
  outcome(step: string): Promise<Json | Problem | undefined>;
}

/** Gives a test the storage of one object, with these agents defined. */
export function inRun(agents: Record<string, unknown>, test: (run: TestRun) => Promise<void>): Promise<void> {
  const defined = graphSchema.parse({ agents, steps: {} }).agents;
  const stub = env.IDEMPOTENCY_RECORD.getByName(crypto.randomUUID());
  return runInDurableObject(stub, async (_, { storage }) => {
    const run = { now: { at: Date.parse("2026-11-21T10:00:00Z") }, signals: new Set<string>(), reserved: [] };
    await test({ ...run, open: () => incarnation(storage, run, defined) });
    await storage.deleteAll();
  });
}

const PRINCIPAL = {
  tenant: newId("tenant", 0),
  subject: "tester",
  kind: "user" as const,
  roles: ["member" as const],
  capabilities: [...ROLES.member],
  credential: "key_test",
};

function incarnation(storage: DurableObjectStorage, run: Omit<TestRun, "open">, agents: Graph["agents"]): TestIncarnation {
  const clock = { now: () => run.now.at };
  const steps = new StepRecords();
  const log = new EventLog(storage, clock, [steps]);
  const journal = new Journal({ log, steps, values: valueStore(env.ARTIFACTS, "ten/test"), clock, owner: () => "run_test" });
  const stop = new AbortController();
  const host: AgentHost = {
    env,
    clock,
    journal,
    scope: { principal: PRINCIPAL, workspace: "run_test" },
    agents,
    constitution: undefined,
    isStopped: () => stop.signal.aborted,
    stopSignal: stop.signal,
    emit: (event) => void log.append(event),
    run: (call) => runToolStep(host, call),
    hasSignal: (name) => run.signals.has(name),
    spendingOf: (step) => ({
      reserve: async ({ micros }) => {
        run.reserved.push({ step, micros });
        if (micros > 1_000_000) throw new Problem("budget-exhausted", "The budget of the test is spent.");
      },
      spent: () => undefined,
      settle: async () => undefined,
    }),
  };
  return {
    host,
    journal,
    stop,
    events: () => log.read(0, 1_000),
    outcome: async (step) => {
      const record = journal.record(step);
      if (record?.state === "done") return journal.output(step);
      return record?.problem === undefined ? undefined : new Problem("conflict", record.problem.detail);
    },
  };
}

/** A step that is ready to run. */
export function stepCall(name: string, step: Record<string, unknown>, input: Record<string, Json>) {
  return { name, step: stepSchema.parse(step), input };
}
