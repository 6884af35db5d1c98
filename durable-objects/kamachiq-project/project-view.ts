import { z } from "zod";
import { questionSchema } from "../../workers/kamachiq/plan.ts";
import { projectStateSchema } from "../../workers/kamachiq/project-state.ts";
import { type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import { principalSchema } from "../../workers/platform/principal.ts";
import { recordedProblemSchema } from "../../workers/platform/recorded.ts";
import type { View } from "../event-log/event-log.ts";

const stateSchema = z.object({
  id: z.string(),
  title: z.string(),
  brief: z.string(),
  attachments: z.array(z.object({ id: z.string(), name: z.string(), sha256: z.string() })),
  principal: principalSchema,
  /** Where the project stands but for a pause, which lies over it. */
  phase: projectStateSchema,
  isPaused: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
  /** Counts plans: answers and notes begin a new round. */
  round: z.number().int(),
  engine: z.string().optional(),
  questions: z.array(questionSchema),
  answers: z.array(z.string()),
  notes: z.array(z.string()),
  /** How many waves were started, and which step belongs to which. */
  waves: z.array(z.array(z.string())),
  isApproved: z.boolean(),
  manifest: z.object({ key: z.string(), sha256: z.string() }).optional(),
  /** Of a failed project: why, and where it goes on when what has failed is tried again. */
  failure: z.object({ problem: recordedProblemSchema, phase: projectStateSchema }).optional(),
});
export type ProjectState = z.infer<typeof stateSchema>;

/** What a project knows by its events; nothing before it was created. */
export class ProjectView implements View {
  readonly name = "project";
  state: ProjectState | undefined;

  apply(event: LoggedEvent): void {
    if (event.type === "project.created") {
      this.state = {
        ...event.data,
        phase: "planning",
        isPaused: false,
        createdAt: event.at,
        updatedAt: event.at,
        round: 1,
        questions: [],
        answers: [],
        notes: [],
        waves: [],
        isApproved: false,
      };
      return;
    }
    if (this.state === undefined) return;
    this.state.updatedAt = event.at;
    applyToProject(this.state, event);
  }

  snapshot(): Json {
    return parsedJsonSchema.parse(JSON.parse(JSON.stringify(this.state ?? null)));
  }

  restore(snapshot: unknown): void {
    this.state = snapshot === null ? undefined : stateSchema.parse(snapshot);
  }
}

function applyToProject(state: ProjectState, event: LoggedEvent): void {
  switch (event.type) {
    case "project.questioned":
      state.phase = "questions";
      state.questions = event.data.questions;
      return;
    case "project.answered":
      state.phase = "planning";
      state.questions = [];
      state.answers.push(event.data.text);
      state.round += 1;
      return;
    case "project.planned":
      state.phase = "running";
      state.engine = event.data.engine;
      state.title = event.data.title;
      state.waves = [];
      return;
    case "wave.started":
      state.waves.push(event.data.steps);
      return;
    case "review.completed":
      state.phase = "reviewing";
      state.isApproved = event.data.passed;
      return;
    case "gate.opened":
      state.phase = "gate";
      return;
    case "gate.decided":
      applyGate(state, event.data);
      return;
    case "project.paused":
      state.isPaused = true;
      return;
    case "project.continued":
      state.isPaused = false;
      return;
    case "project.cancelled":
      state.phase = "cancelled";
      return;
    case "project.delivered":
      state.phase = "delivered";
      state.manifest = { key: event.data.manifest, sha256: event.data.sha256 };
      return;
    case "project.failed":
      state.failure = { problem: event.data.problem, phase: state.phase };
      state.phase = "failed";
      return;
    case "step.reset":
      if (state.phase !== "failed" || state.failure === undefined) return;
      state.phase = state.failure.phase;
      delete state.failure;
      return;
    default:
      return;
  }
}

function applyGate(state: ProjectState, data: { decision: "approve" | "refuse" | "revise"; notes: string }): void {
  switch (data.decision) {
    case "approve":
      state.phase = "reviewing";
      state.isApproved = true;
      return;
    case "refuse":
      state.phase = "refused";
      return;
    case "revise":
      state.phase = "planning";
      state.notes.push(data.notes);
      state.round += 1;
      return;
    default:
      data.decision satisfies never;
  }
}
