import { expect, it } from "vitest";
import { newTenant } from "./tenant.ts";

it("a run whose steps wait one after another goes on when each time has come, and not with the next heartbeat", async () => {
  const tenant = await newTenant();
  const wait = (needs: string[]) => ({ uses: "timer:wait", needs, with: { duration: "200ms" } });
  const count = (needs: string[]) => ({ uses: "tool:value.set", needs, with: { value: 1 } });
  const steps = { a: wait([]), b: count(["a"]), c: wait(["b"]), d: count(["c"]), e: wait(["d"]) };
  const run = await (await tenant.post("/v1/mao/runs", { graph: { steps } }, { Prefer: "wait=10" })).json();
  expect(run).toMatchObject({ state: "completed", counts: { done: 5 } });
});
