import type { Graph } from "./graph.ts";

/** Where a step of a run stands, as far as the choice of the next steps needs to know. */
export type StepStatus = "pending" | "running" | "waiting" | "done" | "failed" | "skipped" | "blocked";

export interface NextSteps {
  /** Steps whose needs are met and that nobody works on, in the order of the graph. */
  readonly ready: readonly string[];
  /** Steps that can never run because a step they need has failed. */
  readonly blocked: readonly string[];
  /** True when every step has ended. */
  readonly isComplete: boolean;
}

/** Why a step that is never going to run was skipped; `statusOf` implementations tell `blocked` by it. */
export const BLOCKED_REASON = "a step it needs has failed";

/**
 * What can be done next in a graph. A join is computed from the recorded states of its needs and from nothing else, so it can
 * neither come early nor be missed. A need is met when it is done, when its condition skipped it, or when it failed and may (`on_error: continue`).
 */
export function nextSteps(graph: Graph, statusOf: (step: string) => StepStatus): NextSteps {
  const ready: string[] = [];
  const blocked: string[] = [];
  let isComplete = true;
  for (const [name, step] of Object.entries(graph.steps)) {
    const status = statusOf(name);
    if (status === "pending" || status === "running" || status === "waiting") isComplete = false;
    if (status !== "pending") continue;
    const needs = step.needs.map((need) => needState(graph, need, statusOf(need)));
    if (needs.includes("failed")) blocked.push(name);
    else if (!needs.includes("open")) ready.push(name);
  }
  return { ready, blocked, isComplete };
}

function needState(graph: Graph, need: string, status: StepStatus): "met" | "failed" | "open" {
  switch (status) {
    case "done":
    case "skipped":
      return "met";
    case "failed":
      return graph.steps[need]?.on_error === "continue" ? "met" : "failed";
    case "blocked":
      return "failed";
    case "pending":
    case "running":
    case "waiting":
      return "open";
    default:
      return status satisfies never;
  }
}

/** True when a complete run has failed: some step failed and was not allowed to. */
export function hasFailed(graph: Graph, statusOf: (step: string) => StepStatus): boolean {
  return Object.entries(graph.steps).some(([name, step]) => statusOf(name) === "failed" && step.on_error !== "continue");
}
