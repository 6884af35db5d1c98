import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import cases from "../../policies/cases/platform.yaml";
import platformPolicies from "../../policies/cedar/platform.cedar";
import { CAPABILITIES, ROLES } from "../../workers/platform/capabilities.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { newId } from "../../workers/platform/ids.ts";
import type { Principal } from "../../workers/platform/principal.ts";
import { parseCases, runCases } from "../../workers/policy/cases.ts";
import { decideBy } from "../../workers/policy/decide.ts";
import { guard, guardOver } from "../../workers/policy/guard.ts";
import { PLATFORM_LAYERS } from "../../workers/policy/policies-in-force.ts";
import { mergeLayers } from "../../workers/policy/policy-set.ts";
import { publishedOperations } from "./openapi-operations.ts";

const platform = mergeLayers(PLATFORM_LAYERS);
const platformCases = parseCases(cases);
const host = { env, clock: systemClock };
const admin: Principal = {
  tenant: newId("tenant", 1),
  subject: "usr_1",
  kind: "user",
  roles: ["admin"],
  capabilities: [...ROLES.admin],
  credential: "key_1",
};

describe("the platform's policies decide that", () => {
  it.each(platformCases.map((one) => [one.name, one] as const))("%s", (_, one) => {
    expect(one.by).toBeDefined();
    expect(runCases(platform, [one])).toMatchObject([{ passed: true }]);
  });

  it("each policy has a case in which it decides", () => {
    const decided = new Set(platformCases.flatMap(({ by }) => by ?? []));
    expect([...platform.policies.keys()].filter((id) => !decided.has(id))).toEqual([]);
  });

  it("the guard says the same, with the hash of what is in force", async () => {
    const resource = { type: "tool", id: "cloud.destroy", risk: "destructive" } as const;
    const decision = await guard(host, { principal: admin, resource });
    expect(decision).toMatchObject({ effect: "allow", obligations: { approval: true } });
    expect(decision.policyHash).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("capabilities", () => {
  it("are each asked for by a route or a policy, and every route asks for one that some role has", async () => {
    const asked = new Set((await publishedOperations()).map(({ capability }) => capability));
    const unused = CAPABILITIES.filter((capability) => !asked.has(capability) && !platformPolicies.includes(`"${capability}"`));
    expect(unused).toEqual([]);
    const given = new Set<string>(["public", ...Object.values(ROLES).flat()]);
    expect([...asked].filter((capability) => !given.has(capability))).toEqual([]);
  });
});

describe("no decision means no", () => {
  const asked = { principal: admin, resource: { type: "route", id: "sessions.read" } } as const;
  const by = (text: string) => async () => ({ set: mergeLayers([{ name: "platform", text }]), hash: "h", constitutionHash: "c" });

  it.each([
    ["the policies do not parse", by("permit (")],
    ["the policies do not fit the schema", by('@id("x") permit (principal == Robot::"r", action, resource);')],
    ["there are no policies", by("")],
    [
      "Cedar cannot be loaded",
      () => {
        throw new WebAssembly.RuntimeError("unreachable");
      },
    ],
    [
      "a policy fails when it is asked",
      by(`${platformPolicies} @id("x") permit (principal, action, resource) when { 9223372036854775807 + 1 > 0 };`),
    ],
  ])("when %s", async (_, load) => {
    expect(await guardOver(load)(host, asked)).toMatchObject({ effect: "deny", policies: [], obligations: { approval: false } });
  });

  it("and the same guard decides again once it can", async () => {
    let isBroken = true;
    const mended = guardOver(async () => {
      if (isBroken) throw new Error("not yet");
      return { set: platform, hash: "h", constitutionHash: "c" };
    });
    expect((await mended(host, asked)).effect).toBe("deny");
    isBroken = false;
    expect((await mended(host, asked)).effect).toBe("allow");
  });
});

describe("a text in another layer", () => {
  it("cannot permit what the platform does not", () => {
    const generous = '@id("all") permit (principal, action, resource);';
    const request = platformCases.find(({ name }) => name === "a viewer may not use a route that writes")?.request;
    if (request === undefined) throw new Error("the case is gone");
    expect(decideBy(mergeLayers([...PLATFORM_LAYERS, { name: "tenant", text: generous }]), request).effect).toBe("deny");
  });
});
