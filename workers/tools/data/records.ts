import { JSONParser } from "@streamparser/json";
import { type Info, parse } from "csv-parse";
import { z } from "zod";
import { Problem } from "../../platform/problem.ts";

export type Format = "csv" | "tsv" | "json" | "ndjson";

/** One record of a source: named cells as text, or the reason why its line could not be taken. `line` counts from 1. */
export type SourceRecord =
  | { readonly line: number; readonly cells: ReadonlyMap<string, string> }
  | { readonly line: number; readonly fault: string };

/** What was found out from the beginning of a source. */
export interface SourceForm {
  readonly format: Format;
  readonly delimiter: string;
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be";
}

/** Bytes looked at to find out what a source is. */
export const SNIFFED_BYTES = 65_536;
/** A line longer than this is no data. */
const MAX_RECORD_CHARACTERS = 4_194_304;
export const MAX_COLUMNS = 2_000;
const MAX_NESTING = 4;
const DELIMITERS = [",", ";", "\t", "|"] as const;

/** Finds out what a source is from its name and its first bytes. */
export function sniff(name: string, head: Uint8Array): SourceForm {
  const encoding = head[0] === 0xff && head[1] === 0xfe ? "utf-16le" : head[0] === 0xfe && head[1] === 0xff ? "utf-16be" : "utf-8";
  const text = new TextDecoder(encoding, { fatal: false, ignoreBOM: false }).decode(head);
  const start = text.trimStart();
  if (/\.(ndjson|jsonl)$/i.test(name)) return { format: "ndjson", delimiter: "", encoding };
  if (start.startsWith("{") || start.startsWith("[")) {
    const firstLine = start.slice(0, start.indexOf("\n") < 0 ? undefined : start.indexOf("\n")).trim();
    const isLines = start.startsWith("{") && isCompleteJson(firstLine) && /^\s*\{/.test(start.slice(firstLine.length));
    return { format: isLines ? "ndjson" : "json", delimiter: "", encoding };
  }
  const delimiter = /\.(tsv|tab)$/i.test(name) ? "\t" : mostRegularDelimiter(text);
  return { format: delimiter === "\t" ? "tsv" : "csv", delimiter, encoding };
}

/** The records of a source, as they stream by. */
export function readRecords(body: ReadableStream<Uint8Array>, form: SourceForm): AsyncGenerator<SourceRecord> {
  const text = decoded(body, form.encoding);
  switch (form.format) {
    case "csv":
    case "tsv":
      return delimitedRecords(text, form.delimiter);
    case "ndjson":
      return lineRecords(text);
    case "json":
      return jsonRecords(text);
    default:
      return form.format satisfies never;
  }
}

async function* decoded(body: ReadableStream<Uint8Array>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: false, ignoreBOM: false });
  for await (const chunk of body) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** The delimiter that cuts the first lines into the same number of cells, the most cells first. */
function mostRegularDelimiter(text: string): string {
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(0, 20);
  const whole = lines.length > 1 && !text.endsWith("\n") ? lines.slice(0, -1) : lines;
  const scored = DELIMITERS.map((delimiter) => {
    const counts = whole.map((line) => line.replace(/"(?:[^"]|"")*"/g, "").split(delimiter).length);
    const first = counts[0] ?? 1;
    const regular = counts.filter((count) => count === first).length / Math.max(1, counts.length);
    return { delimiter, score: first > 1 ? regular * 1_000 + first : 0 };
  });
  return scored.reduce((best, next) => (next.score > best.score ? next : best)).delimiter;
}

async function* delimitedRecords(text: AsyncGenerator<string>, delimiter: string): AsyncGenerator<SourceRecord> {
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_CHARACTERS,
  });
  const pump = (async () => {
    for await (const piece of text) {
      if (!parser.write(piece)) await new Promise<void>((resolve) => parser.once("drain", resolve));
    }
    parser.end();
  })();
  pump.catch((error: unknown) => parser.destroy(error instanceof Error ? error : new Error("the source broke off")));
  let names: string[] | undefined;
  try {
    for await (const item of parser) {
      const { record, info }: { record: string[]; info: Info } = item;
      if (names === undefined) {
        names = uniqueNames(record);
        continue;
      }
      if (record.length === names.length) yield { line: info.lines, cells: new Map(names.map((name, i) => [name, record[i] ?? ""])) };
      else yield { line: info.lines, fault: `${record.length} cells where the header has ${names.length}` };
    }
  } catch (error) {
    yield { line: parser.info.lines, fault: error instanceof Error ? error.message.slice(0, 200) : "the rest cannot be read" };
  }
}

