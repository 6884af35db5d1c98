import { and, eq, gt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Clock } from "../../platform/clock.ts";
import { digestsEqual, randomToken, sha256Hex } from "../../platform/crypto.ts";
import { isId, newId, parseId, type TenantId } from "../../platform/ids.ts";
import { readUser, type UserRow } from "../users/store.ts";
import { mailLinks } from "./tables.ts";

/** What a link opens, and how long: a new password soon, an invitation while people are on holiday. */
export const LINK_LIVES_MS = { invitation: 7 * 86_400_000, "password-reset": 30 * 60_000, address: 86_400_000 } as const;
export type LinkPurpose = keyof typeof LINK_LIVES_MS;

/** Characters of the secret that stands in the address: 256 bits. */
const SECRET_BYTES = 32;

/** What a link that still opens leads to. */
export interface OpenLink {
  readonly id: string;
  readonly purpose: LinkPurpose;
  readonly user: UserRow;
  readonly tenant: TenantId;
}

/**
 * Makes the link of a letter. Those made before for the same purpose open nothing any more.
 * @returns its path, which holds the secret, and when it ends (milliseconds since the epoch)
 */
export async function newMailLink(
  env: Env,
  clock: Clock,
  user: UserRow,
  purpose: LinkPurpose,
): Promise<{ path: string; expiresAt: number }> {
  const now = clock.now();
  const id = newId("mailLink", now);
  const secret = randomToken(SECRET_BYTES);
  const expiresAt = now + LINK_LIVES_MS[purpose];
  const database = drizzle(env.DB);
  await database.batch([
    database.delete(mailLinks).where(and(eq(mailLinks.tenant, user.tenant), eq(mailLinks.user, user.id), eq(mailLinks.purpose, purpose))),
    database.insert(mailLinks).values({
      id,
      tenant: user.tenant,
      user: user.id,
      purpose,
      secretHash: sha256Hex(secret),
      emailKey: user.emailKey,
      createdAt: now,
      expiresAt,
    }),
  ]);
  return { path: `/signin/link/${id}.${secret}`, expiresAt };
}

/**
 * What a link leads to, without using it up: programs that look at letters open links too. Undefined when it was used, has ended, was
 * replaced, or its user has another address now or is deactivated.
 */
export async function findMailLink(env: Env, clock: Clock, token: string): Promise<OpenLink | undefined> {
  const [id = "", secret = ""] = token.split(".");
  if (!isId("mailLink", id)) return undefined;
  const row = await drizzle(env.DB)
    .select()
    .from(mailLinks)
    .where(and(eq(mailLinks.id, id), gt(mailLinks.expiresAt, clock.now())))
    .get();
  if (row === undefined || !digestsEqual(row.secretHash, sha256Hex(secret))) return undefined;
  const tenant = parseId("tenant", row.tenant);
  const user = await readUser(env, tenant, row.user);
  if (user?.active !== true || user.emailKey !== row.emailKey || !isPurpose(row.purpose)) return undefined;
  return { id, purpose: row.purpose, user, tenant };
}

/** Uses a link up. @returns false when somebody else did so first */
export async function spendMailLink(env: Env, { id }: OpenLink): Promise<boolean> {
  const rows = await drizzle(env.DB).delete(mailLinks).where(eq(mailLinks.id, id)).returning({ id: mailLinks.id });
  return rows.length > 0;
}

function isPurpose(purpose: string): purpose is LinkPurpose {
  return Object.hasOwn(LINK_LIVES_MS, purpose);
}
