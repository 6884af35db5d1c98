import { putBounded } from "../platform/bounded-map.ts";
import type { Clock } from "../platform/clock.ts";
import { type Governance, type GovernanceChange, governanceSchema, merged, UNGOVERNED } from "../platform/governance.ts";
import { OPERATOR_TENANT } from "../platform/principal.ts";
import { describeError, log } from "../platform/telemetry.ts";

/** How long an isolate acts by what it last read: a switch, a revocation or a new text is in force everywhere after this. */
export const GOVERNANCE_CACHE_MS = 1_000;
/** While the ledger does not answer, what was read before holds for so long; after that nothing may be done. */
const GRACE_MS = 10_000;
const READ_ATTEMPTS = 3;
const MAX_TENANTS = 2_000;

interface Copy {
  readonly value: Governance;
  readonly readAt: number;
  /** When it began to be read anew, while there is no answer: meanwhile others act by what is here. */
  askedAt: number;
}

const byDatabase = new WeakMap<D1Database, Map<string, Copy>>();

/**
 * What governs a tenant, as it stood a second ago at most: the platform's own state with the tenant's.
 * @throws what the ledger throws, when it does not answer and nothing recent is known
 */
export async function governanceOf(env: Env, clock: Clock, tenant: string): Promise<Governance> {
  const platform = await copyOf(env, clock, OPERATOR_TENANT);
  return tenant === OPERATOR_TENANT ? platform : together(platform, await copyOf(env, clock, tenant));
}

/**
 * Changes what governs a tenant. It is felt in this isolate at once, elsewhere within GOVERNANCE_CACHE_MS.
 * @throws Problem `limit-exceeded` when there is no room for another switch or revocation
 */
export async function changeGovernance(env: Env, tenant: string, change: GovernanceChange): Promise<Governance> {
  const value = governanceSchema.parse(JSON.parse(await env.TENANT_LEDGER.getByName(tenant).changeGovernance(change)));
  forgetGovernance(env, tenant);
  return value;
}

/** Lets go of this isolate's copy: what was changed in the ledger itself is felt here at once. */
export function forgetGovernance(env: Env, tenant: string): void {
  copies(env).delete(tenant);
}

/** Merging costs more than looking: what two states make together is kept with the second of them. */
const made = new WeakMap<Governance, { readonly platform: Governance; readonly value: Governance }>();

function together(platform: Governance, tenant: Governance): Governance {
  const known = made.get(tenant);
  if (known?.platform === platform) return known.value;
  const value = merged(platform, tenant);
  made.set(tenant, { platform, value });
  return value;
}

async function copyOf(env: Env, clock: Clock, tenant: string): Promise<Governance> {
  const now = clock.now();
  const known = copies(env).get(tenant);
  if (known !== undefined) {
    const isFresh = now - known.readAt < GOVERNANCE_CACHE_MS;
    const isAsked = now - known.askedAt < GOVERNANCE_CACHE_MS && now - known.readAt < 2 * GOVERNANCE_CACHE_MS;
    if (isFresh || isAsked) return known.value;
    known.askedAt = now;
  }
  try {
    const text = await read(env, tenant);
    const value = known !== undefined && sameVersion(known.value, text) ? known.value : governanceSchema.parse(JSON.parse(text));
    putBounded(copies(env), tenant, { value, readAt: now, askedAt: Number.NEGATIVE_INFINITY }, MAX_TENANTS);
    return value;
  } catch (error) {
    log("error", "governance.unread", { tenant }, { error: describeError(error) });
    if (known !== undefined && now - known.readAt < GRACE_MS) return known.value;
    throw error;
  }
}

/** The text begins with its version: most reads find what is known. */
function sameVersion({ version }: Governance, text: string): boolean {
  return version !== UNGOVERNED.version && text.startsWith(`{"version":${version},`);
}

async function read(env: Env, tenant: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await env.TENANT_LEDGER.getByName(tenant).governance();
    } catch (error) {
      if (attempt >= READ_ATTEMPTS) throw error;
    }
  }
}

function copies(env: Env): Map<string, Copy> {
  const known = byDatabase.get(env.DB);
  if (known !== undefined) return known;
  const fresh = new Map<string, Copy>();
  byDatabase.set(env.DB, fresh);
  return fresh;
}
