import { and, eq, gt, isNull, lte, or, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Clock } from "../../platform/clock.ts";
import { randomToken, sha256Hex } from "../../platform/crypto.ts";
import { parseScope, type Scope } from "./scopes.ts";
import { oauthAttempts, oauthDeviceCodes } from "./tables.ts";

/** Long enough to find another device and sign in there. */
export const DEVICE_CODE_LIFE_SECONDS = 600;
/** How long a device waits between two questions; each one that comes too early adds SLOW_DOWN_SECONDS. */
export const POLL_SECONDS = 2;
const SLOW_DOWN_SECONDS = 5;
const DEVICE_CODE_BYTES = 32;
/** Consonants, none of which is taken for another and which make no words (RFC 8628 §6.1): 20^8 codes, 34 bits. */
const USER_CODE_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ";
const USER_CODE_LETTERS = 8;
/** Wrong codes that one user may type in ATTEMPT_WINDOW_MS: a guesser meets one of a thousand waiting codes once in fifty years of them. */
const MAX_WRONG_CODES = 10;
const ATTEMPT_WINDOW_MS = 600_000;
/** Ended rows that a new code clears away at most: more than it adds, so that the tables stay as large as what is in use. */
const CLEARED = 50;

/** A device that waits for its user. */
export interface DeviceRequest {
  readonly hash: string;
  readonly client: string;
  readonly scopes: readonly Scope[];
  readonly resource: string | undefined;
}

/** Makes the two codes of a device: it keeps one and shows the other. Only their hashes are stored. */
export async function newDeviceCode(
  env: Env,
  clock: Clock,
  request: { readonly client: string; readonly scopes: readonly Scope[]; readonly resource: string | undefined },
): Promise<{ deviceCode: string; userCode: string }> {
  const deviceCode = `soma_dc_${randomToken(DEVICE_CODE_BYTES)}`;
  const userCode = newUserCode();
  const now = clock.now();
  const database = drizzle(env.DB);
  // An ended code is kept a while longer, so that its device is told that it has ended.
  const endedCodes = sql`${oauthDeviceCodes.hash} IN (SELECT hash FROM ${oauthDeviceCodes} WHERE expires_at < ${now - ATTEMPT_WINDOW_MS} LIMIT ${CLEARED})`;
  const endedWindows = sql`rowid IN (SELECT rowid FROM ${oauthAttempts} WHERE expires_at < ${now} LIMIT ${CLEARED})`;
  await database.batch([
    database.delete(oauthDeviceCodes).where(endedCodes),
    database.delete(oauthAttempts).where(endedWindows),
    database.insert(oauthDeviceCodes).values({
      hash: sha256Hex(deviceCode),
      userCodeHash: hashOfUserCode(userCode),
      client: request.client,
      scope: request.scopes.join(" "),
      resource: request.resource ?? null,
      state: "pending",
      grant: null,
      intervalSeconds: POLL_SECONDS,
      polledAt: null,
      expiresAt: now + DEVICE_CODE_LIFE_SECONDS * 1_000,
    }),
  ]);
  return { deviceCode, userCode };
}

/** The device that waits behind a user code, as a person may type it: in small letters, with or without the dash. */
export async function findWaitingDevice(env: Env, clock: Clock, userCode: string): Promise<DeviceRequest | undefined> {
  const row = await drizzle(env.DB)
    .select()
    .from(oauthDeviceCodes)
    .where(
      and(
        eq(oauthDeviceCodes.userCodeHash, hashOfUserCode(userCode)),
        eq(oauthDeviceCodes.state, "pending"),
        gt(oauthDeviceCodes.expiresAt, clock.now()),
      ),
    )
    .get();
  return row === undefined
    ? undefined
    : { hash: row.hash, client: row.client, scopes: parseScope(row.scope), resource: row.resource ?? undefined };
}

