import { MAX_JSON_DEPTH } from "../platform/limits.ts";
import { Problem } from "../platform/problem.ts";

/** Escapes that can hide what a string may not hold: NUL and halves of surrogate pairs. */
const SUSPICIOUS_ESCAPE = /\\u(?:0000|d[89a-f])/i;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * The body as text that is known to be I-JSON (RFC 7493) of bounded depth: UTF-8, each member of an object named once, no half
 * characters; and no NUL, which ends a string for half of the programs that will read it.
 * @throws Problem `malformed-json` saying what is wrong
 */
export function checkedJson(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw malformed("is not valid UTF-8");
  }
  checkStructure(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed(`is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : "it does not parse"}`);
  }
  if (SUSPICIOUS_ESCAPE.test(text)) checkStrings(value);
  return text;
}

/** Looks for nesting that is too deep and for members named twice: without recursion, so that hostile nesting reaches no recursive parser. */
function checkStructure(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  let isNameNext = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      const end = endOfString(text, i);
      if (isNameNext) addName(open.at(-1), text.slice(i, end + 1));
      isNameNext = false;
      i = end;
    } else if (code === 0x7b || code === 0x5b) {
      isNameNext = code === 0x7b;
      open.push(isNameNext ? new Set() : undefined);
      if (open.length > MAX_JSON_DEPTH) throw malformed(`nests deeper than ${MAX_JSON_DEPTH} levels`);
    } else if (code === 0x7d || code === 0x5d) {
      open.pop();
      isNameNext = false;
    } else if (code === 0x2c) isNameNext = open.at(-1) !== undefined;
  }
}

function addName(names: Set<string> | undefined, quoted: string): void {
  if (names === undefined) return;
  const name = quoted.includes("\\") ? unescaped(quoted) : quoted.slice(1, -1);
  if (names.has(name)) throw malformed(`names the member ${JSON.stringify(name.slice(0, 100))} twice in one object`);
  names.add(name);
}

/** A string's value; what is no string stays as it is, since the parser will refuse it. */
function unescaped(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

/** Recursion is safe here: the depth has been checked. */
function checkStrings(value: unknown): void {
  if (typeof value === "string") checkString(value);
  else if (Array.isArray(value)) value.forEach(checkStrings);
  else if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      checkString(name);
      checkStrings(member);
    }
  }
}

function checkString(text: string): void {
  if (text.includes("\0")) throw malformed("holds the character NUL (\\u0000) in a string");
  if (!text.isWellFormed()) throw malformed("holds half of a surrogate pair in a string");
}

function malformed(what: string): Problem {
  return new Problem("malformed-json", `The body ${what}.`);
}
