import { putBounded } from "../platform/bounded-map.ts";
import { systemClock } from "../platform/clock.ts";
import type { Principal } from "../platform/principal.ts";
import { Problem } from "../platform/problem.ts";
import { describeError, log } from "../platform/telemetry.ts";

/** Requests a tenant may make in one window, over all locations. */
export const TENANT_REQUESTS = 60_000;
/** Requests one subject (an API key and the tokens made from it) may make of these, so that none can use up the tenant's. */
export const SUBJECT_REQUESTS = 30_000;
export const WINDOW_SECONDS = 60;
/** Requests an isolate leases from the tenant's ledger: few at first, twice as many each time, so that a busy one seldom asks and an idle one hoards none. */
const FIRST_SLICE = 32;
const LARGEST_SLICE = 512;
/** A question to the ledger that has no answer after this was cut off or failed: another request asks again. */
const MAX_ASKING_MS = 5_000;
const MAX_SUBJECTS_IN_MEMORY = 10_000;
const POLICY_FIELD = `"tenant";q=${TENANT_REQUESTS};w=${WINDOW_SECONDS}, "key";q=${SUBJECT_REQUESTS};w=${WINDOW_SECONDS}`;

/** What an isolate may still let through for one subject in one window. Below zero: let through on credit while the ledger is asked. */
interface Slice {
  readonly window: number;
  left: number;
  /** How much to ask for next. */
  want: number;
  /** What the ledger had left for the tenant and the subject when it was last asked; undefined before its first answer. */
  tenantRemaining: number | undefined;
  subjectRemaining: number;
  /** When the ledger was asked for more, while there is no answer. */
  askedAt: number | undefined;
}

const slices = new WeakMap<object, Map<string, Slice>>();

/** Where a caller stands with its requests of the running window, this one counted. */
export interface Rate {
  readonly tenantRemaining: number;
  readonly subjectRemaining: number;
  readonly resetSeconds: number;
  readonly isExceeded: boolean;
  /** False when the ledger has not answered yet in this window: then the request passed, or did not, on credit alone. */
  readonly isCounted: boolean;
}

/**
 * Counts one request against its tenant's rate and its subject's. The count is kept in slices leased from the tenant's ledger: one
 * request of a slice asks for the next, those that come meanwhile pass on credit, and once the ledger has nothing left for a window
 * nobody asks it again. So an isolate lets through at most LARGEST_SLICE requests more than the ledger gave.
 */
export async function checkRate(env: Env, { tenant, subject }: Principal): Promise<Rate> {
  const now = systemClock.now();
  const window = Math.floor(now / (WINDOW_SECONDS * 1_000));
  const slice = sliceOf(env, `${tenant}/${subject}`, window);
  if (needsMore(slice, now)) await askForMore(env, { tenant, subject }, slice, now);
  const isAllowed = slice.left > 0 || (!isUsedUp(slice) && slice.left > -LARGEST_SLICE);
  if (isAllowed) slice.left -= 1;
  return {
    tenantRemaining: Math.max(0, (slice.tenantRemaining ?? 0) + slice.left),
    subjectRemaining: Math.max(0, slice.subjectRemaining + slice.left),
    resetSeconds: Math.max(1, Math.ceil((window + 1) * WINDOW_SECONDS - now / 1_000)),
    isExceeded: !isAllowed,
    isCounted: slice.tenantRemaining !== undefined,
  };
}

/** Tells a caller's rate by the fields of draft-ietf-httpapi-ratelimit-headers-11, of which `key` is the policy of its subject. */
export function setRateFields(headers: Headers, { tenantRemaining, subjectRemaining, resetSeconds }: Rate): void {
  headers.set("RateLimit-Policy", POLICY_FIELD);
  headers.set("RateLimit", `"tenant";r=${tenantRemaining};t=${resetSeconds}, "key";r=${subjectRemaining};t=${resetSeconds}`);
}

/** The refusal of a request beyond the rate, with the seconds until the next window; or of one that could not be counted. */
export function tooManyRequests({ tenantRemaining, resetSeconds, isCounted }: Rate): Problem {
  if (!isCounted) {
    return new Problem("unavailable", "The tenant's ledger does not answer, so no more requests can be counted; try again.", {
      retryAfterSeconds: MAX_ASKING_MS / 1_000,
    });
  }
  const whose =
    tenantRemaining === 0
      ? `The tenant has made its ${TENANT_REQUESTS} requests`
      : `The key has made the ${SUBJECT_REQUESTS} requests that one key may make`;
  return new Problem("too-many-requests", `${whose} of this minute; come again in ${resetSeconds} seconds.`, {
    retryAfterSeconds: resetSeconds,
  });
}

function needsMore(slice: Slice, now: number): boolean {
  const isAsked = slice.askedAt !== undefined && now - slice.askedAt < MAX_ASKING_MS;
  return slice.left <= 0 && !isUsedUp(slice) && !isAsked;
}

function isUsedUp({ tenantRemaining, subjectRemaining }: Slice): boolean {
  return tenantRemaining !== undefined && (tenantRemaining === 0 || subjectRemaining === 0);
}

async function askForMore(env: Env, { tenant, subject }: Pick<Principal, "tenant" | "subject">, slice: Slice, now: number): Promise<void> {
  slice.askedAt = now;
  const limits = { tenantLimit: TENANT_REQUESTS, subjectLimit: SUBJECT_REQUESTS };
  const want = slice.want - slice.left;
  try {
    const answer = await env.TENANT_LEDGER.getByName(tenant).leaseRequests({ window: slice.window, subject, want, ...limits });
    slice.left += answer.granted;
    slice.want = Math.min(LARGEST_SLICE, slice.want * 2);
    slice.tenantRemaining = answer.tenantRemaining;
    slice.subjectRemaining = answer.subjectRemaining;
    slice.askedAt = undefined;
  } catch (error) {
    // Counting requests decides nothing about rights, so a ledger that is away for a moment stops nobody: the credit serves.
    log("warn", "rate.ledger-unreachable", { tenant }, { error: describeError(error) });
  }
}

function sliceOf(env: Env, key: string, window: number): Slice {
  const known = slices.get(env.TENANT_LEDGER) ?? new Map<string, Slice>();
  slices.set(env.TENANT_LEDGER, known);
  const slice = known.get(key);
  if (slice?.window === window) return slice;
  const fresh: Slice = { window, left: 0, want: FIRST_SLICE, tenantRemaining: undefined, subjectRemaining: 0, askedAt: undefined };
  putBounded(known, key, fresh, MAX_SUBJECTS_IN_MEMORY);
  return fresh;
}
