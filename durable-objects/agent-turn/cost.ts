import { z } from "zod";
import { usageSchema } from "../../workers/platform/recorded.ts";
import type { Journal } from "../journal/journal.ts";

/** What the model's finished rounds of a turn have cost, after the given one, in millionths of a dollar. */
export async function costAfterRound(journal: Journal, turn: string, after: number): Promise<number> {
  let micros = 0;
  for (let round = after + 1; ; round += 1) {
    const step = `${turn}/m${round}`;
    if (journal.record(step)?.state !== "done") return micros;
    micros += z.object({ usage: usageSchema }).parse(await journal.output(step)).usage.costMicros;
  }
}
