import { type Problem, type ProblemType, problemOf } from "../../workers/platform/problem.ts";

/** How often and how a step is tried again. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly backoff: "constant" | "exponential";
  readonly delayMs: number;
  /** The longest wait between two attempts. */
  readonly maxDelayMs: number;
  /** Types of problems that are never tried again, whatever else holds. */
  readonly final: readonly string[];
}

const MAX_DELAY_MS = 300_000;

export const NO_RETRY: RetryPolicy = { attempts: 1, backoff: "constant", delayMs: 0, maxDelayMs: MAX_DELAY_MS, final: [] };
/** What a step that says nothing gets: enough for a hiccup, short enough for a person who waits. */
export const DEFAULT_RETRY: RetryPolicy = { attempts: 3, backoff: "exponential", delayMs: 500, maxDelayMs: MAX_DELAY_MS, final: [] };
/** A provider's hiccups and its `Retry-After` are waited for this often. */
export const MODEL_RETRY: RetryPolicy = { attempts: 5, backoff: "exponential", delayMs: 500, maxDelayMs: MAX_DELAY_MS, final: [] };

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

/** True when a policy allows another attempt after this one. */
export function mayTryAgain(policy: RetryPolicy, attempt: number, error: unknown): boolean {
  return attempt < policy.attempts && isTransient(error) && !policy.final.includes(problemOf(error)?.type ?? "internal");
}

/**
 * Milliseconds to wait before the attempt after `attempt`: full jitter over an exponential (or constant) delay, and never less
 * than the other side asked for by `Retry-After`.
 * @param random a number in [0, 1)
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, problem: Problem | undefined, random: number): number {
  const ceiling = policy.backoff === "constant" ? policy.delayMs : Math.min(policy.maxDelayMs, policy.delayMs * 2 ** (attempt - 1));
  const jittered = policy.backoff === "constant" ? ceiling : ceiling / 2 + (ceiling / 2) * random;
  return Math.ceil(Math.max(jittered, Math.min(policy.maxDelayMs, (problem?.retryAfterSeconds ?? 0) * 1_000)));
}
