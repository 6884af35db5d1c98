import { z } from "zod";
import { DEFAULT_RECALLED, MAX_ABOUT_CHARACTERS, MAX_MEMORY_CHARACTERS, MAX_QUERY_CHARACTERS, MAX_RECALLED } from "../../memory/memory.ts";
import { memoryIndexName } from "../../memory/namespace.ts";
import { idPattern } from "../../platform/ids.ts";
import { defineTool } from "../define.ts";
import type { RegisteredTool, ToolContext } from "../tool.ts";

const MEMORY_TIMEOUT_MS = 10_000;

export const rememberedSchema = z.object({
  id: z.string(),
  text: z.string(),
  about: z.string().optional(),
  outcome: z.enum(["stored", "merged", "corrected"]),
});
export const recalledSchema = z.object({ memories: z.array(z.object({ id: z.string(), text: z.string(), about: z.string().optional() })) });

function index(context: ToolContext) {
  return context.env.MEMORY_INDEX.getByName(memoryIndexName(context.scope.principal));
}

/** The tools that remember and recall. Whose memory it is comes from the principal alone, so that no model can ask for another's. */
export const memoryTools: readonly RegisteredTool[] = [
  defineTool({
    id: "memory.remember",
    title: "Remember",
    description:
      "Remembers a fact for later conversations, as one plain sentence. With `about` (a short name of the subject) it replaces what was remembered about the same; with `corrects` it replaces the memory of that id.",
    input: z.strictObject({
      text: z.string().min(1).max(MAX_MEMORY_CHARACTERS),
      about: z.string().min(1).max(MAX_ABOUT_CHARACTERS).optional(),
      corrects: z.string().regex(idPattern("memory")).optional(),
    }),
    output: rememberedSchema,
    risk: "write",
    // The same words again are counted and not stored twice, so a repetition does no harm.
    onUnknown: "retry",
    timeoutMs: MEMORY_TIMEOUT_MS,
    run: async (input, context) => {
      const { memory, outcome } = await index(context).remember({ principal: context.scope.principal, ...input });
      return { id: memory.id, text: memory.text, outcome, ...(memory.about === undefined ? {} : { about: memory.about }) };
    },
  }),
  defineTool({
    id: "memory.recall",
    title: "Recall",
    description:
      "Finds what was remembered in earlier conversations that fits a question or a few words, best first; none when nothing does.",
    input: z.strictObject({
      query: z.string().min(1).max(MAX_QUERY_CHARACTERS),
      limit: z.number().int().min(1).max(MAX_RECALLED).default(DEFAULT_RECALLED),
    }),
    output: recalledSchema,
    risk: "read",
    onUnknown: "retry",
    timeoutMs: MEMORY_TIMEOUT_MS,
    run: async (input, context) => {
      const found = await index(context).recall({ principal: context.scope.principal, ...input });
      return { memories: found.map(({ memory: { id, text, about } }) => ({ id, text, ...(about === undefined ? {} : { about }) })) };
    },
  }),
];
