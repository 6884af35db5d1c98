import { createScheduledController, env, evictDurableObject, runDurableObjectAlarm, runInDurableObject, SELF } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { Intake } from "../../durable-objects/audit-log/intake.ts";
import worker from "../../workers/index.ts";
import { sweep } from "../../workers/operations/retention.ts";
import { insertDeadLetter } from "../../workers/operations/store.ts";
import { underLock } from "../../workers/operations/under-lock.ts";
import { newId } from "../../workers/platform/ids.ts";
import { problemOf } from "../../workers/platform/problem.ts";
import { alterMethod } from "./altered-method.ts";
import { caller, newTenant, OPERATOR_TOKEN, type TestTenant } from "./tenant.ts";

const DAY_MS = 86_400_000;

interface Letter {
  id: string;
  queue: string;
  attempts: number;
  redrivenAt?: string;
}

async function letters(tenant: Pick<TestTenant, "fetch">, query = ""): Promise<{ items: Letter[]; nextCursor?: string }> {
  return (await tenant.fetch(`/v1/operations/dead-letters${query}`)).json();
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let i = 0; i < 1_000; i += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await scheduler.wait(25);
  }
  throw new Error("it did not come");
}

async function letterOf(tenant: string, at: number): Promise<string> {
  const id = newId("deadLetter", at);
  await insertDeadLetter(env, {
    id,
    queue: "conversation-events",
    tenant,
    body: JSON.stringify({ kind: "nothing", row: { tenant } }),
    attempts: 6,
    createdAt: at,
    redrivenAt: null,
    fence: 0,
  });
  return id;
}

function auditMessage(tenant: string) {
  const name = `${tenant}/${newId("session", Date.now())}`;
  const events = [{ seq: 1, at: Date.now(), type: "task.reported", data: { key: "k" } }];
  return { object: { binding: "AGENT_SESSION", name }, tenant, after: 0, through: 1, events };
}

describe("a message that cannot be delivered", () => {
  it("lands in the dead letters, and arrives when it is sent again", async () => {
    const tenant = await newTenant();
    let isAway = true;
    alterMethod(Intake.prototype, "take", (take, [batches]) => {
      if (isAway && JSON.stringify(batches).includes("task.reported")) throw new Error("the log takes nothing [meant by the test]");
      return take();
    });
    await env.AGENT_AUDIT.send({ nonsense: "for the operator, below" });
    await env.AGENT_AUDIT.send(auditMessage(tenant.id));
    const letter = await until(async () => (await letters(tenant)).items[0]);
    expect(letter).toMatchObject({ queue: "agent-audit" });
    expect(letter.redrivenAt).toBeUndefined();
    isAway = false;
    const path = `/v1/operations/dead-letters/${letter.id}/redrive`;
    const answers = await Promise.all(Array.from({ length: 4 }, () => tenant.post(path, {})));
    expect(answers.some((answer) => answer.status === 200)).toBe(true);
    expect(answers.every((answer) => answer.status === 200 || answer.status === 409)).toBe(true);
    const again = await tenant.post(path, {});
    expect((await again.json<Letter>()).redrivenAt).toBeDefined();
    await until(async () => {
      const page = await (await tenant.fetch("/v1/audit/events?type=task.reported")).json<{ items: unknown[] }>();
      return page.items.length === 1 ? true : undefined;
    });
    const changes = await (await tenant.fetch("/v1/audit/events?type=resource.changed&limit=200")).json<{
      items: { data: { action: string } }[];
    }>();
    expect(changes.items.filter(({ data }) => data.action === "dead-letter.redriven")).toHaveLength(1);
    expect((await letters(tenant)).items).toHaveLength(1);
  }, 60_000);

  it("that names no tenant is the operator's to look at, and nobody else's", async () => {
    await until(async () => (await letters(caller(OPERATOR_TOKEN))).items.find(({ queue }) => queue === "agent-audit"));
    expect((await letters(await newTenant())).items).toEqual([]);
  }, 60_000);

  it("is listed in pages, and is no other tenant's", async () => {
    const tenant = await newTenant();
    const ids = await Promise.all([1, 2, 3].map((day) => letterOf(tenant.id, Date.now() - day * DAY_MS)));
    const first = await letters(tenant, "?limit=2");
    expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect((await letters(tenant, `?limit=2&cursor=${first.nextCursor}`)).items.map(({ id }) => id)).toEqual(ids.slice(2));
    const stranger = await newTenant();
    expect((await stranger.post(`/v1/operations/dead-letters/${ids[0]}/redrive`, {})).status).toBe(404);
  });
});

describe("a lock", () => {
  it("lets one in at a time, with a greater token each", async () => {
    const tokens: number[] = [];
    let inside = 0;
    let most = 0;
    const enter = () =>
      underLock(env, "ten_x/once", 10_000, async ({ token }) => {
        inside += 1;
        most = Math.max(most, inside);
        await scheduler.wait(1);
        tokens.push(token);
        inside -= 1;
      });
    const results = await Promise.allSettled(Array.from({ length: 8 }, enter));
    const refused = results.flatMap((result) => (result.status === "rejected" ? [problemOf(result.reason)?.type] : []));
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused)).toEqual(new Set(["conflict"]));
    await enter();
    expect(most).toBe(1);
    expect(tokens).toEqual(tokens.map((_, i) => i + 1));
  });

  it("is let go of when its time is over, and its late holder is told so", async () => {
    await expect(
      underLock(env, "ten_x/late", 1, async (late) => {
        const next = await until(() => underLock(env, "ten_x/late", 10_000, async ({ token }) => token).catch(() => undefined));
        expect(next).toBe(late.token + 1);
        await late.renew();
      }),
    ).rejects.toThrow(/another goes on/);
  });

  it("is let go of when the work fails, and keeps its count over a restart of the object", async () => {
    await expect(underLock(env, "ten_x/fails", 60_000, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    const id = env.LOCK.idFromName("ten_x/fails");
    await evictDurableObject(env.LOCK.get(id));
    expect(await underLock(env, "ten_x/fails", 60_000, async ({ token }) => token)).toBe(2);
  });
});

