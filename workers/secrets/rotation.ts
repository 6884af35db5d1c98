import { aboutDataKey, dataKeyOf, open, opened, rotateDataKey, seal } from "./envelope.ts";
import { masterKeys } from "./master-key.ts";
import { countDataKeysUnderOthers, dataKeysUnderOthers, resealSecret, rewrapDataKey, secretsUnderOlder } from "./store.ts";
import { placeOf } from "./tenant-secrets.ts";

/** Keys or secrets of one slice: what one request can do in its time. The next slice goes on where this one ended. */
const SLICE = 100;

/**
 * Closes data keys anew that are still under an earlier master key, a slice of them. Both keys open meanwhile, so nothing stands still; done again, or
 * broken off anywhere, it loses nothing.
 * @returns how many were closed anew, and how many are left
 */
export async function rewrapSlice(env: Env): Promise<{ masterKey: string; rewrapped: number; left: number }> {
  const { current } = await masterKeys(env);
  const rows = await dataKeysUnderOthers(env, current.id, SLICE);
  for (const row of rows) {
    const wrapped = await current.cipher.close(await opened(env, row), aboutDataKey(row));
    await rewrapDataKey(env, row, { wrapped, masterKey: current.id });
  }
  return { masterKey: current.id, rewrapped: rows.length, left: await countDataKeysUnderOthers(env, current.id) };
}

/**
 * Seals a tenant's secrets with its newest data key, a slice of them; makes that key first when nothing is left from the last time.
 * @returns how many were sealed anew, and whether some are left
 */
export async function resealSlice(env: Env, tenant: string): Promise<{ dataKey: number; resealed: number; isDone: boolean }> {
  const newest = dataKeyOf(await seal(env, { tenant, purpose: "newest" }, ""));
  const waiting = await secretsUnderOlder(env, tenant, newest, SLICE + 1);
  const dataKey = waiting.length > 0 ? newest : await rotateDataKey(env, tenant);
  const rows = waiting.length > 0 ? waiting : await secretsUnderOlder(env, tenant, dataKey, SLICE + 1);
  for (const row of rows.slice(0, SLICE)) {
    const sealed = await seal(env, placeOf(row), await open(env, placeOf(row), row.sealed));
    await resealSecret(env, row, { sealed, dataKey: dataKeyOf(sealed) });
  }
  return { dataKey, resealed: Math.min(SLICE, rows.length), isDone: rows.length <= SLICE };
}
