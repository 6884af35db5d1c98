import { env, SELF } from "cloudflare:test";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { insertPasskey } from "../../workers/identity/mfa/store.ts";
import { insertSession } from "../../workers/identity/sign-in/store.ts";
import { insertDeadLetter } from "../../workers/operations/store.ts";
import { ROLES } from "../../workers/platform/capabilities.ts";
import { newId } from "../../workers/platform/ids.ts";
import { confusedTokens, rightClaims, signed } from "./forged-tokens.ts";
import { type PublishedOperation, publishedOperations } from "./openapi-operations.ts";
import { newTenant, OPERATOR_TOKEN, type TestTenant } from "./tenant.ts";

const problemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
});
type ProblemBody = z.infer<typeof problemSchema>;

async function problemOf(response: Response, from: string): Promise<ProblemBody> {
  expect(response.headers.get("Content-Type"), from).toBe("application/problem+json");
  const problem = problemSchema.parse(await response.json());
  expect(problem.status, from).toBe(response.status);
  return problem;
}

const operations = await publishedOperations();
const isPublic = (operation: PublishedOperation) => operation.capability === "public";
const takesJson = (operation: PublishedOperation) => operation.jsonBody !== undefined;
const UNKNOWN: Record<string, string> = {
  "/v1/sessions/": newId("session", 1),
  "/v1/kamachiq/projects/": newId("project", 1),
  "/v1/mao/runs/": newId("run", 1),
  "/v1/mao/schedules/": newId("schedule", 1),
  "/v1/artifacts/": newId("artifact", 1),
  "/v1/api-keys/": newId("apiKey", 1),
  "/v1/oauth/clients/": newId("client", 1),
  "/v1/operations/dead-letters/": newId("deadLetter", 1),
  "/v1/memories/": newId("memory", 1),
  "/v1/federation/issuers/": newId("issuer", 1),
  "/v1/auth/mfa/passkeys/": newId("passkey", 1),
  "/v1/kill-switch/": newId("killSwitch", 1),
  "/v1/policies/": newId("policyVersion", 1),
  "/v1/budgets/": newId("budget", 1),
  "/v1/constitution/versions/": newId("constitution", 1),
  "/v1/users/": newId("user", 1),
  "/v1/groups/": newId("group", 1),
  "/v1/service-accounts/": newId("service", 1),
  "/v1/account/sign-ins/": newId("signInSession", 1),
};
/** Things of the platform, the same for every tenant, and the operator's own. */
const SHARED = ["/v1/tools/", "/v1/capsules/", "/v1/tenants/"];

/** Bodies that a protocol defines, which has members it does not know be ignored. */
const OPEN_BODIES = ["runSessionAgUi", "sendSessionUiMessages", "followRunAgUi", "followRunUiMessages"];

/** A path with its parameters filled: `id` as told, the others by something of their form. */
function filled(path: string, id: string): string {
  return path.replace("{id}", id).replace(/\{\w+\}/g, "x1");
}

function ownerOf(path: string): string | undefined {
  return Object.keys(UNKNOWN).find((prefix) => path.startsWith(prefix));
}

function send(operation: PublishedOperation, path: string, authorization: string | undefined, body?: BodyInit): Promise<Response> {
  const sent = body ?? (operation.jsonBody === undefined ? undefined : JSON.stringify(operation.jsonBody));
  return SELF.fetch(`http://soma.test${path}`, {
    method: operation.method,
    headers: {
      Accept: "application/json",
      ...(authorization === undefined ? {} : { Authorization: authorization }),
      ...(operation.jsonBody === undefined ? {} : { "Content-Type": "application/json" }),
    },
    ...(sent === undefined ? {} : { body: sent }),
  });
}

/** How much is stored in all: rows of each table but the decision log's, which tells of being asked, and objects in the bucket. A refusal changes none of it. */
async function stored(): Promise<Record<string, number>> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' AND name <> 'policy_decisions'",
  ).all<{ name: string }>();
  const counts = await env.DB.batch<{ n: number }>(results.map(({ name }) => env.DB.prepare(`SELECT count(*) AS n FROM "${name}"`)));
  const { objects } = await env.ARTIFACTS.list();
  return { ...Object.fromEntries(results.map(({ name }, i) => [name, counts[i]?.results[0]?.n ?? 0])), objects: objects.length };
}

