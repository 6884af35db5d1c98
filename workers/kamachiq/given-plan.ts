import { z } from "zod";
import { type Goal, goalSchema, MAX_GOALS, type Plan, planGraphSchema, planSchema } from "./plan.ts";

/** What a task of a plan says. */
export const plannedTaskSchema = z.object({
  goal: z.string().min(1).max(5_000),
  goal_id: z.string(),
  capsule: z.string().max(200),
  inputs: z.record(z.string(), z.json()),
});

const TITLE_CHARACTERS = 120;
/** Kinds of steps that a project can take besides its agents' tasks. */
const OTHER_STEPS = /^(tool|capsule|human|timer):/;

/** A plan that comes with the project: a graph of tasks, in goals where it says so; a task that names no goal is one. */
export const givenPlanSchema = z
  .strictObject({
    title: planSchema.shape.title.optional(),
    goals: z.array(goalSchema).min(1).max(MAX_GOALS).optional(),
    milestones: planSchema.shape.milestones,
    graph: planGraphSchema,
  })
  .transform((given, context): Plan => {
    const plan = planFrom(given);
    for (const { path, message } of planFaults(plan)) context.addIssue({ code: "custom", message, path });
    return plan;
  });

interface Given {
  readonly title?: string | undefined;
  readonly goals?: readonly Goal[] | undefined;
  readonly milestones?: Plan["milestones"];
  readonly graph: Plan["graph"];
}

function planFrom({ title, goals, milestones, graph }: Given): Plan {
  const tasks = Object.entries(graph.steps).filter(([, step]) => step.uses.startsWith("agent:"));
  const ids = new Map(tasks.map(([name], i) => [name, goals?.find((goal) => goal.steps.includes(name))?.id ?? `g${i + 1}`]));
  const steps = Object.entries(graph.steps).map(([name, step]) => {
    const id = ids.get(name);
    if (id === undefined) return [name, step] as const;
    const { title = goalText(step.with.goal).slice(0, TITLE_CHARACTERS) } = step;
    return [name, { ...step, title, with: { ...step.with, goal_id: id } }] as const;
  });
  return {
    title: title ?? graph.name ?? "",
    goals:
      goals === undefined
        ? tasks.map(([name, step], i) => ({ id: `g${i + 1}`, text: goalText(step.with.goal), steps: [name] }))
        : [...goals],
    graph: { ...graph, steps: Object.fromEntries(steps) },
    ...(milestones === undefined ? {} : { milestones }),
  };
}

function goalText(goal: unknown): string {
  return typeof goal === "string" ? goal : "";
}

interface PlanFault {
  readonly path: (string | number)[];
  readonly message: string;
}

/** What is wrong with a plan, before its material is known. */
function planFaults({ goals, graph, milestones = [] }: Plan): PlanFault[] {
  const names = Object.keys(graph.steps);
  const isTask = (name: string) => Object.hasOwn(graph.steps, name) && graph.steps[name]?.uses.startsWith("agent:") === true;
  const owners = new Map<string, number>();
  for (const name of goals.flatMap((goal) => goal.steps)) owners.set(name, (owners.get(name) ?? 0) + 1);
  return [
    ...(goals.length === 0 ? [{ path: ["graph", "steps"], message: "there is no task: a step that uses agent:analyst" }] : []),
    ...goals.flatMap((goal, i) =>
      goal.steps
        .filter((name) => !isTask(name))
        .map((name) => ({ path: ["goals", i, "steps"], message: `${name} is no task of the graph` })),
    ),
    ...milestones.flatMap((milestone, i) =>
      milestone.tasks
        .filter((name) => !Object.hasOwn(graph.steps, name))
        .map((name) => ({ path: ["milestones", i, "tasks"], message: `${name} is no step of the graph` })),
    ),
    ...names.flatMap((name) => stepFaults(name, graph.steps[name], owners.get(name) ?? 0)),
  ];
}

function stepFaults(name: string, step: Plan["graph"]["steps"][string] | undefined, owners: number): PlanFault[] {
  const at = ["graph", "steps", name];
  if (step === undefined) return [];
  if (!step.uses.startsWith("agent:"))
    return OTHER_STEPS.test(step.uses) ? [] : [{ path: [...at, "uses"], message: `a project cannot take a step of ${step.uses}` }];
  if (step.uses !== "agent:analyst") return [{ path: [...at, "uses"], message: `there is no agent ${step.uses}; tasks use agent:analyst` }];
  const task = plannedTaskSchema.safeParse(step.with);
  const isRepeated = step.for_each !== undefined || step.until !== undefined || step.switch !== undefined;
  return [
    ...(isRepeated ? [{ path: at, message: "a task is done once: for_each, until and switch are for runs and capsules" }] : []),
    ...(owners === 1 ? [] : [{ path: at, message: owners === 0 ? "the task belongs to no goal" : "the task belongs to several goals" }]),
    ...(task.success
      ? []
      : task.error.issues.map((issue) => ({ path: [...at, "with", ...issue.path.map(String)], message: issue.message }))),
  ];
}
