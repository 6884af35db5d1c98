import { env } from "cloudflare:test";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { systemClock } from "../../workers/platform/clock.ts";
import { newId, parseId } from "../../workers/platform/ids.ts";
import { versionInForce } from "../../workers/policy/activation.ts";
import { changeGovernance } from "../../workers/policy/governance-of.ts";
import { insertChange } from "../../workers/policy/store.ts";
import { caller, newTenant, type TestTenant } from "./tenant.ts";

const NO_SPENDING = '@id("no-spending")\nforbid (principal, action == Action::"tool", resource)\nwhen { resource.risk == "spend" };';
const SPENDING_CASE = "- nobody spends: { role: admin, tool: ads.buy, risk: spend, effect: deny, by: [tenant.no-spending] }";
const versionSchema = z.looseObject({ id: z.string(), number: z.number(), state: z.string() });
const listSchema = z.object({ items: z.array(versionSchema), nextCursor: z.string().optional() });
const problem = async (response: Response) =>
  z.looseObject({ type: z.string(), detail: z.string(), errors: z.array(z.looseObject({})).optional() }).parse(await response.json());

async function drafted(tenant: TestTenant, text = NO_SPENDING, cases = SPENDING_CASE) {
  const response = await tenant.post("/v1/policies", { text, cases });
  expect(response.status).toBe(201);
  return versionSchema.parse(await response.json());
}

async function activated(tenant: TestTenant, text?: string, cases?: string) {
  const { id } = await drafted(tenant, text, cases);
  for (const step of ["test", "analysis", "activate"])
    expect((await tenant.post(`/v1/policies/${id}/${step}`, undefined)).status, step).toBe(200);
  return id;
}

const effectOf = async (tenant: TestTenant, request: object, version?: string) => {
  const response = await tenant.post("/v1/policy/evaluate", { requests: [request], ...(version === undefined ? {} : { version }) });
  return z
    .object({ answers: z.tuple([z.looseObject({ effect: z.string(), considered: z.array(z.looseObject({ id: z.string() })) })]) })
    .parse(await response.json()).answers[0];
};
const SPEND = { role: "admin", tool: "ads.buy", risk: "spend" };

