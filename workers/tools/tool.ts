import type { z } from "zod";
import type { Json } from "../platform/canonical-json.ts";
import type { Clock } from "../platform/clock.ts";
import type { Principal } from "../platform/principal.ts";

/** What a call may do outside: what policies see as `resource.risk`. */
export type ToolRisk = "read" | "write" | "destructive" | "spend";

/**
 * What happens when it is not known whether a call took effect (a crash between the call and its record):
 * `retry` is for tools whose repetition under the same key has no second effect.
 */
export type OnUnknown = "retry" | "ask" | "fail";

/** Where a call works: which data and artifacts it sees. Made from the principal and the object that calls, never from an argument. */
export interface ToolScope {
  readonly principal: Principal;
  /** The `data-workspace` object whose tables and documents the call sees: the id of its project or session. */
  readonly workspace: string;
}

export interface ToolContext {
  readonly env: Env;
  readonly clock: Clock;
  readonly scope: ToolScope;
  /** The same for every try of one step: the tool passes it on as its idempotency key. */
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
}

/**
 * A tool as data: what models, policies, people and the executor need to know of it, and the function that does the work.
 * `run` gets input that its schema accepted, and its result is checked against `output`.
 */
export interface ToolDefinition<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** `<group>.<verb>`, for example `data.query`. */
  readonly id: string;
  readonly title: string;
  /** Written for a model that has to decide whether to call it. */
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  readonly risk: ToolRisk;
  /** What policies see as `resource.tags`: `outgoing` for one that sends something out of the platform. */
  readonly tags?: readonly string[];
  /** What its results are, as policies see it in the history of the work: `secret`, `personal` … */
  readonly labels?: readonly string[];
  /**
   * True for a tool that computes from its input alone and reaches nothing outside: running it again changes nothing, so that a step of it
   * costs one row and not two.
   */
  readonly isPure?: true;
  readonly onUnknown: OnUnknown;
  readonly timeoutMs: number;
  run(input: z.output<Input>, context: ToolContext): Promise<z.input<Output>>;
}

/** A tool whose types were erased so that a registry can hold many: `run` parses what it is given and what it returns. */
export interface RegisteredTool {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: z.ZodType;
  readonly outputSchema: z.ZodType;
  readonly risk: ToolRisk;
  readonly tags: readonly string[];
  readonly labels: readonly string[];
  readonly isPure: boolean;
  readonly onUnknown: OnUnknown;
  readonly timeoutMs: number;
  /** @throws Problem `invalid-request` when the input does not fit the schema */
  run(input: Json, context: ToolContext): Promise<Json>;
}
