import { SELF } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { caller, newTenant, type TestTenant } from "./tenant.ts";

const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/** A directory with a key that may manage people and nothing else. */
async function directoryOf(tenant: TestTenant) {
  const put = { method: "PUT", headers: { "Content-Type": "application/json" }, body: '{"capabilities":["users.read","users.write"]}' };
  await tenant.fetch("/v1/roles/directory", put);
  const { id } = await (await tenant.post("/v1/service-accounts", { name: "directory", roles: ["directory"] })).json<{ id: string }>();
  const { secret } = await (await tenant.post("/v1/api-keys", { name: "directory", serviceAccount: id })).json<{ secret: string }>();
  const { fetch } = caller(secret);
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`/scim/v2${path}`, { method, headers: { "Content-Type": "application/scim+json", ...headers }, ...sent });
    if (response.status !== 204 && response.status !== 304) expect(response.headers.get("Content-Type")).toBe("application/scim+json");
    return response;
  };
  // biome-ignore lint/suspicious/noExplicitAny: what is asked of the answers is asked by the expectations
  const body = async (response: Response) => response.json<Record<string, any>>();
  return { send, body, fetch };
}

const person = (userName: string, more: object = {}) => ({
  schemas: [USER],
  userName,
  emails: [{ value: userName, primary: true }],
  ...more,
});
const patch = (...Operations: object[]) => ({ schemas: [PATCH], Operations });

