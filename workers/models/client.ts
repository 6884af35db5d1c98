import { z } from "zod";
import type { DocumentSummary } from "../kamachiq/planner.ts";
import type { Json } from "../platform/canonical-json.ts";
import type { Usage } from "../platform/recorded.ts";
import type { DatasetProfile } from "../tools/data/profile.ts";
import type { Assignment } from "./assignment.ts";

/** A call that a model wants made. */
export const toolCallSchema = z.object({ id: z.string(), name: z.string(), input: z.json() });
export type ToolCall = z.infer<typeof toolCallSchema>;

export type ChatMessage =
  | { readonly role: "user"; readonly text: string }
  | { readonly role: "assistant"; readonly text: string; readonly calls: readonly ToolCall[] }
  | { readonly role: "tool"; readonly results: readonly { readonly id: string; readonly name: string; readonly output: Json }[] };

export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: z.ZodType;
}

/** A task of a project: what is to be found out, and the capsule and inputs that the plan has for it. */
export const taskSchema = z.object({ goal: z.string(), goalId: z.string(), capsule: z.string(), inputs: z.record(z.string(), z.json()) });
export type Task = z.infer<typeof taskSchema>;

export interface ModelRequest {
  readonly system: string;
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly OfferedTool[];
  readonly task: Task | undefined;
  /** What an agent of a run is to do; its last message says the same in words. Undefined in a conversation. */
  readonly assignment?: Assignment | undefined;
  /** How far the model may stray, 0 to 2; the provider's own default when it is not said. */
  readonly temperature?: number | undefined;
  /** What the session's workspace holds. */
  readonly datasets: readonly DatasetProfile[];
  readonly documents: readonly DocumentSummary[];
  readonly signal: AbortSignal;
}

export type ModelPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "call"; readonly call: ToolCall }
  /** The model works and has nothing to show yet: it reasons, or writes the arguments of a call. */
  | { readonly kind: "thinking"; readonly characters: number }
  /** The answer is over; `isCutOff` when its limit of length ended it. */
  | { readonly kind: "end"; readonly usage: Usage; readonly isCutOff: boolean };

/** A language model, or what stands in for one: it answers a request with a stream that ends with `end`, or throws. */
export interface ModelClient {
  /** The engine's name as answers carry it. */
  readonly engine: string;
  /** True when calls cost money, and a budget must be reserved first. */
  readonly isPaid: boolean;
  /** No answer takes longer than this, in milliseconds. */
  readonly timeoutMs: number;
  /** What a call may cost at most, in millionths of a dollar. */
  ceilingMicros(request: ModelRequest): number;
  /** The tokens a call may take at most, in and out together. */
  ceilingTokens(request: ModelRequest): number;
  /** What a call took that broke off after this many characters, of which no one has told: an estimate. */
  estimate(request: ModelRequest, characters: number): Usage;
  stream(request: ModelRequest): AsyncGenerator<ModelPart>;
}
