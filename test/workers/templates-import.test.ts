import { env } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { caller, newTenant, type TestTenant } from "./tenant.ts";

const COUNT = `name: Count
inputs:
  start: { type: number, default: 1 }
steps:
  one: { uses: tool:value.set, with: { value: "\${inputs.start}" } }
  two:
    uses: tool:value.set
    needs: [one]
    with: { value: "\${steps.one.output + 1.0}" }
outputs: { result: "\${steps.two.output}" }
`;

async function importText(tenant: Pick<TestTenant, "post">, text: string, options: Record<string, unknown> = {}): Promise<Response> {
  return tenant.post("/v1/templates/import", { files: [{ path: "count.yaml", text }], ...options });
}

async function json(response: Response | Promise<Response>, status = 200): Promise<unknown> {
  const answer = await response;
  expect(answer.status).toBe(status);
  return answer.json();
}

describe("importing a template", () => {
  it("makes a version only when the graph differs from the newest", async () => {
    const tenant = await newTenant();
    const versions = [];
    for (const text of [COUNT, `# a comment\n${COUNT}`, COUNT.replace("default: 1", "default: 2"), COUNT]) {
      const answer = z.object({ templates: z.array(z.object({ name: z.string(), version: z.number(), isNew: z.boolean() })) });
      versions.push(
        ...answer.parse(await json(importText(tenant, text))).templates.map(({ name, version, isNew }) => [name, version, isNew]),
      );
    }
    expect(versions).toEqual([
      ["count", 1, true],
      ["count", 1, false],
      ["count", 2, true],
      ["count", 3, true],
    ]);
    const listed = await json(tenant.fetch("/v1/templates/count/versions"));
    expect(listed).toMatchObject({ items: [{ version: 3 }, { version: 2 }, { version: 1, steps: 2, framework: "soma", unmapped: 0 }] });
  });

  it("gives the same answer again under the same Idempotency-Key, and one template", async () => {
    const tenant = await newTenant();
    const send = () => tenant.post("/v1/templates/import", { files: [{ path: "a.yaml", text: COUNT }] }, { "Idempotency-Key": "import-1" });
    expect(await json(send())).toEqual(await json(send()));
    expect(await json(tenant.fetch("/v1/templates"))).toMatchObject({ items: [{ name: "count", version: 1 }] });
  });

  it("gives each version a number of its own when many are imported at once", async () => {
    const tenant = await newTenant();
    const answers = await Promise.all([1, 2, 3, 4].map((n) => importText(tenant, COUNT.replace("default: 1", `default: ${n}`))));
    expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 409)).toEqual([]);
    const done = answers.filter(({ status }) => status === 200).length;
    const { items } = z
      .object({ items: z.array(z.object({ version: z.number() })) })
      .parse(await json(tenant.fetch("/v1/templates/count/versions")));
    expect(items.map(({ version }) => version)).toEqual(Array.from({ length: done }, (_, i) => done - i));
  });

  it("tells by file, line and column what is wrong, and keeps nothing", async () => {
    const tenant = await newTenant();
    const problem = await json(importText(tenant, COUNT.replace("needs: [one]", "needs: [none]")), 422);
    expect(problem).toMatchObject({
      type: "urn:soma:problem:invalid-template",
      errors: expect.arrayContaining([
        { pointer: "/steps/two/needs/0", message: "there is no step none", file: "count.yaml", line: 8, column: 13 },
      ]),
    });
    expect(await json(tenant.fetch("/v1/templates"))).toEqual({ items: [] });
  });

  it("is recorded in the audit log, once for each version, with the decision that allowed it", async () => {
    const tenant = await newTenant();
    await importText(tenant, COUNT);
    await importText(tenant, COUNT);
    await tenant.fetch("/v1/templates/count", { method: "DELETE" });
    const page = z.object({ items: z.array(z.object({ data: z.object({ action: z.string(), decision: z.unknown() }) })) });
    const { items } = page.parse(await json(tenant.fetch("/v1/audit/events?type=resource.changed")));
    const changes = items.map(({ data }) => data).reverse();
    expect(changes.filter(({ action }) => action.startsWith("template.")).map(({ action }) => action)).toEqual([
      "template.version-created",
      "template.deleted",
    ]);
    expect(changes.every(({ decision }) => decision !== undefined)).toBe(true);
  });
});

