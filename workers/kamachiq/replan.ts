import { canonicalJson, type Json } from "../platform/canonical-json.ts";
import type { DatasetProfile } from "../tools/data/profile.ts";
import { taskFaults } from "./check-task.ts";
import type { Plan } from "./plan.ts";
import type { PlannedTask } from "./planned-goal.ts";

/** A task that failed for good, with what the plan had for it. */
export interface TaskFailure {
  readonly step: string;
  readonly goal: string;
  readonly capsule: string;
  readonly inputs: Readonly<Record<string, Json>>;
  readonly problem: { readonly type: string; readonly detail: string };
}

/** Problems of the way to an answer and not of the question: the very same may work another time. */
const PASSING = new Set(["unavailable", "timeout", "too-many-requests", "model-failed", "outcome-unknown", "request-timeout"]);

/**
 * The plan with another way to each answer whose task has failed: the same again where what failed it may pass, else another capsule that answers
 * the same question. Finished tasks stay as they are.
 * @param failures the newest last; all since a person last had a say, so that nothing is tried twice
 * @returns undefined when some task has no other way
 */
export function replanned(former: Plan, failures: readonly TaskFailure[], datasets: readonly DatasetProfile[]): Plan | undefined {
  const steps = { ...former.graph.steps };
  const remarks: string[] = [...(former.remarks ?? [])];
  const ofStep = Map.groupBy(failures, ({ step }) => step);
  for (const [step, failed] of ofStep) {
    const last = failed.at(-1);
    const before = steps[step];
    if (last === undefined || before === undefined) continue;
    if (!isSameTask(before.with, last)) continue;
    const other = anotherWay(last, failed, datasets);
    if (other === undefined) return undefined;
    steps[step] = { ...before, with: { ...before.with, capsule: other.capsule, inputs: { ...other.inputs } } };
    if (other.capsule !== last.capsule)
      remarks.push(
        `“${last.goal.slice(0, 200)}” could not be answered with ${last.capsule} (${last.problem.detail.slice(0, 300)}); ${other.capsule} was used instead.`,
      );
  }
  return { ...former, graph: { ...former.graph, steps }, ...(remarks.length === 0 ? {} : { remarks }) };
}

/** Another way to the same answer that was not tried; undefined when there is none. */
function anotherWay(last: TaskFailure, tried: readonly TaskFailure[], datasets: readonly DatasetProfile[]): PlannedTask | undefined {
  const isFirst = tried.filter((failure) => key(failure) === key(last)).length < 2;
  if (PASSING.has(last.problem.type) && isFirst) return { capsule: last.capsule, inputs: last.inputs };
  const known = new Set(tried.map(key));
  return otherShapes(last).find((task) => !known.has(key(task)) && taskFaults(task, datasets).length === 0);
}

/** Capsules that answer the same question in another shape. */
function otherShapes({ capsule, inputs }: PlannedTask): PlannedTask[] {
  const { groups, entities, order, n: _, group, ...rest } = inputs;
  switch (capsule.split("@")[0]) {
    case "compare-groups":
      return groups === undefined
        ? []
        : [{ capsule: "rank@^1", inputs: { ...rest, entities: groups, ...(order === undefined ? {} : { order }) } }];
    case "rank":
      return entities === undefined
        ? []
        : [{ capsule: "compare-groups@^1", inputs: { ...rest, groups: entities, ...(order === undefined ? {} : { order }) } }];
    case "trend-over-time":
      return [{ capsule: "compare-groups@^1", inputs: { ...rest, ...(group === undefined ? {} : { groups: [group] }) } }];
    default:
      return [];
  }
}

function isSameTask(given: Readonly<Record<string, Json>>, failure: TaskFailure): boolean {
  return given.capsule === failure.capsule && canonicalJson(given.inputs ?? {}) === canonicalJson({ ...failure.inputs });
}

function key({ capsule, inputs }: PlannedTask): string {
  return canonicalJson({ capsule, inputs: { ...inputs } });
}
