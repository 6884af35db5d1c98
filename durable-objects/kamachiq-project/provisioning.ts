import { z } from "zod";
import { MAX_PARALLEL } from "../../workers/mao/graph.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { NO_RETRY } from "../journal/retry.ts";
import { type Desk, LOCAL_STEP_MS, toJson } from "./desk.ts";
import { runGoverned } from "./governance.ts";
import type { RoundPlan } from "./round-plan.ts";

const provisionSchema = z.object({ provision: z.object({ max_parallel: z.number().int().min(1).max(MAX_PARALLEL) }) });

/**
 * How many agents work side by side in this round, by the provisioner's word; undefined while it has not said.
 * @throws Problem `invalid-graph` when what it says is none
 */
export async function provisionedParallel(desk: Desk, { plan }: RoundPlan): Promise<number | undefined> {
  const { round, options } = desk.state();
  if (desk.atHand.provided?.round === round) return desk.atHand.provided.parallel;
  const given = await runGoverned(desk, {
    step: `provision_${round}`,
    title: "Provision agents",
    capsule: options.governance.provisioner,
    isWanted: () => desk.state().round === round && desk.state().phase === "running",
    own: {
      "tool:kamachiq.provision": (call) =>
        desk.bench.journal.step(
          call.name,
          { uses: "provisioner", isOutside: false, onUnknown: "retry", retry: NO_RETRY, timeoutMs: LOCAL_STEP_MS },
          async () => ({ max_parallel: call.input.max_parallel ?? null }),
        ),
    },
    input: {
      tasks: Object.entries(plan.graph.steps).map(([step, { title = step, needs, with: given }]) => ({
        step,
        title,
        needs,
        capsule: given.capsule ?? null,
      })),
      max_parallel: plan.graph.max_parallel,
      budget: toJson(options.budget),
    },
  });
  if (given === undefined) return undefined;
  const parsed = provisionSchema.safeParse(given);
  if (parsed.success) {
    desk.atHand.provided = { round, parallel: parsed.data.provision.max_parallel };
    return desk.atHand.provided.parallel;
  }
  throw new Problem(
    "invalid-graph",
    `The provisioner ${options.governance.provisioner} did not say how many agents work side by side: expected {provision: {max_parallel: 1 to ${MAX_PARALLEL}}}.`,
  );
}
