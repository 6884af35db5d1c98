import { decodeJwt } from "jose";
import type { Clock } from "../../platform/clock.ts";
import { newId } from "../../platform/ids.ts";
import type { Principal } from "../../platform/principal.ts";
import { Problem } from "../../platform/problem.ts";
import { sign } from "../signing-keys.ts";
import { ACCESS_TOKEN_TYPE, verifyAccessToken } from "../tokens.ts";
import { STEPPED_UP } from "./step-up.ts";

/** A stepped-up token lives no longer than this, whatever it was made from. */
const LIFETIME_SECONDS = 900;
/** Tokens that one ends with: each step up adds one, and the oldest have ended by themselves. */
const MAX_ANCESTORS = 16;

/**
 * The token in place of the one that was presented, of the same rights and with what the second factor proved (`amr`, `acr`, `mfa_at`). It ends
 * when that one ends, and by whatever that one is revoked by.
 * @param issuer the platform's origin
 * @param authorization the `Authorization` header by which the principal came, verified before
 * @throws Problem `conflict` when the principal did not come by a token
 */
export async function steppedUpToken(
  env: Env,
  clock: Clock,
  issuer: string,
  { principal, authorization, amr }: { readonly principal: Principal; readonly authorization: string; readonly amr: readonly string[] },
): Promise<{ accessToken: string; expiresIn: number }> {
  const presented = authorization.split(" ").at(-1) ?? "";
  if (presented.split(".").length !== 3) throw new Problem("conflict", "A second factor steps up a token; this credential is none.");
  const now = Math.floor(clock.now() / 1_000);
  const before = await claimsOf(env, clock, issuer, presented, principal);
  const expiresIn = Math.min(LIFETIME_SECONDS, before.exp - now);
  const accessToken = await sign(env, clock, ACCESS_TOKEN_TYPE, {
    ...before,
    amr: [...new Set([...(principal.amr ?? []), ...amr])],
    acr: STEPPED_UP,
    mfa_at: now,
    iss: issuer,
    jti: newId("request", clock.now()),
    from: [...(before.from ?? []), principal.credential].slice(-MAX_ANCESTORS),
    iat: now,
    nbf: now,
    exp: now + expiresIn,
  });
  return { accessToken, expiresIn };
}

/** What the new token takes over: of a token of ours its claims, of a tenant's issuer what it proved. */
async function claimsOf(env: Env, clock: Clock, issuer: string, presented: string, principal: Principal) {
  const { iss, exp = 0 } = decodeJwt(presented);
  if (iss === issuer) {
    const { claims, audience } = await verifyAccessToken(env, clock, issuer, presented);
    return { ...claims, aud: [...audience] };
  }
  const { tenant, subject, kind, roles, capabilities, client, authTime } = principal;
  return {
    aud: issuer,
    exp,
    sub: subject,
    tenant,
    kind,
    roles,
    capabilities,
    client_id: client,
    from: undefined,
    ...(authTime === undefined ? {} : { auth_time: Math.floor(authTime / 1_000) }),
  };
}