describe("a version of a tenant's policies", () => {
  let tenant: TestTenant;
  beforeAll(async () => {
    tenant = await newTenant();
  });

  it("comes into force when its cases have passed and it was analysed, and is taken back to what was before", async () => {
    const { id, state } = await drafted(tenant);
    expect(state).toBe("draft");
    expect(await problem(await tenant.post(`/v1/policies/${id}/activate`, undefined))).toMatchObject({
      type: "urn:soma:problem:conflict",
      detail: expect.stringMatching(/cases must pass/),
    });
    const tested = z
      .object({ version: versionSchema, cases: z.array(z.looseObject({ passed: z.boolean() })) })
      .parse(await (await tenant.post(`/v1/policies/${id}/test`, undefined)).json());
    expect(tested).toMatchObject({ version: { state: "tested" }, cases: [{ passed: true }] });
    expect((await problem(await tenant.post(`/v1/policies/${id}/activate`, undefined))).detail).toMatch(/not analysed/);
    const analysed = await (await tenant.post(`/v1/policies/${id}/analysis`, undefined)).json();
    expect(analysed).toMatchObject({
      analysis: {
        isExhaustive: true,
        widened: { count: 0 },
        narrowed: {
          examples: expect.arrayContaining([
            expect.objectContaining({ after: expect.objectContaining({ policies: ["tenant.no-spending"] }) }),
          ]),
        },
      },
    });
    expect((await effectOf(tenant, SPEND)).effect).toBe("allow");
    expect((await effectOf(tenant, SPEND, id)).effect).toBe("deny");

    expect(await (await tenant.post(`/v1/policies/${id}/activate`, undefined)).json()).toMatchObject({ state: "active" });
    expect((await effectOf(tenant, SPEND)).effect).toBe("deny");
    const audit = await (await tenant.fetch("/v1/audit/events?type=resource.changed")).text();
    expect(audit).toContain("policy.activated");

    const second = await activated(
      tenant,
      "// everything as the platform has it",
      "- spending asks: { role: admin, tool: ads.buy, risk: spend, effect: allow, obligations: [approval] }",
    );
    expect((await effectOf(tenant, SPEND)).effect).toBe("allow");
    const listed = listSchema.parse(await (await tenant.fetch("/v1/policies?limit=1")).json());
    expect(listed).toMatchObject({ items: [{ id: second, state: "active", number: 2 }] });
    const next = listSchema.parse(await (await tenant.fetch(`/v1/policies?limit=1&cursor=${listed.nextCursor}`)).json());
    expect(next).toMatchObject({ items: [{ id, state: "retired", number: 1 }] });

    expect((await tenant.post(`/v1/policies/${second}/roll-back`, undefined)).status).toBe(200);
    expect((await effectOf(tenant, SPEND)).effect).toBe("deny");
    expect((await tenant.post(`/v1/policies/${second}/roll-back`, undefined)).status).toBe(409);
    expect((await tenant.post(`/v1/policies/${id}/roll-back`, undefined)).status).toBe(200);
    expect((await effectOf(tenant, SPEND)).effect).toBe("allow");
  });

  it("is read with its texts, and compared with another", async () => {
    const [one, other] = [await drafted(tenant), await drafted(tenant, NO_SPENDING.replace('spend"', 'write"'), "")];
    expect(await (await tenant.fetch(`/v1/policies/${one.id}`)).json()).toMatchObject({ text: NO_SPENDING, cases: SPENDING_CASE });
    const { diff } = z
      .looseObject({ diff: z.string() })
      .parse(await (await tenant.fetch(`/v1/policies/${other.id}/diff?from=${one.id}`)).json());
    expect(diff).toContain('+when { resource.risk == "write" };');
  });

  it("that is changed must be tested and analysed again, and never changes once it was in force", async () => {
    const { id } = await drafted(tenant);
    for (const step of ["test", "analysis"]) await tenant.post(`/v1/policies/${id}/${step}`, undefined);
    const put = {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text: "// other", cases: SPENDING_CASE }),
    };
    expect(await (await tenant.fetch(`/v1/policies/${id}`, put)).json()).toMatchObject({ state: "draft" });
    expect((await tenant.post(`/v1/policies/${id}/activate`, undefined)).status).toBe(409);
    const failed = await (await tenant.post(`/v1/policies/${id}/test`, undefined)).json();
    expect(failed).toMatchObject({ version: { tests: { failed: 1 } }, cases: [{ passed: false, why: expect.stringMatching(/allowed/) }] });
    const active = await activated(tenant);
    expect((await tenant.fetch(`/v1/policies/${active}`, put)).status).toBe(409);
    await tenant.post(`/v1/policies/${active}/roll-back`, undefined);
  });

  it("that does not parse or fit the schema is refused with line and column", async () => {
    const refused = await tenant.post("/v1/policies", {
      text: `${NO_SPENDING}\n@id("b") permit (principal, action, resource) when { principal.shoe == 1 };`,
    });
    expect(refused.status).toBe(422);
    expect(await problem(refused)).toMatchObject({
      type: "urn:soma:problem:invalid-policy",
      errors: [{ pointer: "/text", line: 4, column: 54 }],
    });
    expect((await tenant.post("/v1/policies", { text: "// ok", cases: "- a: {" })).status).toBe(422);
    const stolen = await tenant.post("/v1/policies", { text: '@id("platform.mine") permit (principal, action, resource);' });
    expect((await problem(stolen)).detail).toMatch(/belongs to the layer platform/);
  });

  it("cannot take from who activates it the right to take it back", async () => {
    const text = '@id("closed") forbid (principal, action == Action::"route", resource) when { resource.name == "policies.activate" };';
    const { id } = await drafted(tenant, text, "- closed: { role: admin, route: policies.activate, effect: deny }");
    for (const step of ["test", "analysis"]) expect((await tenant.post(`/v1/policies/${id}/${step}`, undefined)).status).toBe(200);
    expect((await problem(await tenant.post(`/v1/policies/${id}/activate`, undefined))).detail).toMatch(
      /would take policies.activate from you/,
    );
  });

  it("is put into force only by those who may", async () => {
    const { id } = await drafted(tenant);
    const member = z.object({ secret: z.string() }).parse(await (await tenant.post("/v1/api-keys", { name: "m", role: "member" })).json());
    expect((await caller(member.secret).post(`/v1/policies/${id}/activate`, undefined)).status).toBe(403);
    expect((await (await newTenant()).fetch(`/v1/policies/${id}`)).status).toBe(404);
  });
});

