import { z } from "zod";
import { parsedJsonSchema } from "./canonical-json.ts";
import { constitutionEvents } from "./constitution-events.ts";
import { moderationEvents } from "./moderation-events.ts";
import { principalSchema } from "./principal.ts";
import {
  constitutionPinSchema,
  recordedDecisionSchema,
  recordedProblemSchema,
  usageSchema,
  valueReferenceSchema,
  waitingOnSchema,
} from "./recorded.ts";
import { runEvents } from "./run-events.ts";
import { scheduleEvents } from "./schedule-events.ts";
import { taskEvents } from "./task-events.ts";

/**
 * Everything that can happen, as a closed list: journal, stream and audit are made of these and of nothing else.
 * On the wire to queues a type is a CloudEvents name: `io.somaagent.<type>.v1`.
 */

const step = z.string();
const attempt = z.number().int().positive();

const events = {
  /** Written before a step's effect leaves the object, so that an unknown outcome can be known as one. */
  "step.intended": z.object({
    step,
    uses: z.string(),
    title: z.string().optional(),
    attempt,
    key: z.string(),
    decision: recordedDecisionSchema.optional(),
    child: z.string().optional(),
  }),
  "step.done": z.object({
    step,
    attempt,
    output: parsedJsonSchema.optional(),
    reference: valueReferenceSchema.optional(),
    /** In place of an output: the step returned the list of what the steps `<step>/0` to `<step>/<items - 1>` returned. */
    items: z.number().int().nonnegative().optional(),
    durationMs: z.number(),
    /** What ran and who allowed it: here where no intent says so, as for a step that stays inside its object. */
    uses: z.string().optional(),
    title: z.string().optional(),
    decision: recordedDecisionSchema.optional(),
    /** What it brought is, in words that policies know: `secret`, `personal` … */
    labels: z.array(z.string()).optional(),
  }),
  "step.failed": z.object({
    step,
    attempt,
    final: z.boolean(),
    problem: recordedProblemSchema,
    decision: recordedDecisionSchema.optional(),
    retryAt: z.number().optional(),
  }),
  "step.unknown": z.object({ step, attempt }),
  /**
   * A kill switch was thrown while the step's effect was under way. One that may be repeated was broken off (`isCut`) and begins again after the release; any other
   * goes on to its end, since breaking it off would only hide what became of it.
   */
  "step.stopped": z.object({ step, attempt, switch: z.string(), isCut: z.boolean() }),
  /** The switch of a step that is done chose which of the steps that need it run. */
  "step.branched": z.object({ step, chosen: z.array(z.string()) }),
  /** The step waits for something outside. */
  "step.waiting": z.object({
    uses: z.string(),
    title: z.string().optional(),
    step,
    attempt,
    on: waitingOnSchema,
    until: z.number().optional(),
    prompt: z.string().optional(),
    /** The run that works on it. */
    child: z.string().optional(),
  }),
  "step.skipped": z.object({ step, reason: z.string() }),
  /** Text that an agent said on its way to the end of its step. */
  "step.delta": z.object({ step, text: z.string() }),
  /** The model is asked again from the start of its answer: the text streamed since its last one that was finished is void. */
  "step.restarted": z.object({ step }),
  /** A participant of a team has spoken, in the team's so-many-th turn. */
  "team.message": z.object({ step, turn: z.number().int().positive(), speaker: z.string(), text: z.string() }),
  /** A person asked for a finished or failed step to run again. */
  "step.reset": z.object({ step, by: z.string() }),
  /** What happened in other work that this one comes from, or that it gave away: policies see it as this work's own history. */
  "history.told": z.object({ labels: z.array(z.string()), from: z.string() }),
  /** Work went on after the platform interrupted it; counts towards the bound on recoveries without progress. */
  "work.resumed": z.object({ openSteps: z.number().int() }),
  /** A kill switch stops the work: nothing begins until it is released. In a drill nothing stops, and this only tells that it would. */
  "work.held": z.object({ switch: z.string(), drill: z.boolean(), uses: z.string().optional() }),
  "work.released": z.object({ switch: z.string() }),

  "session.created": z.object({
    id: z.string(),
    title: z.string(),
    agent: z.string(),
    /** For whom the session acts, also when nobody is connected. */
    principal: principalSchema,
    workspace: z.string(),
    parent: z.string().optional(),
    /** What happened in the project it works for, as policies see it. */
    history: z.array(z.string()).optional(),
    policyHash: z.string(),
    constitution: constitutionPinSchema.optional(),
  }),
  /** A file was added to what the session or project can work with. */
  "file.added": z.object({ artifact: z.string(), name: z.string(), kind: z.enum(["table", "document"]) }),
  "session.closed": z.object({ by: z.string() }),
  /** The session alone may train its agent until then; `token` is that of the lock. Every event up to its end is told to the training audit. */
  "training.started": z.object({
    agent: z.string(),
    token: z.number().int(),
    until: z.number(),
    by: z.string(),
    decision: recordedDecisionSchema,
  }),
  "training.ended": z.object({ reason: z.enum(["released", "failed", "closed", "expired", "lost"]), by: z.string().optional() }),
  "turn.started": z.object({
    turn: z.string(),
    message: z.string(),
    by: z.string(),
    /** The project's task that the turn works on, and whom to tell when it has ended. */
    task: z
      .object({
        parent: z.string(),
        step: z.string(),
        key: z.string(),
        goal: z.string(),
        goalId: z.string(),
        capsule: z.string(),
        inputs: z.record(z.string(), parsedJsonSchema),
        context: z.string().optional(),
        isBudgeted: z.literal(true).optional(),
        isPeer: z.literal(true).optional(),
      })
      .optional(),
  }),
  /** The model is asked again from the start of its answer: text streamed since its last step is void. */
  "turn.restarted": z.object({ turn: z.string() }),
  /** The project has taken the outcome of the task. */
  "task.reported": z.object({ key: z.string() }),
  "turn.delta": z.object({ turn: z.string(), text: z.string() }),
  "turn.completed": z.object({ turn: z.string(), text: z.string(), engine: z.string(), usage: usageSchema }),
  "turn.failed": z.object({ turn: z.string(), problem: recordedProblemSchema }),
  "approval.requested": z.object({ turn: z.string(), step, tool: z.string(), input: parsedJsonSchema, reason: z.string() }),
  "approval.decided": z.object({ step, decision: z.enum(["approve", "refuse"]), by: z.string(), note: z.string().optional() }),

  "project.created": z.object({
    id: z.string(),
    title: z.string(),
    brief: z.string(),
    attachments: z.array(z.object({ id: z.string(), name: z.string(), sha256: z.string() })),
    principal: principalSchema,
    policyHash: z.string(),
    constitution: constitutionPinSchema.optional(),
    /** How it is governed and what it may use, where that was said. */
    options: parsedJsonSchema.optional(),
    /** A plan that came with the brief. */
    plan: valueReferenceSchema.optional(),
  }),
  "project.questioned": z.object({
    questions: z.array(z.object({ about: z.string(), question: z.string(), choices: z.array(z.string()) })),
    usage: usageSchema.optional(),
  }),
  "project.answered": z.object({ text: z.string(), by: z.string() }),
  "project.planned": z.object({
    engine: z.string(),
    title: z.string(),
    goals: z.number().int(),
    steps: z.number().int(),
    round: z.number().int(),
    usage: usageSchema.optional(),
  }),
  /** A person changed the brief while it was worked on. */
  "project.amended": z.object({ text: z.string(), by: z.string() }),
  /** Tasks failed for good; the plan is made again without what cannot work. */
  "project.replanned": z.object({
    round: z.number().int(),
    failed: z.array(z.object({ step, problem: recordedProblemSchema })),
  }),
  "milestone.reached": z.object({ round: z.number().int(), milestone: z.string(), title: z.string(), tasks: z.number().int() }),
  /** Part of a project's own budget is held for one call of a model, and then settled with what it took. */
  "budget.reserved": z.object({ call: z.string(), key: z.string(), micros: z.number().int(), tokens: z.number().int() }),
  "budget.settled": z.object({ call: z.string(), micros: z.number().int(), tokens: z.number().int() }),
  /** Nothing new is started: the named limit of the project's budget is reached. */
  "budget.reached": z.object({ limit: z.enum(["micros", "tokens", "duration", "depth", "agents"]), detail: z.string() }),
  "budget.changed": z.object({ budget: parsedJsonSchema, by: z.string() }),
  /** The review found tasks whose results do not hold; they are done anew. */
  "review.reworked": z.object({ round: z.number().int(), tasks: z.array(z.string()), notes: z.string() }),
  /** A second agent did some of the tasks again, on its own. */
  "peer.reviewed": z.object({
    round: z.number().int(),
    score: z.number(),
    agreed: z.number().int(),
    disagreed: z.number().int(),
    engine: z.string(),
    notes: z.string(),
  }),
  /** What one agent of a project, or a person, tells the others. */
  "collaboration.message": z.object({ from: z.string(), to: z.string(), text: z.string(), key: z.string().optional() }),
  /** The findings of a task are given to the agent of one that needs them. */
  "collaboration.handover": z.object({ from: z.string(), to: z.string(), session: z.string(), characters: z.number().int() }),
  "wave.started": z.object({ wave: z.number().int(), steps: z.array(z.string()) }),
  "review.completed": z.object({ round: z.number().int(), score: z.number(), passed: z.boolean(), findings: z.number().int() }),
  "gate.opened": z.object({ round: z.number().int(), score: z.number(), reason: z.string() }),
  "gate.decided": z.object({
    round: z.number().int(),
    decision: z.enum(["approve", "refuse", "revise"]),
    by: z.string(),
    notes: z.string(),
  }),
  "project.paused": z.object({ by: z.string() }),
  "project.continued": z.object({ by: z.string() }),
  "project.cancelled": z.object({ by: z.string() }),
  "project.delivered": z.object({ score: z.number(), deliverables: z.number().int(), manifest: z.string(), sha256: z.string() }),
  "project.failed": z.object({ problem: recordedProblemSchema }),

  ...runEvents,
  ...scheduleEvents,
  ...taskEvents,
  ...constitutionEvents,
  ...moderationEvents,

  /** Ids and never the text: what is forgotten must be nowhere. */
  "memory.remembered": z.object({
    id: z.string(),
    outcome: z.enum(["stored", "merged", "corrected"]),
    replaced: z.array(z.string()),
    by: z.string(),
    decision: recordedDecisionSchema.optional(),
  }),
  "memory.forgotten": z.object({ id: z.string(), by: z.string(), decision: recordedDecisionSchema.optional() }),

  /** Something changed outside sessions and projects: a key was made, an artifact stored. Written by the route that did it. */
  "resource.changed": z.object({ action: z.string(), resource: z.string(), by: z.string(), decision: recordedDecisionSchema.optional() }),
} as const;

