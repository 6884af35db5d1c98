import { z } from "zod";
import { parsedJsonSchema } from "./canonical-json.ts";
import { principalSchema } from "./principal.ts";
import { constitutionPinSchema, keptValueSchema, recordedProblemSchema } from "./recorded.ts";
import { taskOriginSchema } from "./task-events.ts";

/** Whom a run tells how it ended: the step of another run that it is. */
export const runParentSchema = z.object({
  run: z.string(),
  step: z.string(),
  key: z.string(),
  /** The steps on the way here from the first run of the tree. */
  place: z.string().optional(),
});

/** What can happen to a run as a whole; its steps are recorded by the events of steps. */
export const runEvents = {
  "run.created": z.object({
    id: z.string(),
    title: z.string(),
    principal: principalSchema,
    graph: keptValueSchema,
    inputs: keptValueSchema,
    /** The template that the graph is a version of. */
    template: z.object({ name: z.string(), version: z.number().int() }).optional(),
    schedule: z.string().optional(),
    parent: runParentSchema.optional(),
    /** How it is a task of other agents; absent when nobody began it by their protocol. */
    task: taskOriginSchema.optional(),
    /** The run, and the event of it, whose outcomes this one began with. */
    forkedFrom: z.object({ run: z.string(), at: z.number().int() }).optional(),
    /** Runs above this one: 0 for a run that nobody's step started. */
    depth: z.number().int(),
    /** The first run of the tree; absent for that itself. */
    root: z.string().optional(),
    /** What happened in the run that started it, as policies see it. */
    history: z.array(z.string()).optional(),
    policyHash: z.string(),
    constitution: constitutionPinSchema.optional(),
  }),
  /** A run somewhere below this one, the first of its tree, is counted into it. */
  "run.admitted": z.object({ run: z.string(), place: z.string() }),
  "run.paused": z.object({ by: z.string() }),
  "run.continued": z.object({ by: z.string() }),
  /** The run is to end: running steps may finish (`graceful`) or are broken off (`hard`); then what has effects to take back does so. */
  "run.cancelling": z.object({ by: z.string(), mode: z.enum(["graceful", "hard"]) }),
  /** The run failed (then with its problem) or is cancelled; what has effects to take back does so now. */
  "run.compensating": z.object({ problem: recordedProblemSchema.optional() }),
  "run.completed": keptValueSchema,
  "run.failed": z.object({ problem: recordedProblemSchema }),
  "run.cancelled": z.object({}),
  /** The parent has taken the outcome. */
  "run.reported": z.object({}),
  /** A person asked for a step, and what needs it, to run again; the run goes on. */
  "run.retried": z.object({ step: z.string(), by: z.string() }),
  /** A fork has taken over what the other run had come to, up to this event of that run. */
  "run.copied": z.object({ through: z.number().int(), isLast: z.boolean() }),
  /** A value that steps read was changed from outside. */
  "update.made": z.object({ name: z.string(), payload: parsedJsonSchema, by: z.string() }),
  "signal.received": z.object({ name: z.string(), payload: parsedJsonSchema, by: z.string() }),
} as const;
