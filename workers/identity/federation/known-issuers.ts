import { putBounded } from "../../platform/bounded-map.ts";
import type { Clock } from "../../platform/clock.ts";
import type { TenantId } from "../../platform/ids.ts";
import { type IssuerSettings, issuerSettingsSchema } from "./issuer.ts";
import { currentReading, type Reading, readingOf } from "./reading.ts";
import { findIssuerByName, type IssuerRow } from "./store.ts";

/** How long an isolate trusts what it knows of an issuer: one that was changed or deleted is felt everywhere after this. */
export const ISSUER_CACHE_MS = 15_000;
const MAX_FOUND = 1_000;
/** Names that no tenant has given are remembered apart, so that made-up ones cannot push the real ones out of memory. */
const MAX_UNKNOWN = 1_000;

/** A tenant's issuer, as an isolate knows it. */
export interface KnownIssuer {
  readonly row: IssuerRow;
  readonly settings: IssuerSettings;
  readonly readAt: number;
}

interface Entry {
  readonly known: KnownIssuer;
  reading: Reading | undefined;
}

interface KnownIssuers {
  readonly found: Map<string, Entry>;
  /** When a name was looked for and not found. */
  readonly unknown: Map<string, number>;
}

const byDatabase = new WeakMap<D1Database, KnownIssuers>();

/** The settings that a row keeps. */
export function settingsOf(row: IssuerRow): IssuerSettings {
  return issuerSettingsSchema.parse(JSON.parse(row.settings));
}

/** A tenant's issuer by the name its tokens bear, from memory or D1; undefined when the tenant has none of that name. */
export async function findIssuer(env: Env, clock: Clock, tenant: TenantId, issuer: string): Promise<KnownIssuer | undefined> {
  return (await entryOf(env, clock, tenant, issuer))?.known;
}

/**
 * The reading of an issuer that holds a key, from this isolate's memory when that serves: then nothing outside is asked.
 * @throws Problem `unavailable` when the issuer does not answer and nothing recent enough is kept
 */
export async function readingFor(env: Env, clock: Clock, known: KnownIssuer, keyId: string | undefined): Promise<Reading> {
  const { id, tenant, issuer } = known.row;
  const entry = issuers(env).found.get(nameOf(tenant, issuer));
  const reading = await currentReading(env, clock, { id, issuer, keyId }, entry?.reading);
  if (entry !== undefined) entry.reading = reading;
  return reading;
}

/** Forgets what this isolate knows of an issuer, so that a change of it is felt here at once. */
export function forgetIssuer(env: Env, { tenant, issuer }: Pick<IssuerRow, "tenant" | "issuer">): void {
  const { found, unknown } = issuers(env);
  found.delete(nameOf(tenant, issuer));
  unknown.delete(nameOf(tenant, issuer));
}

async function entryOf(env: Env, clock: Clock, tenant: TenantId, issuer: string): Promise<Entry | undefined> {
  const { found, unknown } = issuers(env);
  const name = nameOf(tenant, issuer);
  const now = clock.now();
  const entry = found.get(name);
  if (entry !== undefined && now - entry.known.readAt < ISSUER_CACHE_MS) return entry;
  const missedAt = unknown.get(name);
  if (missedAt !== undefined && now - missedAt < ISSUER_CACHE_MS) return undefined;
  const row = await findIssuerByName(env, tenant, issuer);
  if (row === undefined) {
    found.delete(name);
    putBounded(unknown, name, now, MAX_UNKNOWN);
    return undefined;
  }
  const fresh = { known: { row: row.issuer, settings: settingsOf(row.issuer), readAt: now }, reading: readingOf(row.keys) };
  putBounded(found, name, fresh, MAX_FOUND);
  return fresh;
}

function nameOf(tenant: string, issuer: string): string {
  return `${tenant} ${issuer}`;
}

function issuers(env: Env): KnownIssuers {
  const known = byDatabase.get(env.DB);
  if (known !== undefined) return known;
  const fresh = { found: new Map<string, Entry>(), unknown: new Map<string, number>() };
  byDatabase.set(env.DB, fresh);
  return fresh;
}
