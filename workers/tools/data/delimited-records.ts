import { Problem } from "../../platform/problem.ts";
import { MAX_COLUMNS, MAX_RECORD_CHARACTERS, type SourceRecord } from "./source-record.ts";

const UNCLOSED = "a quote opens in this line and does not close; the line was left out";
const SPREAD = "a quote opens in this line and closes only after lines of other rows; the line was left out";

/** One record cut from a text (RFC 4180, any delimiter), or why that was not possible. */
type Cut =
  | {
      readonly kind: "record";
      readonly cells: string[];
      /** Where the next record begins. */
      readonly next: number;
      readonly isBlank: boolean;
      /** A quoted cell goes over the end of a line. */
      readonly isSpread: boolean;
      /** A quoted cell holds a quote that is not doubled. */
      readonly hasStrayQuote: boolean;
    }
  | { readonly kind: "more" }
  | { readonly kind: "unclosed" };

/**
 * The records of a delimited text. A record with another number of cells than the header is a fault, and so is a line whose quote does not
 * close: reading goes on with the very next line, so that one wrong quote costs one line and not the rest of the file.
 * @throws Problem `invalid-data` when the header cannot be read
 */
export async function* delimitedRecords(
  text: AsyncIterable<string>,
  delimiter: string,
  lineEnd: "\n" | "\r",
): AsyncGenerator<SourceRecord> {
  let buffer = "";
  let line = 1;
  let names: readonly string[] = [];
  for await (const { piece, isEnd } of withEnd(text)) {
    buffer += lineEnd === "\r" ? piece.replaceAll("\r", "\n") : piece;
    let at = 0;
    while (at < buffer.length) {
      const cut = cutRecord(buffer, at, delimiter, isEnd);
      if (cut.kind === "more" && buffer.length - at <= MAX_RECORD_CHARACTERS) break;
      const read = names.length === 0 ? undefined : judge(cut, names, line);
      if (names.length === 0) names = headerOf(cut, line);
      else if (read !== undefined) yield read;
      const next = placeAfter(cut, { text: buffer, at, line, isFault: read !== undefined && "fault" in read });
      at = next.at;
      line = next.line;
    }
    buffer = buffer.slice(at);
  }
}

/** Where reading goes on: after the record, or with the line after the one at fault when lines of other rows were taken into it. */
function placeAfter(cut: Cut, from: { text: string; at: number; line: number; isFault: boolean }): { at: number; line: number } {
  const { text, at, line, isFault } = from;
  if (cut.kind === "record" && !(isFault && cut.isSpread)) return { at: cut.next, line: line + countLines(text, at, cut.next) };
  return { at: nextLine(text, at, line), line: line + 1 };
}

async function* withEnd(text: AsyncIterable<string>): AsyncGenerator<{ piece: string; isEnd: boolean }> {
  for await (const piece of text) if (piece !== "") yield { piece, isEnd: false };
  yield { piece: "", isEnd: true };
}

/** The names of a header; empty for a line that is none (blank, or the `sep=` line that spreadsheets write). */
function headerOf(cut: Cut, line: number): readonly string[] {
  if (cut.kind === "more") throw new Problem("invalid-data", `Line ${line} is longer than ${MAX_RECORD_CHARACTERS} characters.`);
  if (cut.kind === "unclosed")
    throw new Problem("invalid-data", `The header in line ${line} cannot be read: a quote opens and does not close.`);
  const isBlank = cut.cells.every((cell) => cell.trim() === "");
  return isBlank || /^sep=.?$/i.test(cut.cells.join("")) ? [] : uniqueNames(cut.cells);
}

/** What a record is to the table: a row, a fault, or nothing (a blank line). */
function judge(cut: Cut, names: readonly string[], line: number): SourceRecord | undefined {
  if (cut.kind !== "record") return { line, fault: UNCLOSED };
  const { cells, isBlank, isSpread, hasStrayQuote } = cut;
  if (isBlank) return undefined;
  const hasSurplus = cells.length > names.length && cells.slice(names.length).some((cell) => cell !== "");
  const isRagged = cells.length < names.length || hasSurplus;
  if (isSpread && (hasStrayQuote || isRagged)) return { line, fault: SPREAD };
  if (isRagged) return { line, fault: `${cells.length} cells where the header has ${names.length}` };
  return { line, cells: new Map(names.map((name, i) => [name, cells[i] ?? ""])) };
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) lines += 1;
  return Math.max(1, lines);
}

function nextLine(text: string, at: number, line: number): number {
  const end = text.indexOf("\n", at);
  if (end < 0 && text.length - at > MAX_RECORD_CHARACTERS)
    throw new Problem("invalid-data", `Line ${line} is longer than ${MAX_RECORD_CHARACTERS} characters.`);
  return end < 0 ? text.length : end + 1;
}

