import { env, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { z } from "zod";
import { alterMethod } from "./altered-method.ts";
import { ends, modelAnswers, says, until } from "./scripted-model.ts";
import { newTenant } from "./tenant.ts";

/** What the platform bills of one turn: rows of objects (an alarm that is set is one) and statements of D1. */
interface Bill {
  readonly rows: string[];
  readonly statements: string[];
}

/** Counts what is written in any object and asked of D1 for the rest of the test. */
async function counted(stub: DurableObjectStub): Promise<Bill> {
  const bill: Bill = { rows: [], statements: [] };
  const [sql, storage] = await runInDurableObject(stub, (_, state) => [
    Object.getPrototypeOf(state.storage.sql),
    Object.getPrototypeOf(state.storage),
  ]);
  alterMethod(sql, "exec", (call, [text, ...bindings]) => {
    const cursor = call();
    const written = Number(Reflect.get(Object(cursor), "rowsWritten"));
    bill.rows.push(...Array.from({ length: written }, () => `${text} ${bindings.join(" ").slice(0, 60)}`));
    return cursor;
  });
  alterMethod(storage, "setAlarm", (call) => {
    bill.rows.push("setAlarm");
    return call();
  });
  alterMethod(Object.getPrototypeOf(env.DB), "prepare", (call, [text]) => {
    bill.statements.push(String(text));
    return call();
  });
  return bill;
}

const STREAMING_MS = 2_000;
/** Eight for the turn, and two for each second of streaming. */
const MOST_ROWS = 8 + (2 * STREAMING_MS) / 1_000;
/** The log's alarm for its next checkpoint may fall into the turn. */
const ALARMS_OF_LOG = 2;

it("a turn that is streamed writes two rows a second more than one that comes at once, and asks D1 nothing", async () => {
  const tenant = await newTenant();
  const { id } = z.object({ id: z.string() }).parse(await (await tenant.post("/v1/sessions", {})).json());
  const stub = env.AGENT_SESSION.getByName(`${tenant.id}/${id}`);
  modelAnswers(async function* () {
    for (let spoken = 0; spoken < STREAMING_MS; spoken += 50) {
      yield says("word ");
      await scheduler.wait(50);
    }
    yield says("Done.");
    yield ends;
  });
  const turn = async () => (await tenant.post(`/v1/sessions/${id}/messages`, { text: "Go" }, { Accept: "text/event-stream" })).text();
  await turn();
  await settled(stub, id);
  const bill = await counted(stub);
  expect(await turn()).toContain("turn.completed");
  // The audit's consumer may have its first batch while a long answer is still streamed; nothing else asks D1.
  expect(bill.statements.filter((statement) => !statement.includes('into "audit_parts"'))).toEqual([]);
  await released(stub);
  // The watchdog that was set for the turn rings once, finds nothing to do and rests.
  expect(await runDurableObjectAlarm(stub)).toBe(true);
  expect(await runInDurableObject(stub, (_, state) => state.storage.getAlarm())).toBeNull();
  // The tenant's log is written to for all that a message brings together, by its own object.
  const isOfLog = (row: string) =>
    /INTO (seen|tree|records|pending_parts|log_state|checkpoints) |FROM pending_parts/.test(row) && !row.includes("'released'");
  const rows = bill.rows.filter((row) => !isOfLog(row));
  expect(rows.length, rows.join("\n")).toBeLessThanOrEqual(MOST_ROWS + ALARMS_OF_LOG);
  expect(rows.length).toBeGreaterThanOrEqual(8);
});

/** The audit has every event of the object. */
async function released(stub: DurableObjectStub): Promise<void> {
  const isReleased = (storage: DurableObjectStorage) => {
    const [row] = storage.sql.exec("SELECT (SELECT max(seq) FROM events) AS last, value FROM log_state WHERE key = 'released'").toArray();
    return row !== undefined && row.last === row.value;
  };
  await until(() => runInDurableObject(stub, (_, state) => isReleased(state.storage)), "the audit has every event");
}

/** Nothing of what was done before is on its way any more: the audit and the list of sessions have it, and no alarm is set. */
async function settled(stub: DurableObjectStub, id: string): Promise<void> {
  await released(stub);
  await until(
    async () => (await env.DB.prepare("SELECT seq FROM sessions WHERE id = ? AND seq > 1").bind(id).first()) !== null,
    "the list has it",
  );
  await runDurableObjectAlarm(stub);
}
