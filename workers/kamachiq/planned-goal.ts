import { literal } from "../mao/expression.ts";
import type { Step } from "../mao/graph.ts";
import { validateGraph } from "../mao/validate.ts";
import type { Json } from "../platform/canonical-json.ts";
import { type Goal, type Plan, planSchema } from "./plan.ts";

const TITLE_CHARACTERS = 120;

/** An analysis that a planner chose: the capsule and its inputs. */
export interface PlannedTask {
  readonly capsule: string;
  readonly inputs: Readonly<Record<string, Json>>;
}

/** A goal with what will answer it. */
export interface PlannedGoal {
  readonly text: string;
  readonly tasks: readonly PlannedTask[];
  /** Words of it that play no part. */
  readonly notUnderstood?: readonly string[];
}

/**
 * The plan that gives each analysis to an agent of its own, all side by side: what every planner ends in.
 * @throws Problem `invalid-graph` when it could not run
 */
export function toPlan(title: string, planned: readonly PlannedGoal[], remarks: readonly string[] = []): Plan {
  const steps: Record<string, Partial<Step>> = {};
  const goals = planned.map((goal, i): Goal => {
    const id = `g${i + 1}`;
    const names = goal.tasks.map((task, k) => {
      const name = goal.tasks.length === 1 ? `analyze_${i + 1}` : `analyze_${i + 1}_${k + 1}`;
      steps[name] = {
        uses: "agent:analyst",
        title: goal.text.slice(0, TITLE_CHARACTERS),
        with: { goal: literal(goal.text), goal_id: id, capsule: task.capsule, inputs: literal({ ...task.inputs }) },
      };
      return name;
    });
    const { notUnderstood = [] } = goal;
    return { id, text: goal.text, steps: names, ...(notUnderstood.length === 0 ? {} : { notUnderstood: [...notUnderstood] }) };
  });
  const plan = planSchema.parse({
    title: title.slice(0, 300),
    goals,
    graph: { steps },
    ...(remarks.length === 0 ? {} : { remarks: [...remarks] }),
  });
  validateGraph(plan.graph);
  return plan;
}