/** Header cells as names: trimmed, filled in where empty, numbered where repeated. */
export function uniqueNames(header: readonly string[]): string[] {
  if (header.length > MAX_COLUMNS)
    throw new Problem("invalid-data", `The header has ${header.length} columns; ${MAX_COLUMNS} can be loaded.`);
  const seen = new Set<string>();
  return header.map((cell, i) => {
    const base = cell.trim().slice(0, 200) || `column_${i + 1}`;
    let name = base;
    for (let copy = 2; seen.has(name.toLowerCase()); copy += 1) name = `${base}_${copy}`;
    seen.add(name.toLowerCase());
    return name;
  });
}

async function* lineRecords(text: AsyncGenerator<string>): AsyncGenerator<SourceRecord> {
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
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return { line, fault: "not a JSON object" };
    return { line, cells: flatten(value) };
  } catch {
    return { line, fault: "not valid JSON" };
  }
}

/**
 * The records of one JSON document: the objects of the array it is, or of the largest array it holds at its first level (GeoJSON's
 * `features` among them). A record's line is its place in the array.
 */
async function* jsonRecords(text: AsyncGenerator<string>): AsyncGenerator<SourceRecord> {
  const counts = new Map<string, number>();
  let ready: { path: string; value: unknown }[] = [];
  let parser: JSONParser | undefined;
  let isArray = false;
  for await (const piece of text) {
    if (parser === undefined) {
      if (piece.trim() === "") continue;
      isArray = piece.trimStart().startsWith("[");
      parser = recordParser(isArray ? "$.*" : "$.*.*", (path, value) => ready.push({ path, value }));
    }
    parser.write(piece);
    const batch = ready;
    ready = [];
    for (const { path, value } of batch) {
      const line = (counts.get(path) ?? 0) + 1;
      counts.set(path, line);
      if (typeof value === "object" && value !== null && !Array.isArray(value)) yield { line, cells: flatten(value) };
      else if (isArray) yield { line, fault: "not an object" };
    }
  }
}

/** A parser that gives the values at one path and forgets them at once, so that a document of any size streams by. */
function recordParser(path: string, onRecord: (container: string, value: unknown) => void): JSONParser {
  const parser = new JSONParser({ paths: [path], keepStack: false });
  parser.onValue = ({ value, key, stack }) => {
    if (typeof key === "number") onRecord(String(stack.at(-1)?.key ?? ""), value);
  };
  parser.onError = (error) => {
    throw new Problem("invalid-data", `The JSON cannot be read: ${error.message.slice(0, 200)}`);
  };
  return parser;
}

/** An object's members as named cells: nested ones by path, `properties.` of a GeoJSON feature left out, its point as coordinates. */
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
    ["longitude", "latitude", "elevation"].forEach((name, i) => {
      const coordinate = feature.coordinates[i];
      if (coordinate !== undefined) cells.set(name, String(coordinate));
    });
    if (feature.id !== undefined && !cells.has("id")) cells.set("id", feature.id);
  }
  return cells;
}

const pointSchema = z.object({ coordinates: z.array(z.number()).max(4) });

/** The parts of a GeoJSON feature (RFC 7946 §3.2) that are a record's: properties, and the coordinates of a point. */
function geoFeature(record: object): { properties: object; coordinates: readonly number[]; id: string | undefined } | undefined {
  if (!("type" in record) || record.type !== "Feature" || !("properties" in record)) return undefined;
  const { properties } = record;
  if (typeof properties !== "object" || properties === null) return undefined;
  const geometry = "geometry" in record ? record.geometry : undefined;
  const point = pointSchema.safeParse(geometry);
  return {
    properties,
    coordinates: point.success ? point.data.coordinates : [],
    id: "id" in record && (typeof record.id === "string" || typeof record.id === "number") ? String(record.id) : undefined,
  };
}

function isCompleteJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
