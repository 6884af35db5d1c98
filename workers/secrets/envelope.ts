import { putBounded } from "../platform/bounded-map.ts";
import { Problem } from "../platform/problem.ts";
import { type Cipher, cipherOf } from "./cipher.ts";
import { masterKeys } from "./master-key.ts";
import { type DataKeyRow, findDataKey, insertDataKey, newestDataKey } from "./store.ts";

const DATA_KEY_BYTES = 32;
/** How long an isolate seals with the key that it last found to be the newest. */
const NEWEST_CACHE_MS = 60_000;
/** Opened data keys that an isolate keeps. */
const MAX_OPENED = 2_000;

/** Whose something is and what it is for: what was sealed for one place does not open in another. */
export interface Place {
  readonly tenant: string;
  /** `idempotency`, `signing-key/<id>` … */
  readonly purpose: string;
}

interface Opened {
  readonly ciphers: Map<string, Cipher>;
  readonly newest: Map<string, { readonly number: number; readonly readAt: number }>;
}

const byDatabase = new WeakMap<D1Database, Opened>();

/**
 * Seals a text in two layers: under the tenant's newest data key, which is itself closed under the platform's master key (AES-256-GCM both). The result is
 * `<number of the data key>.<iv>.<ciphertext>`.
 * @throws Problem `unavailable` when there is no master key
 */
export async function seal(env: Env, place: Place, text: string): Promise<string> {
  const number = await newestNumber(env, place.tenant);
  const cipher = await cipherUnder(env, place.tenant, number);
  return `${number}.${await cipher.close(Uint8Array.from(new TextEncoder().encode(text)), aboutOf(place))}`;
}

/** @throws Problem `unavailable` when it was sealed for another place, was changed, or its keys are not there */
export async function open(env: Env, place: Place, sealed: string): Promise<string> {
  const dot = sealed.indexOf(".");
  const cipher = await cipherUnder(env, place.tenant, Number(sealed.slice(0, dot)));
  try {
    return new TextDecoder().decode(await cipher.open(sealed.slice(dot + 1), aboutOf(place)));
  } catch {
    throw new Problem("unavailable", "A stored secret cannot be opened: it was sealed for another place, or has been changed.");
  }
}

/** Number of the data key that something was sealed with. */
export function dataKeyOf(sealed: string): number {
  return Number(sealed.slice(0, sealed.indexOf(".")));
}

/** Makes a new data key of a tenant the one that seals. @returns its number */
export async function rotateDataKey(env: Env, tenant: string): Promise<number> {
  const newest = await newestDataKey(env, tenant);
  await makeDataKey(env, tenant, (newest?.number ?? 0) + 1);
  openedOf(env).newest.delete(tenant);
  return newestNumber(env, tenant);
}

/** The words a data key is closed under. */
export function aboutDataKey({ tenant, number }: Pick<DataKeyRow, "tenant" | "number">): string {
  return JSON.stringify(["data-key", tenant, number]);
}

async function makeDataKey(env: Env, tenant: string, number: number): Promise<void> {
  const { current } = await masterKeys(env);
  const key = crypto.getRandomValues(new Uint8Array(DATA_KEY_BYTES));
  const wrapped = await current.cipher.close(key, aboutDataKey({ tenant, number }));
  await insertDataKey(env, { tenant, number, wrapped, masterKey: current.id, createdAt: Date.now() });
}

async function newestNumber(env: Env, tenant: string): Promise<number> {
  const { newest } = openedOf(env);
  const known = newest.get(tenant);
  if (known !== undefined && Date.now() - known.readAt < NEWEST_CACHE_MS) return known.number;
  let row = await newestDataKey(env, tenant);
  if (row === undefined) {
    // Two that come at once make one: the second finds the first's.
    await makeDataKey(env, tenant, 1);
    row = await newestDataKey(env, tenant);
  }
  const number = row?.number ?? 1;
  putBounded(newest, tenant, { number, readAt: Date.now() }, MAX_OPENED);
  return number;
}

async function cipherUnder(env: Env, tenant: string, number: number): Promise<Cipher> {
  const { ciphers } = openedOf(env);
  const name = `${tenant}/${number}`;
  const known = ciphers.get(name);
  if (known !== undefined) return known;
  const row = Number.isSafeInteger(number) ? await findDataKey(env, tenant, number) : undefined;
  if (row === undefined)
    throw new Problem("unavailable", "A stored secret cannot be opened: the key that it was sealed with is not there.");
  const cipher = await cipherOf(await opened(env, row));
  putBounded(ciphers, name, cipher, MAX_OPENED);
  return cipher;
}

/** The bytes of a data key. @throws Problem `unavailable` when the master key that it is closed under is not there */
export async function opened(env: Env, row: DataKeyRow): Promise<Uint8Array<ArrayBuffer>> {
  const master = (await masterKeys(env)).byId.get(row.masterKey);
  const lost = () =>
    new Problem(
      "unavailable",
      `A stored secret cannot be opened: the master key ${row.masterKey} is neither SOMA_MASTER_KEY nor among SOMA_MASTER_KEYS_BEFORE.`,
    );
  if (master === undefined) throw lost();
  try {
    return await master.cipher.open(row.wrapped, aboutDataKey(row));
  } catch {
    throw lost();
  }
}

function openedOf(env: Env): Opened {
  const known = byDatabase.get(env.DB);
  if (known !== undefined) return known;
  const fresh = { ciphers: new Map(), newest: new Map() };
  byDatabase.set(env.DB, fresh);
  return fresh;
}

function aboutOf({ tenant, purpose }: Place): string {
  return JSON.stringify([tenant, purpose]);
}