/** Credentials that must open nothing, each as strangers and attackers have them. */
async function wrongCredentials(): Promise<Record<string, string>> {
  const tenant = await newTenant();
  const claims = await rightClaims(tenant);
  const made = async (name: string) => (await tenant.post("/v1/api-keys", { name, role: "admin" })).json<{ id: string; secret: string }>();
  const revoked = await made("revoked");
  await tenant.fetch(`/v1/api-keys/${revoked.id}`, { method: "DELETE" });
  const expired = await made("expired");
  await env.DB.prepare("UPDATE api_keys SET expires_at = 1 WHERE id = ?").bind(expired.id).run();
  const [unsigned = "", confused = ""] = await confusedTokens(claims);
  return {
    "another scheme": `Basic ${btoa("a:b")}`,
    "no scheme": tenant.key,
    "nothing after the scheme": "Bearer",
    "two credentials": `Bearer ${tenant.key} ${tenant.key}`,
    "no credential of ours": "Bearer x",
    "a huge credential": `Bearer ${"x".repeat(20_000)}`,
    "a key with another secret": `Bearer ${tenant.key.slice(0, -4)}AAAA`,
    "a revoked key": `Bearer ${revoked.secret}`,
    "an expired key": `Bearer ${expired.secret}`,
    "an expired token": `Bearer ${await signed({ ...claims, exp: 1_000 })}`,
    "a token of another issuer": `Bearer ${await signed({ ...claims, iss: "http://elsewhere.test" })}`,
    "a token for another audience": `Bearer ${await signed({ ...claims, aud: "another" })}`,
    "a token with a key id of nobody": `Bearer ${await signed(claims, { kid: "sgn_00000000000000000000000000" })}`,
    "a token of a revoked key": `Bearer ${await signed({ ...claims, key: revoked.id })}`,
    "an unsigned token": `Bearer ${unsigned}`,
    "a token signed with the public key": `Bearer ${confused}`,
  };
}

describe("every route that is not public", () => {
  let wrong: Record<string, string>;
  beforeAll(async () => {
    wrong = await wrongCredentials();
  });

  it.each(operations.filter((operation) => !isPublic(operation)))(
    "$name answers no one without a credential that is valid, and leaves no trace of it",
    async (operation) => {
      const path = filled(operation.path, UNKNOWN[ownerOf(operation.path) ?? ""] ?? "x1");
      const before = await stored();
      const none = await send(operation, path, undefined);
      expect(none.status).toBe(401);
      expect(none.headers.get("WWW-Authenticate")).toBe(
        'Bearer realm="somaagent", resource_metadata="http://soma.test/.well-known/oauth-protected-resource"',
      );
      expect((await problemOf(none, path)).type).toBe("urn:soma:problem:missing-credential");
      for (const [what, authorization] of Object.entries(wrong)) {
        const refused = await send(operation, path, authorization);
        expect(refused.status, what).toBe(401);
        expect(refused.headers.get("WWW-Authenticate"), what).toContain('error="invalid_token"');
        expect((await problemOf(refused, what)).type, what).toBe("urn:soma:problem:invalid-credential");
      }
      expect(await stored()).toEqual(before);
    },
  );

  it.each(["admin", "member", "viewer"] as const)("is open to the role %s if it has its capability, and closed otherwise", async (role) => {
    const tenant = await newTenant();
    const { secret } = await (await tenant.post("/v1/api-keys", { name: role, role })).json<{ secret: string }>();
    const capabilities: readonly string[] = ROLES[role];
    for (const operation of operations.filter((candidate) => !isPublic(candidate))) {
      const path = filled(operation.path, UNKNOWN[ownerOf(operation.path) ?? ""] ?? "x1");
      const answer = await send(operation, path, `Bearer ${secret}`);
      expect(answer.status === 403, `${role} ${operation.name} ${answer.status}`).toBe(!capabilities.includes(operation.capability));
    }
  });
});

