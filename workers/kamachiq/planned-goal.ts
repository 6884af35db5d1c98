import { literal } from "../mao/expression.ts";
import type { Step } from "../mao/graph.ts";
import { validateGraph } from "../mao/validate.ts";
import type { Json } from "../platform/canonical-json.ts";
import { type Goal, type Plan, planSchema } from "./plan.ts";

const TITLE_CHARACTERS = 120;

/** A goal with what will answer it: the capsule and its inputs. */
export interface PlannedGoal {
  readonly text: string;
  readonly capsule: string;
  readonly inputs: Readonly<Record<string, Json>>;
}

/**
 * The plan that gives each goal to an agent of its own, all side by side: what every planner ends in.
 * @throws Problem `invalid-graph` when it could not run
 */
export function toPlan(title: string, planned: readonly PlannedGoal[]): Plan {
  const steps: Record<string, Partial<Step>> = {};
  const goals = planned.map((goal, i): Goal => {
    const id = `g${i + 1}`;
    const step = `analyze_${i + 1}`;
    steps[step] = {
      uses: "agent:analyst",
      title: goal.text.slice(0, TITLE_CHARACTERS),
      with: { goal: literal(goal.text), goal_id: id, capsule: goal.capsule, inputs: literal({ ...goal.inputs }) },
    };
    return { id, text: goal.text, steps: [step] };
  });
  const plan = planSchema.parse({ title: title.slice(0, 300), goals, graph: { steps } });
  validateGraph(plan.graph);
  return plan;
}
