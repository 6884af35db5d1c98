import { CAPABILITIES } from "../../platform/capabilities.ts";
import type { Clock } from "../../platform/clock.ts";
import { sha256Hex } from "../../platform/crypto.ts";
import { derivedId, type Id, isId, parseId, type TenantId } from "../../platform/ids.ts";
import type { Principal } from "../../platform/principal.ts";
import { Problem } from "../../platform/problem.ts";
import { listRoles } from "../roles/store.ts";
import { findUserByEmail, readUser, type UserRow } from "../users/store.ts";
import type { Proof } from "../verified-credentials.ts";
import { type Claims, rolesOf } from "./claim-rules.ts";
import { findIssuer, ISSUER_CACHE_MS, type KnownIssuer, readingFor } from "./known-issuers.ts";
import { recognitionOf, vouchedEmail } from "./person.ts";
import { findIdentity } from "./store.ts";
import { type TokenAddress, verifiedClaims } from "./verify.ts";

const TENANT_ID = /ten_[0-9A-HJKMNP-TV-Z]{26}/g;

/**
 * Who a token of a tenant's own issuer proves to the API. The tenant is the one whose id stands in the token's audience, so that no tenant can
 * claim the tokens of another by naming its issuer; roles are those of the issuer's rules, by this token alone.
 *
 * A token of somebody who is a user here is the user's, and ends with the user; of anyone else, a program's.
 * @throws Problem `invalid-credential`; `unavailable` when the issuer does not answer and nothing recent enough is known of it
 */
export async function proofOfFederatedToken(env: Env, clock: Clock, address: TokenAddress, token: string): Promise<Proof> {
  const known = await issuerOf(env, clock, address);
  const { keys } = await readingFor(env, clock, known, address.keyId);
  const { issuer, apiAudiences } = known.settings;
  const now = clock.now();
  const claims = await verifiedClaims(token, { issuer, audiences: apiAudiences, keys }, now);
  const principal = await principalOf(env, known, claims, token, now);
  const [issuedAt, endsAt] = [Number(claims.iat) * 1_000, Number(claims.exp) * 1_000];
  const revocableIds = [
    principal.credential,
    principal.subject,
    principal.tenant,
    known.row.id,
    ...principal.roles.map((role) => `role:${role}`),
  ];
  return { principal, revocableIds, issuedAt, until: Math.min(endsAt, now + ISSUER_CACHE_MS) };
}

async function issuerOf(env: Env, clock: Clock, address: TokenAddress): Promise<KnownIssuer> {
  const tenants = new Set(address.audiences.flatMap((audience) => audience.match(TENANT_ID) ?? []));
  const [tenant = ""] = tenants;
  if (tenants.size !== 1 || !isId("tenant", tenant)) throw notOurs();
  const known = await findIssuer(env, clock, tenant, address.issuer);
  if (known === undefined || !known.settings.isEnabled || known.settings.apiAudiences.length === 0) throw notOurs();
  return known;
}

async function principalOf(env: Env, known: KnownIssuer, claims: Claims, token: string, now: number): Promise<Principal> {
  const { row, settings } = known;
  const tenant = parseId("tenant", row.tenant);
  const user = await userOf(env, tenant, known, claims);
  if (user?.active === false) throw new Problem("invalid-credential", "The user that the token is of is deactivated.");
  const names = rolesOf(settings.roleRules, claims);
  // A role that was deleted since the rule was written gives nothing.
  const roles = names.length === 0 ? [] : (await listRoles(env, tenant)).filter(({ name }) => names.includes(name));
  const granted = new Set(roles.flatMap(({ capabilities }) => capabilities));
  const { amr, authTime, mfaAt } = recognitionOf(settings, claims, now);
  return {
    tenant,
    subject: user?.id ?? serviceOf(known, String(claims.sub)),
    kind: user === undefined ? "service" : "user",
    roles: roles.map(({ name }) => name),
    capabilities: CAPABILITIES.filter((capability) => granted.has(capability)),
    credential: `fed_${sha256Hex(token).slice(0, 32)}`,
    client: row.id,
    amr: [...amr],
    authTime,
    ...(mfaAt === undefined ? {} : { mfaAt }),
  };
}

async function userOf(env: Env, tenant: TenantId, { row, settings }: KnownIssuer, claims: Claims): Promise<UserRow | undefined> {
  const linked = await findIdentity(env, row.id, String(claims.sub));
  if (linked !== undefined) return readUser(env, tenant, linked);
  const email = vouchedEmail(settings, claims);
  return email === undefined ? undefined : findUserByEmail(env, tenant, email);
}

/** The same program of an issuer is always the same subject here. */
function serviceOf({ row }: KnownIssuer, subject: string): Id<"service"> {
  return derivedId("service", row.createdAt, `${row.id}/${subject}`);
}

function notOurs(): Problem {
  return new Problem("invalid-credential", "The token is not valid here; ask for a new one.");
}
