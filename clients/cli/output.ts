import { stripVTControlCharacters } from "node:util";

/**
 * Where a command's words go. With `--json` standard output has one JSON document, or JSON lines, and nothing else; without it has words
 * for people. What went wrong is told on standard error.
 */
export interface Output {
  readonly isJson: boolean;
  /** True when a person sees standard output and it can be drawn over. */
  readonly isTerminal: boolean;
  /** True when a person can be asked. */
  readonly canAsk: boolean;
  /** The result: as JSON, or as the words for it. */
  result(value: unknown, words: string): void;
  /** Words that go with the result; nothing with `--json`. */
  say(words: string): void;
  /** Words without a line's end, as they come; nothing with `--json`. */
  stream(words: string): void;
}

/** The output of this process. */
export function processOutput(isJson: boolean): Output {
  const write = (text: string) => process.stdout.write(text);
  const isTerminal = process.stdout.isTTY === true && !isJson;
  return {
    isJson,
    isTerminal,
    canAsk: isTerminal && process.stdin.isTTY === true,
    result: (value, words) => write(`${isJson ? JSON.stringify(value) : words}\n`),
    say: (words) => (isJson ? undefined : write(`${words}\n`)),
    stream: (words) => (isJson ? undefined : write(words)),
  };
}

/** Everything that moves the cursor, hides or reorders text: control characters but tab and line feed, and the bidirectional overrides. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text that someone else wrote, without what would drive the terminal it is shown on. */
export function shown(text: string): string {
  return stripVTControlCharacters(text).replace(INVISIBLE, "");
}

/** The same on one line of at most so many characters. */
export function shownShort(text: string, characters: number): string {
  const line = shown(text).replaceAll(/\s+/g, " ").trim();
  return line.length > characters ? `${line.slice(0, characters - 1)}…` : line;
}

/** Rows as aligned columns, the last as long as it is; `none` when there are no rows. */
export function columns(rows: readonly (readonly string[])[], none: string): string {
  const clean = rows.map((row) => row.map((cell) => shownShort(cell, 200)));
  const widths = (clean[0] ?? []).map((_, i) => Math.max(...clean.map((row) => row[i]?.length ?? 0)));
  const lines = clean.map((row) => row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join("  "));
  return lines.join("\n") || none;
}
