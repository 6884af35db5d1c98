import type { Amounts, Purpose } from "../../workers/billing/budget.ts";
import type { Graph } from "../../workers/mao/graph.ts";
import type { NewEvent } from "../../workers/platform/events.ts";
import type { ConstitutionPin } from "../../workers/platform/recorded.ts";
import type { StepCall } from "../graph/graph-run.ts";
import type { StepEnvironment } from "../graph/tool-step.ts";

/** What one agent's work may spend: reserved before a model is asked, settled when the work has ended. */
export interface StepSpending {
  /** @throws Problem `budget-exhausted` */
  reserve(most: Amounts): Promise<void>;
  spent(taken: Amounts): void;
  settle(): Promise<void>;
}

/** What agents and teams need of the run they work in. */
export interface AgentHost extends StepEnvironment {
  readonly agents: Graph["agents"];
  /** The constitution that the run began under. */
  readonly constitution: ConstitutionPin | undefined;
  /** True while nothing new may start: paused, cancelled, ended. */
  isStopped(): boolean;
  /** Fires when the run is ended from outside. */
  readonly stopSignal: AbortSignal;
  /** Records an event that belongs to no journal step: streamed text, what was said in a team. */
  emit(event: NewEvent): void;
  /** Runs a step of any kind under this name: a node of a graph of agents may be one. */
  run(call: StepCall): Promise<void>;
  /** True once a signal of this name has reached the run. */
  hasSignal(name: string): boolean;
  /** @param spent what this step has spent before, by its record */
  spendingOf(step: string, purpose: Purpose, spent: Amounts): StepSpending;
}
