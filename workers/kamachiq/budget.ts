import { z } from "zod";
import { durationMs } from "../mao/duration.ts";
import { durationSchema } from "../mao/names.ts";

/** Levels of work below a project that may be nested: an agent's task is 1, the capsule it runs 2, a capsule inside that 3. */
const MAX_DEPTH = 16;
/** More agents than a project can have tasks in all its rounds. */
const MAX_AGENTS = 100_000;

/** What a project may use of the tenant's means. What is left out is bounded by the tenant's own limits alone. */
export const budgetSchema = z.strictObject({
  /** Millionths of a US dollar, for everything that models do for the project. */
  micros: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).optional(),
  /** Tokens of models, in and out together. */
  tokens: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).optional(),
  /** From its beginning to the end of its tasks, by the clock. */
  duration: durationSchema.optional(),
  depth: z.number().int().min(1).max(MAX_DEPTH).optional(),
  /** Agents' sessions that may be opened for it, those that failed counted too. */
  agents: z.number().int().nonnegative().max(MAX_AGENTS).optional(),
});
export type Budget = z.infer<typeof budgetSchema>;
export type BudgetLimit = keyof Budget;

const amountSchema = z.object({ micros: z.number().int(), tokens: z.number().int() });
/** What a call takes, or may take at most. */
export type Amount = z.infer<typeof amountSchema>;

/** Where the money and tokens of a project are: gone, or held for calls that are under way. */
export const accountSchema = z.object({
  spent: amountSchema,
  /** By call; `key` is the task's, at whose end nothing of it is held any more. */
  holds: z.record(z.string(), amountSchema.extend({ key: z.string() })),
});
export type Account = z.infer<typeof accountSchema>;

/** An account nothing was taken from. */
export function emptyAccount(): Account {
  return { spent: { micros: 0, tokens: 0 }, holds: {} };
}

/** Which limit a call of this size would pass, and how much of it is left; undefined when it fits. What must hold: spent + held ≤ limit. */
export function limitPassedBy(
  budget: Budget,
  account: Account,
  need: Amount,
): { limit: "micros" | "tokens"; left: number; need: number } | undefined {
  for (const limit of ["micros", "tokens"] as const) {
    const most = budget[limit];
    if (most === undefined) continue;
    const left = most - account.spent[limit] - sumOf(account, limit);
    if (need[limit] > left) return { limit, left: Math.max(0, left), need: need[limit] };
  }
  return undefined;
}

/** Holds what a call may take. Holding for the same call again changes nothing. */
export function held(account: Account, call: string, hold: Account["holds"][string]): Account {
  if (Object.hasOwn(account.holds, call)) return account;
  return { ...account, holds: { ...account.holds, [call]: hold } };
}

/** The call is over and has taken this much. One that holds nothing (it was settled before, or never began) changes nothing. */
export function settled(account: Account, call: string, taken: Amount): Account {
  if (!Object.hasOwn(account.holds, call)) return account;
  const { [call]: _, ...holds } = account.holds;
  return { spent: added(account.spent, taken), holds };
}

/**
 * Nothing of a task is under way any more: a call of it that nobody settled may have taken all that was held for it, and counts as if it had.
 */
export function closed(account: Account, key: string): Account {
  const own = Object.entries(account.holds).filter(([, hold]) => hold.key === key);
  return own.reduce((left, [call, hold]) => settled(left, call, hold), account);
}

/** When the time of a project is over, in milliseconds since the epoch; undefined when it has no limit. */
export function deadlineOf({ duration }: Budget, createdAt: number): number | undefined {
  return duration === undefined ? undefined : createdAt + durationMs(duration);
}

/** What is said when a limit stops a project. */
export function reachedText(limit: BudgetLimit, budget: Budget, detail: string): string {
  return `The project's budget of ${limit} (${budget[limit]}) is reached: ${detail} Raise it and resume the project, or cancel it.`;
}

function sumOf(account: Account, limit: "micros" | "tokens"): number {
  return Object.values(account.holds).reduce((sum, hold) => sum + hold[limit], 0);
}

function added(a: Amount, b: Amount): Amount {
  return { micros: a.micros + Math.max(0, Math.ceil(b.micros)), tokens: a.tokens + Math.max(0, Math.ceil(b.tokens)) };
}
