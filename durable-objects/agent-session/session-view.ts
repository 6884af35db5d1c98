import { z } from "zod";
import { type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import { principalSchema } from "../../workers/platform/principal.ts";
import { constitutionPinSchema, recordedProblemSchema, usageSchema } from "../../workers/platform/recorded.ts";
import type { View } from "../event-log/event-log.ts";

const taskSchema = z.object({
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
  isReported: z.boolean(),
});

const turnSchema = z.object({
  turn: z.string(),
  message: z.string(),
  by: z.string(),
  startedAt: z.number(),
  /** The number of the event that started it: where a stream of the turn begins. */
  seq: z.number().int(),
  state: z.enum(["running", "completed", "failed"]),
  text: z.string().optional(),
  engine: z.string().optional(),
  usage: usageSchema.optional(),
  problem: recordedProblemSchema.optional(),
  /** Text that was streamed so far, and how much of it a finished step stands behind. Kept as the answer when the turn fails. */
  shown: z.string(),
  settledCharacters: z.number().int(),
  /** The round of the model in which a person was last asked; 0 before. What was spent up to it was settled then. */
  askedInRound: z.number().int(),
  task: taskSchema.optional(),
});
export type Turn = z.infer<typeof turnSchema>;

const approvalSchema = z.object({ turn: z.string(), step: z.string(), tool: z.string(), input: parsedJsonSchema, reason: z.string() });

/** Trainings of one session whose events are told apart; older ones were told long ago. */
const MAX_TRAININGS = 100;

const trainingSchema = z.object({
  agent: z.string(),
  token: z.number().int(),
  by: z.string(),
  since: z.number(),
  until: z.number(),
  /** Numbers of its first event and, once it has ended, its last. */
  first: z.number().int(),
  last: z.number().int().optional(),
  /** Why it has to end, until it has. */
  ending: z.enum(["failed", "closed"]).optional(),
});
export type TrainingRecord = z.infer<typeof trainingSchema>;

const stateSchema = z.object({
  id: z.string(),
  title: z.string(),
  agent: z.string(),
  principal: principalSchema,
  workspace: z.string(),
  parent: z.string().optional(),
  constitution: constitutionPinSchema.optional(),
  isClosed: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
  turns: z.array(turnSchema),
  approvals: z.array(approvalSchema),
  files: z.array(z.object({ artifact: z.string(), name: z.string(), kind: z.enum(["table", "document"]) })),
  trainings: z.array(trainingSchema).default([]),
});
export type SessionState = z.infer<typeof stateSchema>;

/** What a session knows by its events; nothing before it was created. */
export class SessionView implements View {
  readonly name = "session";
  state: SessionState | undefined;

  apply(event: LoggedEvent): void {
    if (event.type === "session.created") {
      const { id, title, agent, principal, workspace, parent, constitution } = event.data;
      this.state = {
        id,
        title,
        agent,
        principal,
        workspace,
        isClosed: false,
        createdAt: event.at,
        updatedAt: event.at,
        turns: [],
        approvals: [],
        files: [],
        trainings: [],
        ...(parent === undefined ? {} : { parent }),
        ...(constitution === undefined ? {} : { constitution }),
      };
      return;
    }
    if (this.state === undefined) return;
    this.state.updatedAt = event.at;
    applyToSession(this.state, event);
  }

  snapshot(): Json {
    return parsedJsonSchema.parse(JSON.parse(JSON.stringify(this.state ?? null)));
  }

  restore(snapshot: unknown): void {
    this.state = snapshot === null ? undefined : stateSchema.parse(snapshot);
  }
}

function applyToSession(state: SessionState, event: LoggedEvent): void {
  switch (event.type) {
    case "session.closed":
      state.isClosed = true;
      endTraining(state, "closed");
      return;
    case "training.started": {
      const { agent, token, by, until } = event.data;
      state.trainings = [...state.trainings.slice(1 - MAX_TRAININGS), { agent, token, by, since: event.at, until, first: event.seq }];
      return;
    }
    case "training.ended": {
      const training = presentTraining(state);
      if (training !== undefined) training.last = event.seq;
      return;
    }
    case "file.added":
      state.files.push(event.data);
      return;
    case "turn.started": {
      const { turn, message, by, task } = event.data;
      state.turns.push({
        turn,
        message,
        by,
        startedAt: event.at,
        seq: event.seq,
        state: "running",
        shown: "",
        settledCharacters: 0,
        askedInRound: 0,
        ...(task === undefined ? {} : { task: { ...task, isReported: false } }),
      });
      return;
    }
    case "approval.requested": {
      state.approvals.push(event.data);
      const turn = state.turns.find((candidate) => candidate.turn === event.data.turn);
      if (turn !== undefined) turn.askedInRound = Number(/\/m(\d+)\//.exec(event.data.step)?.[1] ?? 0);
      return;
    }
    case "approval.decided":
      state.approvals = state.approvals.filter((approval) => approval.step !== event.data.step);
      return;
    case "task.reported":
      for (const turn of state.turns) if (turn.task?.key === event.data.key) turn.task.isReported = true;
      return;
    case "turn.completed":
    case "turn.failed":
      state.approvals = state.approvals.filter((approval) => approval.turn !== event.data.turn);
      if (event.type === "turn.failed") endTraining(state, "failed");
      applyToTurn(state.turns.at(-1), event);
      return;
    default:
      applyToTurn(state.turns.at(-1), event);
  }
}

function applyToTurn(turn: Turn | undefined, event: LoggedEvent): void {
  if (turn === undefined) return;
  switch (event.type) {
    case "turn.delta":
      turn.shown += event.data.text;
      return;
    case "step.done":
      turn.settledCharacters = turn.shown.length;
      return;
    case "turn.restarted":
      turn.shown = turn.shown.slice(0, turn.settledCharacters);
      return;
    case "turn.completed":
      turn.state = "completed";
      turn.text = event.data.text;
      turn.engine = event.data.engine;
      turn.usage = event.data.usage;
      turn.shown = "";
      return;
    case "turn.failed":
      turn.state = "failed";
      turn.problem = event.data.problem;
      turn.text = turn.shown;
      turn.shown = "";
      return;
    default:
      return;
  }
}

/** The training that the session is in. */
export function presentTraining(state: SessionState): TrainingRecord | undefined {
  const newest = state.trainings.at(-1);
  return newest?.last === undefined ? newest : undefined;
}

function endTraining(state: SessionState, reason: "failed" | "closed"): void {
  const training = presentTraining(state);
  if (training !== undefined) training.ending ??= reason;
}
