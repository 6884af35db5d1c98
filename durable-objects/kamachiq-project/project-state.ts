import { z } from "zod";
import { accountSchema } from "../../workers/kamachiq/budget.ts";
import { projectOptionsSchema } from "../../workers/kamachiq/options.ts";
import { questionSchema } from "../../workers/kamachiq/plan.ts";
import { projectStateSchema } from "../../workers/kamachiq/project-state.ts";
import { principalSchema } from "../../workers/platform/principal.ts";
import { constitutionPinSchema, recordedProblemSchema, usageSchema, valueReferenceSchema } from "../../workers/platform/recorded.ts";

const messageSchema = z.object({
  seq: z.number().int(),
  at: z.number(),
  from: z.string(),
  to: z.string(),
  text: z.string(),
  key: z.string().optional(),
});
export type Message = z.infer<typeof messageSchema>;

/** What a project knows of itself by its events. */
export const stateSchema = z.object({
  id: z.string(),
  title: z.string(),
  brief: z.string(),
  attachments: z.array(z.object({ id: z.string(), name: z.string(), sha256: z.string() })),
  principal: principalSchema,
  options: projectOptionsSchema,
  constitution: constitutionPinSchema.optional(),
  /** The plan that came with the brief. */
  givenPlan: valueReferenceSchema.optional(),
  /** Where the project stands but for a pause, which lies over it. */
  phase: projectStateSchema,
  isPaused: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
  /** Counts plans: answers, notes, amendments, failures and reworks begin a new round. */
  round: z.number().int(),
  engine: z.string().optional(),
  questions: z.array(questionSchema),
  answers: z.array(z.string()),
  /** What people asked for since the brief: amendments, and notes on reports sent back, in their order. */
  notes: z.array(z.string()),
  /** Steps of former rounds whose results do not hold: none of them is taken over. */
  rejected: z.array(z.string()),
  /** Tasks that failed for good in the round before this one; the plan is made again without them as they are. */
  failures: z.array(z.object({ step: z.string(), problem: recordedProblemSchema })),
  /** The round works on the plan before it again. */
  keepsPlan: z.boolean(),
  replans: z.number().int(),
  reworks: z.number().int(),
  /** How many waves of the present plan were started. */
  waves: z.number().int(),
  milestones: z.array(z.object({ name: z.string(), round: z.number().int(), at: z.number() })),
  /** What models took for it: planning, and tasks that are done. */
  usage: usageSchema,
  account: accountSchema,
  /** The sessions of its agents. */
  agents: z.array(z.string()),
  /** The limit that keeps anything new from being started. */
  reached: z.object({ limit: z.enum(["micros", "tokens", "duration", "depth", "agents"]), detail: z.string() }).optional(),
  /** Checks of the newest review that were not passed, and disagreements of the peers. */
  findings: z.number().int(),
  messages: z.array(messageSchema),
  messageCount: z.number().int(),
  isApproved: z.boolean(),
  gateOpenedAt: z.number().optional(),
  manifest: z.object({ key: z.string(), sha256: z.string() }).optional(),
  /** Of a failed project: why, and where it goes on when what has failed is tried again. */
  failure: z.object({ problem: recordedProblemSchema, phase: projectStateSchema }).optional(),
});
export type ProjectState = z.infer<typeof stateSchema>;