export type EventType = keyof typeof events;
export type EventData = { [T in EventType]: z.infer<(typeof events)[T]> };
/** An event that has not been numbered yet. */
export type NewEvent = { [T in EventType]: { readonly type: T; readonly data: EventData[T] } }[EventType];
/** An event as every reader sees it: `seq` counts from 1 without gaps within one object. */
export type LoggedEvent = NewEvent & { readonly seq: number; readonly at: number };

export function isEventType(value: string): value is EventType {
  return Object.hasOwn(events, value);
}

/**
 * Reads an event back from storage or a queue.
 * @throws ZodError when the data does not fit the type, RangeError when the type is none of ours
 */
export function parseEvent(row: { seq: number; at: number; type: string; data: unknown }): LoggedEvent {
  if (!isEventType(row.type)) throw new RangeError(`no such event type: ${row.type}`);
  return loggedEventSchema.parse(row);
}

const loggedEventSchema: z.ZodType<LoggedEvent> = z.custom<LoggedEvent>((value) => {
  if (typeof value !== "object" || value === null || !("type" in value) || !("data" in value)) return false;
  return typeof value.type === "string" && isEventType(value.type) && events[value.type].safeParse(value.data).success;
});

/** The events that people and auditors are told of; streamed text is not one of them, what it became is. */
export function isAudited(type: EventType): boolean {
  return type !== "turn.delta" && type !== "step.delta";
}

/** The CloudEvents 1.0 `type` of an event. */
export function cloudEventType(type: EventType): string {
  return `io.somaagent.${type}.v1`;
}
