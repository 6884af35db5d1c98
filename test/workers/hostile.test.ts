import { env, SELF } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { insertDeadLetter } from "../../workers/operations/store.ts";
import { newId } from "../../workers/platform/ids.ts";
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
  "/v1/artifacts/": newId("artifact", 1),
  "/v1/api-keys/": newId("apiKey", 1),
  "/v1/operations/dead-letters/": newId("deadLetter", 1),
  "/v1/memories/": newId("memory", 1),
};
/** Things of the platform, the same for every tenant. */
const SHARED = ["/v1/tools/", "/v1/capsules/"];

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

describe("every route that is not public", () => {
  let tenant: TestTenant;
  beforeAll(async () => {
    tenant = await newTenant();
  });

  it.each(operations.filter((operation) => !isPublic(operation)))(
    "$name answers no one without a credential that is valid",
    async (operation) => {
      const path = filled(operation.path, UNKNOWN[ownerOf(operation.path) ?? ""] ?? "x1");
      const none = await send(operation, path, undefined);
      expect(none.status).toBe(401);
      expect(none.headers.get("WWW-Authenticate")).toBe('Bearer realm="somaagent"');
      expect((await problemOf(none, path)).type).toBe("urn:soma:problem:missing-credential");
      const wrongSecret = `Bearer ${tenant.key.slice(0, -4)}AAAA`;
      const cutToken = `Bearer ${btoa('{"alg":"none"}')}.${btoa("{}")}.`;
      for (const authorization of [wrongSecret, cutToken, "Bearer x", "Bearer", ""]) {
        const refused = await send(operation, path, authorization);
        expect(refused.status, authorization).toBe(401);
        expect((await problemOf(refused, path)).type).toMatch(/-credential$/);
      }
    },
  );
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
    owned["/v1/artifacts/"] = await idOf(await owner.fetch("/v1/artifacts?name=a.txt", { method: "POST", body: "secret" }));
    owned["/v1/api-keys/"] = await idOf(await owner.post("/v1/api-keys", { name: "a", role: "viewer" }));
    const remembered = await owner.post("/v1/remember", { text: "Reports go to Ada." });
    owned["/v1/memories/"] = z.object({ memory: z.object({ id: z.string() }) }).parse(await remembered.json()).memory.id;
    const letter = { id: newId("deadLetter", Date.now()), queue: "agent-audit", tenant: owner.id, body: "{}", attempts: 5 };
    await insertDeadLetter(env, { ...letter, createdAt: Date.now(), redrivenAt: null, fence: 0 });
    owned["/v1/operations/dead-letters/"] = letter.id;
  });

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

  it.each(operations.filter(({ method, path, capability }) => method === "GET" && !path.includes("{") && capability !== "public"))(
    "$name shows a stranger nothing of it",
    async (operation) => {
      const response = await send(operation, operation.path, `Bearer ${stranger.key}`);
      expect(response.status).toBe(200);
      const text = await response.text();
      for (const id of [owner.id, ...Object.values(owned)]) expect(text).not.toContain(id);
    },
  );

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
    for (const key of ["surprise", "__proto__", "constructor"]) {
      const body = `${JSON.stringify(fitting).slice(0, -1)}${Object.keys(fitting).length > 0 ? "," : ""}"${key}":{"isAdmin":true}}`;
      const problem = await refusal(body);
      expect(problem, key).toMatchObject({ status: 400, type: "urn:soma:problem:invalid-request" });
      expect(JSON.stringify(problem.errors), key).toContain(key);
    }
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

  it("goes on serving after all of that", async () => {
    expect((await tenant.fetch("/v1/tenants/current")).status).toBe(200);
  });
});