describe("every path", () => {
  const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
  const byPath = Map.groupBy(operations, ({ path }) => path);

  it.each([...byPath])("%s names its methods to who uses another", async (path, published) => {
    const methods = published.map(({ method }) => method);
    for (const method of METHODS.filter((candidate) => !methods.includes(candidate))) {
      const answer = await SELF.fetch(`http://soma.test${filled(path, "x1")}`, { method });
      expect(answer.status, method).toBe(405);
      expect(
        answer.headers
          .get("Allow")
          ?.split(", ")
          .filter((allowed) => allowed !== "HEAD"),
      ).toEqual(methods.sort());
      expect((await problemOf(answer, method)).type).toBe("urn:soma:problem:method-not-allowed");
    }
  });
});

describe("what belongs to a tenant", () => {
  let owner: TestTenant;
  let stranger: TestTenant;
  const owned: Record<string, string> = {};

  beforeAll(async () => {
    owner = await newTenant("Owner");
    stranger = await newTenant("Stranger");
    const idOf = async (response: Response) => z.object({ id: z.string() }).parse(await response.json()).id;
    owned["/v1/sessions/"] = await idOf(await owner.post("/v1/sessions", {}));
    owned["/v1/kamachiq/projects/"] = await idOf(await owner.post("/v1/kamachiq/projects", { brief: "Sing me a song." }));
    const graph = { steps: { ask: { uses: "human:approve" } } };
    owned["/v1/mao/runs/"] = await idOf(await owner.post("/v1/mao/runs", { graph }));
    owned["/v1/mao/schedules/"] = await idOf(await owner.post("/v1/mao/schedules", { cron: "0 7 1 1 *", graph }));
    owned["/v1/artifacts/"] = await idOf(await owner.fetch("/v1/artifacts?name=a.txt", { method: "POST", body: "secret" }));
    owned["/v1/api-keys/"] = await idOf(await owner.post("/v1/api-keys", { name: "a", role: "viewer" }));
    const client = { name: "a", authMethod: "client_secret_basic", grantTypes: ["client_credentials"], scopes: ["runs.read"] };
    owned["/v1/oauth/clients/"] = await idOf(await owner.post("/v1/oauth/clients", client));
    const issuer = { name: "Acme", issuer: "https://id.acme.example", clientId: "soma", clientAuthentication: "none" };
    owned["/v1/federation/issuers/"] = await idOf(await owner.post("/v1/federation/issuers", issuer));
    const passkey = { id: newId("passkey", Date.now()), tenant: owner.id, user: newId("user", 1), name: "Phone", credentialId: "AQ" };
    const key = { publicKey: "AQ", counter: 0, transports: "[]", rpId: "soma.test", isBackedUp: false, createdAt: 1, lastUsedAt: null };
    await insertPasskey(env, { ...passkey, ...key });
    owned["/v1/auth/mfa/passkeys/"] = passkey.id;
    const remembered = await owner.post("/v1/remember", { text: "Reports go to Ada." });
    owned["/v1/memories/"] = z.object({ memory: z.object({ id: z.string() }) }).parse(await remembered.json()).memory.id;
    owned["/v1/constitution/versions/"] = await idOf(await owner.post("/v1/constitution/versions", { text: "# Ours\n" }));
    const letter = { id: newId("deadLetter", Date.now()), queue: "agent-audit", tenant: owner.id, body: "{}", attempts: 5 };
    await insertDeadLetter(env, { ...letter, createdAt: Date.now(), redrivenAt: null, fence: 0 });
    owned["/v1/operations/dead-letters/"] = letter.id;
    owned["/v1/policies/"] = await idOf(await owner.post("/v1/policies", { text: "// nothing yet" }));
    owned["/v1/budgets/"] = await idOf(await owner.post("/v1/budgets", { scope: "tenant", unit: "tokens", period: "day", limit: 1e9 }));
    owned["/v1/kill-switch/"] = await idOf(await owner.post("/v1/kill-switch", { scope: "tool", target: "none", reason: "test" }));
    const user = await idOf(await owner.post("/v1/users", { email: "ada@example.org", invite: false }));
    owned["/v1/users/"] = user;
    owned["/v1/groups/"] = await idOf(await owner.post("/v1/groups", { displayName: "Glaciology" }));
    owned["/v1/service-accounts/"] = await idOf(await owner.post("/v1/service-accounts", { name: "reports" }));
    owned["/v1/account/sign-ins/"] = await signInOf(owner.id, user);
  });

  /** A sign-in as a browser's would be kept. */
  async function signInOf(tenant: string, user: string): Promise<string> {
    const [id, now] = [newId("signInSession", Date.now()), Date.now()];
    const row = { id, tenant, user, secretHash: "", amr: "pwd", pending: null, authTime: now, mfaAt: null, browser: "", createdAt: now };
    await insertSession(env, { ...row, lastSeenAt: now, idleMs: 3_600_000, endsAt: now + 3_600_000 });
    return id;
  }

  it("names an owner for every route with an id", () => {
    const unowned = operations.filter(
      ({ path }) => path.includes("{id}") && ownerOf(path) === undefined && !SHARED.some((prefix) => path.startsWith(prefix)),
    );
    expect(unowned.map(({ path }) => path)).toEqual([]);
  });

  it.each(operations.filter(({ path }) => path.includes("{id}") && ownerOf(path) !== undefined))(
    "$name answers a stranger as if it did not exist",
    async (operation) => {
      const prefix = ownerOf(operation.path) ?? "";
      const [theirs = "", nothing = ""] = [owned[prefix], UNKNOWN[prefix]];
      const refused = await send(operation, filled(operation.path, theirs), `Bearer ${stranger.key}`);
      const absent = await send(operation, filled(operation.path, nothing), `Bearer ${stranger.key}`);
      const problem = await problemOf(refused, operation.path);
      const other = await problemOf(absent, operation.path);
      expect(problem).toMatchObject({ status: 404, type: "urn:soma:problem:not-found" });
      expect(problem.detail.replaceAll(theirs, "ID")).toBe(other.detail.replaceAll(nothing, "ID"));
    },
  );

  it.each(
    operations.filter(
      ({ method, path, capability }) => method === "GET" && !path.includes("{") && !["public", "tenants.write"].includes(capability),
    ),
  )("$name shows a stranger nothing of it", async (operation) => {
    const response = await send(operation, operation.path + operation.query, `Bearer ${stranger.key}`);
    // What is asked for by its name in the query is not there for a stranger.
    expect(response.status).toBe(operation.query === "" ? 200 : 404);
    const text = await response.text();
    for (const id of [owner.id, ...Object.values(owned)]) expect(text).not.toContain(id);
  });

  it("is still there after all of that", async () => {
    expect((await owner.fetch(`/v1/artifacts/${owned["/v1/artifacts/"]}`)).status).toBe(200);
    expect(await (await owner.fetch(`/v1/sessions/${owned["/v1/sessions/"]}`)).json()).toMatchObject({ state: "open" });
  });
});