/** Cuts the record that begins at `at`. */
export function cutRecord(text: string, at: number, delimiter: string, isEnd: boolean): Cut {
  const end = text.indexOf("\n", at);
  if (end < 0 && !isEnd) return { kind: "more" };
  const lineEnds = end < 0 ? text.length : end;
  const quote = text.indexOf('"', at);
  if (quote >= 0 && quote < lineEnds) return cutQuoted(text, at, delimiter, isEnd);
  const line = withoutReturn(text, at, lineEnds);
  return { kind: "record", cells: line.split(delimiter), next: lineEnds + 1, isBlank: line === "", isSpread: false, hasStrayQuote: false };
}

/** Cuts a record whose first line holds a quote, cell by cell. */
function cutQuoted(text: string, from: number, delimiter: string, isEnd: boolean): Cut {
  const cells: string[] = [];
  let isSpread = false;
  let hasStrayQuote = false;
  let at = from;
  for (;;) {
    const cell = text[at] === '"' ? cutQuotedCell(text, at, delimiter, isEnd) : cutPlainCell(text, at, delimiter, isEnd);
    if (typeof cell === "string") return { kind: cell };
    cells.push(cell.value);
    isSpread ||= cell.isSpread;
    hasStrayQuote ||= cell.hasStrayQuote;
    if (text[cell.end] !== delimiter)
      return { kind: "record", cells, next: cell.end + (text[cell.end] === "\r" ? 2 : 1), isBlank: false, isSpread, hasStrayQuote };
    at = cell.end + 1;
  }
}

interface CutCell {
  readonly value: string;
  /** Where the delimiter or line end behind it stands. */
  readonly end: number;
  readonly isSpread: boolean;
  readonly hasStrayQuote: boolean;
}

function cutPlainCell(text: string, at: number, delimiter: string, isEnd: boolean): CutCell | "more" {
  const next = text.indexOf(delimiter, at);
  const end = text.indexOf("\n", at);
  if (end < 0 && !isEnd) return "more";
  const lineEnds = end < 0 ? text.length : end;
  if (next >= 0 && next < lineEnds) return { value: text.slice(at, next), end: next, isSpread: false, hasStrayQuote: false };
  return { value: withoutReturn(text, at, lineEnds), end: lineEnds, isSpread: false, hasStrayQuote: false };
}

function cutQuotedCell(text: string, at: number, delimiter: string, isEnd: boolean): CutCell | "more" | "unclosed" {
  const close = closingQuote(text, at, delimiter, isEnd);
  if (typeof close === "string") return close;
  const inside = text.slice(at + 1, close.at);
  const value = inside.includes('"') ? inside.replaceAll('""', '"') : inside;
  return { value, end: close.at + 1, isSpread: inside.includes("\n"), hasStrayQuote: close.hasStray };
}

/** A line without the carriage return before its end. */
function withoutReturn(text: string, from: number, to: number): string {
  return text.slice(from, to > from && text[to - 1] === "\r" ? to - 1 : to);
}

/** Where the quote that opens at `open` closes: before a delimiter or the end of a line. Other quotes inside are taken as they are. */
function closingQuote(
  text: string,
  open: number,
  delimiter: string,
  isEnd: boolean,
): { at: number; hasStray: boolean } | "more" | "unclosed" {
  let hasStray = false;
  let from = open + 1;
  for (;;) {
    const at = text.indexOf('"', from);
    const needed = text[at + 1] === "\r" ? 2 : 1;
    if (at < 0 || at + needed >= text.length) {
      if (!isEnd) return "more";
      if (at < 0) return "unclosed";
    }
    const next = text[at + 1];
    if (next === '"') from = at + 2;
    else if (next === undefined || next === delimiter || next === "\n" || (next === "\r" && (text[at + 2] ?? "\n") === "\n"))
      return { at, hasStray };
    else {
      hasStray = true;
      from = at + 1;
    }
  }
}

/** Header cells as names: trimmed, filled in where empty, numbered where repeated. */
export function uniqueNames(header: readonly string[]): string[] {
  if (header.length > MAX_COLUMNS)
    throw new Problem("invalid-data", `The header has ${header.length} columns; ${MAX_COLUMNS} can be loaded.`);
  const seen = new Set<string>(["_row"]);
  return header.map((cell, i) => {
    const base =
      cell
        .replace(/\p{Cc}+/gu, " ")
        .trim()
        .slice(0, 200) || `column_${i + 1}`;
    let name = base;
    for (let copy = 2; seen.has(name.toLowerCase()); copy += 1) name = `${base}_${copy}`;
    seen.add(name.toLowerCase());
    return name;
  });
}
