import { literal } from "../../mao/expression.ts";
import type { Place } from "../place.ts";

/** What CrewAI takes for a placeholder; braces around anything else, code or JSON, are text. */
const PLACEHOLDER = /\{([A-Za-z_][A-Za-z0-9_-]*)\}/g;
/** What CEL takes for the name of a member behind a point. */
const MEMBER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const RESERVED = new Set(["in", "true", "false", "null"]);

/** The placeholders of a crew: each becomes an input of the graph. */
export interface Placeholders {
  /** A text with its placeholders as expressions, and everything else as it stands. */
  readonly text: (text: string, where: Place) => string;
  /** Each with the first place it was found in. */
  readonly found: ReadonlyMap<string, Place>;
}

export function placeholders(): Placeholders {
  const found = new Map<string, Place>();
  const text = (written: string, where: Place) => {
    let result = "";
    let end = 0;
    for (const match of written.matchAll(PLACEHOLDER)) {
      const name = match[1] ?? "";
      if (!found.has(name)) found.set(name, where);
      result += `${asText(written.slice(end, match.index))}\${${expressionOf(name)}}`;
      end = match.index + match[0].length;
    }
    return result + asText(written.slice(end));
  };
  return { text, found };
}

function expressionOf(name: string): string {
  return MEMBER.test(name) && !RESERVED.has(name) ? `inputs.${name}` : `inputs[${JSON.stringify(name)}]`;
}

function asText(text: string): string {
  const escaped = literal(text);
  return typeof escaped === "string" ? escaped : text;
}
