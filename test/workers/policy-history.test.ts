import { env } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { History, TOO_MANY } from "../../durable-objects/journal/history.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { newId, parseId } from "../../workers/platform/ids.ts";
import { changeGovernance } from "../../workers/policy/governance-of.ts";
import { guard } from "../../workers/policy/guard.ts";
import { masked } from "../../workers/policy/mask.ts";
import { keepPolicyText } from "../../workers/policy/text-store.ts";
import { newTenant, type TestTenant } from "./tenant.ts";

interface Run {
  readonly id: string;
  readonly state: string;
  readonly output?: unknown;
  readonly problem?: { type: string; detail: string };
}

/** A tenant with these policies in force. */
async function governed(text: string): Promise<TestTenant> {
  const tenant = await newTenant();
  const hash = await keepPolicyText(env, tenant.id, text);
  await changeGovernance(env, parseId("tenant", tenant.id), { change: "policy", pin: { id: newId("policyVersion", 1), hash } });
  return tenant;
}

async function run(tenant: TestTenant, graph: unknown): Promise<Run> {
  const response = await tenant.post("/v1/mao/runs", { graph }, { Prefer: "wait=20" });
  return response.json<Run>();
}

async function importTemplate(tenant: TestTenant, name: string, graph: unknown): Promise<void> {
  const body = { name, files: [{ path: `${name}.json`, text: JSON.stringify(graph) }] };
  expect((await tenant.post("/v1/templates/import", body)).status).toBe(200);
}

// No address of a machine's own may be fetched: where policy lets the step go on, that is its problem.
const FETCH = { uses: "tool:http.fetch", with: { url: "http://127.0.0.1/" } };
const READ = { uses: "tool:value.set", with: { value: "the secret" } };
const NOT_SENT = /outgoing-after-reading/;

describe("nothing goes out after a secret was read in a run", () => {
  let tenant: TestTenant;
  beforeAll(async () => {
    tenant = await governed(`@id("outgoing-after-reading")
      forbid (principal, action in [Action::"tool", Action::"agent"], resource)
      when { resource.tags.contains("outgoing") && context.history.contains("tool:value.set") };`);
    await importTemplate(tenant, "reads", { steps: { read: READ }, outputs: { x: "${steps.read.output}" } });
    await importTemplate(tenant, "sends", { steps: { send: FETCH } });
  });

  it("but it may go out before", async () => {
    const sent = await run(tenant, { steps: { send: FETCH, read: { ...READ, needs: ["send"] } } });
    expect(sent.problem?.type).toBe("address-not-allowed");
  });

  it("by a later step", async () => {
    const refused = await run(tenant, { steps: { read: READ, send: { ...FETCH, needs: ["read"] } } });
    expect(refused.problem).toMatchObject({ type: "forbidden", detail: expect.stringMatching(NOT_SENT) });
  });

  it("by a run that a later step starts", async () => {
    const refused = await run(tenant, { steps: { read: READ, below: { uses: "run:sends", needs: ["read"] } } });
    expect(refused.problem?.detail).toMatch(NOT_SENT);
  });

  it("by a step after a run in which it was read", async () => {
    const refused = await run(tenant, { steps: { below: { uses: "run:reads" }, send: { ...FETCH, needs: ["below"] } } });
    expect(refused.problem?.detail).toMatch(NOT_SENT);
  });
});

describe("what a policy demands of a step", () => {
  it("is a mask over what goes in and what comes out", async () => {
    const tenant = await governed('@id("m") @obligation("mask") @mask("secret") permit (principal, action == Action::"tool", resource);');
    const value = { user: "ada", api_key: "k-1", inner: [{ Password: "p" }] };
    const done = await run(tenant, {
      steps: { read: { uses: "tool:value.set", with: { value } } },
      outputs: { x: "${steps.read.output}" },
    });
    expect(done.output).toEqual({ x: { user: "ada", api_key: "[masked: secret]", inner: [{ Password: "[masked: secret]" }] } });
    expect(masked({ iban: "DE1", total: 1 }, ["personal", "total"])).toEqual({ iban: "[masked: personal]", total: "[masked: total]" });
  });

  it("is a sandbox, which tools that reach outside do not have", async () => {
    const tenant = await governed('@id("s") @obligation("sandbox") permit (principal, action == Action::"tool", resource);');
    const done = await run(tenant, { steps: { read: READ }, outputs: { x: "${steps.read.output}" } });
    expect(done.state).toBe("completed");
    expect((await run(tenant, { steps: { send: FETCH } })).problem?.detail).toMatch(/demands a sandbox/);
  });

  it("is a second factor that was proved lately: a step without one is refused, and so is a route", async () => {
    const tenant = await governed(`@id("f") @obligation("mfa") @mfa_max_age("5m") permit (principal, action == Action::"tool", resource);
      @id("r") @obligation("mfa") permit (principal, action == Action::"route", resource) when { resource.name == "audit.read" };`);
    expect((await run(tenant, { steps: { read: READ } })).problem?.detail).toMatch(/second factor/);
    expect((await tenant.fetch("/v1/audit/events")).status).toBeGreaterThanOrEqual(401);
    const host = { env, clock: systemClock };
    const principal = {
      tenant: parseId("tenant", tenant.id),
      subject: "usr_1",
      kind: "user",
      roles: [],
      capabilities: ["tools.invoke"],
      credential: "c",
    } as const;
    const asked = (mfaAt: number) =>
      guard(host, {
        principal: { ...principal, roles: [], capabilities: [...principal.capabilities], mfaAt },
        resource: { type: "tool", id: "value.set" },
        within: { channel: "session" },
      });
    expect((await asked(systemClock.now() - 60_000)).effect).toBe("allow");
    expect((await asked(systemClock.now() - 301_000)).effect).toBe("deny");
  });
});

describe("the history of an object", () => {
  const done = (labels: string[]) =>
    ({ seq: 1, at: 1, type: "step.done", data: { step: "a", attempt: 1, durationMs: 1, uses: "tool:http.fetch", labels } }) as const;

  it("holds tools with their risks and tags, labels of results, and what it was told; and comes back from a snapshot", () => {
    const history = new History();
    history.apply(done(["secret"]));
    history.apply({ seq: 2, at: 1, type: "history.told", data: { labels: ["tool:mail.send"], from: "run_1" } });
    expect([...history.labels].sort()).toEqual(["label:secret", "risk:read", "tag:outgoing", "tool:http.fetch", "tool:mail.send"]);
    const again = new History();
    again.restore(history.snapshot());
    expect(again.labels).toEqual(history.labels);
    expect(history.missing(["label:secret", "label:card"])).toEqual(["label:card"]);
  });

  it("says when it is more than is kept", () => {
    const history = new History();
    history.apply(done(Array.from({ length: 2_000 }, (_, i) => `l${i}`)));
    expect(history.labels).toContain(TOO_MANY);
    expect(history.labels.length).toBeLessThanOrEqual(1_025);
  });
});
