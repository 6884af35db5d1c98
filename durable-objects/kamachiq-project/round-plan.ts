import { z } from "zod";
import { type Plan, planningOutcomeSchema } from "../../workers/kamachiq/plan.ts";
import { wavesOf } from "../../workers/mao/waves.ts";
import { putBounded } from "../../workers/platform/bounded-map.ts";
import { canonicalJson, type Json } from "../../workers/platform/canonical-json.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { Desk } from "./desk.ts";

/** Plans at hand: the present one, and the one before it for what is taken over. A plan of a thousand tasks has some megabytes. */
const MAX_PLANS_AT_HAND = 2;

/** A round's plan with what is asked of it again and again. */
export interface RoundPlan {
  readonly plan: Plan;
  /** The number of a task's wave, from 1. */
  readonly waveOf: ReadonlyMap<string, number>;
  readonly waves: readonly (readonly string[])[];
  /** Tasks by what they do: equal tasks have equal keys. */
  readonly byWork: ReadonlyMap<string, readonly string[]>;
}

/** What a task does, whatever it is called: its capsule and inputs. */
export function workKey({ capsule = null, inputs = null }: Readonly<Record<string, Json>>): string {
  return canonicalJson({ capsule, inputs });
}

/** The plan of a round; undefined when that round ended with questions, or has none yet. */
export async function roundPlan({ atHand, bench: { journal } }: Desk, round: number): Promise<RoundPlan | undefined> {
  const known = atHand.plans.get(round);
  if (known !== undefined) return known;
  if (journal.record(planStep(round))?.state !== "done") return undefined;
  const outcome = plannedSchema.parse(await journal.output(planStep(round))).outcome;
  if (outcome.kind !== "plan") return undefined;
  const made = toRoundPlan(outcome.plan);
  putBounded(atHand.plans, round, made, MAX_PLANS_AT_HAND);
  return made;
}

/** The newest plan there is. */
export async function newestPlan(desk: Desk): Promise<RoundPlan | undefined> {
  for (let { round } = desk.state(); round >= 1; round -= 1) {
    const found = await roundPlan(desk, round);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The plan that is being worked on. @throws Problem `internal` when there is none */
export async function presentPlan(desk: Desk): Promise<RoundPlan> {
  const found = await roundPlan(desk, desk.state().round);
  if (found === undefined) throw new Problem("internal", "The project has no plan.");
  return found;
}

/** The journal's name of the step that ends with a round's plan. */
export function planStep(round: number): string {
  return `plan_${round}`;
}

/** What that step keeps. */
export const plannedSchema = z.object({ outcome: planningOutcomeSchema });

function toRoundPlan(plan: Plan): RoundPlan {
  const waves = wavesOf(plan.graph);
  const byWork = Map.groupBy(
    Object.keys(plan.graph.steps).filter((name) => plan.graph.steps[name]?.uses.startsWith("agent:")),
    (name) => workKey(plan.graph.steps[name]?.with ?? {}),
  );
  return { plan, waves, waveOf: new Map(waves.flatMap((wave, i) => wave.map((name) => [name, i + 1] as const))), byWork };
}
