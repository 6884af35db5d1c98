import { env, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { MAX_MEMORY_CHARACTERS } from "../../workers/memory/memory.ts";
import { caller, newTenant, type TestTenant } from "./tenant.ts";

interface MemoryBody {
  id: string;
  text: string;
  about?: string;
  timesTold: number;
}
interface RememberedBody {
  memory: MemoryBody;
  outcome: string;
  replaced: string[];
}

async function remember(tenant: Pick<TestTenant, "post">, body: Record<string, unknown>): Promise<RememberedBody> {
  const response = await tenant.post("/v1/remember", body);
  expect(response.status, await response.clone().text()).toBe(201);
  return response.json();
}

async function recall(tenant: Pick<TestTenant, "post">, query: string): Promise<string[]> {
  const response = await tenant.post("/v1/recall", { query });
  expect(response.status, await response.clone().text()).toBe(200);
  const { items } = await response.json<{ items: { memory: MemoryBody }[] }>();
  return items.map(({ memory }) => memory.text);
}

async function listed(tenant: Pick<TestTenant, "fetch">): Promise<string[]> {
  return (await (await tenant.fetch("/v1/memories")).json<{ items: MemoryBody[] }>()).items.map(({ text }) => text);
}

describe("a memory", () => {
  it("is found again by other forms of its words, with a typing error, and without its accents", async () => {
    const tenant = await newTenant();
    await remember(tenant, { text: "The quarterly report is sent to Ada in Zürich." });
    await remember(tenant, { text: "Backups run every night at two." });
    expect((await recall(tenant, "Who receives the reports?"))[0]).toContain("Ada");
    expect((await recall(tenant, "quartely reprot"))[0]).toContain("Ada");
    expect((await recall(tenant, "zurich"))[0]).toContain("Ada");
    expect((await recall(tenant, "backup"))[0]).toContain("two");
    expect(await recall(tenant, "xylophone")).toEqual([]);
  });

  it("is kept once however often it is told, and counts it", async () => {
    const tenant = await newTenant();
    const first = await remember(tenant, { text: "Invoices are due in 30 days." });
    const again = await remember(tenant, { text: "  invoices are due in 30 DAYS" });
    expect(again).toMatchObject({ outcome: "merged", memory: { id: first.memory.id, timesTold: 2 } });
    expect((await remember(tenant, { text: "Invoices are due in 31 days." })).outcome).toBe("stored");
    expect(await listed(tenant)).toEqual(["Invoices are due in 31 days.", "Invoices are due in 30 days."]);
  });

  it("is replaced by its correction, and does not come back beside it", async () => {
    const tenant = await newTenant();
    const { memory } = await remember(tenant, { text: "We deploy on Tuesday." });
    const corrected = await remember(tenant, { text: "We deploy on Thursday.", corrects: memory.id });
    expect(corrected).toMatchObject({ outcome: "corrected", replaced: [memory.id] });
    expect(await recall(tenant, "deploy on Tuesday")).toEqual(["We deploy on Thursday."]);
    expect((await tenant.fetch(`/v1/memories/${memory.id}`)).status).toBe(404);
    // The same correction again, as a retry would send it.
    expect((await remember(tenant, { text: "We deploy on Thursday.", corrects: memory.id })).outcome).toBe("merged");
    expect((await tenant.post("/v1/remember", { text: "We deploy on Friday.", corrects: memory.id })).status).toBe(404);
  });

  it("is replaced by a later one about the same", async () => {
    const tenant = await newTenant();
    await remember(tenant, { text: "Blue.", about: "Favourite colour" });
    expect((await remember(tenant, { text: "Green.", about: "favourite  colour" })).outcome).toBe("corrected");
    expect(await recall(tenant, "favourite colour")).toEqual(["Green."]);
    expect((await remember(tenant, { text: "Green." })).outcome).toBe("merged");
  });

  it("is gone from the list, the indexes and the storage when it is deleted", async () => {
    const tenant = await newTenant();
    const { memory } = await remember(tenant, { text: "The vault's word is sesquipedalian." });
    await recall(tenant, "vault");
    expect((await tenant.fetch(`/v1/memories/${memory.id}`)).status).toBe(200);
    expect((await tenant.fetch(`/v1/memories/${memory.id}`, { method: "DELETE" })).status).toBe(204);
    expect((await tenant.fetch(`/v1/memories/${memory.id}`)).status).toBe(404);
    expect((await tenant.fetch(`/v1/memories/${memory.id}`, { method: "DELETE" })).status).toBe(404);
    expect(await recall(tenant, "vault word sesquipedalian")).toEqual([]);
    expect(await listed(tenant)).toEqual([]);
    for (const id of await objectIds()) {
      await runInDurableObject(env.MEMORY_INDEX.get(id), (_, { storage }) => {
        for (const table of ["memories", "memory_words", "memory_words_content", "memory_words_data", "events"]) {
          const rows = storage.sql.exec(`SELECT * FROM ${table}`).toArray();
          expect(storedText(rows), table).not.toMatch(/sesqui/i);
        }
      });
    }
  });

  it("is its subject's alone: no other key, no other tenant reads, finds or deletes it", async () => {
    const tenant = await newTenant();
    const { memory } = await remember(tenant, { text: "The launch is in May." });
    const { secret } = await (await tenant.post("/v1/api-keys", { name: "other", role: "admin" })).json<{ secret: string }>();
    for (const stranger of [caller(secret), await newTenant()]) {
      expect(await recall(stranger, "launch in May")).toEqual([]);
      expect(await listed(stranger)).toEqual([]);
      expect((await stranger.fetch(`/v1/memories/${memory.id}`)).status).toBe(404);
      expect((await stranger.fetch(`/v1/memories/${memory.id}`, { method: "DELETE" })).status).toBe(404);
      expect((await stranger.post("/v1/remember", { text: "x y z", corrects: memory.id })).status).toBe(404);
    }
    expect(await recall(tenant, "launch")).toEqual(["The launch is in May."]);
    expect((await tenant.post("/v1/remember", { text: "a", subject: "svc_other" })).status).toBe(400);
    expect((await tenant.post("/v1/recall", { query: "a", namespace: "other" })).status).toBe(400);
  });

  it("leaves an event of each change in the audit log, without its text", async () => {
    const tenant = await newTenant();
    const { memory } = await remember(tenant, { text: "Marigold is the code name." });
    await tenant.fetch(`/v1/memories/${memory.id}`, { method: "DELETE" });
    let page = "";
    for (let i = 0; i < 200 && !page.includes("memory.forgotten"); i += 1) {
      await scheduler.wait(25);
      page = await (await tenant.fetch("/v1/audit/events?limit=200")).text();
    }
    expect(page).toContain("io.somaagent.memory.remembered.v1");
    expect(page).toContain("io.somaagent.memory.forgotten.v1");
    expect(page).not.toContain("Marigold");
  });

  it("comes in pages, newest first", async () => {
    const tenant = await newTenant();
    for (let i = 0; i < 5; i += 1) await remember(tenant, { text: `Room ${i} is on floor ${i}.` });
    const seen: string[] = [];
    let cursor: string | undefined = "";
    while (cursor !== undefined) {
      const page: { items: MemoryBody[]; nextCursor?: string } = await (
        await tenant.fetch(`/v1/memories?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`)
      ).json();
      seen.push(...page.items.map(({ text }) => text));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([4, 3, 2, 1, 0].map((i) => `Room ${i} is on floor ${i}.`));
  });

  it("is made once under one Idempotency-Key", async () => {
    const tenant = await newTenant();
    const send = () => tenant.post("/v1/remember", { text: "Once is enough." }, { "Idempotency-Key": "k1" });
    expect(await (await send()).json()).toEqual(await (await send()).json());
  });
});

describe("hostile text", () => {
  it.each(['"', "*", "NEAR(a b)", "words:secret", "a AND NOT b OR", "' OR 1=1 --", "^a", "{a b}:c", "-a", "(", "\u0001", "%_", "🎉"])(
    "in a query is only words: %j",
    async (query) => {
      const tenant = await newTenant();
      await remember(tenant, { text: "An ordinary fact." });
      expect((await tenant.post("/v1/recall", { query })).status).toBe(200);
    },
  );

  it("is remembered as it is, in every script", async () => {
    const tenant = await newTenant();
    const texts = [
      "東京の天気は晴れです。",
      "Ночной сервер называется «Заря».",
      "اجتماع الفريق يوم الأحد",
      "ร้านกาแฟเปิดเวลาเจ็ดโมง",
      "<script>alert(1)</script> is text",
    ];
    for (const text of texts) await remember(tenant, { text });
    expect((await recall(tenant, "東京"))[0]).toBe(texts[0]);
    expect((await recall(tenant, "сервер"))[0]).toBe(texts[1]);
    expect((await recall(tenant, "الفريق"))[0]).toBe(texts[2]);
    expect((await recall(tenant, "กาแฟ"))[0]).toBe(texts[3]);
    expect((await recall(tenant, "script alert"))[0]).toBe(texts[4]);
  });

  it("that is too long, empty or of another type is refused", async () => {
    const tenant = await newTenant();
    expect((await tenant.post("/v1/remember", { text: "x".repeat(MAX_MEMORY_CHARACTERS) })).status).toBe(201);
    expect((await tenant.post("/v1/remember", { text: "x".repeat(MAX_MEMORY_CHARACTERS + 1) })).status).toBe(400);
    expect((await tenant.post("/v1/remember", { text: " \n" })).status).toBe(400);
    expect((await tenant.post("/v1/remember", { text: "\u0001\u0002" })).status).toBe(400);
    expect((await tenant.post("/v1/remember", { text: 7 })).status).toBe(400);
    expect((await tenant.post("/v1/recall", { query: "q".repeat(2_001) })).status).toBe(400);
    expect((await tenant.post("/v1/recall", { query: "q", limit: 51 })).status).toBe(400);
  });
});

describe("in a conversation", () => {
  const say = async (tenant: Pick<TestTenant, "post">, text: string) => {
    const { id } = await (await tenant.post("/v1/sessions", { title: "Memory" })).json<{ id: string }>();
    return (await tenant.post(`/v1/sessions/${id}/messages`, { text }, { Accept: "text/event-stream" })).text();
  };

  it("what one session is told another recalls, and so does the API", async () => {
    const tenant = await newTenant();
    expect(await say(tenant, "Remember that the standup is at 9:15.")).toContain("I will remember: “The standup is at 9:15.”");
    expect(await say(tenant, "What do you remember about the standup?")).toContain("- The standup is at 9:15.");
    expect(await recall(tenant, "standup")).toEqual(["The standup is at 9:15."]);
    expect(await say(await newTenant(), "What do you remember about the standup?")).toContain("I remember nothing of that.");
  });

  it("nobody recalls through an agent what they may not read themselves", async () => {
    const tenant = await newTenant();
    await remember(tenant, { text: "The vault opens at noon." });
    const order = { capabilities: ["sessions.read", "sessions.write", "tools.invoke"] };
    const { accessToken } = await (await tenant.post("/v1/auth/tokens", order)).json<{ accessToken: string }>();
    const narrowed = caller(accessToken);
    expect((await narrowed.post("/v1/recall", { query: "vault" })).status).toBe(403);
    const answer = await say(narrowed, "What do you remember about the vault?");
    expect(answer).toContain("platform.tools-do-no-more-than-routes");
    expect(answer).not.toContain("noon");
  });
});

async function objectIds(): Promise<DurableObjectId[]> {
  const { listDurableObjectIds } = await import("cloudflare:test");
  return listDurableObjectIds(env.MEMORY_INDEX);
}

/** Everything of some rows as text, what is in blobs too. */
function storedText(rows: readonly Record<string, SqlStorageValue>[]): string {
  return rows
    .flatMap((row) => Object.values(row))
    .map((value) => (value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value) : String(value)))
    .join(" ");
}
