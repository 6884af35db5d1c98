import { env, SELF } from "cloudflare:test";
import { importJWK, SignJWT, UnsecuredJWT } from "jose";
import { openFor } from "../../workers/identity/sealed.ts";
import { signingPurpose } from "../../workers/identity/signing-keys.ts";
import { listSigningKeys } from "../../workers/identity/store.ts";
import type { TestTenant } from "./tenant.ts";

export type Claims = Readonly<Record<string, unknown>>;

/** Signs whatever claims and header are asked for with the platform's own current key. */
export async function signed(claims: Claims, header: Readonly<Record<string, string>> = {}): Promise<string> {
  const row = (await listSigningKeys(env)).find((key) => key.retiredAt === null);
  if (row === undefined) throw new Error("the platform has no signing key");
  const key = await importJWK(JSON.parse(await openFor(env, signingPurpose(row.id), row.encryptedPrivateJwk)), "ES256");
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: "ES256", kid: row.id, typ: "at+jwt", ...header }).sign(key);
}

/** The claims of a token as the platform makes them, for a minute. The platform has a signing key once this is done. */
export async function rightClaims(tenant: TestTenant): Promise<Claims> {
  await tenant.post("/v1/auth/tokens", {});
  const now = Math.floor(Date.now() / 1_000);
  return {
    iss: "http://soma.test",
    aud: "somaagent",
    sub: "svc_1",
    jti: "req_1",
    iat: now,
    nbf: now,
    exp: now + 60,
    tenant: tenant.id,
    key: keyId(tenant),
    kind: "service",
    roles: ["viewer"],
    capabilities: ["sessions.read"],
  };
}

/** The id of a tenant's first key, which stands in the key itself. */
export function keyId({ key }: TestTenant): string {
  return /key_[0-9A-Z]{26}/.exec(key)?.[0] ?? "";
}

/** A token without a signature, and one signed by HS256 with the platform's public key as its secret. */
export async function confusedTokens(claims: Claims): Promise<string[]> {
  const { keys } = await (await SELF.fetch("http://soma.test/.well-known/jwks.json")).json<{ keys: { kid: string }[] }>();
  const kid = keys[0]?.kid ?? "";
  const [, payload] = new UnsecuredJWT({ ...claims }).encode().split(".");
  const hashed = new SignJWT({ ...claims })
    .setProtectedHeader({ alg: "HS256", kid, typ: "at+jwt" })
    .sign(new TextEncoder().encode(JSON.stringify(keys[0])));
  return [`${btoa(JSON.stringify({ alg: "none", kid, typ: "at+jwt" })).replaceAll("=", "")}.${payload}.`, await hashed];
}
