import { ROLES, roleSchema } from "../platform/capabilities.ts";
import type { Clock } from "../platform/clock.ts";
import { digestsEqual, sha256Hex } from "../platform/crypto.ts";
import { type ApiKeyId, parseId, type TenantId } from "../platform/ids.ts";
import type { Principal } from "../platform/principal.ts";
import { Problem } from "../platform/problem.ts";
import { settings } from "../platform/settings.ts";
import { parseApiKey } from "./api-key.ts";
import { type ApiKeyRow, findApiKey } from "./store.ts";
import { verifyToken } from "./tokens.ts";
import { type Proof, VerifiedCredentials } from "./verified-credentials.ts";

/** How long an isolate trusts what it knows of a key: a revocation reaches everywhere after this. */
const KEY_CACHE_MS = 15_000;
const MAX_CACHED_KEYS = 5_000;
/** The tenant of operators, who have none: no tenant can have this id, since time began later. */
const OPERATOR_TENANT = parseId("tenant", `ten_${"0".repeat(26)}`);

interface CachedKey {
  readonly row: ApiKeyRow | undefined;
  readonly principal: Principal | undefined;
  readonly readAt: number;
}

const keysByDatabase = new WeakMap<D1Database, Map<ApiKeyId, CachedKey>>();
const verifiedByDatabase = new WeakMap<D1Database, VerifiedCredentials>();

/**
 * Who a presented credential proves: an API key, a token of ours, or the operator's secret. A credential that was verified a moment ago
 * is not verified again; what it was verified against is asked of D1 once in KEY_CACHE_MS. A revocation is felt in the isolate that made it
 * at once, elsewhere after KEY_CACHE_MS; a signing key that was removed, after SIGNING_KEY_CACHE_MS; the end of a life, always at once.
 * @param authorization the `Authorization` header as it came
 * @throws Problem `missing-credential` or `invalid-credential`, never saying which part was wrong
 */
export async function authenticate(env: Env, clock: Clock, issuer: string, authorization: string | undefined): Promise<Principal> {
  if (authorization === undefined) throw new Problem("missing-credential", "Send `Authorization: Bearer <API key or token>`.");
  const credentials = verifiedCredentials(env);
  const known = credentials.find(authorization, issuer, clock.now());
  if (known !== undefined) return known;
  const credential = /^Bearer +([\x21-\x7e]{1,8192})$/i.exec(authorization)?.[1];
  if (credential === undefined) throw new Problem("invalid-credential", "The Authorization header must be `Bearer` and one credential.");
  const key = parseApiKey(credential);
  if (key === undefined && isOperator(env, credential)) return operator();
  if (key === undefined && credential.split(".").length !== 3)
    throw new Problem("invalid-credential", "The credential is not valid; check that it was copied whole.");
  const proof =
    key === undefined ? await verifyToken(env, clock, issuer, credential) : await proofOfKey(env, clock, key.id, key.secretHash);
  credentials.keep(authorization, { ...proof, issuer });
  return proof.principal;
}

function verifiedCredentials(env: Env): VerifiedCredentials {
  const known = verifiedByDatabase.get(env.DB);
  if (known !== undefined) return known;
  const made = new VerifiedCredentials();
  verifiedByDatabase.set(env.DB, made);
  return made;
}

async function proofOfKey(env: Env, clock: Clock, id: ApiKeyId, secretHash: string): Promise<Proof> {
  const { row, principal, readAt } = await cachedKey(env, clock, id);
  const isValid =
    row !== undefined &&
    digestsEqual(row.secretHash, secretHash) &&
    row.revokedAt === null &&
    (row.expiresAt === null || row.expiresAt > clock.now());
  if (!isValid || principal === undefined)
    throw new Problem("invalid-credential", "The API key is not valid; it may have expired or been revoked.");
  return { principal, until: Math.min(readAt + KEY_CACHE_MS, row.expiresAt ?? Number.POSITIVE_INFINITY) };
}

async function cachedKey(env: Env, clock: Clock, id: ApiKeyId): Promise<CachedKey> {
  const keys = keysByDatabase.get(env.DB) ?? new Map<ApiKeyId, CachedKey>();
  keysByDatabase.set(env.DB, keys);
  const known = keys.get(id);
  if (known !== undefined && clock.now() - known.readAt <= KEY_CACHE_MS) return known;
  const row = await findApiKey(env, id);
  const entry = { row, principal: row === undefined ? undefined : principalOfRow(row), readAt: clock.now() };
  const oldest = keys.keys().next();
  if (keys.size >= MAX_CACHED_KEYS && oldest.done === false) keys.delete(oldest.value);
  keys.set(id, entry);
  return entry;
}

/** Forgets what this isolate knows of a key, so that its revocation is felt here at once. */
export function forgetKey(env: Env, id: ApiKeyId): void {
  keysByDatabase.get(env.DB)?.delete(id);
  verifiedByDatabase.get(env.DB)?.forget(id);
}

function principalOfRow(row: ApiKeyRow): Principal {
  const role = roleSchema.parse(row.role);
  const tenant: TenantId = parseId("tenant", row.tenant);
  return { tenant, subject: row.subject, kind: "service", roles: [role], capabilities: [...ROLES[role]], credential: row.id };
}

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
