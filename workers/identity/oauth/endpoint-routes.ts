import type { Context } from "hono";
import { readForm } from "../../platform/form.ts";
import { Problem } from "../../platform/problem.ts";
import { type HttpEnv, newRouter } from "../../platform/route.ts";
import { introspect, revoke, standingToken } from "./about-token.ts";
import { authenticateClient, type ClientCredentials } from "./authenticate-client.ts";
import { keepRequest, parseAuthorizationRequest, REQUEST_LIFE_SECONDS, withoutClientProof } from "./authorization-request.ts";
import { hostOf } from "./authorize-routes.ts";
import { beginDevice } from "./device-grant.ts";
import { OAuthError, oauthErrorAnswer } from "./oauth-error.ts";
import { identityClaims, personOf } from "./person.ts";
import { parseScope } from "./scopes.ts";
import { answerTokenRequest } from "./token-endpoint.ts";

/** What programs ask of the authorization server, each described by its own standard and found by the metadata. */
export const endpointRoutes = newRouter();

/** Parameters that must never stand in an address, where logs and histories keep them (OAuth 2.1 §7.2, RFC 6750 §5.3). */
const SECRET_PARAMETERS = [
  "client_secret",
  "client_assertion",
  "code",
  "code_verifier",
  "refresh_token",
  "access_token",
  "token",
  "device_code",
];

/** RFC 6749 §3.2 */
endpointRoutes.post("/oauth/token", (context) =>
  answer(context, async (credentials) => {
    const tokens = await answerTokenRequest(hostOf(context), credentials);
    return context.json(tokens, 200, { Pragma: "no-cache" });
  }),
);

/** RFC 9126 §2 */
endpointRoutes.post("/oauth/par", (context) =>
  answer(context, async (credentials) => {
    const host = hostOf(context);
    const client = await authenticateClient(host, credentials);
    const parameters = withoutClientProof(credentials.form);
    parseAuthorizationRequest(host, client, parameters);
    const requestUri = await keepRequest(host, { client: client.id, parameters, signedInAfter: undefined });
    return context.json({ request_uri: requestUri, expires_in: REQUEST_LIFE_SECONDS }, 201);
  }),
);

/** RFC 8628 §3.1 */
endpointRoutes.post("/oauth/device_authorization", (context) =>
  answer(context, async (credentials) => {
    const host = hostOf(context);
    return context.json(await beginDevice(host, await authenticateClient(host, credentials), credentials.form), 200);
  }),
);

/** RFC 7009 §2: an answer of 200 also for what was no token. */
endpointRoutes.post("/oauth/revoke", (context) =>
  answer(context, async (credentials) => {
    const host = hostOf(context);
    const client = await authenticateClient(host, credentials);
    await revoke(host, client, presented(credentials));
    return context.body(null, 200);
  }),
);

/** RFC 7662 §2, for clients that can prove who they are. */
endpointRoutes.post("/oauth/introspect", (context) =>
  answer(context, async (credentials) => {
    const host = hostOf(context);
    const client = await authenticateClient(host, credentials);
    if (client.authMethod === "none") throw new OAuthError("unauthorized_client", "Public clients may not ask about tokens.");
    return context.json(await introspect(host, client, presented(credentials)), 200);
  }),
);

/** OpenID Connect Core §5.3 */
endpointRoutes.on(["GET", "POST"], "/oauth/userinfo", async (context) => {
  const host = hostOf(context);
  const token = /^Bearer +([\x21-\x7e]{1,8192})$/i.exec(context.req.header("authorization") ?? "")?.[1];
  if (token === undefined) throw new Problem("missing-credential", "Send the access token as `Authorization: Bearer`.");
  const verified = await standingToken(host, token);
  if (verified?.claims.scope === undefined || !verified.audience.includes(host.issuer))
    throw new Problem("invalid-credential", "The access token is not valid here; ask for a new one.");
  const { tenant, sub, bsid, scope } = verified.claims;
  const scopes = parseScope(scope);
  if (!scopes.includes("openid")) throw new Problem("forbidden", "The access token does not have the scope openid.", { scope: "openid" });
  const person = await personOf(host.env, host.clock, { tenant, subject: sub, browserSession: bsid });
  if (person === undefined) throw new Problem("invalid-credential", "The user of this token is no longer active.");
  return context.json({ sub, ...identityClaims(person, scopes) }, 200);
});

type Endpoint = (credentials: ClientCredentials) => Promise<Response>;

/** Runs an endpoint on the form of a request, and answers its refusals in the words of OAuth. */
async function answer(context: Context<HttpEnv>, endpoint: Endpoint): Promise<Response> {
  try {
    const { searchParams } = new URL(context.req.url);
    if (SECRET_PARAMETERS.some((name) => searchParams.has(name)))
      throw new OAuthError(
        "invalid_request",
        "Secrets do not belong into an address. Send them in the body, and make new ones: these have been seen.",
      );
    return await endpoint({ authorization: context.req.header("authorization"), form: await formOf(context.req.raw) });
  } catch (error) {
    if (error instanceof OAuthError) return oauthErrorAnswer(error);
    throw error;
  }
}

async function formOf(request: Request): Promise<ReadonlyMap<string, string>> {
  try {
    return await readForm(request);
  } catch (error) {
    if (error instanceof Problem && error.status < 500) throw new OAuthError("invalid_request", plainWords(error.detail), { cause: error });
    throw error;
  }
}

/** A description of OAuth holds no quotes and no backslashes (RFC 6749 §5.2). */
function plainWords(text: string): string {
  return text.replace(/[^\x20-\x7e]|["\\]/g, "");
}

function presented({ form }: ClientCredentials): string {
  const token = form.get("token");
  if (token === undefined) throw new OAuthError("invalid_request", "token is needed.");
  return token;
}