describe("a request that dies while it puts a version into force", () => {
  const half = async (tenant: TestTenant, id: string, at: number) =>
    insertChange(env, {
      id: newId("policyChange", at),
      tenant: tenant.id,
      at,
      by: "usr_1",
      kind: "activate",
      from: "",
      to: id,
      state: "begun",
      decision: JSON.stringify({
        effect: "allow",
        action: "route",
        resource: "policies.activate",
        policies: [],
        policyHash: "h",
        obligations: [],
      }),
      principal: JSON.stringify({
        tenant: tenant.id,
        subject: "usr_1",
        kind: "user",
        roles: ["admin"],
        capabilities: [],
        credential: "key_1",
      }),
    });
  const states = async (tenant: TestTenant) =>
    (await env.DB.prepare("SELECT state FROM policy_changes WHERE tenant = ?").bind(tenant.id).all()).results.map(({ state }) => state);

  it("after the ledger took it: whoever looks next finds it in force, and records it", async () => {
    const tenant = await newTenant();
    const { id } = await drafted(tenant);
    const { hash } = z.looseObject({ hash: z.string() }).parse(await (await tenant.fetch(`/v1/policies/${id}`)).json());
    await half(tenant, id, systemClock.now());
    await changeGovernance(env, parseId("tenant", tenant.id), { change: "policy", pin: { id, hash } });
    expect(listSchema.parse(await (await tenant.fetch("/v1/policies")).json()).items).toMatchObject([{ id, state: "active" }]);
    expect(await states(tenant)).toEqual(["done"]);
    expect(await (await tenant.fetch("/v1/audit/events?type=resource.changed")).text()).toContain("policy.activated");
  });

  it("before the ledger took it: nothing is in force, and after a minute nothing is begun", async () => {
    const tenant = await newTenant();
    const { id } = await drafted(tenant);
    await half(tenant, id, systemClock.now() - 61_000);
    expect(await versionInForce({ env, clock: systemClock }, tenant.id)).toBeUndefined();
    expect(await states(tenant)).toEqual(["void"]);
    expect(await (await tenant.fetch("/v1/audit/events?type=resource.changed")).text()).not.toContain("policy.activated");
  });
});

