import type { Clock } from "../../platform/clock.ts";
import { sha256Hex } from "../../platform/crypto.ts";
import { Problem } from "../../platform/problem.ts";

/**
 * Slows guessing down: after some tries each further one has to wait twice as long as the one before, up to a quarter of an hour, and
 * never for ever, so that nobody can be locked out by a stranger for good. Tries are counted before they are made, in one statement of
 * D1, so that a thousand at once count as a thousand. Signing in is not on the way of a turn (docs/decisions/1711).
 */
const RULES = {
  /** Passwords tried for one account: a person mistypes a few times. */
  account: { free: 5, firstWaitMs: 2_000, longestWaitMs: 15 * 60_000, forgottenMs: 24 * 3_600_000 },
  /** Tries from one address, which may be a whole office. */
  address: { free: 40, firstWaitMs: 1_000, longestWaitMs: 15 * 60_000, forgottenMs: 3_600_000 },
  /** Codes of one user's second factor: three of a million are right at a time, so that an hour between two guesses leaves none a chance. */
  factor: { free: 5, firstWaitMs: 2_000, longestWaitMs: 3_600_000, forgottenMs: 24 * 3_600_000 },
  /** Letters to one person: nobody is flooded with them. */
  letter: { free: 3, firstWaitMs: 60_000, longestWaitMs: 3_600_000, forgottenMs: 24 * 3_600_000 },
} as const;
export type ThrottleRule = keyof typeof RULES;
/** Doublings that are counted; the longest wait comes long before. */
const MAX_DOUBLINGS = 20;

/**
 * Counts one try of something by somebody.
 * @returns when it may be tried again (milliseconds since the epoch) if it may not be now; undefined when it may
 */
export async function countTry(env: Env, clock: Clock, rule: ThrottleRule, key: string): Promise<number | undefined> {
  const { free, firstWaitMs, longestWaitMs, forgottenMs } = RULES[rule];
  const now = clock.now();
  const id = keyOf(rule, key);
  const counted = await env.DB.prepare(
    `INSERT INTO sign_in_tries (id, tries, next_at, last_at) VALUES (?1, 1, 0, ?2)
     ON CONFLICT (id) DO UPDATE SET
       tries = CASE WHEN last_at + ?3 <= ?2 THEN 1 ELSE tries + 1 END,
       next_at = CASE WHEN last_at + ?3 <= ?2 OR tries + 1 < ?4 THEN 0 ELSE ?2 + min(?5, ?6 << min(tries + 1 - ?4, ?7)) END,
       last_at = ?2
     WHERE next_at <= ?2 RETURNING tries`,
  )
    .bind(id, now, forgottenMs, free, longestWaitMs, firstWaitMs, MAX_DOUBLINGS)
    .first<{ tries: number }>();
  if (counted !== null) return undefined;
  const row = await env.DB.prepare("SELECT next_at FROM sign_in_tries WHERE id = ?").bind(id).first<{ next_at: number }>();
  return row?.next_at ?? now;
}

/** The same. @throws Problem `too-many-requests` with the seconds to wait */
export async function checkTry(env: Env, clock: Clock, rule: ThrottleRule, key: string): Promise<void> {
  const next = await countTry(env, clock, rule, key);
  if (next === undefined) return;
  const retryAfterSeconds = Math.max(1, Math.ceil((next - clock.now()) / 1_000));
  throw new Problem("too-many-requests", `Too many tries; try again in ${retryAfterSeconds} seconds.`, { retryAfterSeconds });
}

/** Forgets the tries of somebody who has proved who they are. */
export async function forgetTries(env: Env, rule: ThrottleRule, key: string): Promise<void> {
  await env.DB.prepare("DELETE FROM sign_in_tries WHERE id = ?").bind(keyOf(rule, key)).run();
}

/**
 * Counts a try from the address that a request comes from. Without `CF-Connecting-IP`, which Cloudflare sets and no client can, there is
 * nobody to count. @throws Problem `too-many-requests`
 */
export async function checkAddress(env: Env, clock: Clock, address: string | undefined): Promise<void> {
  if (address !== undefined) await checkTry(env, clock, "address", address);
}

/** Takes back the try of somebody who was right, so that an office is not slowed down by its own people; those who were wrong stay counted. */
export async function forgiveAddress(env: Env, address: string | undefined): Promise<void> {
  if (address === undefined) return;
  await env.DB.prepare("UPDATE sign_in_tries SET tries = max(0, tries - 1) WHERE id = ?").bind(keyOf("address", address)).run();
}

function keyOf(rule: ThrottleRule, key: string): string {
  return `${rule}/${sha256Hex(key)}`;
}
