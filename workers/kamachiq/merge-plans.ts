import { type Goal, type Plan, planSchema } from "./plan.ts";

/**
 * A plan with what another adds to it, as goals of their own after its own. What the plan had keeps its names, so that finished work is known again.
 * @throws ZodError when together they are more than one plan may hold
 */
export function mergedPlans(plan: Plan, addition: Plan): Plan {
  const taken = new Set(Object.keys(plan.graph.steps));
  const renamed = new Map(Object.keys(addition.graph.steps).map((name) => [name, freeName(taken, name)]));
  const first = Math.max(0, ...plan.goals.map((goal) => Number(goal.id.slice(1))));
  const ids = new Map(addition.goals.map((goal, i) => [goal.id, `g${first + i + 1}`]));
  const goals = addition.goals.map(
    (goal): Goal => ({ ...goal, id: ids.get(goal.id) ?? goal.id, steps: goal.steps.map((name) => renamed.get(name) ?? name) }),
  );
  const steps = Object.entries(addition.graph.steps).map(([name, step]) => {
    const goalId = typeof step.with.goal_id === "string" ? ids.get(step.with.goal_id) : undefined;
    return [
      renamed.get(name) ?? name,
      {
        ...step,
        needs: step.needs.map((need) => renamed.get(need) ?? need),
        with: { ...step.with, ...(goalId === undefined ? {} : { goal_id: goalId }) },
      },
    ] as const;
  });
  const remarks = [...(plan.remarks ?? []), ...(addition.remarks ?? [])];
  return planSchema.parse({
    ...plan,
    goals: [...plan.goals, ...goals],
    graph: { ...plan.graph, steps: { ...plan.graph.steps, ...Object.fromEntries(steps) } },
    ...(remarks.length === 0 ? {} : { remarks }),
  });
}

function freeName(taken: Set<string>, name: string): string {
  let free = name;
  for (let n = 2; taken.has(free); n += 1) free = `${name}_${n}`;
  taken.add(free);
  return free;
}
