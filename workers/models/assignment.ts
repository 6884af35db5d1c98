import { z } from "zod";
import type { Json } from "../platform/canonical-json.ts";

/** What a model is sent of what came before: about 25,000 tokens of English. */
export const MAX_CONTEXT_CHARACTERS = 100_000;

/** Something an agent may work with, and where it comes from. */
export interface ContextPart {
  readonly from: string;
  readonly text: string;
}

/** What an agent of a run is to do. */
export interface Assignment {
  readonly goal: string;
  readonly expectedOutput?: string | undefined;
  readonly context: readonly ContextPart[];
  /** JSON Schema that the answer has to fit. */
  readonly schema?: Readonly<Record<string, Json>> | undefined;
  /** Others whom the word, or a part of the work, should go to if it fits them: by the name of the call that hands it over. */
  readonly colleagues?: readonly { readonly call: string; readonly description: string }[];
  /** What the agent says when it has nothing to add, because somebody waits for this word. */
  readonly lastWord?: string | undefined;
  /** True when the agent has spoken before and nothing was said since. */
  readonly hasNothingNew?: boolean;
}

/** An assignment as one message to a model; what it is to work with is marked as material, and bounded. */
export function assignmentMessage({ goal, expectedOutput, context, schema }: Assignment): string {
  const parts = bounded(context, MAX_CONTEXT_CHARACTERS);
  return [
    goal,
    ...(expectedOutput === undefined || expectedOutput === "" ? [] : [`Expected output: ${expectedOutput}`]),
    ...parts.map(({ from, text }) => `<data from="${from.replaceAll('"', "'")}">\n${asMaterial(text)}\n</data>`),
    ...(schema === undefined
      ? []
      : [`Answer with one JSON object that fits this JSON Schema, and with nothing else:\n${JSON.stringify(schema)}`]),
  ].join("\n\n");
}

/** Text that cannot end the material it stands in. */
export function asMaterial(text: string): string {
  return text.replace(/<(\/?)data/gi, "($1data");
}

/** The parts within this many characters: the longest are cut first, and say so. */
export function bounded(parts: readonly ContextPart[], characters: number): ContextPart[] {
  const share = fairShare(
    parts.map((part) => part.text.length),
    characters,
  );
  return parts.map(({ from, text }) =>
    text.length <= share
      ? { from, text }
      : { from, text: `${text.slice(0, share)}\n(The remaining ${text.length - share} characters are not shown.)` },
  );
}

/** The largest length that all may have so that together they stay within the sum. */
function fairShare(lengths: readonly number[], sum: number): number {
  let left = sum;
  const sorted = [...lengths].sort((a, b) => a - b);
  for (const [i, length] of sorted.entries()) {
    const share = Math.floor(left / (sorted.length - i));
    if (length > share) return share;
    left -= length;
  }
  return sum;
}

const spokenSchema = z.looseObject({ text: z.string() });
/** What several steps gave, each under its name. */
const namedSchema = z.record(z.string(), z.union([z.string(), z.looseObject({ text: z.string() }).catchall(z.json())]));

/**
 * What a step gave as context, as parts: an agent's or team's output is its text, a list is its members, what several gave
 * is each under its name, whatever else is written as JSON.
 * @param from how the parts are called; members of a list are numbered
 */
export function contextParts(value: Json, from: string): ContextPart[] {
  if (value === null || value === "") return [];
  if (typeof value === "string") return [{ from, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, i) => contextParts(item, `${from} ${i + 1}`));
  const spoken = spokenSchema.safeParse(value);
  if (spoken.success) return [{ from, text: spoken.data.text }];
  const named = namedSchema.safeParse(value);
  if (named.success) return Object.entries(named.data).flatMap(([name, said]) => contextParts(said, name));
  return [{ from, text: JSON.stringify(value) }];
}
