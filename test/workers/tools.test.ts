import { env, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { EventLog } from "../../durable-objects/event-log/event-log.ts";
import type { GraphHost } from "../../durable-objects/graph/graph-run.ts";
import { graphOutputs, runGraph } from "../../durable-objects/graph/interpreter.ts";
import { runToolStep } from "../../durable-objects/graph/tool-step.ts";
import { Journal } from "../../durable-objects/journal/journal.ts";
import { StepRecords } from "../../durable-objects/journal/step-records.ts";
import { valueStore } from "../../durable-objects/journal/value-store.ts";
import { graphSchema } from "../../workers/mao/graph.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { ROLES } from "../../workers/platform/capabilities.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { newId, parseId, type TenantId } from "../../workers/platform/ids.ts";
import type { Principal } from "../../workers/platform/principal.ts";
import { problemOf } from "../../workers/platform/problem.ts";
import { findTool } from "../../workers/tools/registry.ts";
import { newTenant } from "./tenant.ts";

function memberOf(tenant: TenantId): Principal {
  const subject = newId("service", 1);
  return { tenant, subject, kind: "service", roles: ["member"], capabilities: [...ROLES.member], credential: "key" };
}

const someone = () => memberOf(newId("tenant", Date.now()));

function call(principal: Principal, tool: string, input: Json, idempotencyKey: string = crypto.randomUUID()): Promise<Json> {
  const signal = new AbortController().signal;
  return findTool(tool).run(input, { env, clock: systemClock, scope: { principal, workspace: "w" }, idempotencyKey, signal });
}

async function problemType(answer: Promise<unknown>): Promise<string | undefined> {
  return problemOf(
    await answer.then(
      () => undefined,
      (error: unknown) => error,
    ),
  )?.type;
}

describe("files as tools", () => {
  it("are stored once however often the step is tried, and are read and listed again", async () => {
    const principal = someone();
    const key = `${newId("session", 1_700_000_000_000)}:${newId("turn", 1_800_000_000_000)}/m1/c1:0`;
    const stored = await call(principal, "artifacts.put", { name: "notes.md", text: "# Notes" }, key);
    expect(stored).toMatchObject({ name: "notes.md", mediaType: "text/markdown", bytes: 7 });
    expect(await call(principal, "artifacts.put", { name: "notes.md", text: "# Notes" }, key)).toEqual(stored);
    expect(await call(principal, "artifacts.list", {})).toEqual({ artifacts: [stored] });
    const { results } = await env.DB.prepare("SELECT events FROM audit_parts WHERE tenant = ?").bind(principal.tenant).all();
    expect(results).toHaveLength(1);
  });

  it("are read in pieces that never cut a character", async () => {
    const principal = someone();
    const text = "aé漢🎉".repeat(10_000);
    const { id } = idOf(await call(principal, "artifacts.put", { name: "long.txt", text }));
    let read = "";
    for (let offset: number | undefined = 0; offset !== undefined; ) {
      const piece: { text: string; nextOffset?: number } = JSON.parse(
        JSON.stringify(await call(principal, "artifacts.get", { id, offset })),
      );
      expect(piece.text.length).toBeLessThanOrEqual(40_000);
      read += piece.text;
      offset = piece.nextOffset;
    }
    expect(read).toBe(text);
  });

  it.each(["../../x", "/etc/passwd", "a/b", "..", "a\\b", "a\u0000b", "a\u202etxt.exe"])("are not stored under %j", async (name) => {
    expect(await problemType(call(someone(), "artifacts.put", { name, text: "x" }))).toBe("invalid-request");
  });

  it("of another tenant are not there", async () => {
    const { id } = idOf(await call(someone(), "artifacts.put", { name: "a.txt", text: "x" }));
    const stranger = someone();
    expect(await problemType(call(stranger, "artifacts.get", { id }))).toBe("not-found");
    expect(await call(stranger, "artifacts.list", {})).toEqual({ artifacts: [] });
  });

  it("that are no text are not shown as text", async () => {
    const tenant = await newTenant();
    const { id } = await (
      await tenant.fetch("/v1/artifacts?name=a.bin", { method: "POST", body: new Uint8Array([0xff, 0xfe, 0x00]) })
    ).json<{
      id: string;
    }>();
    const owner = memberOf(parseId("tenant", tenant.id));
    expect(await problemType(call(owner, "artifacts.get", { id }))).toBe("invalid-data");
  });
});

describe("a fetch that an agent makes", () => {
  it.each([
    "http://127.0.0.1:8787/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/",
    "http://localhost/",
    "file:///etc/passwd",
  ])("of %s is refused, and the conversation says so", async (url) => {
    const tenant = await newTenant();
    const { id } = await (await tenant.post("/v1/sessions", { title: "Fetch" })).json<{ id: string }>();
    const events = await (
      await tenant.post(`/v1/sessions/${id}/messages`, { text: `Fetch ${url}` }, { Accept: "text/event-stream" })
    ).text();
    expect(events).toContain('"type":"address-not-allowed"');
    expect(events).toContain("This address may not be fetched");
  });
});

describe("a graph of tools", () => {
  it("remembers, recalls and stores what it recalled", async () => {
    const principal = someone();
    const graph = graphSchema.parse({
      steps: {
        tell: { uses: "tool:memory.remember", with: { text: "The gate code is 4711.", about: "gate code" } },
        ask: { uses: "tool:memory.recall", needs: ["tell"], with: { query: "code of the gate" }, accept: ["size(output.memories) == 1"] },
        keep: { uses: "tool:artifacts.put", needs: ["ask"], with: { name: "code.txt", text: "${steps.ask.output.memories[0].text}" } },
      },
      outputs: { file: "${steps.keep.output.id}" },
    });
    const output = await runInDurableObject(env.IDEMPOTENCY_RECORD.getByName("tools"), async (_, { storage }) => {
      const steps = new StepRecords();
      const log = new EventLog(storage, systemClock, [steps]);
      const journal = new Journal({ log, steps, values: valueStore(env.ARTIFACTS, "t"), clock: systemClock, owner: () => "run" });
      const shared = { env, clock: systemClock, journal, scope: { principal, workspace: "w" } };
      const host: GraphHost = { journal, isStopped: () => false, run: (step) => runToolStep(shared, step) };
      const run = { graph, inputs: {}, prefix: "" };
      expect(await runGraph(host, run)).toBe("done");
      return graphOutputs(host, run);
    });
    const { file } = fileOf(output);
    expect(await call(principal, "artifacts.get", { id: file })).toMatchObject({ text: "The gate code is 4711." });
  });
});

function idOf(output: Json): { id: string } {
  return JSON.parse(JSON.stringify(output));
}

function fileOf(output: Json): { file: string } {
  return JSON.parse(JSON.stringify(output));
}
