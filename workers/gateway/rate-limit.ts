import { systemClock } from "../platform/clock.ts";
import type { TenantId } from "../platform/ids.ts";
import { Problem } from "../platform/problem.ts";

/** Requests a tenant may make in one window, over all locations. */
export const REQUESTS_PER_WINDOW = 60_000;
export const WINDOW_SECONDS = 60;
/** Requests an isolate leases from the tenant's ledger at a time: the ledger is asked once for so many. */
const REQUESTS_PER_SLICE = 500;
const MAX_TENANTS_IN_MEMORY = 10_000;
const POLICY_FIELD = `"tenant";q=${REQUESTS_PER_WINDOW};w=${WINDOW_SECONDS}`;

interface Slice {
  window: number;
  left: number;
  /** What the ledger had left for the window when it gave the slice. */
  remaining: number;
}

const slices = new WeakMap<object, Map<TenantId, Slice>>();

/** Where a tenant stands with its requests of the running window, this one counted. */
export interface Rate {
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly isExceeded: boolean;
}

/**
 * Counts one request of a tenant. The count is kept in slices leased from the tenant's ledger, so that no request but the first of a
 * slice asks anyone.
 */
export async function checkRate(env: Env, tenant: TenantId): Promise<Rate> {
  const now = systemClock.now();
  const window = Math.floor(now / (WINDOW_SECONDS * 1_000));
  const resetSeconds = Math.max(1, Math.ceil((window + 1) * WINDOW_SECONDS - now / 1_000));
  const slice = sliceInMemory(env, tenant, window) ?? (await leaseSlice(env, tenant, window));
  const isExceeded = slice.left <= 0;
  if (!isExceeded) slice.left -= 1;
  return { remaining: slice.remaining + slice.left, resetSeconds, isExceeded };
}

/** Tells a tenant's rate by the fields of draft-ietf-httpapi-ratelimit-headers-11. */
export function setRateFields(headers: Headers, rate: Rate): void {
  headers.set("RateLimit-Policy", POLICY_FIELD);
  headers.set("RateLimit", `"tenant";r=${rate.remaining};t=${rate.resetSeconds}`);
}

/** The refusal of a request beyond the rate, with the seconds until the next window. */
export function tooManyRequests(rate: Rate): Problem {
  return new Problem("too-many-requests", `The tenant has made its ${REQUESTS_PER_WINDOW} requests of this minute.`, {
    retryAfterSeconds: rate.resetSeconds,
  });
}

function sliceInMemory(env: Env, tenant: TenantId, window: number): Slice | undefined {
  const known = slices.get(env.TENANT_LEDGER)?.get(tenant);
  return known !== undefined && known.window === window && known.left > 0 ? known : undefined;
}

async function leaseSlice(env: Env, tenant: TenantId, window: number): Promise<Slice> {
  const tenants = slices.get(env.TENANT_LEDGER) ?? new Map<TenantId, Slice>();
  slices.set(env.TENANT_LEDGER, tenants);
  const granted = await env.TENANT_LEDGER.getByName(tenant).leaseRequests(window, REQUESTS_PER_SLICE, REQUESTS_PER_WINDOW);
  const known = tenants.get(tenant);
  if (known?.window === window) {
    // Another request of this isolate leased one meanwhile: neither grant may be lost, the ledger has counted both.
    known.left += granted.granted;
    known.remaining = Math.min(known.remaining, granted.remaining);
    return known;
  }
  const slice = { window, left: granted.granted, remaining: granted.remaining };
  const oldest = tenants.keys().next();
  if (tenants.size >= MAX_TENANTS_IN_MEMORY && oldest.done === false) tenants.delete(oldest.value);
  tenants.set(tenant, slice);
  return slice;
}
