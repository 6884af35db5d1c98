import { z } from "zod";
import { pointerOf } from "../place.ts";
import { type Source, sourceProblem } from "../source.ts";

/** Rounds a flow may come back to a node when nobody says how many. */
const DEFAULT_MAX_ROUNDS = 100;

/** The file that says which of our tools stand for a document's, and how long its cycles may go. */
const bindingSchema = z.strictObject({
  agent_spec: z.literal(1).default(1),
  name: z.string().max(200).optional(),
  /** Our tool's id by the name of theirs. */
  tools: z.record(z.string(), z.string().max(200)).default({}),
  /** Our model's name by their `model_id`. */
  models: z.record(z.string(), z.string().max(200)).default({}),
  max_rounds: z.number().int().min(1).max(1_000).default(DEFAULT_MAX_ROUNDS),
});
export type Binding = z.infer<typeof bindingSchema>;

/** True for a file that only binds. */
export function isBinding({ value }: Source): boolean {
  return value !== null && typeof value === "object" && !Array.isArray(value) && value.agent_spec === 1;
}

/** @throws Problem `invalid-template` with the place of each fault */
export function readBinding(file: Source | undefined): Binding {
  const parsed = bindingSchema.safeParse(file?.value ?? {});
  if (parsed.success) return parsed.data;
  throw sourceProblem(
    parsed.error.issues.map(({ path, message }) => ({
      place: file?.place(pointerOf(path)) ?? { file: "", line: 1, column: 1 },
      pointer: pointerOf(path),
      message,
    })),
  );
}
