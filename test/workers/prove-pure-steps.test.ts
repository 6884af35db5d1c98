import { env, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { EventLog } from "../../durable-objects/event-log/event-log.ts";
import type { GraphHost } from "../../durable-objects/graph/graph-run.ts";
import { runGraph } from "../../durable-objects/graph/interpreter.ts";
import { runToolStep } from "../../durable-objects/graph/tool-step.ts";
import { Journal } from "../../durable-objects/journal/journal.ts";
import { StepRecords } from "../../durable-objects/journal/step-records.ts";
import { valueStore } from "../../durable-objects/journal/value-store.ts";
import { graphSchema } from "../../workers/mao/graph.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import { principalSchema } from "../../workers/platform/principal.ts";
import { newTenant } from "./tenant.ts";

const GRAPH = graphSchema.parse({
  inputs: { price: { type: "number" } },
  steps: {
    tax: { uses: "tool:value.set", with: { value: "${inputs.price * 0.2}" } },
    bill: {
      uses: "tool:value.set",
      title: "The bill",
      needs: ["tax"],
      with: { value: { net: "${inputs.price}", tax: "${steps.tax.output}" } },
    },
    nothing: { uses: "tool:value.set", needs: ["bill"], with: { value: null } },
  },
});

/** Runs the graph in an object's storage, for someone with these capabilities. @returns the events it left */
async function events(capabilities: readonly string[]): Promise<LoggedEvent[]> {
  const { id } = await newTenant();
  const principal = principalSchema.parse({ tenant: id, subject: "key_1", kind: "service", roles: [], capabilities, credential: "key_1" });
  return runInDurableObject(env.IDEMPOTENCY_RECORD.getByName(`${id}/pure`), async (_, { storage }) => {
    const steps = new StepRecords();
    const clock = { now: () => 1_000 };
    const log = new EventLog(storage, clock, [steps]);
    const journal = new Journal({ log, steps, values: valueStore(env.ARTIFACTS, id), clock, owner: () => "run" });
    const host: GraphHost = {
      journal,
      isStopped: () => false,
      run: (call) => runToolStep({ env, clock, journal, scope: { principal, workspace: "run" } }, call),
    };
    await runGraph(host, { graph: GRAPH, inputs: { price: 10 }, prefix: "" });
    return log.read(0, 100);
  });
}

it("a step that computes from its input alone is one row, which says what ran, what came of it and who allowed it", async () => {
  const rows = await events(["tools.invoke"]);
  expect(rows.map(({ type }) => type)).toEqual(["step.done", "step.done", "step.done"]);
  expect(rows.map(({ data }) => ("output" in data ? data.output : undefined))).toEqual([2, { net: 10, tax: 2 }, null]);
  expect(rows[1]?.data).toMatchObject({ uses: "tool:value.set", title: "The bill", decision: { effect: "allow", resource: "value.set" } });
});

it("a step that computes passes the guard as any tool does", async () => {
  const [refused] = await events([]);
  expect(refused).toMatchObject({ type: "step.failed", data: { step: "tax", final: true, decision: { effect: "deny" } } });
});
