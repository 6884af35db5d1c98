import { env, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { countedState } from "../../bench/workers/counted/storage.ts";
import { takeCounts } from "../../bench/workers/counted/tally.ts";
import { graphSchema } from "../../workers/mao/graph.ts";
import { newId } from "../../workers/platform/ids.ts";
import { principalSchema } from "../../workers/platform/principal.ts";
import { newTenant } from "./tenant.ts";

const CAPABILITIES = ["tools.invoke", "memory.read"];

/** Rows that a run of so many steps writes in its object until it is over. */
async function rowsOf(step: { uses: string; with: Record<string, string | number> }, count: number): Promise<number> {
  const tenant = await newTenant();
  const id = newId("run", Date.now());
  const credentials = { subject: "key_1", kind: "service", roles: [], capabilities: CAPABILITIES, credential: "key_1" };
  const principal = principalSchema.parse({ tenant: tenant.id, ...credentials });
  const needs = (i: number) => (i === 0 ? [] : [`s${i - 1}`]);
  const steps = Object.fromEntries(Array.from({ length: count }, (_, i) => [`s${i}`, { ...step, needs: needs(i) }]));
  const run = env.MAO_RUN.getByName(`${tenant.id}/${id}`);
  await runInDurableObject(run, (_, state) => countedState("run", state));
  takeCounts();
  const answer = await run.create(
    { principal, id, title: "", graph: JSON.stringify(graphSchema.parse({ steps })), inputs: "{}", depth: 0 },
    20_000,
  );
  expect(JSON.parse(answer)).toMatchObject({ state: "completed", counts: { done: count } });
  return takeCounts()["run: object rows written"] ?? 0;
}

async function rowsAStep(step: { uses: string; with: Record<string, string | number> }): Promise<number> {
  return ((await rowsOf(step, 40)) - (await rowsOf(step, 10))) / 30;
}

it("a step that computes writes one row, and one that calls a tool two", async () => {
  expect(await rowsAStep({ uses: "tool:value.set", with: { value: 1 } })).toBeLessThanOrEqual(1.1);
  expect(await rowsAStep({ uses: "tool:memory.recall", with: { query: "the gate" } })).toBeLessThanOrEqual(2.1);
});
