import { env, SELF } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../../workers/gateway/app.ts";
import { CAPABILITIES } from "../../workers/platform/capabilities.ts";
import { type Claims, rightClaims, signed } from "./forged-tokens.ts";
import { type PublishedOperation, publishedOperations } from "./openapi-operations.ts";
import { newTenant, OPERATOR_TOKEN, type TestTenant } from "./tenant.ts";

/**
 * Every route of the OpenAPI document against every state of a credential. A route that is added tomorrow is in this table tomorrow, and one that asks for
 * no capability must be written into PUBLIC by a person.
 */

const operations = await publishedOperations();
const guarded = operations.filter(({ capability }) => capability !== "public");

/** What anyone may ask, each with its reason. */
const PUBLIC: Readonly<Record<string, string>> = {
  getHealth: "says that the Worker runs, to load balancers",
  getReadiness: "says whether the parts answer, to load balancers",
  getVersion: "says what runs",
  readJwks: "public keys are public",
  readFederationClientKeys: "public keys are public, and identity providers have no credential here",
  listCapabilities: "what there is to grant stands in the documentation too",
};

/** What is served and not in the document: pages, the document itself, and what another standard describes. */
const NOT_PUBLISHED = [
  "/",
  "/*",
  "/openapi.json",
  "/console",
  "/console/*",
  "/console/assets/:file",
  "/docs",
  "/docs/:file",
  "/.well-known/agent-card.json",
  "/.well-known/oauth-authorization-server",
  "/.well-known/openid-configuration",
  "/.well-known/oauth-protected-resource",
  // Pages on which people sign in and look after their account: they take forms and the browser's session, and no API credential.
  "/signin",
  "/signin/password",
  "/signin/forgotten",
  "/signin/signed-out",
  "/signin/link/:token",
  "/account",
  "/account/sign-out",
  "/account/sign-ins/end",
  "/account/sign-ins/end-all",
  "/account/password",
  // SCIM 2.0 describes itself, and asks for `users.write` by an API key.
  "/scim/v2/ServiceProviderConfig",
  "/scim/v2/ResourceTypes",
  "/scim/v2/ResourceTypes/:id",
  "/scim/v2/Schemas",
  "/scim/v2/Schemas/:id",
  "/scim/v2/Users",
  "/scim/v2/Users/:id",
  "/scim/v2/Groups",
  "/scim/v2/Groups/:id",
  // The endpoints of OAuth stand in its metadata; they take clients, codes and browser sessions, and no API credential.
  "/oauth/*",
  "/oauth/authorize",
  "/oauth/consent",
  "/oauth/device",
  "/oauth/token",
  "/oauth/par",
  "/oauth/device_authorization",
  "/oauth/revoke",
  "/oauth/introspect",
  "/oauth/userinfo",
  "/oauth/end-session",
  "/tlog/:log/checkpoint",
  "/tlog/:log/tile/*",
  "/signin/assets/:file",
  "/signin/federation/:issuer",
  "/signin/federation/:issuer/callback",
  "/signin/factor",
  "/signin/passkey",
  "/account/factors",
];

type Ask = (operation: PublishedOperation, authorization: string | undefined) => Promise<Response>;

/** The route's path with ids that nothing has: what is asked is who may ask, not what is there. */
const ask: Ask = (operation, authorization) =>
  SELF.fetch(`http://soma.test${operation.path.replace(/\{\w+\}/g, "x1")}`, {
    method: operation.method,
    headers: {
      Accept: "application/json",
      ...(authorization === undefined ? {} : { Authorization: authorization }),
      ...(operation.jsonBody === undefined ? {} : { "Content-Type": "application/json" }),
    },
    ...(operation.jsonBody === undefined ? {} : { body: JSON.stringify(operation.jsonBody) }),
  });

/** A token of a tenant's service that may do this and nothing else. */
async function tokenFor(claims: Claims, capabilities: readonly string[]): Promise<string> {
  return `Bearer ${await signed({ ...claims, roles: ["admin"], capabilities })}`;
}

describe("every route of the document", () => {
  let tenant: TestTenant;
  let other: TestTenant;
  let claims: Claims;
  let revoked: string;
  let expired: string;

  beforeAll(async () => {
    tenant = await newTenant();
    other = await newTenant("Other");
    claims = await rightClaims(tenant);
    const made = async (name: string) =>
      (await tenant.post("/v1/api-keys", { name, role: "admin" })).json<{ id: string; secret: string }>();
    const [first, second] = [await made("revoked"), await made("expired")];
    await tenant.fetch(`/v1/api-keys/${first.id}`, { method: "DELETE" });
    await env.DB.prepare("UPDATE api_keys SET expires_at = 1 WHERE id = ?").bind(second.id).run();
    [revoked, expired] = [`Bearer ${first.secret}`, `Bearer ${second.secret}`];
  });

  it("asks for a capability of the closed list, or is public for a reason that stands here", () => {
    const capabilities: readonly string[] = CAPABILITIES;
    const strange = operations.filter(({ capability, name }) => !capabilities.includes(capability) && !(name in PUBLIC));
    expect(strange.map(({ name, capability }) => `${name}: ${capability}`)).toEqual([]);
    const gone = Object.keys(PUBLIC).filter((name) => !operations.some((operation) => operation.name === name));
    expect(gone).toEqual([]);
  });

  it("is in the document, whatever the Worker serves", () => {
    const published = new Set(operations.map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`));
    const served = app.routes.filter(({ method, path }) => method !== "ALL" && !NOT_PUBLISHED.includes(path));
    const hidden = served
      .map(({ method, path }) => `${method} ${path.replaceAll(/\{[^}]*\}/g, "")}`)
      .filter((route) => !published.has(route));
    expect([...new Set(hidden)]).toEqual([]);
  });

  it.each(guarded)("$method $path ($capability)", async (operation) => {
    const { capability } = operation;
    const statusOf = async (authorization: string | undefined) => {
      const answer = await ask(operation, authorization);
      await answer.body?.cancel();
      return answer.status;
    };
    const past = Math.floor(Date.now() / 1_000) - 3_600;
    expect(await statusOf(undefined), "no credential").toBe(401);
    expect(await statusOf(`Bearer ${await signed({ ...claims, tenant: other.id, capabilities: [capability] })}`), "wrong tenant").toBe(401);
    expect(await statusOf(`Bearer ${await signed({ ...claims, exp: past, capabilities: [capability] })}`), "expired token").toBe(401);
    expect(await statusOf(expired), "expired key").toBe(401);
    expect(await statusOf(revoked), "revoked key").toBe(401);
    const others = CAPABILITIES.filter((candidate) => candidate !== capability);
    expect(await statusOf(await tokenFor(claims, others)), "every capability but this").toBe(403);
    // What the operator alone may do asks for the operator's own credential.
    const right = await ask(operation, capability === "tenants.write" ? `Bearer ${OPERATOR_TOKEN}` : await tokenFor(claims, [capability]));
    expect(right.status, "this capability alone").not.toBe(401);
    // A route may refuse what is asked for, such as to give away more than one has; never for want of a capability.
    expect(await right.text(), "this capability alone").not.toContain("This needs the capability");
  });
});
