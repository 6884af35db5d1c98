import type { CapsuleManifest } from "../capsules/manifest.ts";
import { builtinCapsule } from "../capsules/registry.ts";
import { resolveTemplates, stepsReadBy, templatesOf } from "../mao/expression.ts";
import { preparedInputs } from "../mao/inputs.ts";
import type { Json } from "../platform/canonical-json.ts";
import { problemOf } from "../platform/problem.ts";
import type { DatasetProfile } from "../tools/data/profile.ts";
import { findTool } from "../tools/registry.ts";
import type { PlannedTask } from "./planned-goal.ts";

/** Inputs of capsules that name columns, and those that hold filters which name them. */
const COLUMN_INPUTS = ["measure", "measures", "groups", "entities", "time", "group", "column"];
const FILTER_INPUTS = ["filters", "of"];

/**
 * What is wrong with an analysis that somebody else planned, in words that help to mend it; empty when it can run.
 * @param resolve gives the capsule of a reference; those of the platform where a tenant's own are not known
 */
export function taskFaults(
  task: PlannedTask,
  datasets: readonly DatasetProfile[],
  resolve: (reference: string) => CapsuleManifest = builtinCapsule,
): string[] {
  try {
    const capsule = resolve(task.capsule);
    const faults = [...columnFaults(task, datasets), ...toolFaults(capsule, preparedInputs(capsule.graph, task.inputs))];
    return faults.map((fault) => `${task.capsule}: ${fault}`);
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    return [problem.detail];
  }
}

function columnFaults({ inputs }: PlannedTask, datasets: readonly DatasetProfile[]): string[] {
  if (inputs.table === undefined) return [];
  const dataset = datasets.find((candidate) => candidate.table === inputs.table);
  if (dataset === undefined) return [`there is no table ${JSON.stringify(inputs.table)}`];
  const known = new Set(dataset.columns.map((column) => column.name));
  const named = [
    ...COLUMN_INPUTS.flatMap((key) => [inputs[key] ?? []].flat()),
    ...FILTER_INPUTS.flatMap((key) => columnsOfFilters(inputs[key])),
  ];
  return named
    .filter((name) => typeof name === "string" && !known.has(name))
    .map((name) => `${dataset.table} has no column ${JSON.stringify(name)}`);
}

function columnsOfFilters(filters: Json | undefined): Json[] {
  if (!Array.isArray(filters)) return [];
  return filters.flatMap((filter) =>
    typeof filter === "object" && filter !== null && !Array.isArray(filter) ? [filter.column ?? []].flat() : [],
  );
}

/** Whether the capsule's tools take what these inputs make of their arguments, as far as no other step's result is needed to say so. */
function toolFaults(capsule: CapsuleManifest, inputs: Record<string, Json>): string[] {
  return Object.values(capsule.graph.steps).flatMap((step) => {
    const isOpen = templatesOf(step.with).some((expression) => stepsReadBy(expression).length > 0);
    if (!step.uses.startsWith("tool:") || isOpen) return [];
    const given = Object.entries(step.with).map(([key, value]) => [key, resolveTemplates(value, { inputs, steps: {} })] as const);
    const parsed = findTool(step.uses.slice("tool:".length)).inputSchema.safeParse(
      Object.fromEntries(given.filter(([, value]) => value !== null)),
    );
    return parsed.success ? [] : parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  });
}
