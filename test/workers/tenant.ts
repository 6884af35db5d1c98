import { SELF } from "cloudflare:test";
import { z } from "zod";

const createdSchema = z.object({ tenant: z.object({ id: z.string() }), apiKey: z.object({ id: z.string(), secret: z.string() }) });

/** A fresh tenant and a way to call the platform as its administrator. */
export interface TestTenant {
  readonly id: string;
  readonly key: string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
}

export const OPERATOR_TOKEN = "operator-token-of-the-tests-only";

/** Makes a tenant through the public door. */
export async function newTenant(name = "Test"): Promise<TestTenant> {
  const response = await SELF.fetch("http://soma.test/v1/tenants", {
    method: "POST",
    headers: { Authorization: `Bearer ${OPERATOR_TOKEN}`, "Content-Type": "application/json" },
    body: JSON.stringify({ name }),
  });
  const { tenant, apiKey } = createdSchema.parse(await response.json());
  return { id: tenant.id, key: apiKey.secret, ...caller(apiKey.secret) };
}

/** Calls with one credential. */
export function caller(key: string): Pick<TestTenant, "fetch" | "post"> {
  const authorized = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set("Authorization", `Bearer ${key}`);
    return SELF.fetch(`http://soma.test${path}`, { ...init, headers });
  };
  return {
    fetch: authorized,
    post: (path, body, headers = {}) =>
      authorized(path, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) }),
  };
}
