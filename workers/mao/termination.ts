import { z } from "@hono/zod-openapi";
import { durationSchema, stepNameSchema } from "./names.ts";

/** Conditions one may join, and how deep: a condition is asked after every turn. */
const MAX_CONDITIONS = 16;

/** When a team has come to its end: one condition, or several of which any or all must hold. */
export type Termination =
  | { readonly any: readonly Termination[] }
  | { readonly all: readonly Termination[] }
  /** Messages spoken, the task included. */
  | { readonly max_messages: number }
  /** A message holds this text; of `sources` alone when they are named. */
  | { readonly text: string; readonly sources?: readonly string[] | undefined }
  /** The word was handed to this participant. */
  | { readonly handoff: string }
  | { readonly timeout: string }
  /** Tokens used: those of questions (`input`), of answers (`output`), or both. */
  | { readonly tokens: number; readonly of?: "total" | "input" | "output" | undefined }
  /** One of these has spoken. */
  | { readonly source: readonly string[] }
  /** A signal of this name reached the run. */
  | { readonly external: string }
  /** A tool of this name was called. */
  | { readonly function_call: string };

const speaker = z.string().min(1).max(128);

export const terminationSchema: z.ZodType<Termination> = z
  .union([
    z.strictObject({ any: z.lazy(() => z.array(terminationSchema).min(1).max(MAX_CONDITIONS)) }),
    z.strictObject({ all: z.lazy(() => z.array(terminationSchema).min(1).max(MAX_CONDITIONS)) }),
    z.strictObject({ max_messages: z.number().int().min(1).max(10_000) }),
    z.strictObject({ text: z.string().min(1).max(1_000), sources: z.array(speaker).max(64).optional() }),
    z.strictObject({ handoff: speaker }),
    z.strictObject({ timeout: durationSchema }),
    z.strictObject({ tokens: z.number().int().min(1).max(1_000_000_000), of: z.enum(["total", "input", "output"]).optional() }),
    z.strictObject({ source: z.array(speaker).min(1).max(64) }),
    z.strictObject({ external: stepNameSchema }),
    z.strictObject({ function_call: z.string().min(1).max(200) }),
  ])
  .openapi("Termination");
