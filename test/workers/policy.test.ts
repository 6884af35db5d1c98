import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import cases from "../../policies/cases/platform.yaml";
import platformPolicies from "../../policies/cedar/platform.cedar";
import platformSchema from "../../policies/cedar/platform.cedarschema";
import { CAPABILITIES, capabilitySchema, ROLES, roleSchema } from "../../workers/platform/capabilities.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { newId } from "../../workers/platform/ids.ts";
import type { Principal } from "../../workers/platform/principal.ts";
import { isAuthorized, loadPolicies } from "../../workers/policy/cedar.ts";
import { guard, guardOver } from "../../workers/policy/guard.ts";
import { publishedOperations } from "./openapi-operations.ts";

const host = { env, clock: systemClock };
const TYPES = ["route", "tool", "model", "agent", "capsule"] as const;

const caseSchema = z.strictObject({
  role: roleSchema,
  capabilities: z.array(capabilitySchema).optional(),
  kind: z.enum(["user", "operator"]).default("user"),
  in: z.literal("other").optional(),
  route: z.string().optional(),
  tool: z.string().optional(),
  model: z.string().optional(),
  agent: z.string().optional(),
  capsule: z.string().optional(),
  risk: z.enum(["read", "write", "destructive", "spend"]).optional(),
  effect: z.enum(["allow", "deny"]),
  obligations: z.array(z.literal("approval")).default([]),
  by: z.array(z.string()),
});

const policyCases = z
  .array(z.record(z.string(), caseSchema))
  .parse(parse(cases))
  .flatMap((one) => Object.entries(one));

const tenant = newId("tenant", 1);

function principal({ role, capabilities, kind }: z.infer<typeof caseSchema>): Principal {
  return { tenant, subject: "usr_1", kind, roles: [role], capabilities: [...(capabilities ?? ROLES[role])], credential: "key_1" };
}

function resource(asked: z.infer<typeof caseSchema>) {
  const type = TYPES.find((candidate) => asked[candidate] !== undefined);
  if (type === undefined) throw new Error("the case names nothing that is asked for");
  return { type, id: String(asked[type]), ...(asked.risk === undefined ? {} : { risk: asked.risk }) };
}

describe("the platform's policies decide that", () => {
  const set = loadPolicies(platformSchema, [platformPolicies]);

  it.each(policyCases)("%s", async (_, asked) => {
    const { type, id, risk } = resource(asked);
    const who = principal(asked);
    const answer = isAuthorized(set, {
      principal: { ...who, id: who.subject },
      action: type,
      resource: { id: `${type}:${id}`, name: id, risk: risk ?? "" },
      context: { tenant: asked.in === "other" ? newId("tenant", 2) : tenant },
    });
    expect(answer).toEqual({ allowed: asked.effect === "allow", reasons: expect.arrayContaining(asked.by) });
    expect(answer.reasons).toHaveLength(asked.by.length);
    if (asked.in === "other") return;
    const decision = await guard(host, { principal: who, resource: resource(asked) });
    expect(decision).toMatchObject({ effect: asked.effect, policies: [...asked.by].sort(), obligations: asked.obligations });
    expect(decision.policyHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it("each policy has a case in which it decides", () => {
    const decided = new Set(policyCases.flatMap(([, { by }]) => by));
    expect([...set.policies.keys()].filter((id) => !decided.has(id))).toEqual([]);
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

describe("a policy text", () => {
  it.each([
    [
      "speaks of what the schema does not know",
      '@id("x") permit (principal, action, resource) when { principal.shoeSize == 3 };',
      /policy x/,
    ],
    ["does not parse", '@id("x") permit (principal', /policies:/],
    ["has no name", "permit (principal, action, resource);", /@id/],
  ])("that %s is refused", (_, text, why) => {
    expect(() => loadPolicies(platformSchema, [text])).toThrow(why);
  });

  it("cannot permit what the platform forbids", () => {
    const generous = '@id("tenant.all") permit (principal, action, resource);';
    const set = loadPolicies(platformSchema, [platformPolicies, generous]);
    const who = principal({ role: "admin", kind: "user", effect: "deny", obligations: [], by: [] });
    const request = { principal: { ...who, id: who.subject }, action: "route", resource: { id: "route:x", name: "x", risk: "" } };
    expect(isAuthorized(set, { ...request, context: { tenant } }).allowed).toBe(true);
    expect(isAuthorized(set, { ...request, context: { tenant: newId("tenant", 2) } }).allowed).toBe(false);
  });
});

describe("no decision means no", () => {
  const admin = principal({ role: "admin", kind: "user", effect: "deny", obligations: [], by: [] });
  const asked = { principal: admin, resource: { type: "route", id: "sessions.read" } } as const;
  const by = (schema: string, text: string) => () => ({ set: loadPolicies(schema, [text]), hash: "h" });

  it.each([
    ["the policies do not parse", by(platformSchema, "permit (")],
    ["the policies do not fit the schema", by(platformSchema, '@id("x") permit (principal == Robot::"r", action, resource);')],
    ["there are no policies", by(platformSchema, "")],
    ["the schema is broken", by("entity {", platformPolicies)],
    [
      "Cedar cannot be loaded",
      () => {
        throw new WebAssembly.RuntimeError("unreachable");
      },
    ],
    [
      "a policy fails when it is asked",
      by(platformSchema, '@id("x") permit (principal, action, resource) when { 9223372036854775807 + 1 > 0 };'),
    ],
    ["the policies asked for are not those that were loaded", () => ({ set: { hash: "never loaded", policies: new Map() }, hash: "h" })],
  ])("when %s", async (_, load) => {
    const decision = await guardOver(load)(host, asked);
    expect(decision).toMatchObject({ effect: "deny", policies: [], obligations: [] });
  });

  it("and the same guard decides again once it can", async () => {
    let isBroken = true;
    const mended = guardOver(() => {
      if (isBroken) throw new Error("not yet");
      return by(platformSchema, platformPolicies)();
    });
    expect((await mended(host, asked)).effect).toBe("deny");
    isBroken = false;
    expect((await mended(host, asked)).effect).toBe("allow");
  });
});
