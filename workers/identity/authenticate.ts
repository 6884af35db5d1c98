import { ROLES } from "../platform/capabilities.ts";
import type { Clock } from "../platform/clock.ts";
import { digestsEqual, sha256Hex } from "../platform/crypto.ts";
import { isRevoked } from "../platform/governance.ts";
import type { ApiKeyId } from "../platform/ids.ts";
import { OPERATOR_TENANT, type Principal } from "../platform/principal.ts";
import { Problem } from "../platform/problem.ts";
import { settings } from "../platform/settings.ts";
import { governanceOf } from "../policy/governance-of.ts";
import { parseApiKey } from "./api-key.ts";
import { proofOfFederatedToken } from "./federation/federated-proof.ts";
import { tokenAddress } from "./federation/verify.ts";
import { findKey, forgetKey, KEY_CACHE_MS, type KnownKey, noteUse, verifiedCredentials } from "./known-keys.ts";
import type { ApiKeyRow } from "./store.ts";
import { verifyToken } from "./tokens.ts";
import type { Proof } from "./verified-credentials.ts";

/**
 * Who a credential proves that this isolate verified a moment ago: the way of nearly every request. What it was verified against is
 * asked of D1 once in KEY_CACHE_MS. What is revoked is refused here as soon as the tenant's governance says so, which every isolate
 * reads anew after GOVERNANCE_CACHE_MS; a signing key that was removed, after its own time; the end of a life, always at once.
 * @param authorization the `Authorization` header as it came
 * @returns undefined when it has to be verified anew, which also tells why it is refused
 */
export async function remembered(
  env: Env,
  clock: Clock,
  issuer: string,
  authorization: string | undefined,
): Promise<Principal | undefined> {
  const proof = authorization === undefined ? undefined : verifiedCredentials(env).find(authorization, issuer, clock.now());
  return proof === undefined || (await isTakenBack(env, clock, proof)) ? undefined : proof.principal;
}

/**
 * Who a presented credential proves: an API key, a token of ours whose key, grant and client still stand, or the operator's secret.
 * @param authorization the `Authorization` header as it came
 * @throws Problem `missing-credential` or `invalid-credential`, never saying which part was wrong
 */
export async function authenticate(env: Env, clock: Clock, issuer: string, authorization: string | undefined): Promise<Principal> {
  if (authorization === undefined) throw new Problem("missing-credential", "Send `Authorization: Bearer <API key or token>`.");
  const credential = /^Bearer +([\x21-\x7e]{1,8192})$/i.exec(authorization)?.[1];
  if (credential === undefined) throw new Problem("invalid-credential", "The Authorization header must be `Bearer` and one credential.");
  const key = parseApiKey(credential);
  if (key === undefined && isOperator(env, credential)) return operator();
  if (key === undefined && credential.split(".").length !== 3)
    throw new Problem("invalid-credential", "The credential is not valid; check that it was copied whole.");
  const proof =
    key === undefined ? await proofOfAnyToken(env, clock, issuer, credential) : await currentProofOfKey(env, clock, key.id, key.secretHash);
  if (await isTakenBack(env, clock, proof)) throw new Problem("invalid-credential", "The credential was revoked; get a new one.");
  verifiedCredentials(env).keep(authorization, { ...proof, issuer }, clock.now());
  return proof.principal;
}

/** @throws what the tenant's ledger throws when it does not answer and nothing recent is known: what cannot be checked is not believed */
async function isTakenBack(env: Env, clock: Clock, { principal, revocableIds, issuedAt }: Proof): Promise<boolean> {
  const governance = await governanceOf(env, clock, principal.tenant);
  if (governance.revocations.length === 0) return false;
  // A tenant that is shut out, a group that lost somebody, a role that lost a right: each is one revocation for all whom it concerns.
  const ids = [...revocableIds, principal.tenant, ...(principal.groups ?? []), ...principal.roles.map((role) => `role:${role}`)];
  return isRevoked(governance, ids, issuedAt);
}

/** A key whose rights were changed after it was read is read anew, and not refused. */
async function currentProofOfKey(env: Env, clock: Clock, id: ApiKeyId, secretHash: string): Promise<Proof> {
  const proof = await proofOfKey(env, clock, id, secretHash);
  if (!(await isTakenBack(env, clock, proof))) return proof;
  forgetKey(env, id);
  return proofOfKey(env, clock, id, secretHash);
}

async function proofOfKey(env: Env, clock: Clock, id: ApiKeyId, secretHash: string): Promise<Proof> {
  const known = await findKey(env, clock, id);
  const principal = known?.principal;
  if (known === undefined || principal === undefined || !digestsEqual(known.row.secretHash, secretHash) || !stands(known.row, clock.now()))
    throw new Problem("invalid-credential", "The API key is not valid; it may have expired or been revoked.");
  await noteUse(env, clock, id, known);
  return { principal, key: id, revocableIds: [id, principal.subject], issuedAt: known.readAt, until: trustedUntil(known) };
}

/** A token of ours, or of the issuer that a tenant has named. */
async function proofOfAnyToken(env: Env, clock: Clock, issuer: string, token: string): Promise<Proof> {
  const address = tokenAddress(token);
  return address === undefined || address.issuer === issuer
    ? proofOfToken(env, clock, issuer, token)
    : proofOfFederatedToken(env, clock, address, token);
}

/** A token that was made from a key ends with it: revoking a key revokes its tokens. */
async function proofOfToken(env: Env, clock: Clock, issuer: string, token: string): Promise<Proof> {
  const proof = await verifyToken(env, clock, issuer, token);
  if (proof.key === undefined) return proof;
  const known = await findKey(env, clock, proof.key);
  if (known?.principal === undefined || known.row.tenant !== proof.principal.tenant || !stands(known.row, clock.now()))
    throw new Problem("invalid-credential", "The API key that the token was made from has expired or been revoked.");
  return { ...proof, until: Math.min(proof.until, trustedUntil(known)) };
}

function stands({ revokedAt, expiresAt }: ApiKeyRow, now: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}

function trustedUntil({ row, readAt }: KnownKey): number {
  return Math.min(readAt + KEY_CACHE_MS, row.expiresAt ?? Number.POSITIVE_INFINITY);
}

/** Compared by their digests and in constant time, so that nothing of the secret can be learned from how long it takes. */
function isOperator(env: Env, credential: string): boolean {
  const secret = settings(env).SOMA_OPERATOR_TOKEN;
  return secret !== undefined && digestsEqual(sha256Hex(credential), sha256Hex(secret));
}

function operator(): Principal {
  return {
    tenant: OPERATOR_TENANT,
    subject: "operator",
    kind: "operator",
    roles: ["operator"],
    capabilities: [...ROLES.operator],
    credential: "operator",
  };
}
