import { env } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { ROLES } from "../../workers/platform/capabilities.ts";
import { newId } from "../../workers/platform/ids.ts";
import { OPERATOR_TENANT, type Principal } from "../../workers/platform/principal.ts";
import { changeGovernance, GOVERNANCE_CACHE_MS, governanceOf } from "../../workers/policy/governance-of.ts";
import { guard } from "../../workers/policy/guard.ts";

let seconds = 0;

/** A tenant of its own, and a clock that stands still until it is moved. */
function setting() {
  seconds += 1;
  const time = { now: 1_800_000_000_000 };
  const tenant = newId("tenant", 1_800_000_000_000 + seconds);
  const principal: Principal = {
    tenant,
    subject: "usr_1",
    kind: "user",
    roles: ["member"],
    capabilities: [...ROLES.member],
    credential: "key_1",
  };
  return { time, tenant, principal, host: { env, clock: { now: () => time.now } } };
}

const thrown = { id: "ksw_1", scope: "model", target: "embedded", drill: false, since: 1, reason: "test" } as const;

describe("what governs a tenant", () => {
  it("stops a model by a switch, and lets it go on after the release, without a wait where the change was made", async () => {
    const { tenant, principal, host } = setting();
    const asked = { principal, resource: { type: "model", id: "embedded" } } as const;
    expect((await guard(host, asked)).effect).toBe("allow");
    await changeGovernance(env, tenant, { change: "switch", thrown });
    expect(await guard(host, asked)).toMatchObject({ effect: "deny", stoppedBy: "ksw_1", obligations: { approval: false } });
    expect((await guard(host, { principal, resource: { type: "route", id: "sessions.read" } })).effect).toBe("allow");
    await changeGovernance(env, tenant, { change: "release", id: "ksw_1" });
    expect((await guard(host, asked)).effect).toBe("allow");
  });

  it("is read again after its time, when another isolate has changed it", async () => {
    const { tenant, principal, host, time } = setting();
    const asked = { principal, resource: { type: "model", id: "embedded" } } as const;
    expect((await guard(host, asked)).effect).toBe("allow");
    await env.TENANT_LEDGER.getByName(tenant).changeGovernance({ change: "switch", thrown });
    expect((await guard(host, asked)).effect).toBe("allow");
    time.now += GOVERNANCE_CACHE_MS;
    expect((await guard(host, asked)).effect).toBe("deny");
  });

  it("holds what the operator has switched off for everyone", async () => {
    const { principal, host, time } = setting();
    const asked = { principal, resource: { type: "agent", id: "assistant" } } as const;
    const all = { ...thrown, id: "ksw_all", scope: "agent", target: "assistant" } as const;
    await changeGovernance(env, OPERATOR_TENANT, { change: "switch", thrown: all });
    try {
      time.now += GOVERNANCE_CACHE_MS;
      expect(await guard(host, asked)).toMatchObject({ effect: "deny", stoppedBy: "ksw_all" });
    } finally {
      await changeGovernance(env, OPERATOR_TENANT, { change: "release", id: "ksw_all" });
    }
  });

  it("is kept in the tenant's object", async () => {
    const { tenant, host } = setting();
    const pin = { id: "pol_1", hash: "b".repeat(64) };
    await changeGovernance(env, tenant, { change: "policy", pin });
    expect((await governanceOf(host.env, host.clock, tenant)).policy).toEqual(pin);
    expect(await env.TENANT_LEDGER.getByName(tenant).governance()).toContain('"policy":');
  });
});
