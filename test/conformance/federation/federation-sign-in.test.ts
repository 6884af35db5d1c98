import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { end, type StartedPlatform, startOver } from "../../local/processes.ts";
import { IdentityProvider, programToken } from "./identity-provider.ts";
import { PersonWithBrowser, signInAtProvider } from "./person-with-browser.ts";

/** `oidc-provider`, a certified OpenID provider, on this machine; the platform in a process of its own; a browser between them. */

const PEOPLE = {
  ada: { email: "ada@acme.example", name: "Ada Lovelace", groups: ["engineers"] },
  eve: { email: "eve@elsewhere.example", name: "Eve", groups: ["engineers"] },
};
const issuerSchema = z.object({
  id: z.string(),
  redirectUri: z.string(),
  clientKey: z.record(z.string(), z.unknown()).optional(),
  status: z.object({ state: z.string(), keys: z.array(z.string()), lastError: z.string().optional() }),
});
type Issuer = z.infer<typeof issuerSchema>;

const state = mkdtempSync(join(tmpdir(), "soma-federation-"));
let platform: StartedPlatform;
let acme: IdentityProvider;
let globex: IdentityProvider;

beforeAll(async () => {
  platform = await startOver(state, { SOMA_OUTBOUND_ALLOW: "127.0.0.1:*" });
  [acme, globex] = [await IdentityProvider.start(PEOPLE), await IdentityProvider.start(PEOPLE)];
});

