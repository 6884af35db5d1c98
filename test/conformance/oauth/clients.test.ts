import { exportJWK, generateKeyPair } from "jose";
import * as oauth from "oauth4webapi";
import * as oidc from "openid-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EMAIL, SignedInPlatform } from "./signed-in-platform.ts";

/** Clients of others, over sockets, through every flow that the metadata offers: a certified one, and the library beneath it, which hides nothing. */
let platform: SignedInPlatform;
const REDIRECT = "https://app.example/callback";

beforeAll(async () => {
  platform = await SignedInPlatform.start();
});
afterAll(() => platform.stop());

const discover = (id: string, auth: oidc.ClientAuth, algorithm?: "oauth2") =>
  oidc.discovery(new URL(platform.url), id, undefined, auth, {
    execute: [oidc.allowInsecureRequests],
    ...(algorithm === undefined ? {} : { algorithm }),
  });

const CODE = { grantTypes: ["authorization_code", "refresh_token"], redirectUris: [REDIRECT] };

async function codeFlow(
  configuration: oidc.Configuration,
  push: boolean,
): Promise<oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers> {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
  const parameters = {
    redirect_uri: REDIRECT,
    scope: "openid email offline_access runs.read",
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: expectedState,
    nonce: expectedNonce,
    max_age: "3600",
  };
  const address = push
    ? await oidc.buildAuthorizationUrlWithPAR(configuration, parameters)
    : oidc.buildAuthorizationUrl(configuration, parameters);
  const back = await platform.allow(address);
  return oidc.authorizationCodeGrant(configuration, back, {
    pkceCodeVerifier,
    expectedState,
    expectedNonce,
    maxAge: 3_600,
    idTokenExpected: true,
  });
}

describe("openid-client completes", () => {
  it.each([
    ["a public client", "none", false],
    ["client_secret_basic", "client_secret_basic", false],
    ["client_secret_post and a pushed request", "client_secret_post", true],
  ])("authorization code with PKCE, user info, refresh, introspection, revocation and logout: %s", async (_, authMethod, push) => {
    const client = await platform.newClient({ ...CODE, authMethod, postLogoutRedirectUris: [REDIRECT] });
    const auth =
      authMethod === "none"
        ? oidc.None()
        : authMethod === "client_secret_post"
          ? oidc.ClientSecretPost(client.secret)
          : oidc.ClientSecretBasic(client.secret);
    const configuration = await discover(client.id, auth);
    const tokens = await codeFlow(configuration, push);
    expect(tokens.claims()).toMatchObject({ sub: platform.user, email: EMAIL, aud: client.id });
    expect(await oidc.fetchUserInfo(configuration, tokens.access_token, platform.user)).toMatchObject({ email: EMAIL });
    const next = await oidc.refreshTokenGrant(configuration, tokens.refresh_token ?? "");
    expect(next.refresh_token).not.toBe(tokens.refresh_token);
    const isActive = async (token: string) => (await oidc.tokenIntrospection(configuration, token)).active;
    if (authMethod !== "none") expect(await isActive(next.access_token)).toBe(true);
    await oidc.tokenRevocation(configuration, next.refresh_token ?? "");
    if (authMethod !== "none") expect(await isActive(next.access_token)).toBe(false);
    await expect(oidc.refreshTokenGrant(configuration, next.refresh_token ?? "")).rejects.toMatchObject({ error: "invalid_grant" });
    const out = oidc.buildEndSessionUrl(configuration, { post_logout_redirect_uri: REDIRECT, id_token_hint: "x" });
    expect(out.pathname).toBe("/oauth/end-session");
  });

  it("authorization code by a key of its own", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: "one", alg: "ES256" }] };
    const client = await platform.newClient({ ...CODE, authMethod: "private_key_jwt", keys });
    const configuration = await discover(client.id, oidc.PrivateKeyJwt({ key: privateKey, kid: "one" }));
    expect((await codeFlow(configuration, true)).claims()).toMatchObject({ sub: platform.user });
  });

  it("client credentials", async () => {
    const client = await platform.newClient({
      authMethod: "client_secret_basic",
      grantTypes: ["client_credentials"],
      scopes: ["runs.read"],
    });
    const configuration = await discover(client.id, oidc.ClientSecretBasic(client.secret));
    const { access_token } = await oidc.clientCredentialsGrant(configuration, { scope: "runs.read" });
    const answer = await oidc.fetchProtectedResource(configuration, access_token, new URL(`${platform.url}/v1/mao/runs`), "GET");
    expect(answer.status).toBe(200);
  });

  it("a device, which waits as it is told", async () => {
    const configuration = await discover("soma-cli", oidc.None());
    const device = await oidc.initiateDeviceAuthorization(configuration, { scope: "openid runs.read offline_access" });
    await platform.allowDevice(device.user_code);
    const tokens = await oidc.pollDeviceAuthorizationGrant(configuration, device);
    expect(tokens.claims()).toMatchObject({ sub: platform.user });
  });

  it("token exchange", async () => {
    const web = await platform.newClient({ ...CODE, authMethod: "client_secret_basic" });
    const tokens = await codeFlow(await discover(web.id, oidc.ClientSecretBasic(web.secret)), false);
    const grantTypes = ["urn:ietf:params:oauth:grant-type:token-exchange"];
    const agent = await platform.newClient({ authMethod: "client_secret_basic", grantTypes, scopes: ["runs.read"] });
    const configuration = await discover(agent.id, oidc.ClientSecretBasic(agent.secret));
    const exchanged = await oidc.genericGrantRequest(configuration, grantTypes[0] ?? "", {
      subject_token: tokens.access_token,
      subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
    });
    expect(exchanged).toMatchObject({ issued_token_type: "urn:ietf:params:oauth:token-type:access_token", scope: "runs.read" });
  });

  it("nothing when an answer comes from another server (mix-up), or with another state", async () => {
    const client = await platform.newClient({ ...CODE, authMethod: "client_secret_basic" });
    const configuration = await discover(client.id, oidc.ClientSecretBasic(client.secret));
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
    const code_challenge = await oidc.calculatePKCECodeChallenge(pkceCodeVerifier);
    const parameters = { redirect_uri: REDIRECT, scope: "openid", code_challenge, code_challenge_method: "S256", state: "s" };
    const back = await platform.allow(oidc.buildAuthorizationUrl(configuration, parameters));
    const mixed = new URL(back);
    mixed.searchParams.set("iss", "https://other.example");
    for (const [address, expectedState] of [
      [mixed, "s"],
      [back, "t"],
    ] as const)
      await expect(oidc.authorizationCodeGrant(configuration, address, { pkceCodeVerifier, expectedState })).rejects.toThrow();
  });
});

