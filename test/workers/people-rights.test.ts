import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { caller, newTenant, OPERATOR_TOKEN, type TestTenant } from "./tenant.ts";

const withId = z.object({ id: z.string() });
const withSecret = z.object({ id: z.string(), secret: z.string() });

/** A service account with these capabilities, and a way to call as it. */
async function accountWith(tenant: TestTenant, name: string, capabilities: readonly string[]) {
  await tenant.fetch(`/v1/roles/${name}`, json("PUT", { description: "", capabilities }));
  const { id } = withId.parse(await (await tenant.post("/v1/service-accounts", { name, roles: [name] })).json());
  const key = withSecret.parse(await (await tenant.post("/v1/api-keys", { name, serviceAccount: id })).json());
  return { id, key, ...caller(key.secret) };
}

function json(method: string, body: unknown): RequestInit {
  return { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

const idOf = async (response: Response) => withId.parse(await response.json()).id;

describe("who manages people", () => {
  let tenant: TestTenant;
  let manager: Awaited<ReturnType<typeof accountWith>>;
  let admin: string;

  beforeAll(async () => {
    tenant = await newTenant();
    manager = await accountWith(tenant, "people-manager", ["users.read", "users.write", "sessions.read"]);
    admin = await idOf(await tenant.post("/v1/users", { email: "root@example.org", roles: ["admin"] }));
  });

  it("cannot make an administrator, by a role, a group, a service account or a key", async () => {
    const group = await idOf(await manager.post("/v1/groups", { displayName: "Helpers" }));
    const account = await idOf(await manager.post("/v1/service-accounts", { name: "helper" }));
    const refused = [
      await manager.post("/v1/users", { email: "eve@example.org", roles: ["admin"] }),
      await manager.fetch(`/v1/groups/${group}/roles`, json("PUT", { roles: ["admin"] })),
      await manager.fetch(`/v1/service-accounts/${account}/roles`, json("PUT", { roles: ["admin"] })),
      await manager.fetch("/v1/roles/mine", json("PUT", { capabilities: ["identity.write"] })),
    ];
    for (const response of refused) {
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ type: "urn:soma:problem:forbidden" });
    }
    expect((await manager.post("/v1/api-keys", { name: "k", serviceAccount: account })).status).toBe(403);
  });

  it("cannot take an administrator's place, nor put it out", async () => {
    const attempts = [
      await manager.fetch(`/v1/users/${admin}`, json("PATCH", { email: "eve@example.org" })),
      await manager.fetch(`/v1/users/${admin}`, json("PATCH", { active: false })),
      await manager.fetch(`/v1/users/${admin}`, { method: "DELETE" }),
      await manager.fetch(`/v1/users/${admin}/roles`, json("PUT", { roles: [] })),
      await manager.post(`/v1/users/${admin}/sign-out`, {}),
    ];
    expect(attempts.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    const letters = await (await manager.fetch("/v1/notifications")).json<{ items: { user: string; text?: string }[] }>();
    expect(letters.items.filter(({ user }) => user === admin).map(({ text }) => text)).toEqual([undefined]);
  });

  it("cannot put anybody into a group that may do more", async () => {
    const group = await idOf(await tenant.post("/v1/groups", { displayName: "Admins" }));
    expect((await tenant.fetch(`/v1/groups/${group}/roles`, json("PUT", { roles: ["admin"] }))).status).toBe(200);
    const user = await idOf(await manager.post("/v1/users", { email: "bob@example.org" }));
    expect((await manager.fetch(`/v1/groups/${group}/members/${user}`, { method: "PUT" })).status).toBe(403);
    expect((await tenant.fetch(`/v1/groups/${group}/members/${user}`, { method: "PUT" })).status).toBe(204);
    expect(await (await manager.fetch(`/v1/users/${user}`)).json()).toMatchObject({
      roles: [],
      groups: [group],
      capabilities: expect.arrayContaining(["identity.write"]),
    });
    expect((await manager.fetch(`/v1/groups/${group}/members/${user}`, { method: "DELETE" })).status).toBe(403);
  });

  it("can invite whoever may do no more, and finds each by address, name and state", async () => {
    const id = await idOf(await manager.post("/v1/users", { email: "Ada@Example.org", displayName: "Ada Lovelace" }));
    expect((await manager.post("/v1/users", { email: "ada@example.ORG" })).status).toBe(409);
    const found = async (query: string) =>
      (await (await manager.fetch(`/v1/users?${query}`)).json<{ items: { id: string }[] }>()).items.map((user) => user.id);
    expect(await found("email=ADA@example.org")).toEqual([id]);
    expect(await found("search=ada%20l")).toEqual([id]);
    expect(await found("search=%25")).toEqual([]);
    expect((await manager.fetch(`/v1/users/${id}`, json("PATCH", { active: false }))).status).toBe(200);
    expect(await found("active=false")).toEqual([id]);
    expect((await manager.fetch(`/v1/users/${id}`, { method: "DELETE" })).status).toBe(204);
    expect((await manager.fetch(`/v1/users/${id}`)).status).toBe(404);
  });

  it("pages through users in the order they were made, each once", async () => {
    const other = await newTenant();
    const made: string[] = [];
    for (const name of ["a", "b", "c", "d", "e"]) made.push(await idOf(await other.post("/v1/users", { email: `${name}@example.org` })));
    const seen: string[] = [];
    let cursor = "";
    for (let pages = 0; pages < 3; pages += 1) {
      const page = await (await other.fetch(`/v1/users?limit=2${cursor}`)).json<{ items: { id: string }[]; nextCursor?: string }>();
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor === undefined ? "" : `&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual(made);
    expect(cursor).toBe("");
  });
});

describe("a right that is taken away", () => {
  it.each([
    ["out of the role", (tenant: TestTenant) => tenant.fetch("/v1/roles/worker", json("PUT", { capabilities: ["sessions.read"] }))],
    ["with the role", (tenant: TestTenant) => tenant.fetch("/v1/roles/worker", { method: "DELETE" })],
    [
      "from the holder",
      (tenant: TestTenant, id: string) => tenant.fetch(`/v1/service-accounts/${id}/roles`, json("PUT", { roles: ["viewer"] })),
    ],
  ])("%s is gone from a key and from a token made before, and the others stay", async (_, take) => {
    const tenant = await newTenant();
    const worker = await accountWith(tenant, "worker", ["sessions.read", "sessions.write", "tools.read"]);
    const token = (await (await worker.post("/v1/auth/tokens", {})).json<{ accessToken: string }>()).accessToken;
    for (const credential of [worker.key.secret, token]) expect((await caller(credential).post("/v1/sessions", {})).status).toBe(201);
    expect((await take(tenant, worker.id)).status).toBeLessThan(300);
    expect((await worker.post("/v1/sessions", {})).status).toBe(403);
    expect((await caller(token).post("/v1/sessions", {})).status).toBe(401);
    expect((await tenant.post("/v1/sessions", {})).status).toBe(201);
  });

  it("with the account leaves its keys opening nothing, until it is active again", async () => {
    const tenant = await newTenant();
    const worker = await accountWith(tenant, "worker", ["tools.read"]);
    expect((await worker.fetch("/v1/tools")).status).toBe(200);
    await tenant.fetch(`/v1/service-accounts/${worker.id}`, json("PATCH", { active: false }));
    expect((await worker.fetch("/v1/tools")).status).toBe(401);
    await tenant.fetch(`/v1/service-accounts/${worker.id}`, json("PATCH", { active: true }));
    expect((await tenant.fetch(`/v1/service-accounts/${worker.id}`, { method: "DELETE" })).status).toBe(204);
    expect((await worker.fetch("/v1/tools")).status).toBe(401);
  });
});

describe("an API key", () => {
  it("is narrowed to its scopes, which its role must have", async () => {
    const tenant = await newTenant();
    const made = await tenant.post("/v1/api-keys", { name: "tools", role: "member", scopes: ["tools.read"] });
    const { secret } = withSecret.parse(await made.json());
    expect((await caller(secret).fetch("/v1/tools")).status).toBe(200);
    expect((await caller(secret).fetch("/v1/sessions")).status).toBe(403);
    expect((await tenant.post("/v1/api-keys", { name: "x", role: "viewer", scopes: ["identity.write"] })).status).toBe(400);
    expect((await tenant.post("/v1/api-keys", { name: "x" })).status).toBe(400);
  });

  it("is rotated with an overlap in which both open, and without one at once", async () => {
    const tenant = await newTenant();
    const first = withSecret.parse(
      await (await tenant.post("/v1/api-keys", { name: "app", role: "viewer", scopes: ["tools.read"] })).json(),
    );
    const rotate = async (id: string, overlapSeconds: number) => tenant.post(`/v1/api-keys/${id}/rotate`, { overlapSeconds });
    const second = await (await rotate(first.id, 3_600)).json<{ id: string; secret: string; rotatedFrom: string }>();
    expect(second).toMatchObject({ rotatedFrom: first.id, name: "app", role: "viewer", scopes: ["tools.read"] });
    for (const { secret } of [first, second]) expect((await caller(secret).fetch("/v1/tools")).status).toBe(200);
    const { items } = await (await tenant.fetch("/v1/api-keys")).json<{ items: { id: string; expiresAt?: string }[] }>();
    const ends = Date.parse(items.find(({ id }) => id === first.id)?.expiresAt ?? "");
    expect(ends - Date.now()).toBeGreaterThan(3_500_000);
    const third = withSecret.parse(await (await rotate(second.id, 0)).json());
    expect((await caller(second.secret).fetch("/v1/tools")).status).toBe(401);
    expect((await caller(third.secret).fetch("/v1/tools")).status).toBe(200);
    expect((await rotate(second.id, 0)).status).toBe(409);
    expect((await rotate(third.id, 5)).status).toBe(400);
  });
});

describe("a tenant", () => {
  const operator = caller(OPERATOR_TOKEN);

  it("that is suspended gets nobody in by key or token, and all of them again when it is resumed", async () => {
    const tenant = await newTenant();
    const { accessToken } = await (await tenant.post("/v1/auth/tokens", {})).json<{ accessToken: string }>();
    expect((await operator.post(`/v1/tenants/${tenant.id}/suspend`, {})).status).toBe(200);
    for (const credential of [tenant.key, accessToken]) expect((await caller(credential).fetch("/v1/tools")).status).toBe(401);
    expect((await operator.post(`/v1/tenants/${tenant.id}/resume`, {})).status).toBe(200);
    expect((await tenant.fetch("/v1/tools")).status).toBe(200);
    expect(await (await operator.post(`/v1/tenants/${tenant.id}/close`, {})).json()).toMatchObject({ status: "closing" });
    expect((await tenant.fetch("/v1/tools")).status).toBe(401);
  });

  it("is renamed by its administrator and seen by the operator alone among all", async () => {
    const tenant = await newTenant("Before");
    expect((await tenant.fetch("/v1/tenants/current", json("PATCH", { name: "After", signIn: { idleMs: 600_000 } }))).status).toBe(200);
    expect(await (await tenant.fetch("/v1/tenants/current")).json()).toMatchObject({ name: "After", signIn: { idleMs: 600_000 } });
    expect((await tenant.fetch("/v1/tenants")).status).toBe(403);
    expect((await operator.fetch("/v1/tenants?limit=200")).status).toBe(200);
  });

  it("has its domains for itself", async () => {
    const [one, other] = [await newTenant(), await newTenant()];
    const put = (id: string, domains: string[]) => operator.fetch(`/v1/tenants/${id}/domains`, json("PUT", { domains }));
    expect(await (await put(one.id, ["Glaciers.Example.org"])).json()).toEqual({ domains: ["glaciers.example.org"] });
    expect((await put(other.id, ["glaciers.example.org"])).status).toBe(409);
    expect((await put(one.id, [])).status).toBe(200);
    expect((await put(other.id, ["glaciers.example.org"])).status).toBe(200);
    expect((await put(other.id, ["no domain"])).status).toBe(400);
  });
});
