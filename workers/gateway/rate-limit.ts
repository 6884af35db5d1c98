import type { Context } from "hono";
import { systemClock } from "../platform/clock.ts";
import type { TenantId } from "../platform/ids.ts";
import { Problem } from "../platform/problem.ts";
import type { HttpEnv } from "../platform/route.ts";

/** Requests a tenant may make in one window, over all locations. */
export const REQUESTS_PER_WINDOW = 60_000;
export const WINDOW_SECONDS = 60;
/** Requests an isolate leases from the tenant's ledger at a time: the ledger is asked once for so many. */
const REQUESTS_PER_SLICE = 500;
const MAX_TENANTS_IN_MEMORY = 10_000;

interface Slice {
  window: number;
  left: number;
  /** What the ledger had left for the window when it gave the slice. */
  remaining: number;
}

const slices = new WeakMap<object, Map<TenantId, Slice>>();

/**
 * Counts one request of a tenant and says where it stands by the fields of draft-ietf-httpapi-ratelimit-headers-11. The count is
 * kept in slices leased from the tenant's ledger, so that no request but the first of a slice asks anyone.
 * @throws Problem `too-many-requests` with the seconds until the next window
 */
export async function checkRate(context: Context<HttpEnv>, tenant: TenantId): Promise<void> {
  const now = systemClock.now();
  const window = Math.floor(now / (WINDOW_SECONDS * 1_000));
  const resetSeconds = Math.max(1, Math.ceil((window + 1) * WINDOW_SECONDS - now / 1_000));
  const slice = await sliceOf(context.env, tenant, window);
  context.header("RateLimit-Policy", `"tenant";q=${REQUESTS_PER_WINDOW};w=${WINDOW_SECONDS}`);
  context.header("RateLimit", `"tenant";r=${slice.remaining + Math.max(0, slice.left - 1)};t=${resetSeconds}`);
  if (slice.left <= 0) {
    throw new Problem("too-many-requests", `The tenant has made its ${REQUESTS_PER_WINDOW} requests of this minute.`, {
      retryAfterSeconds: resetSeconds,
    });
  }
  slice.left -= 1;
}

async function sliceOf(env: Env, tenant: TenantId, window: number): Promise<Slice> {
  const tenants = slices.get(env.TENANT_LEDGER) ?? new Map<TenantId, Slice>();
  slices.set(env.TENANT_LEDGER, tenants);
  const known = tenants.get(tenant);
  if (known !== undefined && known.window === window && known.left > 0) return known;
  const granted = await env.TENANT_LEDGER.getByName(tenant).leaseRequests(window, REQUESTS_PER_SLICE, REQUESTS_PER_WINDOW);
  const slice = { window, left: granted.granted, remaining: granted.remaining };
  const oldest = tenants.keys().next();
  if (tenants.size >= MAX_TENANTS_IN_MEMORY && oldest.done === false) tenants.delete(oldest.value);
  tenants.set(tenant, slice);
  return slice;
}
