import { env } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { authorizationFor } from "../../workers/a2a/credentials.ts";
import { problemOf } from "../../workers/platform/problem.ts";

const CREDENTIALS = {
  supplier: { origin: "https://supplier.example", authorization: "Bearer of-one", tenants: ["ten_one"] },
  shared: { origin: "https://shared.example", authorization: "Bearer of-all", tenants: ["*"] },
};
const given = { ...env, SOMA_A2A_CREDENTIALS: JSON.stringify(CREDENTIALS) };

function refusal(settings: typeof given, tenant: string, name: string, url: string): string | undefined {
  try {
    authorizationFor(settings, tenant, name, url);
    return undefined;
  } catch (error) {
    return problemOf(error)?.type;
  }
}

describe("an operator's credential for another agent", () => {
  it("goes to its own origin, for its own tenants", () => {
    expect(authorizationFor(given, "ten_one", "supplier", "https://supplier.example/rpc")).toBe("Bearer of-one");
    expect(authorizationFor(given, "ten_two", "shared", "https://shared.example/a2a")).toBe("Bearer of-all");
    expect(authorizationFor(given, "ten_one", undefined, "https://supplier.example/")).toBeUndefined();
  });

  it.each([
    ["to another host", "ten_one", "supplier", "https://thief.example/"],
    ["to a host whose name begins like it", "ten_one", "supplier", "https://supplier.example.thief.example/"],
    ["to another port", "ten_one", "supplier", "https://supplier.example:8443/"],
    ["without TLS", "ten_one", "supplier", "http://supplier.example/"],
    ["for another tenant", "ten_two", "supplier", "https://supplier.example/"],
    ["that there is none of", "ten_one", "nobody", "https://supplier.example/"],
  ])("does not go %s", (_, tenant, name, url) => {
    expect(refusal(given, tenant, name, url)).toBe("forbidden");
  });

  it("is told as unavailable when the setting cannot be read, and never shown", () => {
    expect(refusal({ ...env, SOMA_A2A_CREDENTIALS: "{secret" }, "ten_one", "supplier", "https://supplier.example/")).toBe("unavailable");
  });
});