/** Answers a waiting device, once. @param grant what the user allowed; undefined when they refused @returns false when it was answered before or waits no more */
export async function answerDevice(env: Env, clock: Clock, hash: string, grant: string | undefined): Promise<boolean> {
  const rows = await drizzle(env.DB)
    .update(oauthDeviceCodes)
    .set(grant === undefined ? { state: "denied" } : { state: "approved", grant })
    .where(and(eq(oauthDeviceCodes.hash, hash), eq(oauthDeviceCodes.state, "pending"), gt(oauthDeviceCodes.expiresAt, clock.now())))
    .returning({ hash: oauthDeviceCodes.hash });
  return rows.length > 0;
}

export type DeviceState =
  | { readonly kind: "unknown" | "expired" | "pending" | "denied" | "too-early" }
  | { readonly kind: "approved"; readonly grant: string };

/** What a device is told that asks whether its user has answered. Approval is told once. */
export async function pollDevice(env: Env, clock: Clock, deviceCode: string, client: string): Promise<DeviceState> {
  const hash = sha256Hex(deviceCode);
  const now = clock.now();
  const database = drizzle(env.DB);
  const isThisDevice = and(eq(oauthDeviceCodes.hash, hash), eq(oauthDeviceCodes.client, client));
  const row = await database.select().from(oauthDeviceCodes).where(isThisDevice).get();
  if (row === undefined || row.state === "used") return { kind: "unknown" };
  if (row.expiresAt <= now) return { kind: "expired" };
  const isPatient = or(isNull(oauthDeviceCodes.polledAt), lte(oauthDeviceCodes.polledAt, now - row.intervalSeconds * 1_000));
  const [asked] = await database
    .update(oauthDeviceCodes)
    .set({ polledAt: now })
    .where(and(isThisDevice, isPatient))
    .returning({ state: oauthDeviceCodes.state, grant: oauthDeviceCodes.grant });
  if (asked === undefined) {
    await database
      .update(oauthDeviceCodes)
      .set({ intervalSeconds: row.intervalSeconds + SLOW_DOWN_SECONDS })
      .where(isThisDevice);
    return { kind: "too-early" };
  }
  if (asked.state === "denied") return { kind: "denied" };
  if (asked.state !== "approved" || asked.grant === null) return { kind: "pending" };
  const [taken] = await database
    .update(oauthDeviceCodes)
    .set({ state: "used" })
    .where(and(isThisDevice, eq(oauthDeviceCodes.state, "approved")))
    .returning({ hash: oauthDeviceCodes.hash });
  return taken === undefined ? { kind: "unknown" } : { kind: "approved", grant: asked.grant };
}

/** Counts a wrong user code of a user. */
export async function countWrongCode(env: Env, clock: Clock, subject: string): Promise<void> {
  const window = Math.floor(clock.now() / ATTEMPT_WINDOW_MS);
  await drizzle(env.DB)
    .insert(oauthAttempts)
    .values({ subject, window, count: 1, expiresAt: (window + 1) * ATTEMPT_WINDOW_MS })
    .onConflictDoUpdate({ target: [oauthAttempts.subject, oauthAttempts.window], set: { count: sql`${oauthAttempts.count} + 1` } });
}

/** True when a user has typed as many wrong codes lately as anyone mistypes. */
export async function hasTriedTooOften(env: Env, clock: Clock, subject: string): Promise<boolean> {
  const window = Math.floor(clock.now() / ATTEMPT_WINDOW_MS);
  const row = await drizzle(env.DB)
    .select({ count: oauthAttempts.count })
    .from(oauthAttempts)
    .where(and(eq(oauthAttempts.subject, subject), eq(oauthAttempts.window, window)))
    .get();
  return (row?.count ?? 0) >= MAX_WRONG_CODES;
}

function newUserCode(): string {
  let letters = "";
  while (letters.length < USER_CODE_LETTERS) {
    for (const byte of crypto.getRandomValues(new Uint8Array(USER_CODE_LETTERS * 2))) {
      // Bytes beyond the last whole multiple of the alphabet would make its first letters likelier.
      if (byte < 240 && letters.length < USER_CODE_LETTERS) letters += USER_CODE_ALPHABET.charAt(byte % USER_CODE_ALPHABET.length);
    }
  }
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

function hashOfUserCode(code: string): string {
  return sha256Hex(code.toUpperCase().replace(/[^A-Z]/g, ""));
}
