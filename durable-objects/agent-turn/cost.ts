import { z } from "zod";
import type { Amounts } from "../../workers/billing/budget.ts";
import { type Usage, usageSchema } from "../../workers/platform/recorded.ts";
import type { Journal } from "../journal/journal.ts";

/** What the model's finished rounds of a turn have taken, after the given one. */
export async function spentAfterRound(journal: Journal, turn: string, after: number): Promise<Amounts> {
  let spent: Amounts = { micros: 0, tokens: 0 };
  for (let round = after + 1; ; round += 1) {
    const step = `${turn}/m${round}`;
    if (journal.record(step)?.state !== "done") return spent;
    const taken = amountsOf(z.object({ usage: usageSchema }).parse(await journal.output(step)).usage);
    spent = { micros: spent.micros + taken.micros, tokens: spent.tokens + taken.tokens };
  }
}

/** What a call has taken, as budgets count it. */
export function amountsOf({ inputTokens, outputTokens, costMicros }: Usage): Amounts {
  return { micros: costMicros, tokens: inputTokens + outputTokens };
}
