import { z } from "zod";
import type { Clock } from "../../platform/clock.ts";
import type { ClientHost } from "./authenticate-client.ts";
import type { OAuthClient } from "./client.ts";
import { type NewGrant, type OAuthGrant, revokeGrant, standingGrant, storeGrant } from "./grants.ts";
import type { TokenAnswer } from "./issue.ts";
import { issueForGrant } from "./issue-for-grant.ts";
import { OAuthError } from "./oauth-error.ts";
import { CODE_CHALLENGE, provesChallenge } from "./pkce.ts";
import { checkedResource } from "./resource.ts";
import { keepTicket, seeTicket, takeTicket } from "./tickets.ts";

/** From the browser to the client's server and back: seconds. RFC 6749 §4.1.2 allows ten minutes at most. */
const CODE_LIFE_SECONDS = 60;

const codeSchema = z.object({
  grant: z.string(),
  tenant: z.string(),
  client: z.string(),
  redirectUri: z.string(),
  codeChallenge: z.string().regex(CODE_CHALLENGE),
  nonce: z.string().optional(),
});

/** What a code is bound to. */
export interface CodeBinding {
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly nonce: string | undefined;
}

/** Makes an authorization code of a new grant, good once and for a minute. */
export async function newCode(env: Env, clock: Clock, grant: NewGrant, binding: CodeBinding): Promise<string> {
  const { id, tenant, client } = await storeGrant(env, clock, grant);
  return keepTicket(env, clock, "code", { grant: id, tenant, client, ...binding }, CODE_LIFE_SECONDS);
}

/**
 * Redeems an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.6). The code is used up by the first who presents it, right or wrong: whoever
 * holds a code without its verifier has stolen it. Presented a second time, it takes back all that was issued for it (RFC 9700 §4.5).
 * @throws OAuthError `invalid_grant`, `invalid_request`, `invalid_target`
 */
export async function redeemCode(host: ClientHost, client: OAuthClient, form: ReadonlyMap<string, string>): Promise<TokenAnswer> {
  const code = form.get("code");
  const verifier = form.get("code_verifier");
  if (code === undefined || verifier === undefined) throw new OAuthError("invalid_request", "code and code_verifier are needed.");
  const resource = checkedResource(form.get("resource"), host.issuer, client);
  const { grant, nonce } = await takeCode(host, client, { code, verifier, redirectUri: form.get("redirect_uri") });
  if (resource !== undefined && grant.resource !== undefined && resource !== grant.resource)
    throw new OAuthError("invalid_target", "The code was made for another resource.");
  return issueForGrant(host, client, grant, { scopes: undefined, resource, nonce });
}

async function takeCode(
  { env, clock }: ClientHost,
  client: OAuthClient,
  presented: { readonly code: string; readonly verifier: string; readonly redirectUri: string | undefined },
): Promise<{ grant: OAuthGrant; nonce: string | undefined }> {
  const refused = new OAuthError("invalid_grant", "The code is not valid: it is used, too old, or made for another request.");
  const taken = await takeTicket(env, clock, "code", presented.code);
  if (taken === undefined) {
    const used = await seeTicket(env, clock, "code", presented.code);
    if (used?.isUsed === true) {
      const { grant, tenant } = codeSchema.parse(used.document);
      await revokeGrant(env, clock, { id: grant, tenant });
    }
    throw refused;
  }
  const code = codeSchema.parse(taken);
  const isRight =
    code.client === client.id && code.redirectUri === presented.redirectUri && provesChallenge(presented.verifier, code.codeChallenge);
  if (!isRight) {
    await revokeGrant(env, clock, { id: code.grant, tenant: code.tenant });
    throw refused;
  }
  const grant = await standingGrant(env, clock, code.grant);
  if (grant === undefined) throw refused;
  return { grant, nonce: code.nonce };
}
