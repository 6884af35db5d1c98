import { env, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { newTenant } from "./tenant.ts";

it("a turn that a dead process left is finished by the alarm alone, with nobody looking", async () => {
  const tenant = await newTenant();
  const { id } = await (await tenant.post("/v1/sessions", {})).json<{ id: string }>();
  const session = env.AGENT_SESSION.getByName(`${tenant.id}/${id}`);
  await runInDurableObject(session, async (_, { storage }) => {
    const started = JSON.stringify({ turn: "trn_01KAJ2M3N4P5Q6R7S8T9V0W1X2", message: "Hello", by: "someone" });
    storage.sql.exec("INSERT INTO events (seq, at, type, data) VALUES (2, ?, 'turn.started', ?)", Date.now(), started);
    await storage.setAlarm(Date.now() + 60_000);
  });
  await evictDurableObject(session);
  expect(await runDurableObjectAlarm(session)).toBe(true);
  const types = () =>
    runInDurableObject(session, (_, { storage }) =>
      storage.sql
        .exec("SELECT type FROM events ORDER BY seq")
        .toArray()
        .map((row) => row.type),
    );
  await expect.poll(types, { timeout: 5_000 }).toContain("turn.completed");
});
