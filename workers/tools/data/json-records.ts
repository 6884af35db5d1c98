import { Tokenizer, TokenParser, TokenType } from "@streamparser/json";
import { z } from "zod";
import { Problem } from "../../platform/problem.ts";
import { isCode } from "./number-readers.ts";
import { MAX_RECORD_CHARACTERS, type SourceRecord } from "./source-record.ts";

/** Members nested deeper are kept as JSON text. */
const MAX_NESTING = 4;

/** The records of lines of JSON (NDJSON): an object a line. */
export async function* lineRecords(text: AsyncIterable<string>): AsyncGenerator<SourceRecord> {
  let rest = "";
  let line = 0;
  for await (const piece of text) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > MAX_RECORD_CHARACTERS)
      throw new Problem("invalid-data", `Line ${line + 1} is longer than ${MAX_RECORD_CHARACTERS} characters.`);
    for (const one of lines) {
      line += 1;
      if (one.trim() !== "") yield lineRecord(one, line);
    }
  }
  if (rest.trim() !== "") yield lineRecord(rest, line + 1);
}

function lineRecord(text: string, line: number): SourceRecord {
  try {
    const value = parseExactly(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return { line, fault: "not a JSON object" };
    return { line, cells: flatten(value) };
  } catch {
    return { line, fault: "not valid JSON" };
  }
}

/** Parses JSON; whole numbers that a double cannot hold come as their digits. */
function parseExactly(text: string): unknown {
  const plain: unknown = JSON.parse(text);
  if (!/\d{16}/.test(text)) return plain;
  let exact: unknown;
  const parser = exactParser("$", (value) => {
    exact = value;
  });
  parser.write(text);
  return exact;
}

interface Found {
  readonly list: string;
  readonly value: unknown;
}

/**
 * The records of one JSON document: the objects of the array it is, or of the arrays it holds as members (GeoJSON's `features` among
 * them), each with the name of its list. A record's line is its place in its list.
 * @throws Problem `invalid-data` when it is not JSON
 */
export async function* jsonRecords(text: AsyncIterable<string>): AsyncGenerator<SourceRecord> {
  const counts = new Map<string, number>();
  const ready: Found[] = [];
  let parser: ReturnType<typeof exactParser> | undefined;
  let isArray = false;
  for await (const piece of text) {
    if (parser === undefined) {
      if (piece.trim() === "") continue;
      isArray = piece.trimStart().startsWith("[");
      parser = exactParser(isArray ? "$.*" : "$.*.*", (value, key, list) => {
        if (typeof key === "number") ready.push({ list, value });
      });
    }
    if (parser.isEnded() && piece.trim() === "") continue;
    parser.write(piece);
    yield* records(ready.splice(0), counts, isArray);
  }
  if (parser?.isEnded() === false) {
    const line = Math.max(0, ...counts.values()) + 1;
    yield { line, fault: "the document breaks off here; whatever followed is not in the file" };
  }
}

function* records(found: readonly Found[], counts: Map<string, number>, isArray: boolean): Generator<SourceRecord> {
  for (const { list, value } of found) {
    const line = (counts.get(list) ?? 0) + 1;
    counts.set(list, line);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) yield { line, cells: flatten(value), list };
    else if (isArray) yield { line, fault: "not an object" };
  }
}

/** Tells the digits of the number it read last. */
class DigitTokenizer extends Tokenizer {
  digits = "";

  protected override parseNumber(text: string): number {
    this.digits = text;
    return super.parseNumber(text);
  }
}

/**
 * A parser that gives the values at one path and forgets them at once, so that a document of any size streams by. Whole numbers that a
 * double cannot hold come as their digits.
 */
function exactParser(path: string, onValue: (value: unknown, key: string | number | undefined, list: string) => void) {
  const tokenizer = new DigitTokenizer();
  const parser = new TokenParser({ paths: [path], keepStack: false });
  const fail = (error: Error) => {
    throw new Problem("invalid-data", `The JSON cannot be read: ${error.message.slice(0, 200)}`);
  };
  tokenizer.onToken = (info) => {
    const isLong = info.token === TokenType.NUMBER && isCode(tokenizer.digits);
    parser.write(isLong ? { token: TokenType.STRING, value: tokenizer.digits } : info);
  };
  tokenizer.onError = fail;
  parser.onError = fail;
  parser.onValue = ({ value, key, stack }) => onValue(value, key, String(stack.at(-1)?.key ?? ""));
  return { write: (piece: string) => tokenizer.write(piece), isEnded: () => parser.isEnded };
}

/**
 * An object's members as named cells: nested ones by path (`a.b`), lists and what lies deeper as JSON text. Of a GeoJSON feature its
 * properties, and its geometry: a point as longitude, latitude and elevation, others by their type.
 */
function flatten(record: object): Map<string, string> {
  const cells = new Map<string, string>();
  const visit = (value: unknown, path: string, depth: number): void => {
    if (value === null || value === undefined) cells.set(path, "");
    else if (typeof value !== "object") cells.set(path, String(value));
    else if (Array.isArray(value) || depth >= MAX_NESTING) cells.set(path, JSON.stringify(value));
    else for (const [key, member] of Object.entries(value)) visit(member, path === "" ? key : `${path}.${key}`, depth + 1);
  };
  const feature = geoFeature(record);
  if (feature === undefined) visit(record, "", 0);
  else {
    visit(feature.properties, "", 0);
    for (const [name, value] of feature.more) if (!cells.has(name)) cells.set(name, value);
  }
  return cells;
}

const featureSchema = z.object({
  type: z.literal("Feature"),
  id: z.union([z.string(), z.number()]).optional(),
  properties: z.looseObject({}),
  geometry: z.looseObject({ type: z.string(), coordinates: z.unknown().optional() }).nullish(),
});
const pointSchema = z.array(z.number()).min(2).max(4);

/** The parts of a GeoJSON feature (RFC 7946 §3.2) that are a record's. */
function geoFeature(record: object): { properties: object; more: readonly (readonly [string, string])[] } | undefined {
  if (!("type" in record) || record.type !== "Feature") return undefined;
  const feature = featureSchema.safeParse(record);
  if (!feature.success) return undefined;
  const { id, properties, geometry } = feature.data;
  const point = geometry?.type === "Point" ? pointSchema.safeParse(geometry.coordinates) : undefined;
  const places = point?.success === true ? point.data : [];
  const more = ["longitude", "latitude", "elevation"].flatMap((name, i) =>
    places[i] === undefined ? [] : [[name, String(places[i])] as const],
  );
  if (geometry !== null && geometry !== undefined && geometry.type !== "Point") more.push(["geometry", geometry.type]);
  if (id !== undefined) more.push(["id", String(id)]);
  return { properties, more };
}
