import type { AgentDefinition } from "../../workers/mao/agent-definition.ts";
import type { Graph, Step } from "../../workers/mao/graph.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import type { Journal } from "../journal/journal.ts";
import type { StepRecord } from "../journal/step-record.ts";

/** One graph on its way in a journal. */
export interface GraphRun {
  readonly graph: Graph;
  readonly inputs: Readonly<Record<string, Json>>;
  /** Put before the names of steps in the journal: empty for a run, `<step>/` for the graph of a capsule. */
  readonly prefix: string;
  /** The graph that this one is inside of: its agents and rates hold here too. */
  readonly within?: GraphRun | undefined;
  /** What the step uses whose graph this is; none for the graph of a run itself. */
  readonly uses?: string | undefined;
}

/** One step, ready to run: its name in the journal (with the prefix of its graph) and its inputs with every template resolved. */
export interface StepCall {
  readonly name: string;
  readonly step: Step;
  readonly input: Readonly<Record<string, Json>>;
  /** The graph it is a step of; none for a call that a model makes. */
  readonly within?: GraphRun | undefined;
}

/** What an object brings to the interpreter: its journal, and how the kinds of steps run there. */
export interface GraphHost {
  readonly journal: Journal;
  /** True while nothing new may start: paused, cancelled, closed. */
  isStopped(): boolean;
  /**
   * Runs one step of the kinds tool, agent, team, capsule, run and a2a until the journal says that it is settled or waits. It may
   * also return with nothing settled, when something inside the step waits: it is then called again once that has changed. Problems are
   * recorded in the journal; what it throws are the platform's own resets and bugs.
   */
  run(call: StepCall): Promise<void>;
  /** Steps that start together, for those who watch. */
  onWave?(steps: readonly string[]): void;
  /** What expressions see of the object besides steps and inputs: `signals`, `updates`, `run`. */
  scope?(): Readonly<Record<string, Json>>;
  /** A step waits for a signal from now on: one that came early may be given to it. */
  onSignalWait?(): Promise<void>;
  /** A step was ended because its time was over: who works on it elsewhere may be told. */
  onExpired?(record: StepRecord): Promise<void>;
  /** Nothing can go on before this time (milliseconds since the epoch), unless something is told from outside. */
  wakeAt?(at: number): void;
}

/** The graph inside a step of another. */
export function innerRun(call: StepCall, graph: Graph, inputs: Readonly<Record<string, Json>>): GraphRun {
  return { graph, inputs, prefix: `${call.name}/`, within: call.within, uses: call.step.uses };
}

/** What the steps of a graph are part of, from the innermost: the capsules that it is inside of, named as their steps name them. */
export function usesAround(run: GraphRun | undefined): string[] {
  const uses: string[] = [];
  for (let inner = run; inner !== undefined; inner = inner.within) if (inner.uses !== undefined) uses.push(inner.uses);
  return uses;
}

/** How many graphs this one is inside of. */
export function depthOf(run: GraphRun): number {
  let depth = 0;
  for (let outer = run.within; outer !== undefined; outer = outer.within) depth += 1;
  return depth;
}

/** Who takes part: the agents of the graph itself, and those of the graphs that it is inside of under other names. */
export function agentsOf(run: GraphRun | undefined): Readonly<Record<string, AgentDefinition>> {
  if (run === undefined) return {};
  return run.within === undefined ? run.graph.agents : { ...agentsOf(run.within), ...run.graph.agents };
}
