import { scrypt, timingSafeEqual } from "node:crypto";
import { Problem } from "../../platform/problem.ts";

/**
 * Passwords as they are kept: scrypt (RFC 7914) with 16 MB and five passes, the row of OWASP's password storage list that leaves an
 * isolate of 128 MB room for others (docs/decisions/1710). The form is `scrypt$<log2 N>$<r>$<p>$<salt>$<hash>` in base64url, so that
 * parameters can be raised later: an older form is verified by its own and replaced when its owner next signs in.
 */
const LOG2_N = 14;
const R = 8;
const P = 5;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** 128 · N · r bytes, and room for the rest. */
const MAX_MEMORY_BYTES = 64 * 1_048_576;
/** Parameters beyond these are not ours: a row that somebody wrote must not stop an isolate. */
const MAX_LOG2_N = 15;
const MAX_P = 16;
/** Hashes at work in one isolate: each takes 16 MB. */
const MAX_AT_ONCE = 2;
const MAX_WAITING = 32;

let atWork = 0;
const waiting: (() => void)[] = [];

/** Hashes a new password. The text is taken as it was given, byte for byte (ASVS 6.2.8). @throws Problem `unavailable` when too many wait */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const hash = await derived(password, salt, { log2N: LOG2_N, r: R, p: P });
  return ["scrypt", LOG2_N, R, P, toBase64(salt), toBase64(hash)].join("$");
}

/**
 * Whether a password is the one that was kept. Without a kept one the same work is done, so that the time says nothing of whether there is one.
 * @throws Problem `unavailable` when too many wait
 */
export async function verifyPassword(password: string, kept: string | undefined): Promise<boolean> {
  const parsed = parseKept(kept ?? NOBODYS);
  const hash = await derived(password, parsed.salt, parsed);
  return timingSafeEqual(hash, parsed.hash) && kept !== undefined;
}

/** True when a password was kept with weaker parameters than new ones are. */
export function isOutdated(kept: string): boolean {
  const { log2N, r, p } = parseKept(kept);
  return log2N !== LOG2_N || r !== R || p !== P;
}

/** The form of a hash whose password nobody has. */
const NOBODYS = ["scrypt", LOG2_N, R, P, toBase64(new Uint8Array(SALT_BYTES)), toBase64(new Uint8Array(HASH_BYTES))].join("$");

interface Cost {
  readonly log2N: number;
  readonly r: number;
  readonly p: number;
}

function parseKept(kept: string): Cost & { salt: Uint8Array; hash: Uint8Array } {
  const match = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]{16,64})\$([\w-]{43})$/.exec(kept);
  const [, log2N = "0", r = "0", p = "0", salt = "", hash = ""] = match ?? [];
  const cost = { log2N: Number(log2N), r: Number(r), p: Number(p) };
  if (match === null || cost.log2N > MAX_LOG2_N || cost.r !== R || cost.p > MAX_P) throw new Error("a kept password has not our form");
  return { ...cost, salt: Buffer.from(salt, "base64url"), hash: Buffer.from(hash, "base64url") };
}

async function derived(password: string, salt: Uint8Array, { log2N, r, p }: Cost): Promise<Uint8Array> {
  await turn();
  try {
    return await new Promise((resolve, reject) => {
      const options = { N: 2 ** log2N, r, p, maxmem: MAX_MEMORY_BYTES };
      scrypt(password, salt, HASH_BYTES, options, (error, key) => (error === null ? resolve(key) : reject(error)));
    });
  } finally {
    atWork -= 1;
    waiting.shift()?.();
  }
}

/** Waits until another hash may be made in this isolate. */
async function turn(): Promise<void> {
  if (atWork >= MAX_AT_ONCE) {
    if (waiting.length >= MAX_WAITING)
      throw new Problem("unavailable", "Too many people sign in at this moment; try again in a few seconds.", { retryAfterSeconds: 5 });
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  atWork += 1;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}
