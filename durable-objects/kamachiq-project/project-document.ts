import type { Manifest } from "../../workers/kamachiq/manifest.ts";
import type { Review } from "../../workers/kamachiq/review.ts";
import type { StepRecord } from "../journal/step-record.ts";
import type { PeerReview } from "./peer-review.ts";
import type { ProjectState } from "./project-state.ts";
import type { TaskRecord } from "./results.ts";
import type { RoundPlan } from "./round-plan.ts";

/** Tasks, goals, deliverables that the document of a project holds; the lists of a project have all of them. */
const MAX_SHOWN = 200;

export interface ProjectParts {
  readonly state: ProjectState;
  readonly records: ReadonlyMap<string, StepRecord>;
  readonly present: RoundPlan | undefined;
  readonly reviewed: { readonly review: Review; readonly peer: PeerReview | undefined } | undefined;
  readonly manifest: Manifest | undefined;
  /** What the journal keeps of a finished task, by the step's name. */
  readonly found: (step: string) => Promise<TaskRecord | undefined>;
}

/** The project as the API shows it: of bounded size, whatever the size of its plan. */
export async function projectDocument(parts: ProjectParts) {
  const { state, records, present, reviewed, manifest } = parts;
  const steps = Object.keys(present?.plan.graph.steps ?? {});
  return {
    id: state.id,
    title: state.title,
    brief: state.brief,
    amendments: state.notes,
    state: shownState(state),
    createdAt: new Date(state.createdAt).toISOString(),
    updatedAt: new Date(state.updatedAt).toISOString(),
    constitutionHash: state.constitution?.hash,
    attachments: state.attachments.map(({ id, name }) => ({ id, name })),
    engine: state.engine,
    round: state.round,
    goals: (present?.plan.goals ?? []).slice(0, MAX_SHOWN),
    progress: progressOf(state, records, steps),
    milestones: milestonesOf(state, records, present),
    tasks: await Promise.all(steps.slice(0, MAX_SHOWN).map((step) => taskOf(parts, step))),
    questions: state.questions,
    review: reviewed === undefined ? undefined : { round: state.round, ...reviewed.review, peer: reviewed.peer },
    budget: budgetOf(state),
    governance: state.options.governance,
    usage: state.usage,
    deliverables: (manifest?.deliverables ?? []).slice(0, MAX_SHOWN).map(deliverableOf),
    problem: state.failure?.problem,
  };
}
export type ProjectDocument = Awaited<ReturnType<typeof projectDocument>>;

/** A page of the present plan's tasks, in the order of the plan, after the given number of them. */
export async function taskPage(
  parts: ProjectParts,
  after: number,
  limit: number,
): Promise<{ tasks: Awaited<ReturnType<typeof taskOf>>[]; next: number | undefined }> {
  const steps = Object.keys(parts.present?.plan.graph.steps ?? {});
  const tasks = await Promise.all(steps.slice(after, after + limit).map((step) => taskOf(parts, step)));
  return { tasks, next: after + tasks.length < steps.length ? after + tasks.length : undefined };
}

/** A deliverable as lists show it. */
export function deliverableOf({ name, mediaType, bytes, sha256, provenanceSha256 }: Manifest["deliverables"][number]) {
  return { name, mediaType, bytes, sha256, provenanceSha256 };
}

/** Where the project stands for who looks at it: a pause lies over what it would do next. */
export function shownState({ isPaused, phase }: ProjectState): ProjectState["phase"] {
  return isPaused && (phase === "planning" || phase === "running") ? "paused" : phase;
}

async function taskOf({ state, records, present, found: recordOf }: ProjectParts, step: string) {
  const record = records.get(`r${state.round}/${step}`);
  const { title = step, uses = "", needs = [], accept = [] } = present?.plan.graph.steps[step] ?? {};
  const found = await recordOf(`r${state.round}/${step}`);
  return {
    step,
    title,
    uses,
    needs,
    ...taskProgress(record),
    wave: present?.waveOf.get(step),
    findings: found?.findings,
    accept: accept.map((condition, i) => ({ condition, isMet: found?.accepted[i]?.isMet })),
  };
}

function progressOf(state: ProjectState, records: ReadonlyMap<string, StepRecord>, steps: readonly string[]) {
  const counts = { total: steps.length, pending: 0, running: 0, waiting: 0, done: 0, failed: 0, skipped: 0 };
  for (const step of steps) counts[taskState(records.get(`r${state.round}/${step}`))] += 1;
  return { ...counts, wave: state.waves };
}

function milestonesOf(state: ProjectState, records: ReadonlyMap<string, StepRecord>, present: RoundPlan | undefined) {
  return (present?.plan.milestones ?? []).map(({ name, title, tasks }) => ({
    name,
    title,
    tasks: tasks.length,
    done: tasks.filter((task) => records.get(`r${state.round}/${task}`)?.state === "done").length,
    reachedAt: time(state.milestones.findLast((reached) => reached.name === name && reached.round === state.round)?.at),
  }));
}

function budgetOf({ options: { budget }, account, agents, reached }: ProjectState) {
  const holds = Object.values(account.holds);
  return {
    limits: budget,
    spent: account.spent,
    held: {
      micros: holds.reduce((sum, hold) => sum + hold.micros, 0),
      tokens: holds.reduce((sum, hold) => sum + hold.tokens, 0),
    },
    agents: agents.length,
    reached: reached?.limit,
  };
}

function time(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}

function taskProgress(record: StepRecord | undefined) {
  return {
    state: taskState(record),
    attempt: record?.attempt ?? 0,
    session: record?.child,
    startedAt: time(record?.startedAt),
    finishedAt: time(record?.finishedAt),
    problem: record?.state === "failed" || record?.state === "skipped" ? record.problem : undefined,
  };
}

function taskState(record: StepRecord | undefined): "pending" | "running" | "waiting" | "done" | "failed" | "skipped" {
  if (record === undefined) return "pending";
  switch (record.state) {
    case "intended":
      return "running";
    case "waiting":
      return record.on === "agent" ? "running" : "waiting";
    case "unknown":
      return "waiting";
    case "failed":
      return record.final === true ? "failed" : "running";
    case "done":
    case "skipped":
      return record.state;
    default:
      return record.state satisfies never;
  }
}
