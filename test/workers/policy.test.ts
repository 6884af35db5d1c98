import { describe, expect, it } from "vitest";
import platformSchema from "../../policies/cedar/platform.cedarschema";
import { ROLES } from "../../workers/platform/capabilities.ts";
import { newId } from "../../workers/platform/ids.ts";
import type { Principal } from "../../workers/platform/principal.ts";
import { loadPolicies } from "../../workers/policy/cedar.ts";
import { guard } from "../../workers/policy/guard.ts";

const tenant = newId("tenant", 1);

function principal(role: keyof typeof ROLES, kind: Principal["kind"] = "user"): Principal {
  return { tenant, subject: "usr_1", kind, roles: [role], capabilities: [...ROLES[role]], credential: "key_1" };
}

describe("the guard", () => {
  it.each([
    ["a member", principal("member"), { type: "route", id: "sessions.write" }, "allow", []],
    ["a viewer", principal("viewer"), { type: "route", id: "sessions.write" }, "deny", []],
    ["a member", principal("member"), { type: "tool", id: "data.query", risk: "read" }, "allow", []],
    ["a member", principal("member"), { type: "tool", id: "cloud.destroy", risk: "destructive" }, "allow", ["approval"]],
    ["a viewer", principal("viewer"), { type: "tool", id: "data.query", risk: "read" }, "deny", []],
    ["a viewer", principal("viewer"), { type: "model", id: "embedded" }, "deny", []],
    ["an operator", { ...principal("admin"), kind: "operator" }, { type: "tool", id: "data.query", risk: "read" }, "deny", []],
    ["a member", principal("member"), { type: "route", id: "tenants.write" }, "deny", []],
  ] as const)("answers %s %#", (_, who, resource, effect, obligations) => {
    const decision = guard({ principal: who, resource });
    expect(decision.effect).toBe(effect);
    expect(decision.obligations).toEqual(obligations);
    expect(decision.policyHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it("names the policies that decided", () => {
    expect(guard({ principal: principal("member"), resource: { type: "route", id: "sessions.read" } }).policies).toEqual([
      "platform.routes-need-their-capability",
    ]);
  });

  it("refuses a policy text that does not fit the schema", () => {
    const text = '@id("x") permit (principal, action, resource) when { principal.shoeSize == 3 };';
    expect(() => loadPolicies(platformSchema, [text])).toThrow(/policy x/);
  });
});
