import { z } from "zod";

const tableSchema = z.object({
  table: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string(), values: z.array(z.unknown()).default([]) })),
});
const documentSchema = z.object({ name: z.string(), headings: z.array(z.string()) });

export type OfferedTable = z.infer<typeof tableSchema>;

/** What a planning request offers, as a model reads it from the prompt. */
export interface PlanningPrompt {
  readonly brief: string;
  readonly answers: string;
  /** References of the capsules that may be used, by name: `rank` → `rank@^1`. */
  readonly capsules: ReadonlyMap<string, string>;
  readonly tables: readonly OfferedTable[];
  readonly documents: readonly z.infer<typeof documentSchema>[];
}

/** Reads a planning request; undefined when the text is none. */
export function readPlanningPrompt(text: string): PlanningPrompt | undefined {
  const brief = between(text, "brief");
  const data = between(text, "data");
  if (brief === undefined || data === undefined) return undefined;
  const lines = data.split("\n").flatMap((line) => parsedLine(line));
  return {
    brief,
    answers: between(text, "answers") ?? "",
    capsules: new Map(
      [...text.matchAll(/^([a-z][a-z0-9-]*)(@\S+?):? .*Inputs: /gm)].map((match) => [match[1] ?? "", `${match[1]}${match[2]}`]),
    ),
    tables: lines.flatMap((line) => tableSchema.safeParse(line).data ?? []),
    documents: lines.flatMap((line) => documentSchema.safeParse(line).data ?? []),
  };
}

function between(text: string, tag: string): string | undefined {
  return new RegExp(`<${tag}>\\n([\\s\\S]*?)\\n</${tag}>`).exec(text)?.[1];
}

function parsedLine(line: string): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
