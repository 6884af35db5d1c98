import { type Problem, type ProblemType, problemOf } from "../../workers/platform/problem.ts";

/** How often and how a step is tried again. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly backoff: "constant" | "exponential";
  readonly delayMs: number;
}

export const NO_RETRY: RetryPolicy = { attempts: 1, backoff: "constant", delayMs: 0 };
/** What a step that says nothing gets: enough for a hiccup, short enough for a person who waits. */
export const DEFAULT_RETRY: RetryPolicy = { attempts: 3, backoff: "exponential", delayMs: 500 };
/** A provider's hiccups and its `Retry-After` are waited for this often. */
export const MODEL_RETRY: RetryPolicy = { attempts: 5, backoff: "exponential", delayMs: 500 };
const MAX_DELAY_MS = 300_000;

/** Problems that trying again may cure; every other one is final at once. */
const TRANSIENT: ReadonlySet<ProblemType> = new Set([
  "unavailable",
  "timeout",
  "request-timeout",
  "too-many-requests",
  "model-failed",
  "internal",
  "tool-failed",
  "turn-in-progress",
]);

/** True when another attempt may go better. An error that is no problem is a bug or the network: it may. */
export function isTransient(error: unknown): boolean {
  const problem = problemOf(error);
  return problem === undefined || TRANSIENT.has(problem.type);
}

/**
 * Milliseconds to wait before the attempt after `attempt`: full jitter over an exponential (or constant) delay, and never less
 * than the other side asked for by `Retry-After`.
 * @param random a number in [0, 1)
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, problem: Problem | undefined, random: number): number {
  const ceiling = policy.backoff === "constant" ? policy.delayMs : Math.min(MAX_DELAY_MS, policy.delayMs * 2 ** (attempt - 1));
  const jittered = policy.backoff === "constant" ? ceiling : ceiling / 2 + (ceiling / 2) * random;
  return Math.ceil(Math.max(jittered, Math.min(MAX_DELAY_MS, (problem?.retryAfterSeconds ?? 0) * 1_000)));
}
