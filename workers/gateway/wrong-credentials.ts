import ipaddr from "ipaddr.js";
import { putBounded } from "../platform/bounded-map.ts";
import { Problem } from "../platform/problem.ts";

/** Wrong credentials that one address may present in a minute: a person mistypes a few, a guesser needs far more than 2^200. */
export const MAX_WRONG_CREDENTIALS = 60;
const WINDOW_MS = 60_000;
const MAX_ADDRESSES = 10_000;
/** One household or company has a whole /64 of IPv6. */
const IPV6_PREFIX_PARTS = 4;

interface Count {
  readonly window: number;
  wrong: number;
}

const counts = new Map<string, Count>();

/**
 * Stops an address that presents wrong credentials without end, before each of them costs a signature or a question to D1. Counted in
 * each isolate apart, in bounded memory; a credential that the isolate knows to be right never comes here.
 * @param address `CF-Connecting-IP`, which Cloudflare sets and no client can; without it there is nobody to count
 * @throws Problem `too-many-requests`
 */
export function checkWrongCredentials(address: string | undefined, now: number): void {
  const count = address === undefined ? undefined : counts.get(subscriber(address));
  const window = Math.floor(now / WINDOW_MS);
  if (count?.window !== window || count.wrong < MAX_WRONG_CREDENTIALS) return;
  const retryAfterSeconds = Math.max(1, Math.ceil(((window + 1) * WINDOW_MS - now) / 1_000));
  throw new Problem("too-many-requests", `Too many wrong credentials came from this address; try again in ${retryAfterSeconds} seconds.`, {
    retryAfterSeconds,
  });
}

/** Counts one wrong credential of an address. */
export function countWrongCredential(address: string | undefined, now: number): void {
  if (address === undefined) return;
  const key = subscriber(address);
  const window = Math.floor(now / WINDOW_MS);
  const count = counts.get(key);
  if (count?.window === window) count.wrong += 1;
  else putBounded(counts, key, { window, wrong: 1 }, MAX_ADDRESSES);
}

function subscriber(address: string): string {
  if (!ipaddr.IPv6.isValid(address)) return address;
  return ipaddr.IPv6.parse(address).parts.slice(0, IPV6_PREFIX_PARTS).join(":");
}
