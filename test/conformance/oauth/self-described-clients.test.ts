import { createServer, type Server } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import * as oidc from "openid-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SignedInPlatform } from "./signed-in-platform.ts";

/** Clients whose id is the address of their own description (draft-ietf-oauth-client-id-metadata-document-00), served on this machine. */
const REDIRECT = "https://app.example/callback";
const asked: string[] = [];
let platform: SignedInPlatform;
let server: Server;
let home: string;
const key = await generateKeyPair("ES256", { extractable: true });

const described = (path: string, members: Record<string, unknown> = {}) =>
  JSON.stringify({ client_id: `${home}${path}`, client_name: "Notes", redirect_uris: [REDIRECT], ...members });

async function answerOf(path: string): Promise<{ body: string; headers?: Record<string, string>; status?: number } | undefined> {
  switch (path) {
    case "/client.json":
      return { body: described(path, { grant_types: ["authorization_code", "refresh_token"] }) };
    case "/signed.json":
      return { body: described(path, { token_endpoint_auth_method: "private_key_jwt", jwks_uri: `${home}/keys.json` }) };
    case "/keys.json":
      return { body: JSON.stringify({ keys: [{ ...(await exportJWK(key.publicKey)), kid: "one", alg: "ES256" }] }) };
    case "/another.json":
      return { body: described("/client.json") };
    case "/moved.json":
      return { body: "", status: 302, headers: { Location: "/client.json" } };
    case "/huge.json":
      return { body: described(path, { client_name: "x".repeat(50_000) }) };
    case "/page.json":
      return { body: described(path), headers: { "Content-Type": "text/html" } };
    case "/secret.json":
      return { body: described(path, { client_secret: "s" }) };
    case "/script.json":
      return { body: described(path, { redirect_uris: ["javascript:alert(1)"] }) };
    case "/broken.json":
      return { body: "{" };
    default:
      return undefined;
  }
}

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const answer = await answerOf(path);
    // What is not known never answers.
    if (answer === undefined) return;
    response.writeHead(answer.status ?? 200, { "Content-Type": "application/json", ...answer.headers });
    response.end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  home = `http://127.0.0.1:${port}`;
  platform = await SignedInPlatform.start({ SOMA_OUTBOUND_ALLOW: `127.0.0.1:${port}` });
});
afterAll(async () => {
  await platform.stop();
  server.closeAllConnections();
  server.close();
});

async function flow(id: string, auth: oidc.ClientAuth, scope: string): Promise<oidc.TokenEndpointResponse> {
  const configuration = await oidc.discovery(new URL(platform.url), id, undefined, auth, { execute: [oidc.allowInsecureRequests] });
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const code_challenge = await oidc.calculatePKCECodeChallenge(pkceCodeVerifier);
  const parameters = { redirect_uri: REDIRECT, scope, code_challenge, code_challenge_method: "S256", state: "s" };
  const back = await platform.allow(oidc.buildAuthorizationUrl(configuration, parameters));
  return oidc.authorizationCodeGrant(configuration, back, { pkceCodeVerifier, expectedState: "s" });
}

const authorization = (id: string) => {
  const query = {
    client_id: id,
    redirect_uri: REDIRECT,
    response_type: "code",
    code_challenge: "A".repeat(43),
    code_challenge_method: "S256",
  };
  return `/oauth/authorize?${new URLSearchParams({ ...query, scope: "openid runs.read" })}`;
};

describe("a client that describes itself", () => {
  it("gets what its user allows, is asked about by the host that it comes from, and is read once", async () => {
    const id = `${home}/client.json`;
    const page = await (await platform.browse(authorization(id))).text();
    expect(page).toContain(new URL(home).host);
    expect(page).toContain("which nobody here has checked");
    const tokens = await flow(id, oidc.None(), "openid runs.read offline_access");
    expect(tokens).toMatchObject({ scope: "openid runs.read offline_access", refresh_token: expect.any(String) });
    expect(asked.filter((path) => path === "/client.json")).toHaveLength(1);
  });

  it("gets nothing that administers, though its user has it", async () => {
    await expect(flow(`${home}/client.json`, oidc.None(), "openid users.write")).rejects.toMatchObject({ error: "invalid_scope" });
  });

  it("proves itself by the keys at its own address", async () => {
    const id = `${home}/signed.json`;
    expect(await flow(id, oidc.PrivateKeyJwt({ key: key.privateKey, kid: "one" }), "openid")).toHaveProperty("access_token");
    const other = await generateKeyPair("ES256");
    await expect(flow(id, oidc.PrivateKeyJwt({ key: other.privateKey, kid: "one" }), "openid")).rejects.toMatchObject({
      status: 401,
    });
    await expect(flow(id, oidc.None(), "openid")).rejects.toMatchObject({ status: 401 });
  });

  it.each(["another", "moved", "huge", "page", "secret", "script", "broken", "silent"])(
    "is refused when its description is %s",
    async (name) => {
      const answer = await platform.browse(authorization(`${home}/${name}.json`));
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain("invalid_client");
    },
  );
});
