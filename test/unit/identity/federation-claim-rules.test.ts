import { describe, expect, it } from "vitest";
import { rolesOf } from "../../../workers/identity/federation/claim-rules.ts";
import { issuerSettingsSchema, roleRuleSchema } from "../../../workers/identity/federation/issuer.ts";

const KEYCLOAK = {
  realm_access: { roles: ["soma-admins", "staff"] },
  department: "radiology",
  level: 3,
  "https://acme.example/roles": ["lead"],
};

describe("roles from an issuer's claims", () => {
  it("are those of every rule that holds, each once", () => {
    const rules = [
      { claim: ["realm_access", "roles"], value: "soma-admins", roles: ["admin"] },
      { claim: ["realm_access", "roles"], value: "auditors", roles: ["auditor"] },
      { claim: ["https://acme.example/roles"], value: "lead", roles: ["member", "admin"] },
      { claim: ["level"], value: "3", roles: ["viewer"] },
      { when: 'claims.department == "radiology" && claims.level > 2', roles: ["reader"] },
    ];
    expect(rolesOf(rules, KEYCLOAK)).toEqual(["admin", "member", "viewer", "reader"]);
  });

  it("are none when no rule holds, and a claim that is not there holds no rule", () => {
    const rules = [
      { claim: ["groups"], value: "admins", roles: ["admin"] },
      { claim: ["realm_access", "roles", "0"], value: "soma-admins", roles: ["admin"] },
      { claim: ["__proto__", "constructor"], value: "x", roles: ["admin"] },
      { when: 'claims.groups.exists(g, g == "admins")', roles: ["admin"] },
      { when: "claims.level", roles: ["admin"] },
      { when: 'claims.level == "3"', roles: ["admin"] },
    ];
    expect(rolesOf(rules, KEYCLOAK)).toEqual([]);
    expect(rolesOf([], KEYCLOAK)).toEqual([]);
  });

  it("do not come from a part of a name", () => {
    expect(rolesOf([{ claim: ["department"], value: "radio", roles: ["admin"] }], KEYCLOAK)).toEqual([]);
    expect(rolesOf([{ claim: ["groups"], value: "admins", roles: ["admin"] }], { groups: "not-admins, admins" })).toEqual([]);
  });

  it("are sixteen at most", () => {
    const rules = Array.from({ length: 20 }, (_, i) => ({ claim: ["level"], value: "3", roles: [`role-${i}`] }));
    expect(rolesOf(rules, KEYCLOAK)).toHaveLength(16);
  });
});

describe("a rule", () => {
  it("is refused with the reason when its condition does not parse or may run without end", () => {
    const fault = (when: string) => roleRuleSchema.safeParse({ when, roles: ["admin"] }).success;
    expect(fault('claims.department == "x"')).toBe(true);
    expect(fault("claims.department ==")).toBe(false);
    expect(fault('claims.department.matches("(a+)+$")')).toBe(false);
    expect(fault(`claims.x == "${"y".repeat(600)}"`)).toBe(false);
  });

  it("is one of two forms and nothing beside", () => {
    expect(roleRuleSchema.safeParse({ claim: ["groups"], value: "x", roles: [] }).success).toBe(false);
    expect(roleRuleSchema.safeParse({ claim: [], value: "x", roles: ["admin"] }).success).toBe(false);
    expect(roleRuleSchema.safeParse({ claim: ["groups"], value: "x", when: "true", roles: ["admin"] }).success).toBe(false);
  });
});

describe("an issuer's settings", () => {
  const least = { name: "Acme", issuer: "https://id.acme.example", clientId: "soma", clientAuthentication: "client_secret_basic" };

  it("give nobody a user, a role or the API unless they say so", () => {
    expect(issuerSettingsSchema.parse(least)).toMatchObject({
      createsUsers: false,
      roleRules: [],
      apiAudiences: [],
      trustsSecondFactor: false,
    });
  });

  it.each(["ftp://id.acme.example", "https://id.acme.example/?a=b", "https://id.acme.example/#x", "id.acme.example"])(
    "do not take %s",
    (issuer) => {
      expect(issuerSettingsSchema.safeParse({ ...least, issuer }).success).toBe(false);
    },
  );

  it("take domains, and not addresses or patterns", () => {
    const takes = (domain: string) => issuerSettingsSchema.safeParse({ ...least, emailDomains: [domain] }).success;
    expect([takes("acme.example"), takes("*.acme.example"), takes("ada@acme.example"), takes("Acme.example"), takes("localhost")]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