describe("questions about policies", () => {
  let tenant: TestTenant;
  beforeAll(async () => {
    tenant = await newTenant();
    await activated(
      tenant,
      `@id("no-mail-after-secrets")
      forbid (principal, action == Action::"tool", resource)
      when { resource.tags.contains("outgoing") && context.history.contains("label:secret") };`,
      `
- a secret stays: { tool: mail.send, risk: write, tags: [outgoing], history: ["label:secret"], effect: deny }
- mail goes out otherwise: { tool: mail.send, risk: write, tags: [outgoing], effect: allow }`,
    );
  });

  it("are answered with the policies, what they read, and the condition that failed", async () => {
    const answer = await effectOf(tenant, { tool: "mail.send", risk: "write", tags: ["outgoing"], history: ["tool:data.query"] });
    expect(answer).toMatchObject({ effect: "allow" });
    expect(answer.considered.find(({ id }) => id === "tenant.no-mail-after-secrets")).toMatchObject({
      layer: "tenant",
      effect: "forbid",
      holds: false,
      reads: { "resource.tags": ["outgoing"], "context.history": ["tool:data.query"] },
      failed: 'context.history.contains("label:secret")',
    });
  });

  it("show the schema, and hold a text against it", async () => {
    expect(await (await tenant.fetch("/v1/policy/schema")).text()).toContain("entity Principal");
    const held = await tenant.post("/v1/policy/validate", { text: NO_SPENDING });
    expect(await held.json()).toMatchObject({
      policies: [{ id: "no-spending", effect: "forbid", actions: ["tool"], reads: ["resource.risk"], line: 1, column: 1 }],
    });
  });

  it("run cases against what is in force, and against a text", async () => {
    const cases = "- mail: { tool: mail.send, tags: [outgoing], history: ['label:secret'], effect: deny }";
    expect(await (await tenant.post("/v1/policy/test", { cases })).json()).toMatchObject({ passed: 1, failed: 0 });
    expect(await (await tenant.post("/v1/policy/test", { cases, text: "" })).json()).toMatchObject({ passed: 0, failed: 1 });
  });

  it("tell what a principal may do, as the guard would decide it", async () => {
    const schema = z.object({
      items: z.array(z.looseObject({ action: z.string(), name: z.string(), effect: z.string(), obligations: z.array(z.string()) })),
    });
    const of = async (query: string) => schema.parse(await (await tenant.fetch(`/v1/policy/permissions${query}`)).json()).items;
    const viewer = await of("?principal=role:viewer");
    const effect = (items: typeof viewer, name: string) => items.find((item) => item.name === name)?.effect;
    expect([effect(viewer, "sessions.read"), effect(viewer, "sessions.write"), effect(viewer, "data.query")]).toEqual([
      "allow",
      "deny",
      "deny",
    ]);
    const own = await of("");
    expect([effect(own, "policies.activate"), effect(own, "tenants.write"), effect(own, "data.query")]).toEqual(["allow", "deny", "allow"]);
    expect((await tenant.fetch(`/v1/policy/permissions?principal=${newId("user", 1)}`)).status).toBe(404);
  });
});

describe("the decision log", () => {
  it("holds every deny, the share of allows that is set, and is what drafts are tried against", async () => {
    const tenant = await newTenant();
    const share = { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ allowsAThousand: 1_000 }) };
    expect((await tenant.fetch("/v1/policy/decision-log", share)).status).toBe(200);
    const viewer = z.object({ secret: z.string() }).parse(await (await tenant.post("/v1/api-keys", { name: "v", role: "viewer" })).json());
    expect((await caller(viewer.secret).post("/v1/sessions", {})).status).toBe(403);
    await tenant.fetch("/v1/sessions");
    const logged = z.object({ items: z.array(z.looseObject({ effect: z.string(), resource: z.string() })) });
    const list = async (query: string) => logged.parse(await (await tenant.fetch(`/v1/policy/decisions${query}`)).json()).items;
    await vi.waitFor(async () => expect((await list("?effect=allow")).map(({ resource }) => resource)).toContain("sessions.read"), {
      timeout: 20_000,
      interval: 300,
    });
    expect(await list("?effect=deny")).toMatchObject([
      { resource: "sessions.write", reason: "no policy permits it", request: { principal: { roles: ["viewer"] } } },
    ]);

    const { id } = await drafted(
      tenant,
      '@id("nobody-reads") forbid (principal, action == Action::"route", resource) when { resource.name == "sessions.read" };',
    );
    const dry = await tenant.post(`/v1/policies/${id}/dry-run`, { days: 7 });
    expect(await dry.json()).toMatchObject({
      items: [{ resource: "sessions.read", was: { effect: "allow" }, would: { effect: "deny", policies: ["tenant.nobody-reads"] } }],
    });
    const stranger = await newTenant();
    expect(
      logged
        .parse(await (await stranger.fetch("/v1/policy/decisions")).json())
        .items.filter(({ resource }) => resource === "sessions.write"),
    ).toEqual([]);
  });
});