describe("what grows by the day", () => {
  it("is removed when it is older than it is kept, tenant by tenant, and nothing younger is", async () => {
    const tenant = await newTenant();
    const now = Date.now();
    const old = await letterOf(tenant.id, now - 31 * DAY_MS);
    const young = await letterOf(tenant.id, now - 29 * DAY_MS);
    const nobodys = await letterOf("", now - 31 * DAY_MS);
    const add = (table: string, days: number) => {
      const at = now - days * DAY_MS;
      const id = crypto.randomUUID();
      if (table === "a2a_tasks")
        return env.DB.prepare("INSERT INTO a2a_tasks (id, tenant, agent, context, state, status_at) VALUES (?, ?, 'a', 'c', 's', ?)")
          .bind(id, tenant.id, at)
          .run();
      return table === "audit_parts"
        ? env.DB.prepare(
            "INSERT INTO audit_parts (object, first_seq, last_seq, tenant, types, first_at, last_at, events) VALUES (?, 1, 1, ?, ',x,', 1, ?, '[]')",
          )
            .bind(id, tenant.id, at)
            .run()
        : env.DB.prepare(
            table === "projects"
              ? "INSERT INTO projects (id, tenant, title, state, created_by, created_at, updated_at, seq, round, cost_micros, tokens, findings) VALUES (?, ?, 't', 's', 'u', ?, ?, 1, 1, 0, 0, 0)"
              : `INSERT INTO ${table} (id, tenant, title, state, created_by, created_at, updated_at, seq) VALUES (?, ?, 't', 's', 'u', ?, ?, 1)`,
          )
            .bind(id, tenant.id, at, at)
            .run();
    };
    for (const table of ["audit_parts", "sessions", "projects", "runs", "a2a_tasks"]) for (const days of [399, 401]) await add(table, days);
    await env.DB.batch(
      Array.from({ length: 30 }, (_, i) =>
        env.DB.prepare(
          "INSERT INTO audit_parts (object, first_seq, last_seq, tenant, types, first_at, last_at, events) SELECT ? || value, 1, 1, ?, ',x,', 1, 1, '[]' FROM json_each(?)",
        ).bind(`many-${tenant.id}-${i}-`, tenant.id, JSON.stringify(Array.from({ length: 50 }, (_, n) => n))),
      ),
    );
    await worker.scheduled(createScheduledController({ scheduledTime: new Date(now), cron: "17 * * * *" }), env);
    expect((await letters(tenant)).items.map(({ id }) => id)).toEqual([young]);
    const { results } = await env.DB.prepare("SELECT id FROM dead_letters WHERE id IN (?, ?)").bind(old, nobodys).all();
    expect(results).toEqual([]);
    for (const table of ["audit_parts", "sessions", "projects", "runs", "a2a_tasks"]) {
      const left = await env.DB.prepare(
        `SELECT count(*) AS n FROM ${table} WHERE tenant = ? AND ${table === "audit_parts" ? "types = ',x,'" : "1"}`,
      )
        .bind(tenant.id)
        .first("n");
      expect(left, table).toBe(1);
    }
  });

  it("is left alone while another sweep of the tenant is at it, and swept once a day", async () => {
    const tenant = await newTenant();
    const clock = { now: () => Date.now() + 2 * DAY_MS };
    await letterOf(tenant.id, Date.now() - 60 * DAY_MS);
    await underLock(env, `${tenant.id}/retention`, 60_000, async () => {
      await sweep(env, clock);
      expect((await letters(tenant)).items).toHaveLength(1);
    });
    await sweep(env, clock);
    expect((await letters(tenant)).items).toHaveLength(0);
    await letterOf(tenant.id, Date.now() - 60 * DAY_MS);
    await sweep(env, clock);
    expect((await letters(tenant)).items).toHaveLength(1);
  });

  it("forgets an Idempotency-Key after a day", async () => {
    const tenant = await newTenant();
    const send = () => tenant.post("/v1/remember", { text: "Once." }, { "Idempotency-Key": "day" });
    await send();
    expect((await send()).headers.get("Idempotency-Replayed")).toBe("true");
    const { listDurableObjectIds } = await import("cloudflare:test");
    for (const id of await listDurableObjectIds(env.IDEMPOTENCY_RECORD)) {
      const stub = env.IDEMPOTENCY_RECORD.get(id);
      await runInDurableObject(stub, async (_, { storage }) => {
        const due = await storage.getAlarm();
        if (due !== null) expect(due - Date.now()).toBeLessThanOrEqual(DAY_MS);
      });
      await runDurableObjectAlarm(stub);
    }
    expect((await send()).headers.get("Idempotency-Replayed")).toBeNull();
  });
});

it("answers on the operator's routes with the operator's credential alone", async () => {
  const response = await SELF.fetch("http://soma.test/v1/operations/dead-letters", {
    headers: { Authorization: `Bearer ${OPERATOR_TOKEN}` },
  });
  expect(response.status).toBe(200);
});
