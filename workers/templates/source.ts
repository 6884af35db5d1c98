import { Composer, type CST, type Document, Lexer, LineCounter, Parser } from "yaml";
import { z } from "zod";
import type { Json } from "../platform/canonical-json.ts";
import { MAX_JSON_DEPTH } from "../platform/limits.ts";
import { Problem } from "../platform/problem.ts";
import { withoutComments } from "./json-comments.ts";
import { type Place, pointerSegments } from "./place.ts";
import { SourceFault, type SourceNode, sourceTree } from "./source-tree.ts";

/** Files of one import: a crew with its notes, a folder of graphs. */
export const MAX_SOURCE_FILES = 64;
/** A file that people and programs write; several share one request body of a megabyte. */
export const MAX_FILE_CHARACTERS = 900_000;
const MAX_PATH_CHARACTERS = 400;
/** Pieces of syntax in one file: each costs time and memory, and a graph of the largest size has fewer. */
const MAX_TOKENS = 300_000;
/** `*name` in one file. */
const MAX_ALIASES = 1_000;
/** Faults of one file that are told at once. */
const MAX_FAULTS_TOLD = 20;

/** A file as it is given to an import. */
export const sourceFileSchema = z.strictObject({
  path: z
    .string()
    .min(1)
    .max(MAX_PATH_CHARACTERS)
    .refine((path) => path !== "" && !/\p{Cc}/u.test(path), { message: "expected a path without control characters" }),
  text: z.string().max(MAX_FILE_CHARACTERS),
});

/** A file that was read: its value, and where in the text each part of it stands. */
export interface Source {
  readonly path: string;
  /** The last part of the path, in lower case. */
  readonly name: string;
  readonly value: Json;
  /**
   * Where the value at a JSON pointer stands: the value itself when it is on the line of its name, or else the name. What is not in the
   * file is looked for at the nearest thing around it that is.
   */
  readonly place: (pointer: string) => Place;
  /** Where the name of a member stands: for what is said of the member as a whole. */
  readonly namePlace: (pointer: string) => Place;
}

/**
 * Reads a file of YAML 1.2 or JSON (which is YAML; `.jsonc` may hold comments) with the places of all its values. Merge keys are read as YAML 1.1 has them.
 * @throws Problem `invalid-template` naming file, line and column of each fault: what does not parse, names given twice, tags, more than one
 *   document, and whatever is deeper, larger or more entangled than a person writes
 */
export function parseSource(path: string, text: string): Source {
  const lines = new LineCounter();
  lines.addNewLine(0);
  const at = (offset: number): Place => placeIn(path, lines, offset);
  try {
    const root = sourceTree(composed(tokensOf(path.endsWith(".jsonc") ? withoutComments(text) : text, lines), text.length));
    return {
      path,
      name: (path.split(/[\\/]/).at(-1) ?? path).toLowerCase(),
      value: root.value,
      place: (pointer) => at(offsetOf(root, pointer, "value")),
      namePlace: (pointer) => at(offsetOf(root, pointer, "name")),
    };
  } catch (error) {
    if (error instanceof SourceFault) throw sourceProblem([{ place: at(error.offset), pointer: "", message: error.message }]);
    if (error instanceof NotWellFormed)
      throw sourceProblem(error.faults.map(({ offset, message }) => ({ place: at(offset), pointer: "", message })));
    throw error;
  }
}

/** Something wrong at one place of a file; the pointer is into what the file holds. */
export interface PlacedFault {
  readonly place: Place;
  readonly pointer: string;
  readonly message: string;
}

/** The problem of files that cannot be taken, with every fault at its place. */
export function sourceProblem(faults: readonly PlacedFault[], cause?: unknown): Problem {
  const told = faults.slice(0, 3).map(({ place, message }) => `${place.file}:${place.line}:${place.column}: ${message}`);
  const errors = faults.slice(0, MAX_FAULTS_TOLD).map(({ place, pointer, message }) => ({ pointer, message, ...place }));
  return new Problem("invalid-template", `The files cannot be taken as they are. ${told.join("; ")}.`, { errors, cause });
}

class NotWellFormed extends Error {
  override readonly name = "NotWellFormed";
  readonly faults: readonly { offset: number; message: string }[];

  constructor(faults: readonly { offset: number; message: string }[]) {
    super("The file does not parse");
    this.faults = faults;
  }
}

/** The concrete syntax, read token by token so that nesting and aliases are counted before anything is built of them. */
function tokensOf(text: string, lines: LineCounter): CST.Token[] {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  let aliases = 0;
  let pieces = 0;
  for (const lexeme of new Lexer().lex(text)) {
    pieces += 1;
    if (lexeme.startsWith("*")) aliases += 1;
    tokens.push(...parser.next(lexeme));
    // Each level of a map or list is at most two tokens of the stack.
    if (parser.stack.length > 2 * MAX_JSON_DEPTH) throw new SourceFault(parser.offset, `nests deeper than ${MAX_JSON_DEPTH} levels`);
    if (pieces > MAX_TOKENS)
      throw new SourceFault(parser.offset, `more than ${MAX_TOKENS} pieces of syntax in one file; give it as several`);
    if (aliases > MAX_ALIASES) throw new SourceFault(parser.offset, `more than ${MAX_ALIASES} aliases in one file`);
  }
  tokens.push(...parser.end());
  return tokens;
}

/** Names given twice are looked for elsewhere: the library compares each name with each, which a large map makes slow. */
function composed(tokens: readonly CST.Token[], length: number): Document.Parsed {
  const composer = new Composer({ uniqueKeys: false, merge: false, resolveKnownTags: false, logLevel: "silent" });
  const [document, ...others] = composer.compose(tokens, true, length);
  if (document === undefined) throw new NotWellFormed([{ offset: 0, message: "the file is empty" }]);
  const told = [...document.errors, ...document.warnings].map(({ pos, message }) => ({ offset: pos[0], message: firstLine(message) }));
  const [other] = others;
  if (other !== undefined)
    told.push({ offset: other.range[0], message: "the file holds several documents; give each in a file of its own" });
  if (told.length > 0) throw new NotWellFormed(told);
  return document;
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? "").slice(0, 300);
}

function placeIn(file: string, lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

function offsetOf(root: SourceNode, pointer: string, part: "name" | "value"): number {
  let node = root;
  let keyOffset = root.offset;
  for (const segment of pointerSegments(pointer)) {
    const member = node.members.get(segment);
    if (member === undefined) return part === "name" || node.isBelowItsName ? keyOffset : node.offset;
    keyOffset = member.keyOffset;
    node = member.node;
  }
  return part === "name" || node.isBelowItsName ? keyOffset : node.offset;
}
