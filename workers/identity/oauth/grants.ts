import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { z } from "zod";
import type { Clock } from "../../platform/clock.ts";
import { randomToken, sha256Hex } from "../../platform/crypto.ts";
import { newId, parseId, type TenantId } from "../../platform/ids.ts";
import { changeGovernance } from "../../policy/governance-of.ts";
import { LONGEST_SIGNED_SECONDS } from "../signing-keys.ts";
import { parseScope, type Scope } from "./scopes.ts";
import { oauthGrants, oauthRefreshTokens } from "./tables.ts";

const DAY_MS = 86_400_000;
/** The longest that a client goes on without its user, when the user has allowed that (`offline_access`). */
const OFFLINE_LIFE_MS = 30 * DAY_MS;
/** An offline client that is not used for this long has to ask again. */
const OFFLINE_IDLE_MS = 14 * DAY_MS;
/** A grant that ends with the browser session: a working day. */
const ONLINE_LIFE_MS = DAY_MS / 2;
const REFRESH_BYTES = 32;
/** Ended rows that a new grant clears away at most: more than it adds, so that the tables stay as large as what is in use. */
const CLEARED = 20;
/** A grant that was used all its life has some thousands of used refresh tokens. */
const CLEARED_TOKENS = 1_000;
/** A revocation is remembered until the last access token has ended, and the difference of clocks with it. */
const REVOKED_FOR_MS = (LONGEST_SIGNED_SECONDS + 60) * 1_000;

const signInSchema = z.object({ amr: z.array(z.string()), authTime: z.number(), mfaAt: z.number().optional() });
/** How and when the user signed in; times in milliseconds since 1970. */
export type SignIn = z.infer<typeof signInSchema>;

/** What a user has allowed a client: the family of every token made from it, which is revoked as one. */
export interface OAuthGrant {
  readonly id: string;
  readonly tenant: TenantId;
  readonly subject: string;
  readonly client: string;
  readonly scopes: readonly Scope[];
  readonly resource: string | undefined;
  readonly signIn: SignIn;
  /** The browser session that it ends with; undefined when it outlives it. */
  readonly browserSession: string | undefined;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
}

export interface NewGrant {
  readonly tenant: TenantId;
  readonly subject: string;
  readonly client: string;
  readonly scopes: readonly Scope[];
  readonly resource: string | undefined;
  readonly signIn: SignIn;
  readonly browserSession: string;
}

/** Stores a new grant. With `offline_access` it outlives the browser session in which it was given. */
export async function storeGrant(env: Env, clock: Clock, grant: NewGrant): Promise<OAuthGrant> {
  const now = clock.now();
  const isOffline = grant.scopes.includes("offline_access");
  const stored = {
    ...grant,
    id: newId("grant", now),
    browserSession: isOffline ? undefined : grant.browserSession,
    lastUsedAt: now,
    expiresAt: now + (isOffline ? OFFLINE_LIFE_MS : ONLINE_LIFE_MS),
  };
  const database = drizzle(env.DB);
  const endedGrants = sql`${oauthGrants.id} IN (SELECT id FROM ${oauthGrants} WHERE expires_at < ${now} LIMIT ${CLEARED})`;
  const endedTokens = sql`${oauthRefreshTokens.hash} IN (SELECT hash FROM ${oauthRefreshTokens} WHERE expires_at < ${now} LIMIT ${CLEARED_TOKENS})`;
  await database.batch([
    database.delete(oauthGrants).where(endedGrants),
    database.delete(oauthRefreshTokens).where(endedTokens),
    database.insert(oauthGrants).values({
      ...stored,
      scope: stored.scopes.join(" "),
      resource: stored.resource ?? null,
      signIn: JSON.stringify(stored.signIn),
      browserSession: stored.browserSession ?? null,
      createdAt: now,
      revokedAt: null,
    }),
  ]);
  return stored;
}

/** A grant that still stands: not revoked, within its life, and used lately. */
export async function standingGrant(env: Env, clock: Clock, id: string): Promise<OAuthGrant | undefined> {
  const now = clock.now();
  const row = await drizzle(env.DB)
    .select()
    .from(oauthGrants)
    .where(
      and(
        eq(oauthGrants.id, id),
        isNull(oauthGrants.revokedAt),
        gt(oauthGrants.expiresAt, now),
        gt(oauthGrants.lastUsedAt, now - OFFLINE_IDLE_MS),
      ),
    )
    .get();
  return row === undefined ? undefined : toGrant(row);
}

