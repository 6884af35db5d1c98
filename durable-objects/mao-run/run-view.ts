import { z } from "zod";
import { type RunPhase, runPhaseSchema } from "../../workers/mao/run-state.ts";
import { type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import { principalSchema } from "../../workers/platform/principal.ts";
import { constitutionPinSchema, keptValueSchema, recordedProblemSchema } from "../../workers/platform/recorded.ts";
import { runParentSchema } from "../../workers/platform/run-events.ts";
import type { View } from "../event-log/event-log.ts";

const stateSchema = z.object({
  id: z.string(),
  title: z.string(),
  principal: principalSchema,
  graph: keptValueSchema,
  inputs: keptValueSchema,
  template: z.object({ name: z.string(), version: z.number().int() }).optional(),
  schedule: z.string().optional(),
  parent: runParentSchema.optional(),
  depth: z.number().int(),
  root: z.string().optional(),
  constitution: constitutionPinSchema.optional(),
  /** Runs below this one, when it is the first of their tree. */
  tree: z.array(z.string()).default([]),
  forkedFrom: z.object({ run: z.string(), at: z.number().int() }).optional(),
  /** Of a fork: the event of the other run up to which its outcomes are here; undefined once they all are. */
  copiedThrough: z.number().int().optional(),
  phase: runPhaseSchema,
  isPaused: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
  finishedAt: z.number().optional(),
  cancelMode: z.enum(["graceful", "hard"]).optional(),
  problem: recordedProblemSchema.optional(),
  output: keptValueSchema.optional(),
  isReported: z.boolean(),
  /** Names of the signals that have come, each once. */
  signals: z.array(z.string()),
});
export type RunRecord = z.infer<typeof stateSchema>;

/** What a run knows by its events; nothing before it was created. */
export class RunView implements View {
  readonly name = "run";
  state: RunRecord | undefined;

  apply(event: LoggedEvent): void {
    if (event.type === "run.created") {
      const { policyHash: _, task: __, ...created } = event.data;
      this.state = {
        ...created,
        phase: "running",
        isPaused: false,
        createdAt: event.at,
        updatedAt: event.at,
        ...(event.data.forkedFrom === undefined ? {} : { copiedThrough: 0 }),
        isReported: false,
        signals: [],
        tree: [],
      };
      return;
    }
    if (this.state === undefined) return;
    this.state.updatedAt = event.at;
    applyToRun(this.state, event);
  }

  snapshot(): Json {
    return parsedJsonSchema.parse(JSON.parse(JSON.stringify(this.state ?? null)));
  }

  restore(snapshot: unknown): void {
    this.state = snapshot === null ? undefined : stateSchema.parse(snapshot);
  }
}

function applyToRun(state: RunRecord, event: LoggedEvent): void {
  switch (event.type) {
    case "run.admitted":
      state.tree.push(event.data.run);
      return;
    case "run.copied":
      if (event.data.isLast) delete state.copiedThrough;
      else state.copiedThrough = event.data.through;
      return;
    case "run.retried":
      state.phase = "running";
      state.isPaused = false;
      delete state.problem;
      delete state.output;
      delete state.finishedAt;
      return;
    case "run.paused":
      state.isPaused = true;
      return;
    case "run.continued":
      state.isPaused = false;
      return;
    case "run.cancelling":
      state.phase = "cancelling";
      state.isPaused = false;
      state.cancelMode = event.data.mode;
      return;
    case "run.compensating":
      state.phase = "compensating";
      state.isPaused = false;
      if (event.data.problem !== undefined) state.problem = event.data.problem;
      return;
    case "run.completed":
      state.output = event.data;
      end(state, "completed", event.at);
      return;
    case "run.failed":
      state.problem = event.data.problem;
      end(state, "failed", event.at);
      return;
    case "run.cancelled":
      end(state, "cancelled", event.at);
      return;
    case "signal.received":
      if (!state.signals.includes(event.data.name)) state.signals.push(event.data.name);
      return;
    case "run.reported":
      state.isReported = true;
      return;
    default:
      return;
  }
}

function end(state: RunRecord, phase: RunPhase, at: number): void {
  state.phase = phase;
  state.isPaused = false;
  state.finishedAt = at;
}