const INSECURE = { [oauth.allowInsecureRequests]: true };
const LOOPBACK = "http://127.0.0.1:45123/callback";

async function server(algorithm: "oauth2" | "oidc"): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(platform.url);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm, ...INSECURE }));
}

it("oauth4webapi finds the server from the API's own refusal (RFC 9728, RFC 8414)", async () => {
  const refused = await fetch(`${platform.url}/v1/mao/runs`);
  const metadata = /resource_metadata="([^"]+)"/.exec(refused.headers.get("WWW-Authenticate") ?? "")?.[1];
  expect(metadata).toBe(`${platform.url}/.well-known/oauth-protected-resource`);
  const resource = new URL(platform.url);
  const described = await oauth.processResourceDiscoveryResponse(resource, await oauth.resourceDiscoveryRequest(resource, INSECURE));
  expect(described.authorization_servers).toEqual([platform.url]);
  expect((await server("oauth2")).issuer).toBe((await server("oidc")).issuer);
});

it("oauth4webapi completes code with PKCE for a program on a laptop, whatever port it was given, and verifies the access token", async () => {
  const as = await server("oidc");
  const { id } = await platform.newClient({
    authMethod: "none",
    grantTypes: ["authorization_code", "refresh_token"],
    redirectUris: ["http://127.0.0.1/callback"],
  });
  const client = { client_id: id };
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const address = new URL(as.authorization_endpoint ?? "");
  const code_challenge = await oauth.calculatePKCECodeChallenge(verifier);
  const parameters = {
    client_id: id,
    redirect_uri: LOOPBACK,
    response_type: "code",
    scope: "openid runs.read",
    code_challenge,
    state,
    nonce,
  };
  for (const [name, value] of Object.entries({ ...parameters, code_challenge_method: "S256", resource: platform.url }))
    address.searchParams.set(name, value);
  const answered = oauth.validateAuthResponse(as, client, await platform.allow(address), state);
  const ask = await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), answered, LOOPBACK, verifier, INSECURE);
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, ask, { expectedNonce: nonce, requireIdToken: true });
  await oauth.validateApplicationLevelSignature(as, ask, INSECURE);
  const presented = new Request(`${platform.url}/v1/mao/runs`, { headers: { Authorization: `Bearer ${tokens.access_token}` } });
  const claims = await oauth.validateJwtAccessToken(as, presented, platform.url, INSECURE);
  expect(claims).toMatchObject({ sub: platform.user, client_id: id, scope: "openid runs.read" });
  const refreshed = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), tokens.refresh_token ?? "", INSECURE);
  expect(await oauth.processRefreshTokenResponse(as, client, refreshed)).toHaveProperty("refresh_token");
});