describe("a template", () => {
  it("is read, with the graph of each of its versions", async () => {
    const tenant = await newTenant();
    await importText(tenant, COUNT);
    expect(await json(tenant.fetch("/v1/templates/count"))).toMatchObject({ id: expect.stringMatching(/^tpl_/), version: 1 });
    expect(await json(tenant.fetch("/v1/templates/count/versions/1"))).toMatchObject({
      name: "count",
      version: 1,
      graph: { name: "Count", steps: { two: { uses: "tool:value.set", needs: ["one"] } } },
      report: { mapped: [], unmapped: [] },
    });
    await json(tenant.fetch("/v1/templates/count/versions/2"), 404);
  });

  it("is compared with its former version by steps, by parts and as text", async () => {
    const tenant = await newTenant();
    await importText(tenant, COUNT);
    await importText(tenant, COUNT.replace("default: 1", "default: 5").replace("  one:", "  none: { uses: human:approve }\n  one:"));
    const diff = await json(tenant.fetch("/v1/templates/count/diff?from=1&to=2"));
    expect(diff).toMatchObject({ from: 1, to: 2, steps: { added: ["none"], removed: [], changed: [] }, parts: ["inputs"] });
    expect(diff).toEqual(await json(tenant.fetch("/v1/templates/count/diff")));
    expect(z.object({ patch: z.string() }).parse(diff).patch).toContain("-    default: 1\n+    default: 5\n");
    expect(await json(tenant.fetch("/v1/templates/count/diff?from=2&to=2"))).toMatchObject({ patch: "", steps: { changed: [] } });
  });

  it.each(["yaml", "json"])("comes back the same when it was written out as %s and is imported again", async (format) => {
    const tenant = await newTenant();
    await importText(tenant, COUNT, { name: "other" });
    const file = await tenant.fetch(`/v1/templates/other/export?format=${format}`);
    expect(file.headers.get("Content-Disposition")).toBe(`attachment; filename="other.${format}"`);
    const again = await newTenant();
    const answer = await json(
      again.post("/v1/templates/import", { files: [{ path: `x.${format}`, text: new TextDecoder().decode(await file.arrayBuffer()) }] }),
    );
    expect(answer).toMatchObject({ templates: [{ name: "other" }] });
    const steps = async (of: TestTenant) =>
      z.object({ graph: z.object({ steps: z.unknown() }) }).parse(await json(of.fetch("/v1/templates/other/versions/1"))).graph;
    expect(await steps(again)).toEqual(await steps(tenant));
  });

  it("is deleted with all it keeps", async () => {
    const tenant = await newTenant();
    await importText(tenant, COUNT);
    expect((await tenant.fetch("/v1/templates/count", { method: "DELETE" })).status).toBe(204);
    await json(tenant.fetch("/v1/templates/count"), 404);
    await json(tenant.fetch("/v1/templates/count", { method: "DELETE" }), 404);
    expect((await env.ARTIFACTS.list({ prefix: `${tenant.id}/templates/` })).objects).toEqual([]);
  });

  it("is listed by name over pages", async () => {
    const tenant = await newTenant();
    for (const name of ["c", "a", "b"]) await importText(tenant, COUNT, { name });
    const page = z.object({ items: z.array(z.object({ name: z.string() })), nextCursor: z.string().optional() });
    const first = page.parse(await json(tenant.fetch("/v1/templates?limit=2")));
    expect(first.items.map(({ name }) => name)).toEqual(["a", "b"]);
    const second = page.parse(await json(tenant.fetch(`/v1/templates?limit=2&cursor=${first.nextCursor}`)));
    expect(second.items.map(({ name }) => name)).toEqual(["c"]);
    expect(second.nextCursor).toBeUndefined();
  });

  it("is not there for another tenant, by any of its routes", async () => {
    const [owner, stranger] = [await newTenant(), await newTenant()];
    await importText(owner, COUNT);
    for (const path of ["", "/versions", "/versions/1", "/diff", "/export"]) {
      const refused = await json(stranger.fetch(`/v1/templates/count${path}`), 404);
      expect(refused).toMatchObject({
        type: "urn:soma:problem:not-found",
        detail: "No template count in this tenant; GET /v1/templates lists them.",
      });
    }
    await json(stranger.fetch("/v1/templates/count", { method: "DELETE" }), 404);
    await json(stranger.post("/v1/mao/runs", { template: { name: "count" } }), 404);
    await json(owner.fetch("/v1/templates/count"));
  });

  it("is imported by members and not by viewers", async () => {
    const tenant = await newTenant();
    const key = async (role: string) =>
      z.object({ secret: z.string() }).parse(await json(tenant.post("/v1/api-keys", { name: role, role }), 201)).secret;
    expect((await importText(caller(await key("viewer")), COUNT)).status).toBe(403);
    expect((await importText(caller(await key("member")), COUNT)).status).toBe(200);
  });
});

describe("a run of a template", () => {
  const run = z.object({ state: z.string(), template: z.unknown(), output: z.unknown() });

  it("runs the newest version, or the one it names, and keeps it", async () => {
    const tenant = await newTenant();
    await importText(tenant, COUNT);
    await importText(tenant, COUNT.replace("default: 1", "default: 10"));
    const start = async (template: unknown) => run.parse(await json(tenant.post("/v1/mao/runs", { template }, { Prefer: "wait=20" }), 201));
    expect(await start({ name: "count" })).toMatchObject({
      state: "completed",
      template: { name: "count", version: 2 },
      output: { result: 11 },
    });
    expect(await start({ name: "count", version: 1 })).toMatchObject({ template: { version: 1 }, output: { result: 2 } });
    await json(tenant.post("/v1/mao/runs", { template: { name: "count", version: 3 } }), 404);
  });

  it("is asked for by a graph or a template, not by both or neither", async () => {
    const tenant = await newTenant();
    await json(tenant.post("/v1/mao/runs", {}), 400);
    const graph = { steps: { a: { uses: "human:approve" } } };
    await json(tenant.post("/v1/mao/runs", { graph, template: { name: "count" } }), 400);
  });
});