describe("a directory that speaks SCIM 2.0", () => {
  let tenant: TestTenant;
  let directory: Awaited<ReturnType<typeof directoryOf>>;
  beforeAll(async () => {
    tenant = await newTenant();
    directory = await directoryOf(tenant);
  });

  it("is told what the service does (RFC 7643 §5, §6, §7)", async () => {
    const { send, body } = directory;
    expect(await body(await send("GET", "/ServiceProviderConfig"))).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
    });
    const types = await body(await send("GET", "/ResourceTypes"));
    expect(types.Resources).toHaveLength(2);
    expect(await body(await send("GET", "/ResourceTypes/User"))).toMatchObject({ endpoint: "/Users", schema: USER });
    expect(await body(await send("GET", `/Schemas/${USER}`))).toMatchObject({ name: "User" });
    expect((await send("GET", "/Schemas/urn:none")).status).toBe(404);
  });

  it("makes a user, reads it back, replaces it, and takes it away (§3.3, §3.4.1, §3.5.1, §3.6)", async () => {
    const { send, body } = directory;
    const made = await send(
      "POST",
      "/Users",
      person("grace@example.org", { externalId: "e-1", name: { givenName: "Grace", familyName: "Hopper" } }),
    );
    expect(made.status).toBe(201);
    const user = await body(made);
    expect(made.headers.get("Location")).toBe(user.meta.location);
    expect(made.headers.get("ETag")).toBe('W/"1"');
    expect(user).toMatchObject({ userName: "grace@example.org", externalId: "e-1", displayName: "Grace Hopper", active: true });
    expect((await send("POST", "/Users", person("GRACE@example.org"))).status).toBe(409);
    expect((await send("GET", `/Users/${user.id}`, undefined, { "If-None-Match": 'W/"1"' })).status).toBe(304);
    expect((await send("PUT", `/Users/${user.id}`, person("grace@example.org"), { "If-Match": 'W/"7"' })).status).toBe(412);
    const replaced = await body(
      await send("PUT", `/Users/${user.id}`, person("grace.h@example.org", { active: false }), { "If-Match": 'W/"1"' }),
    );
    expect(replaced).toMatchObject({ userName: "grace.h@example.org", active: false });
    expect(replaced).not.toHaveProperty("externalId");
    expect((await send("DELETE", `/Users/${user.id}`)).status).toBe(204);
    const gone = await send("GET", `/Users/${user.id}`);
    expect(gone.status).toBe(404);
    expect(await body(gone)).toMatchObject({ schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: "404" });
  });

  it("patches a user as Entra, Okta and the RFC write it (§3.5.2)", async () => {
    const { send, body } = directory;
    const { id } = await body(await send("POST", "/Users", person("ida@example.org")));
    const patchedBy = async (...operations: object[]) => body(await send("PATCH", `/Users/${id}`, patch(...operations)));
    expect(await patchedBy({ op: "Replace", path: "active", value: "False" })).toMatchObject({ active: false });
    expect(await patchedBy({ op: "replace", value: { active: true, displayName: "Ida R." } })).toMatchObject({
      active: true,
      displayName: "Ida R.",
    });
    expect(await patchedBy({ op: "add", path: "name.givenName", value: "Ida" })).toMatchObject({ name: { givenName: "Ida" } });
    expect(await patchedBy({ op: "replace", path: 'emails[type eq "work"].value', value: "ida.r@example.org" })).toMatchObject({
      emails: [{ value: "ida.r@example.org", primary: true }],
    });
    expect(await patchedBy({ op: "add", value: { "name.familyName": "Rhodes", externalId: "x" } })).toMatchObject({
      name: { familyName: "Rhodes" },
      externalId: "x",
    });
    expect(await patchedBy({ op: "remove", path: "externalId" })).not.toHaveProperty("externalId");
    expect(await patchedBy({ op: "remove" })).toMatchObject({ status: "400", scimType: "noTarget" });
    expect(await patchedBy({ op: "replace", path: "a[b", value: 1 })).toMatchObject({ status: "400", scimType: "invalidPath" });
    expect(await patchedBy({ op: "replace", path: "userName", value: 5 })).toMatchObject({ status: "400", scimType: "invalidValue" });
    expect(await patchedBy({ op: "explode", path: "userName" })).toMatchObject({ status: "400", scimType: "invalidSyntax" });
  });

  it("finds users by filters, sorted and in pages (§3.4.2)", async () => {
    const other = await newTenant();
    const { send, body } = await directoryOf(other);
    for (const name of ["anna", "bert", "carl", "dora"]) await send("POST", "/Users", person(`${name}@example.org`, { displayName: name }));
    const found = async (filter: string, more = "") => {
      const list = await body(await send("GET", `/Users?filter=${encodeURIComponent(filter)}${more}`));
      return list.Resources?.map(({ displayName }: { displayName: string }) => displayName) ?? list.scimType;
    };
    expect(await found('userName eq "ANNA@example.org"')).toEqual(["anna"]);
    expect(await found('emails[value sw "b"] or (displayName co "ar" and active eq true)')).toEqual(["bert", "carl"]);
    expect(await found('not (userName sw "a") and userName sw "d"')).toEqual(["dora"]);
    expect(await found("externalId pr")).toEqual([]);
    expect(await found('meta.created gt "2020-01-01T00:00:00Z"', "&sortBy=userName&sortOrder=descending")).toEqual([
      "dora",
      "carl",
      "bert",
      "anna",
    ]);
    expect(await found('password eq "x"')).toBe("invalidFilter");
    for (const wrong of ["userName eq", "userName", "(userName pr", 'userName zz "a"', "userName eq 'a'", "(".repeat(40), "a ".repeat(900)])
      expect(await found(wrong), wrong).toBe("invalidFilter");
    const page = await body(await send("GET", "/Users?startIndex=2&count=2&sortBy=userName&attributes=userName"));
    expect(page).toMatchObject({ totalResults: 4, startIndex: 2, itemsPerPage: 2 });
    expect(page.Resources.map(Object.keys)).toEqual([
      ["schemas", "id", "userName"],
      ["schemas", "id", "userName"],
    ]);
    expect(await body(await send("GET", "/Users?count=0"))).toMatchObject({ totalResults: 4, Resources: [] });
  });

  it("keeps groups, whose members get the roles that an administrator has mapped them to, and lose them", async () => {
    const { send, body } = directory;
    const { id: user } = await body(await send("POST", "/Users", person("lise@example.org")));
    const { id: group } = await body(
      await send("POST", "/Groups", { displayName: "Operators", members: [{ value: user }, { value: "usr_nobody" }] }),
    );
    expect((await directory.fetch(`/v1/groups/${group}/roles`, roles(["admin"]))).status).toBe(403);
    expect((await tenant.fetch(`/v1/groups/${group}/roles`, roles(["admin"]))).status).toBe(200);
    const capabilities = async () => (await (await tenant.fetch(`/v1/users/${user}`)).json<{ capabilities: string[] }>()).capabilities;
    expect(await capabilities()).toContain("identity.write");
    const members = async (...operations: object[]) => (await body(await send("PATCH", `/Groups/${group}`, patch(...operations)))).members;
    expect(await members({ op: "remove", path: `members[value eq "${user}"]` })).toEqual([]);
    expect(await capabilities()).toEqual([]);
    expect(await members({ op: "Add", path: "members", value: [{ value: user }] })).toMatchObject([{ value: user, type: "User" }]);
    expect(await members({ op: "replace", path: "members", value: [] })).toEqual([]);
    expect(await body(await send("PUT", `/Groups/${group}`, { displayName: "Ops", members: [{ value: user }] }))).toMatchObject({
      displayName: "Ops",
      members: [{ value: user }],
    });
    expect(await body(await send("GET", '/Groups?filter=displayName%20eq%20"OPS"&excludedAttributes=members'))).toMatchObject({
      totalResults: 1,
      Resources: [{ displayName: "Ops" }],
    });
    expect((await send("DELETE", `/Groups/${group}`)).status).toBe(204);
  });

  it("cannot take the place of people who are kept here and may do more", async () => {
    const { id } = await (await tenant.post("/v1/users", { email: "root@example.org", roles: ["admin"] })).json<{ id: string }>();
    const { send, body } = directory;
    for (const response of [
      await send("PATCH", `/Users/${id}`, patch({ op: "replace", path: "emails", value: [{ value: "eve@example.org" }] })),
      await send("PUT", `/Users/${id}`, person("eve@example.org")),
      await send("DELETE", `/Users/${id}`),
    ]) {
      expect(response.status).toBe(403);
      expect(await body(response)).toMatchObject({ status: "403" });
    }
  });

  it("gets nowhere without the capability, in another tenant, or with a body that is none", async () => {
    const { id } = await directory.body(await directory.send("POST", "/Users", person("mary@example.org")));
    const viewer = await (await tenant.post("/v1/api-keys", { name: "v", role: "viewer" })).json<{ secret: string }>();
    const stranger = await directoryOf(await newTenant());
    expect((await caller(viewer.secret).fetch("/scim/v2/Users")).status).toBe(403);
    expect((await SELF.fetch("http://soma.test/scim/v2/Users")).status).toBe(401);
    for (const [method, body] of [
      ["GET"],
      ["PUT", person("x@example.org")],
      ["PATCH", patch({ op: "remove", path: "active" })],
      ["DELETE"],
    ] as const)
      expect((await stranger.send(method, `/Users/${id}`, body)).status).toBe(404);
    const post = (body: string) => directory.fetch("/scim/v2/Users", { method: "POST", body });
    for (const body of ["", "{", "[]", `${"[".repeat(50_000)}`, '{"userName":5}']) expect((await post(body)).status).toBe(400);
    expect((await post(`{"userName":"${"x".repeat(1_100_000)}"}`)).status).toBe(413);
  });
});

function roles(names: string[]): RequestInit {
  return { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ roles: names }) };
}
