import { systemClock } from "../platform/clock.ts";
import { OPERATOR_TENANT } from "../platform/principal.ts";
import { Problem } from "../platform/problem.ts";
import { describeError, log } from "../platform/telemetry.ts";
import { policyHashOf } from "../policy/guard.ts";
import { checkMasterKey } from "../secrets/master-key.ts";

/** An answer is given again for this long: anyone may ask, and a flood of questions must not become a flood on the database. */
const KEPT_MS = 2_000;
/** A part that takes longer than this serves nobody. */
const PART_TIMEOUT_MS = 5_000;

/** What a request needs, and how to find out whether it is there: each reads, none writes. */
const PARTS: Readonly<Record<string, (env: Env) => Promise<unknown>>> = {
  // A table and not SELECT 1: a database without its migrations answers that as well.
  database: (env) => env.DB.prepare("SELECT count(*) FROM (SELECT 1 FROM api_keys LIMIT 1)").first(),
  storage: (env) => env.ARTIFACTS.head("readiness"),
  objects: (env) => env.TENANT_LEDGER.getByName("readiness").governance(),
  policies: (env) => policyHashOf({ env, clock: systemClock }, OPERATOR_TENANT),
  secrets: (env) => checkMasterKey(env),
};

interface Kept {
  at: number;
  /** The names of the parts that did not answer. */
  readonly failed: readonly string[];
}

/** Outcomes and not promises: a promise belongs to the request that made it. */
const kept = new WeakMap<Env, Kept>();

/**
 * The parts that a request needs, all of which answered a moment ago.
 * @throws Problem `unavailable` naming the parts that did not
 */
export async function readyParts(env: Env): Promise<string[]> {
  const now = systemClock.now();
  const known = kept.get(env);
  let failed = known?.failed;
  if (known === undefined || failed === undefined || now - known.at >= KEPT_MS) {
    // While one request asks, the others are told what was found before.
    if (known !== undefined) known.at = now;
    failed = await failedParts(env);
    kept.set(env, { at: now, failed });
  }
  if (failed.length > 0) {
    throw new Problem("unavailable", `These parts do not answer: ${failed.join(", ")}.`, { retryAfterSeconds: PART_TIMEOUT_MS / 1_000 });
  }
  return Object.keys(PARTS);
}

async function failedParts(env: Env): Promise<string[]> {
  const outcomes = await Promise.all(
    Object.entries(PARTS).map(async ([name, check]) => {
      try {
        await inTime(check(env));
        return [];
      } catch (error) {
        log("error", "readiness.part-failed", {}, { part: name, error: describeError(error) });
        return [name];
      }
    }),
  );
  return outcomes.flat();
}

async function inTime(check: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), PART_TIMEOUT_MS);
  });
  try {
    await Promise.race([check, late]);
  } finally {
    clearTimeout(timer);
  }
}
