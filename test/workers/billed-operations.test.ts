import { env, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, it, vi } from "vitest";
import { countedState } from "../../bench/workers/counted/storage.ts";
import { takeCounts } from "../../bench/workers/counted/tally.ts";
import { newTenant } from "./tenant.ts";

const STREAM = { Accept: "text/event-stream" };
/** What the queues' consumers write, a second or so after the turn. */
const WRITTEN_BY_CONSUMERS = /^insert into "(audit_parts|sessions)"/;

type Session = DurableObjectStub<import("../../durable-objects/agent-session/agent-session.ts").AgentSession>;

/** Waits until the audit has all of the session's events. */
async function isReleased(session: Session): Promise<void> {
  const unreleased = () =>
    runInDurableObject(session, (_, { storage }) => {
      const { last } = storage.sql.exec<{ last: number }>("SELECT max(seq) AS last FROM events").one();
      const released = storage.sql.exec<{ value: number }>("SELECT value FROM log_state WHERE key = 'released'").toArray()[0];
      return last - (released?.value ?? 0);
    });
  await expect.poll(unreleased, { timeout: 15_000 }).toBe(0);
}

/** Lets alarms ring until none is set. */
async function ringAll(session: Session): Promise<number> {
  let rings = 0;
  while (rings < 5 && (await runDurableObjectAlarm(session))) rings += 1;
  return rings;
}

it("a turn without tools writes seven rows, its alarm and its release among them, and asks nothing of D1", async () => {
  const tenant = await newTenant();
  const { id } = await (await tenant.post("/v1/sessions", {})).json<{ id: string }>();
  const session = env.AGENT_SESSION.getByName(`${tenant.id}/${id}`);
  await isReleased(session);
  await ringAll(session);
  await runInDurableObject(session, (_, state) => countedState("session", state));
  const prepare = vi.spyOn(env.DB, "prepare");
  await tenant.fetch("/v1/sessions");
  expect(prepare).toHaveBeenCalled();
  takeCounts();
  prepare.mockClear();

  const turn = await (await tenant.post(`/v1/sessions/${id}/messages`, { text: "What do you know?" }, STREAM)).text();
  await isReleased(session);

  const recorded = [...turn.matchAll(/^event: (.*)$/gm)].map(([, type]) => type);
  expect(recorded).toEqual(["turn.started", "step.intended", "turn.delta", "step.done", "turn.completed"]);
  const counts = takeCounts();
  expect(counts["session: alarms set"]).toBe(1);
  expect(counts["session: object rows written"]).toBe(recorded.length + 2);
  // The watchdog's alarm finds nothing due and sets no other; the row is the test's, which takes the alarm away before it rings.
  expect(await ringAll(session)).toBe(1);
  expect(takeCounts()["session: object rows written"]).toBe(1);
  expect(prepare.mock.calls.map(([sql]) => sql).filter((sql) => !WRITTEN_BY_CONSUMERS.test(sql))).toEqual([]);
});