function toGrant(row: typeof oauthGrants.$inferSelect): OAuthGrant {
  return {
    id: row.id,
    tenant: parseId("tenant", row.tenant),
    subject: row.subject,
    client: row.client,
    scopes: parseScope(row.scope),
    resource: row.resource ?? undefined,
    signIn: signInSchema.parse(JSON.parse(row.signIn)),
    browserSession: row.browserSession ?? undefined,
    lastUsedAt: row.lastUsedAt,
    expiresAt: row.expiresAt,
  };
}

/**
 * Revokes a grant with every token made from it: refresh tokens at once, access tokens within the second that isolates act by what they
 * last read. Revoked again, nothing changes.
 */
export async function revokeGrant(env: Env, clock: Clock, { id, tenant }: { readonly id: string; readonly tenant: string }): Promise<void> {
  const now = clock.now();
  const rows = await drizzle(env.DB)
    .update(oauthGrants)
    .set({ revokedAt: now })
    .where(and(eq(oauthGrants.id, id), eq(oauthGrants.tenant, tenant), isNull(oauthGrants.revokedAt)))
    .returning({ id: oauthGrants.id });
  if (rows.length > 0) await revokeTokensOf(env, clock, tenant, id);
}

/**
 * Refuses the access tokens that carry an id (of a grant, a client, a session, or the token itself), for as long as any of them could live.
 * @param which `made-before`: those alone that were made until now
 */
export async function revokeTokensOf(env: Env, clock: Clock, tenant: string, id: string, which?: "made-before"): Promise<void> {
  const now = clock.now();
  const until = now + REVOKED_FOR_MS;
  const revocation = which === undefined ? { id, until } : { id, until, before: now };
  await changeGovernance(env, tenant, { change: "revoke", revocation });
}

/** Makes a refresh token of a grant: opaque, stored by its hash, good for one use. */
export async function newRefreshToken(env: Env, grant: OAuthGrant): Promise<string> {
  const token = `soma_rt_${randomToken(REFRESH_BYTES)}`;
  await drizzle(env.DB)
    .insert(oauthRefreshTokens)
    .values({ hash: sha256Hex(token), grant: grant.id, usedAt: null, expiresAt: grant.expiresAt });
  return token;
}

/** What a presented refresh token is: good, and used from now on; used before, which means that two hold it; or none of ours. */
export type UsedRefreshToken = { readonly kind: "good" | "reused"; readonly grant: string } | { readonly kind: "unknown" };

/** Uses a refresh token up. Of all who present it at the same time one finds it good. */
export async function spendRefreshToken(env: Env, clock: Clock, token: string): Promise<UsedRefreshToken> {
  const hash = sha256Hex(token);
  const database = drizzle(env.DB);
  const [used] = await database
    .update(oauthRefreshTokens)
    .set({ usedAt: clock.now() })
    .where(and(eq(oauthRefreshTokens.hash, hash), isNull(oauthRefreshTokens.usedAt)))
    .returning({ grant: oauthRefreshTokens.grant });
  if (used !== undefined) return { kind: "good", grant: used.grant };
  const known = await findRefreshToken(env, token);
  return known === undefined ? { kind: "unknown" } : { kind: "reused", grant: known.grant };
}

/** The grant of a refresh token, used or not, without using it. */
export async function findRefreshToken(env: Env, token: string): Promise<{ grant: string; isUsed: boolean } | undefined> {
  const row = await drizzle(env.DB)
    .select()
    .from(oauthRefreshTokens)
    .where(eq(oauthRefreshTokens.hash, sha256Hex(token)))
    .get();
  return row === undefined ? undefined : { grant: row.grant, isUsed: row.usedAt !== null };
}

/** Notes that a grant was used, which its idle time counts from. */
export async function noteGrantUse(env: Env, clock: Clock, id: string): Promise<void> {
  await drizzle(env.DB).update(oauthGrants).set({ lastUsedAt: clock.now() }).where(eq(oauthGrants.id, id));
}
