import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Clock } from "../../platform/clock.ts";
import { randomToken, sha256Hex } from "../../platform/crypto.ts";
import { oauthTickets } from "./tables.ts";

/** 256 bits: nobody guesses one in its minutes. */
const TICKET_BYTES = 32;
/** A used code is remembered so long, to be known when it comes back. */
const KEPT_AFTER_MS = 86_400_000;
/** Old tickets that a new one clears away at most: more than it adds, so that the table stays as large as what is in use. */
const CLEARED = 50;
export type TicketKind = "request" | "consent" | "code";

/** Keeps a document behind a new secret, of which only the hash is stored. @returns the secret */
export async function keepTicket(env: Env, clock: Clock, kind: TicketKind, document: unknown, lifeSeconds: number): Promise<string> {
  const secret = randomToken(TICKET_BYTES);
  const now = clock.now();
  const database = drizzle(env.DB);
  const ended = sql`${oauthTickets.hash} IN (SELECT hash FROM ${oauthTickets} WHERE expires_at < ${now - KEPT_AFTER_MS} LIMIT ${CLEARED})`;
  await database.batch([
    database.delete(oauthTickets).where(ended),
    database.insert(oauthTickets).values({
      hash: hashOf(kind, secret),
      kind,
      document: JSON.stringify(document),
      expiresAt: now + lifeSeconds * 1_000,
      usedAt: null,
    }),
  ]);
  return secret;
}

/** Takes a ticket: one caller gets its document, once, whoever else asks at the same time (one conditional update). Undefined when it is none, used or too old. */
export async function takeTicket(env: Env, clock: Clock, kind: TicketKind, secret: string): Promise<unknown> {
  const now = clock.now();
  const rows = await drizzle(env.DB)
    .update(oauthTickets)
    .set({ usedAt: now })
    .where(and(eq(oauthTickets.hash, hashOf(kind, secret)), isNull(oauthTickets.usedAt), gt(oauthTickets.expiresAt, now)))
    .returning({ document: oauthTickets.document });
  return rows[0] === undefined ? undefined : JSON.parse(rows[0].document);
}

/** Looks at a ticket without taking it: `used` tells one that was taken before. Undefined when it is none or too old and unused. */
export async function seeTicket(
  env: Env,
  clock: Clock,
  kind: TicketKind,
  secret: string,
): Promise<{ readonly document: unknown; readonly isUsed: boolean } | undefined> {
  const row = await drizzle(env.DB)
    .select()
    .from(oauthTickets)
    .where(eq(oauthTickets.hash, hashOf(kind, secret)))
    .get();
  if (row === undefined || (row.usedAt === null && row.expiresAt <= clock.now())) return undefined;
  return { document: JSON.parse(row.document), isUsed: row.usedAt !== null };
}

function hashOf(kind: TicketKind, secret: string): string {
  return sha256Hex(`${kind}\n${secret}`);
}
