import { Problem } from "../../platform/problem.ts";
import { cutRecord, delimitedRecords } from "./delimited-records.ts";
import { jsonRecords, lineRecords } from "./json-records.ts";
import type { SourceRecord } from "./source-record.ts";

export type Format = "csv" | "tsv" | "json" | "ndjson";
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/** What was found out from the beginning of a source. */
export interface SourceForm {
  readonly format: Format;
  readonly delimiter: string;
  readonly lineEnd: "\n" | "\r";
  readonly encoding: Encoding;
}

/** Bytes looked at to find out what a source is. */
export const SNIFFED_BYTES = 65_536;
const SNIFFED_RECORDS = 30;
const DELIMITERS = [",", ";", "\t", "|"] as const;

/** Files that are often taken for tables, by how they begin. */
const NO_TEXT: readonly (readonly [magic: readonly number[], what: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], "a ZIP archive (an Excel workbook is one); save the sheet as CSV, or the text as a text file"],
  [[0xd0, 0xcf, 0x11, 0xe0], "an old Office file; save the sheet as CSV"],
  [[0x25, 0x50, 0x44, 0x46], "a PDF; save its table as CSV, or its text as a text file"],
  [[0x1f, 0x8b], "compressed with gzip; unpack it first"],
  [[0x50, 0x41, 0x52, 0x31], "a Parquet file; save it as CSV"],
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], "an SQLite database; save the table as CSV"],
  [[0x89, 0x50, 0x4e, 0x47], "a picture"],
];

/**
 * Finds out what a source is from its name and its first bytes.
 * @throws Problem `invalid-data` when it is no text
 */
export function sniff(name: string, head: Uint8Array): SourceForm {
  const known = NO_TEXT.find(([magic]) => magic.every((byte, i) => head[i] === byte));
  if (known !== undefined) throw new Problem("invalid-data", `${name} is ${known[1]}.`);
  const encoding = encodingOf(head);
  const text = new TextDecoder(encoding, { fatal: false, ignoreBOM: false }).decode(head);
  const start = text.trimStart();
  const lineEnd = text.includes("\r") && !text.includes("\n") ? "\r" : "\n";
  if (/\.(ndjson|jsonl)$/i.test(name)) return { format: "ndjson", delimiter: "", lineEnd, encoding };
  if (start.startsWith("{") || start.startsWith("[")) {
    const firstLine = start.slice(0, start.indexOf("\n") < 0 ? undefined : start.indexOf("\n")).trim();
    const isLines = start.startsWith("{") && isCompleteJson(firstLine) && /^\s*\{/.test(start.slice(firstLine.length));
    return { format: isLines ? "ndjson" : "json", delimiter: "", lineEnd, encoding };
  }
  const delimiter = mostRegularDelimiter(lineEnd === "\r" ? text.replaceAll("\r", "\n") : text, {
    isNamedTab: /\.(tsv|tab)$/i.test(name),
    isWhole: head.length < SNIFFED_BYTES,
  });
  return { format: delimiter === "\t" ? "tsv" : "csv", delimiter, lineEnd, encoding };
}

/** The encoding that a byte-order mark, the zero bytes of UTF-16 or bytes that no UTF-8 has tell. */
function encodingOf(head: Uint8Array): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  const zeros = [0, 0];
  for (let i = 0; i < head.length; i += 1) if (head[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd > head.length * 0.3 && even < odd / 4) return "utf-16le";
  if (even > head.length * 0.3 && odd < even / 4) return "utf-16be";
  return isUtf8(head) ? "utf-8" : "windows-1252";
}

function isUtf8(head: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Bytes further in than the first were read that the encoding does not have. */
export class WrongEncoding extends Error {}

/**
 * The records of a source, as they stream by.
 * @throws WrongEncoding when the source was taken for UTF-8 and is not
 */
export function readRecords(body: ReadableStream<Uint8Array>, form: SourceForm): AsyncGenerator<SourceRecord> {
  const text = decoded(body, form.encoding);
  switch (form.format) {
    case "csv":
    case "tsv":
      return delimitedRecords(text, form.delimiter, form.lineEnd);
    case "ndjson":
      return lineRecords(text);
    case "json":
      return jsonRecords(text);
    default:
      return form.format satisfies never;
  }
}

/** NUL is no text and would end a cell early in SQL; it is left out. */
async function* decoded(body: ReadableStream<Uint8Array>, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: encoding === "utf-8", ignoreBOM: false });
  const decode = (chunk?: Uint8Array) => {
    try {
      const text = chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
      return text.includes("\0") ? text.replaceAll("\0", "") : text;
    } catch {
      throw new WrongEncoding();
    }
  };
  for await (const chunk of body) yield decode(chunk);
  yield decode();
}

/** The delimiter that cuts the first records into the same number of cells, the most cells first. */
function mostRegularDelimiter(text: string, { isNamedTab, isWhole }: { isNamedTab: boolean; isWhole: boolean }): string {
  const scored = DELIMITERS.map((delimiter) => {
    const counts = firstCounts(text, delimiter, isWhole);
    const first = counts[0] ?? 1;
    const regular = counts.filter((count) => count === first).length / Math.max(1, counts.length);
    return { delimiter, score: first > 1 ? regular * 1_000 + first + (isNamedTab && delimiter === "\t" ? 1_000 : 0) : 0 };
  });
  return scored.reduce((best, next) => (next.score > best.score ? next : best)).delimiter;
}

/** How many cells the first records have. What the head of a long file cuts off is not counted. */
function firstCounts(text: string, delimiter: string, isWhole: boolean): number[] {
  const counts: number[] = [];
  let at = 0;
  while (at < text.length && counts.length < SNIFFED_RECORDS) {
    const cut = cutRecord(text, at, delimiter, isWhole);
    if (cut.kind !== "record") break;
    const isBlank = cut.cells.length === 1 && cut.cells[0]?.trim() === "";
    if (!isBlank && !/^sep=/i.test(text.slice(at, at + 4))) counts.push(cut.cells.length);
    at = cut.next;
  }
  return counts;
}

function isCompleteJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
