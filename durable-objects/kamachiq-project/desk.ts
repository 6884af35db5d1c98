import type { z } from "zod";
import type { Budget } from "../../workers/kamachiq/budget.ts";
import type { Manifest } from "../../workers/kamachiq/manifest.ts";
import { type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { datasetProfileSchema } from "../../workers/tools/data/profile.ts";
import type { StepEnvironment } from "../graph/tool-step.ts";
import type { Workbench } from "../schedule/workbench.ts";

import type { ProjectState } from "./project-state.ts";
import type { loadedSchema } from "./results.ts";
import type { RoundPlan } from "./round-plan.ts";

/** Steps that the project takes itself, rather than a tool with a limit of its own. */
export const LOCAL_STEP_MS = 300_000;

export type LoadedFile = z.infer<typeof loadedSchema>;

/** What one incarnation of a project has read and need not read again: none of it ever changes. */
export interface AtHand {
  /** The newest rounds' plans. */
  readonly plans: Map<number, RoundPlan>;
  loaded: LoadedFile[] | undefined;
  /** How many agents work side by side in a round. */
  provided: { readonly round: number; readonly parallel: number } | undefined;
  manifest: { readonly sha256: string; readonly value: Manifest } | undefined;
}

/** What the parts of a project's work share: its object's journal and log, and where it stands. */
export interface Desk {
  readonly env: Env;
  readonly bench: Workbench;
  /** @throws Problem `not-found` while nothing was created */
  state(): ProjectState;
  /** When silent sessions were last asked, in this incarnation. */
  readonly polled: { at: number };
  readonly atHand: AtHand;
}

/** What tool steps of the project run with. */
export function stepEnvironment({ env, bench, state }: Desk): StepEnvironment {
  const { principal, id } = state();
  return {
    env,
    clock: systemClock,
    journal: bench.journal,
    scope: { principal, workspace: id },
  };
}

/** What the project may use. */
export function budgetOf({ state }: Pick<Desk, "state">): Budget {
  return state().options.budget;
}

/** The files of the project that are tables. */
export function datasetsOf(loaded: readonly LoadedFile[]) {
  return loaded.flatMap((item) => ("table" in item ? [datasetProfileSchema.parse(item)] : []));
}

/** The files of the project that are texts. */
export function documentsOf(loaded: readonly LoadedFile[]) {
  return loaded.flatMap((item) => ("headings" in item ? [item] : []));
}

/** A value as the journal records it. */
export function toJson(value: unknown): Json {
  return parsedJsonSchema.parse(JSON.parse(JSON.stringify(value)));
}
