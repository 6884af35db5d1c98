import { createHash } from "node:crypto";
import { randomBytes } from "./crypto.ts";

/**
 * Identifiers: sortable by time of creation, prefixed by the kind of thing they name.
 *
 * The form is `<prefix>_<ULID>`: a 48-bit millisecond timestamp and 80 random bits in Crockford's base 32
 * (26 characters), so that two ids compare as strings in the order they were made.
 */

const PREFIXES = {
  tenant: "ten",
  user: "usr",
  group: "grp",
  service: "svc",
  signInSession: "sid",
  client: "cli",
  grant: "grt",
  mailLink: "lnk",
  notification: "ntf",
  apiKey: "key",
  session: "ses",
  turn: "trn",
  project: "prj",
  run: "run",
  template: "tpl",
  schedule: "sch",
  artifact: "art",
  memory: "mem",
  decision: "dec",
  policyVersion: "pol",
  policyChange: "pch",
  request: "req",
  deadLetter: "dlt",
  signingKey: "sig",
  killSwitch: "ksw",
  budget: "bud",
  secret: "sec",
  issuer: "iss",
  passkey: "pky",
  constitution: "con",
  verdict: "mod",
} as const;

export type IdKind = keyof typeof PREFIXES;

declare const brand: unique symbol;
/** A string the compiler knows to be the id of one kind of thing. */
export type Id<K extends IdKind> = string & { readonly [brand]: K };

export type TenantId = Id<"tenant">;
export type ApiKeyId = Id<"apiKey">;

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 16;
const BODY = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** True when `value` is a well-formed id of this kind (it says nothing of whether the thing exists). */
export function isId<K extends IdKind>(kind: K, value: string): value is Id<K> {
  const prefix = `${PREFIXES[kind]}_`;
  return value.startsWith(prefix) && BODY.test(value.slice(prefix.length));
}

/**
 * Makes a new id of the given kind.
 * @param at milliseconds since the epoch; the time part of the id
 */
export function newId<K extends IdKind>(kind: K, at: number): Id<K> {
  return idOf(kind, at, randomBytes(RANDOM_CHARACTERS));
}

/**
 * The id that a thing has because of where it comes from: the same time and seed give the same id, so that making it again is making it once.
 * @param at milliseconds since the epoch; the time part of the id
 * @param seed what names the source: a message, a step
 */
export function derivedId<K extends IdKind>(kind: K, at: number, seed: string): Id<K> {
  return idOf(kind, at, createHash("sha256").update(seed).digest().subarray(0, RANDOM_CHARACTERS));
}

/** The time in the newest id that a text holds (milliseconds since the epoch); undefined when it holds none. */
export function newestTimeIn(text: string): number | undefined {
  const times = [...text.matchAll(/(?<=[a-z]{3}_)[0-7][0-9A-HJKMNP-TV-Z]{9}(?=[0-9A-HJKMNP-TV-Z]{16})/g)].map(([time]) =>
    [...time].reduce((sum, character) => sum * 32 + ALPHABET.indexOf(character), 0),
  );
  return times.length === 0 ? undefined : Math.max(...times);
}

function idOf<K extends IdKind>(kind: K, at: number, bytes: Uint8Array): Id<K> {
  let time = "";
  for (let rest = Math.floor(at), i = 0; i < TIME_CHARACTERS; i += 1, rest = Math.floor(rest / 32)) {
    time = ALPHABET.charAt(rest % 32) + time;
  }
  let random = "";
  for (const byte of bytes) random += ALPHABET.charAt(byte % 32);
  return parseId(kind, `${PREFIXES[kind]}_${time}${random}`);
}

/**
 * Narrows a string to an id of this kind.
 * @throws RangeError when it is not well formed
 */
export function parseId<K extends IdKind>(kind: K, value: string): Id<K> {
  if (!isId(kind, value)) throw new RangeError(`not a ${kind} id: expected ${PREFIXES[kind]}_ and 26 characters`);
  return value;
}

/** The regular expression an id of this kind matches, for schemas. */
export function idPattern(kind: IdKind): RegExp {
  return new RegExp(`^${PREFIXES[kind]}_[0-9A-HJKMNP-TV-Z]{26}$`);
}