afterAll(async () => {
  await Promise.all([acme.stop(), globex.stop(), end(platform.host, "SIGTERM")]);
  rmSync(state, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: unknown, credential = platform.ready.apiKey): Promise<Response> {
  const headers = { Authorization: `Bearer ${credential}`, "Content-Type": "application/json" };
  return fetch(`${platform.ready.url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

async function named(provider: IdentityProvider, settings: object): Promise<Issuer> {
  const least = {
    name: "Acme",
    issuer: provider.issuer,
    clientId: "somaagent",
    clientAuthentication: "client_secret_basic",
    clientSecret: "a secret: of the tests & only",
    scopes: ["email", "profile", "groups"],
    emailDomains: ["acme.example"],
    createsUsers: true,
    roleRules: [{ claim: ["groups"], value: "engineers", roles: ["member"] }],
  };
  const response = await call("POST", "/v1/federation/issuers", { ...least, ...settings });
  const text = await response.text();
  expect(response.status, text).toBe(201);
  return issuerSchema.parse(JSON.parse(text));
}

const clientOf = (issuer: Issuer, more: object = {}) => ({
  client_id: "somaagent",
  client_secret: "a secret: of the tests & only",
  redirect_uris: [issuer.redirectUri],
  ...more,
});

const readIssuer = async ({ id }: Issuer) => issuerSchema.parse(await (await call("GET", `/v1/federation/issuers/${id}`)).json());
const beginning = (issuer: Issuer) => `${platform.ready.url}/signin/federation/${issuer.id}?return_to=/account/factors`;
const isOurs = (url: string) => url.startsWith(platform.ready.url);

describe("signing in at a tenant's own identity provider", () => {
  let issuer: Issuer;
  let other: Issuer;

  beforeAll(async () => {
    issuer = await named(acme, {});
    other = await named(globex, { name: "Globex", clientAuthentication: "private_key_jwt", clientSecret: undefined });
    const robot = {
      client_id: "robot",
      client_secret: "robot's",
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
    };
    await acme.setClients([clientOf(issuer), robot]);
    await globex.setClients([
      clientOf(other, { client_secret: undefined, token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [other.clientKey] } }),
    ]);
  });

  async function signIn(at: Issuer, login = "ada", until?: (url: string) => boolean) {
    const person = new PersonWithBrowser();
    const asked = await person.open(beginning(at));
    return { person, shown: await signInAtProvider(person, asked, login, until) };
  }

  it("ends at our page as a user whose roles come from the provider's claims", async () => {
    const { shown } = await signIn(issuer);
    expect(shown).toMatchObject({ status: 200, url: `${platform.ready.url}/account/factors` });
    expect(shown.text).toContain("Second factors");
    expect(await readIssuer(issuer)).toMatchObject({ status: { state: "ready" } });
  });

  it("works with a key in place of a secret", async () => {
    const { shown } = await signIn(other);
    expect(shown).toMatchObject({ status: 200, url: `${platform.ready.url}/account/factors` });
  });

  it("goes on when the provider changes its key between its page and its token", async () => {
    const { person, shown } = await signIn(issuer, "ada", isOurs);
    await acme.rotate({ takesBack: "the old ones" });
    const back = await person.open(shown.url);
    expect(back.text.slice(back.text.indexOf("<h1>"))).toContain("Second factors");
    expect(back.url).toBe(`${platform.ready.url}/account/factors`);
  });

  it("lets nobody in whose address the provider may not speak for", async () => {
    const { shown } = await signIn(issuer, "eve");
    expect(shown.status).toBe(403);
    expect(shown.text).toContain("did not vouch for an e-mail address");
  });

  it("takes an answer once, in the browser that asked, and no other answer for it", async () => {
    const { person, shown } = await signIn(issuer, "ada", isOurs);
    const before = new Map(person.cookies(platform.ready.url));
    const refused = async (browser: PersonWithBrowser, url: string) => {
      const page = await browser.open(url);
      expect(page.status, url).toBe(400);
      expect(page.text).toContain("does not belong to a sign-in of this browser");
    };
    const putBack = () => {
      for (const [name, value] of before) person.cookies(platform.ready.url).set(name, value);
    };
    await refused(new PersonWithBrowser(), shown.url);
    const state = new URL(shown.url).searchParams.get("state") ?? "";
    await refused(person, shown.url.replace(state, `${state.slice(0, -1)}_`));
    for (const change of ["&state=x", "&code=x", `&iss=${encodeURIComponent(acme.issuer)}`]) {
      putBack();
      await refused(person, shown.url + change);
    }
    putBack();
    expect((await person.open(shown.url)).status).toBe(200);
    putBack();
    await refused(person, shown.url);
  });

  it("is not led by one provider to give another its code (mix-up)", async () => {
    const { person, shown } = await signIn(issuer, "ada", isOurs);
    const before = new Map(person.cookies(platform.ready.url));
    const putBack = () => {
      for (const [name, value] of before) person.cookies(platform.ready.url).set(name, value);
    };
    const asked = globex.asked.filter((path) => path === "/token").length;
    expect((await person.open(shown.url.replace(issuer.id, other.id))).status).toBe(400);
    putBack();
    const wrongName = shown.url.replace(encodeURIComponent(acme.issuer), encodeURIComponent(globex.issuer));
    expect(wrongName).not.toBe(shown.url);
    expect((await person.open(wrongName)).status).toBe(400);
    putBack();
    expect((await person.open(shown.url.replace(/[?&]iss=[^&]*/, ""))).status).toBe(400);
    expect(globex.asked.filter((path) => path === "/token")).toHaveLength(asked);
  });

  it("does not exchange a code that another browser's sign-in got", async () => {
    const theirs = await signIn(issuer, "ada", isOurs);
    const mine = await signIn(issuer, "ada", isOurs);
    const stolen = new URL(mine.shown.url);
    stolen.searchParams.set("code", new URL(theirs.shown.url).searchParams.get("code") ?? "");
    const page = await mine.person.open(stolen.href);
    expect(page.status).toBe(400);
    expect(page.text).toContain("invalid_grant");
  });

  it("says so when the person refuses, or the provider is switched off", async () => {
    const { person, shown } = await signIn(issuer, "ada", isOurs);
    const url = new URL(shown.url);
    url.searchParams.delete("code");
    url.searchParams.set("error", "access_denied");
    expect((await person.open(url.href)).text).toContain("did not sign you in (access_denied)");
    expect((await new PersonWithBrowser().open(`${platform.ready.url}/signin/federation/iss_00000000000000000000000000`)).status).toBe(404);
  });

  describe("and programs with its tokens", () => {
    const robot = { id: "robot", secret: "robot's" };
    let audience = "";
    const asRobot = async (token: string) => (await call("GET", "/v1/mao/runs", undefined, token)).status;

    beforeAll(async () => {
      audience = `api://${platform.ready.tenant}`;
      const settings = {
        name: "Acme",
        issuer: acme.issuer,
        clientId: "somaagent",
        clientAuthentication: "client_secret_basic",
        apiAudiences: [audience],
        roleRules: [{ claim: ["client_id"], value: "robot", roles: ["viewer"] }],
      };
      const changed = await call("PUT", `/v1/federation/issuers/${issuer.id}`, settings);
      expect(changed.status, await changed.text()).toBe(200);
    });

    it("come in with the roles of its rules, for the tenant that the token names", async () => {
      const token = await programToken(acme.issuer, robot, audience);
      expect(await asRobot(token)).toBe(200);
      expect((await call("POST", "/v1/sessions", {}, token)).status).toBe(403);
    });

    it("are refused with a token for another audience, tenant or purpose", async () => {
      for (const wrong of ["https://api.acme.example", "api://ten_01KAJ2M3N4P5Q6R7S8T9V0W1X2", `${audience}x`])
        expect(await asRobot(await programToken(acme.issuer, robot, wrong)), wrong).toBe(401);
    });

    it("come in with a new key at once, and not with one that was taken back once the provider was asked again", async () => {
      const old = await programToken(acme.issuer, robot, audience);
      expect(await asRobot(old)).toBe(200);
      await acme.rotate({ takesBack: "the old ones" });
      expect(await asRobot(await programToken(acme.issuer, robot, audience))).toBe(200);
      await call("POST", `/v1/federation/issuers/${issuer.id}/test`);
      // Presented in another way, it is verified anew and not remembered.
      expect((await fetch(`${platform.ready.url}/v1/mao/runs`, { headers: { Authorization: `bearer  ${old}` } })).status).toBe(401);
    });

    it("come in while the provider is down, by the keys that were read before, and its state says so", async () => {
      const first = await programToken(acme.issuer, robot, audience);
      const second = await programToken(acme.issuer, robot, audience);
      expect(await asRobot(first)).toBe(200);
      await acme.stop();
      expect(await asRobot(second)).toBe(200);
      await call("POST", `/v1/federation/issuers/${issuer.id}/test`);
      const { status } = await readIssuer(issuer);
      expect(status.state).toBe("failing");
      expect(status.lastError).toContain("could not be reached");
      expect(status.keys).toHaveLength(1);
    });
  });
});