describe("every route that takes JSON", () => {
  let tenant: TestTenant;
  beforeAll(async () => {
    tenant = await newTenant();
  });

  it.each(operations.filter(takesJson))("$name refuses a hostile body with a problem that says why", async (operation) => {
    const path = filled(operation.path, UNKNOWN[ownerOf(operation.path) ?? ""] ?? "x1");
    const authorization = `Bearer ${operation.capability === "tenants.write" ? OPERATOR_TOKEN : tenant.key}`;
    const refusal = async (body: BodyInit) => problemOf(await send(operation, path, authorization, body), operation.name);
    const fitting = operation.jsonBody ?? {};
    const before = await stored();
    expect(await refusal(`{"a":${"[".repeat(10_000)}${"]".repeat(10_000)}}`)).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/deeper than 64/),
    });
    expect(await refusal(new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]))).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/UTF-8/),
    });
    expect(await refusal('{"a":1,')).toMatchObject({ status: 400, type: "urn:soma:problem:malformed-json" });
    expect(await refusal("")).toMatchObject({ status: 400 });
    expect(await refusal("[]")).toMatchObject({ status: 400, type: "urn:soma:problem:invalid-request" });
    for (const key of OPEN_BODIES.includes(operation.name) ? [] : ["surprise", "__proto__", "constructor"]) {
      const body = `${JSON.stringify(fitting).slice(0, -1)}${Object.keys(fitting).length > 0 ? "," : ""}"${key}":{"isAdmin":true}}`;
      const problem = await refusal(body);
      expect(problem, key).toMatchObject({ status: 400, type: "urn:soma:problem:invalid-request" });
      expect(JSON.stringify(problem.errors), key).toContain(key);
    }
    for (const hidden of ['"\\ud800"', '"\\u0000"', '1,"a":2']) {
      expect(await refusal(`{"a":${hidden}}`), hidden).toMatchObject({ status: 400, type: "urn:soma:problem:malformed-json" });
    }
    const plain = await SELF.fetch(`http://soma.test${path}`, {
      method: operation.method,
      headers: { Authorization: authorization, "Content-Type": "text/plain" },
      body: JSON.stringify(fitting),
    });
    expect(await problemOf(plain, operation.name)).toMatchObject({ status: 415 });
    expect(await stored()).toEqual(before);
  });

  it.each(operations.filter(takesJson))("$name answers any other body with a problem or a result, and never fails", async (operation) => {
    const path = filled(operation.path, UNKNOWN[ownerOf(operation.path) ?? ""] ?? "x1");
    const fields = Object.keys(operation.jsonBody ?? {});
    const anything = fc.jsonValue({ maxDepth: 2, stringUnit: "grapheme" });
    const odd = fc.oneof(
      anything,
      fc.constantFrom("", " ", "x".repeat(300_000), "\u202e", "'; DROP TABLE tenants; --", -1, 1e308, [], null),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fields, "other"), odd, async (field, value) => {
        const answer = await send(operation, path, `Bearer ${tenant.key}`, JSON.stringify({ ...operation.jsonBody, [field]: value }));
        expect(answer.status, `${field}: ${JSON.stringify(value)?.slice(0, 200)}`).toBeLessThan(500);
        if (answer.status >= 400) await problemOf(answer, operation.name);
        else await answer.body?.cancel();
      }),
      { numRuns: 12 },
    );
  });

  it("refuses ten megabytes before it reads them, declared or not", async () => {
    const large = JSON.stringify({ title: "x".repeat(10_000_000) });
    const streamed = new Response(large).body;
    for (const body of [large, streamed]) {
      const response = await SELF.fetch("http://soma.test/v1/sessions", {
        method: "POST",
        headers: { Authorization: `Bearer ${tenant.key}`, "Content-Type": "application/json" },
        body,
      });
      expect(await problemOf(response, "10 MB")).toMatchObject({ status: 413 });
    }
  });

  it.each(operations.filter(({ method, capability }) => method === "GET" && capability !== "public"))(
    "$name answers any query with a problem or a result",
    async (operation) => {
      const path = filled(operation.path, UNKNOWN[ownerOf(operation.path) ?? ""] ?? "x1");
      const queries = ["limit=0", "limit=1e9", "limit=x", "cursor=%00", "cursor=%ff", "cursor=Jw", `cursor=${"a".repeat(600)}`, "after=-1"];
      for (const query of [...queries, "after=9007199254740993", "after=%27", "limit=1&limit=2", "__proto__=1", "%"]) {
        const answer = await send(operation, `${path}?${query}`, `Bearer ${tenant.key}`);
        expect(answer.status, query).toBeLessThan(500);
        if (answer.status >= 400) await problemOf(answer, query);
        else await answer.body?.cancel();
      }
    },
  );

  it("goes on serving after all of that", async () => {
    expect((await tenant.fetch("/v1/tenants/current")).status).toBe(200);
  });
});
