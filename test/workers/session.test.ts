import { describe, expect, it } from "vitest";
import penguins from "../data/penguins.csv?raw";
import { newTenant, type TestTenant } from "./tenant.ts";

interface StreamedEvent {
  readonly seq: number;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

/** The events of a finished stream. */
async function eventsOf(response: Response): Promise<StreamedEvent[]> {
  const text = await response.text();
  return [...text.matchAll(/^data: (.*)$/gm)].map((match): StreamedEvent => JSON.parse(match[1] ?? ""));
}

async function newSession(tenant: TestTenant): Promise<string> {
  return (await (await tenant.post("/v1/sessions", { title: "Penguins" })).json<{ id: string }>()).id;
}

const STREAM = { Accept: "text/event-stream" };

describe("a conversation", () => {
  it("answers from an attached table, as a numbered stream, and keeps the exchange", async () => {
    const tenant = await newTenant();
    const { id: artifact } = await (await tenant.fetch("/v1/artifacts?name=penguins.csv", { method: "POST", body: penguins })).json<{
      id: string;
    }>();
    const id = await newSession(tenant);
    const events = await eventsOf(
      await tenant.post(
        `/v1/sessions/${id}/messages`,
        { text: "Which species is the heaviest on average?", attachments: [artifact] },
        STREAM,
      ),
    );
    expect(events[0]?.type).toBe("turn.started");
    expect(events.at(-1)).toMatchObject({ type: "turn.completed", data: { engine: "embedded" } });
    expect(String(events.at(-1)?.data.text)).toContain("5,076: Gentoo");
    expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => (events[0]?.seq ?? 0) + i));
    const { items } = await (await tenant.fetch(`/v1/sessions/${id}/messages`)).json<{ items: { role: string }[] }>();
    expect(items.map((item) => item.role)).toEqual(["user", "assistant"]);
  });

  it("gives a reader who comes back everything after the last event it saw", async () => {
    const tenant = await newTenant();
    const id = await newSession(tenant);
    const turn = await eventsOf(await tenant.post(`/v1/sessions/${id}/messages`, { text: "Hello" }, STREAM));
    await tenant.post(`/v1/sessions/${id}/close`, {});
    const all = await eventsOf(await tenant.fetch(`/v1/sessions/${id}/events`, { headers: STREAM }));
    const seen = turn[1]?.seq ?? 0;
    const rest = await eventsOf(await tenant.fetch(`/v1/sessions/${id}/events`, { headers: { ...STREAM, "Last-Event-ID": String(seen) } }));
    expect(all.map((event) => event.seq)).toEqual(all.map((_, i) => i + 1));
    expect(rest).toEqual(all.slice(seen));
  });

  it("says plainly when a question needs a language model", async () => {
    const tenant = await newTenant();
    const events = await eventsOf(
      await tenant.post(`/v1/sessions/${await newSession(tenant)}/messages`, { text: "Write me a poem" }, STREAM),
    );
    expect(String(events.at(-1)?.data.text)).toContain("SOMA_MODEL_BASE_URL");
  });
});

describe("what a session refuses", () => {
  it("a message once it is closed, another tenant, a stranger's artifact, unknown fields", async () => {
    const tenant = await newTenant();
    const stranger = await newTenant();
    const id = await newSession(tenant);
    const { id: artifact } = await (await stranger.fetch("/v1/artifacts?name=a.csv", { method: "POST", body: "a,b\n1,2\n" })).json<{
      id: string;
    }>();
    expect((await stranger.fetch(`/v1/sessions/${id}`)).status).toBe(404);
    expect((await stranger.post(`/v1/sessions/${id}/messages`, { text: "Hello" })).status).toBe(404);
    expect((await tenant.post(`/v1/sessions/${id}/messages`, { text: "Hello", attachments: [artifact] })).status).toBe(404);
    expect((await tenant.post(`/v1/sessions/${id}/messages`, { text: "Hello", role: "system" })).status).toBe(400);
    expect((await tenant.post(`/v1/sessions/${id}/close`, {})).status).toBe(200);
    await expect
      .poll(async () => (await tenant.fetch("/v1/sessions")).json(), { timeout: 10_000 })
      .toMatchObject({ items: [{ id, state: "closed" }] });
    const refused = await tenant.post(`/v1/sessions/${id}/messages`, { text: "Hello" });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ type: "urn:soma:problem:session-closed" });
  });

  it("a second turn while the first runs", async () => {
    const tenant = await newTenant();
    const id = await newSession(tenant);
    const answers = await Promise.all(Array.from({ length: 8 }, () => tenant.post(`/v1/sessions/${id}/messages`, { text: "Hello" })));
    const statuses = answers.map((answer) => answer.status);
    expect(statuses).toContain(202);
    expect(statuses.every((status) => status === 202 || status === 409)).toBe(true);
    const { items } = await (await tenant.fetch(`/v1/sessions/${id}/messages`)).json<{ items: unknown[] }>();
    expect(items).toHaveLength(2 * statuses.filter((status) => status === 202).length);
  });
});

describe("every route", () => {
  it("answers 404 for another tenant's ids", async () => {
    const tenant = await newTenant();
    const stranger = await newTenant();
    const session = await newSession(tenant);
    const { id: project } = await (await tenant.post("/v1/kamachiq/projects", { brief: "Compare a by b." })).json<{ id: string }>();
    const { id: artifact } = await (await tenant.fetch("/v1/artifacts?name=a.csv", { method: "POST", body: "a,b\n1,2\n" })).json<{
      id: string;
    }>();
    const { paths } = await (await tenant.fetch("/openapi.json")).json<{ paths: Record<string, Record<string, unknown>> }>();
    const bodies: Record<string, unknown> = {
      messages: { text: "x" },
      approvals: { decision: "approve" },
      answers: { text: "x" },
      gate: { decision: "approve" },
      amend: { text: "x" },
      "ag-ui": { threadId: "t", runId: "r", messages: [{ id: "m", role: "user", content: "x" }] },
      "ui-messages": { id: "c", messages: [{ id: "m", role: "user", parts: [{ type: "text", text: "x" }] }] },
    };
    let asked = 0;
    for (const [path, methods] of Object.entries(paths)) {
      const id = path.includes("/sessions/{id}")
        ? session
        : path.includes("/projects/{id}")
          ? project
          : path.includes("/artifacts/{id}")
            ? artifact
            : undefined;
      if (id === undefined) continue;
      const url = path.replace("{id}", id).replace("{step}", "s").replace("{name}", "report.md");
      const body = Object.entries(bodies).find(([part]) => path.includes(`/${part}`))?.[1] ?? {};
      for (const method of Object.keys(methods)) {
        const headers = { Accept: "application/json", "Content-Type": "application/json" };
        const response = await stranger.fetch(url, {
          method: method.toUpperCase(),
          headers,
          ...(method === "post" || method === "put" ? { body: JSON.stringify(body) } : {}),
        });
        expect(response.status, `${method} ${path}`).toBe(404);
        asked += 1;
      }
    }
    expect(asked).toBeGreaterThan(15);
  });
});
