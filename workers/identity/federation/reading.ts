import { z } from "zod";
import type { Clock } from "../../platform/clock.ts";
import { wayOut } from "../../platform/outbound.ts";
import { Problem } from "../../platform/problem.ts";
import { discover, type IssuerMetadata, issuerMetadataSchema } from "./discovery.ts";
import { fetchKeySet, type IssuerKey, keySetSchema } from "./key-set.ts";
import { claimReading, findKeys, type KeysRow, keepFailure, keepReading } from "./store.ts";

/** An issuer's metadata and keys are read again after this: a key that it took back is refused by all after it. */
export const KEYS_FRESH_MS = 600_000;
/** An issuer that does not answer is not asked again sooner, as long as its keys serve. */
export const RETRY_MS = 60_000;
/** Keys of an issuer that is down verify for this long after they were last read: a day bridges its worst outage, and bounds how long a key that was taken back in it lives. */
export const KEYS_KEPT_MS = 86_400_000;
const MAX_ERROR_CHARACTERS = 300;

/** What was last read of an issuer, whole. */
export interface Reading {
  readonly metadata: IssuerMetadata;
  readonly keys: readonly IssuerKey[];
  /** Milliseconds since the epoch. */
  readonly fetchedAt: number;
  /** When somebody last set out to read it. */
  readonly triedAt: number;
}

/** What is asked for. */
interface Wanted {
  /** The issuer's id and its name in `iss`. */
  readonly id: string;
  readonly issuer: string;
  /** The key that a token says it was signed with. */
  readonly keyId?: string | undefined;
}

/** The reading that a row keeps; undefined when the issuer has never answered. */
export function readingOf(row: KeysRow | undefined): Reading | undefined {
  if (row === undefined || row.metadata === null || row.keys === null || row.fetchedAt === null) return undefined;
  return {
    metadata: issuerMetadataSchema.parse(JSON.parse(row.metadata)),
    keys: keySetSchema.parse(JSON.parse(row.keys)),
    fetchedAt: row.fetchedAt,
    triedAt: row.triedAt ?? row.fetchedAt,
  };
}

/** True when a reading serves as it is: fresh, or of an issuer that was asked a moment ago, and with the key asked for. */
export function serves(reading: Reading, now: number, keyId: string | undefined): boolean {
  const isFresh = now - reading.fetchedAt <= KEYS_FRESH_MS || now - reading.triedAt <= RETRY_MS;
  return isFresh && now - reading.fetchedAt <= KEYS_KEPT_MS && (keyId === undefined || reading.keys.some((key) => key.kid === keyId));
}

/**
 * The metadata and keys of an issuer, from what is known when that serves; otherwise from what another location read meanwhile, and then
 * from the issuer itself, which is asked by one at a time and a few times a minute at most. While it does not answer, what was read last
 * serves for KEYS_KEPT_MS.
 * @param known what the caller remembers
 * @throws Problem `unavailable` when it does not answer and nothing recent enough is kept
 */
export async function currentReading(env: Env, clock: Clock, wanted: Wanted, known: Reading | undefined): Promise<Reading> {
  const now = clock.now();
  if (known !== undefined && serves(known, now, wanted.keyId)) return known;
  const kept = readingOf(await findKeys(env, wanted.id));
  if (kept !== undefined && serves(kept, now, wanted.keyId)) return kept;
  const read = (await claimReading(env, wanted.id, now)) ? await tryToRead(env, clock, wanted) : undefined;
  const last = read ?? kept;
  if (last === undefined || now - last.fetchedAt > KEYS_KEPT_MS)
    throw new Problem("unavailable", "The identity provider does not answer, and nothing recent enough is known of it; try again later.", {
      retryAfterSeconds: RETRY_MS / 1_000,
    });
  return { ...last, triedAt: now };
}

async function tryToRead(env: Env, clock: Clock, wanted: Wanted): Promise<Reading | undefined> {
  try {
    return await readIssuer(env, clock, wanted);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/**
 * Asks an issuer for its metadata and keys, and keeps what it said, or why it could not be read.
 * @throws Problem that says what is wrong with its answer
 */
export async function readIssuer(env: Env, clock: Clock, { id, issuer }: Wanted): Promise<Reading> {
  try {
    const way = wayOut(env);
    const metadata = await discover(way, issuer);
    const keys = await fetchKeySet(way, metadata.jwksUri);
    const fetchedAt = clock.now();
    await keepReading(env, id, { metadata: JSON.stringify(metadata), keys: JSON.stringify(keys) }, fetchedAt);
    return { metadata, keys, fetchedAt, triedAt: fetchedAt };
  } catch (error) {
    const why = error instanceof Problem ? error.detail : error instanceof z.ZodError ? "its answer is not valid" : "it failed";
    await keepFailure(env, id, why.slice(0, MAX_ERROR_CHARACTERS), clock.now());
    throw error;
  }
}
