import { z } from "@hono/zod-openapi";
import type { Mapped, Unmapped } from "./adapter.ts";
import type { ImportedFiles } from "./compile.ts";

/** Entries of each list that an answer holds: a thousand tasks with all their attributes. What is more is counted. */
const MAX_TOLD = 5_000;

export const placeSchema = z
  .object({
    file: z.string().openapi({ example: "tasks.yaml" }),
    line: z.number().int().openapi({ example: 12, description: "From 1." }),
    column: z.number().int().openapi({ example: 5, description: "From 1." }),
  })
  .openapi("Place");

export const mappedSchema = z
  .object({
    what: z.string().openapi({ example: "research.context" }),
    where: placeSchema,
    to: z.string().openapi({ example: "steps.research.needs" }),
  })
  .openapi("Mapped");

export const unmappedSchema = z
  .object({
    what: z.string().openapi({ example: "research.callback" }),
    where: placeSchema,
    why: z.string().openapi({ example: "names code of your own, which does not run here" }),
  })
  .openapi("Unmapped");

interface Told {
  readonly mapped: (Mapped & { template: string })[];
  readonly unmapped: (Unmapped & { template?: string })[];
  /** Entries that are not in the lists because those are full. */
  readonly untold: number;
}

/** What became of everything in the files of an import, over all its templates, as far as an answer can hold it. */
export function told({ templates, unmapped }: ImportedFiles): Told {
  const allMapped = templates.flatMap((template) => template.mapped.map((entry) => ({ template: template.name, ...entry })));
  const allUnmapped = [
    ...templates.flatMap((template) => template.unmapped.map((entry) => ({ template: template.name, ...entry }))),
    ...unmapped,
  ];
  return {
    mapped: allMapped.slice(0, MAX_TOLD),
    unmapped: allUnmapped.slice(0, MAX_TOLD),
    untold: Math.max(0, allMapped.length - MAX_TOLD) + Math.max(0, allUnmapped.length - MAX_TOLD),
  };
}
