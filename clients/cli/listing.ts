import { pages } from "../sdk/pages.ts";
import { UsageError } from "./exit-codes.ts";
import { columns, type Output } from "./output.ts";

/** How many of a list are shown; what a list command takes. */
export const LIST_OPTIONS = { limit: { type: "string", value: "N", about: "how many at most", default: "50" } } as const;

/** A number from the command line. @throws UsageError */
export function wholeNumber(text: string, option: string): number {
  const number = Number(text);
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`${option} ${JSON.stringify(text)} is no whole number.`);
  return number;
}

interface Listing<T> {
  readonly read: Parameters<typeof pages<T>>[0];
  readonly row: (item: T) => string[];
  /** What is said when there is none. */
  readonly none: string;
}

/** Prints the first items of a list, over as many pages as that takes: `{items}`, or a line each. */
export async function printList<T>(output: Output, limit: string, { read, row, none }: Listing<T>): Promise<void> {
  const most = wholeNumber(limit, "--limit");
  const items: T[] = [];
  let hasMore = false;
  for await (const item of pages(read)) {
    hasMore = items.length >= most;
    if (hasMore) break;
    items.push(item);
  }
  const more = hasMore ? "\n… and more: see --limit" : "";
  output.result({ items }, columns(items.map(row), none) + more);
}

/** When something happened, to the second, in the time of this machine. */
export function localTime(at: string | number): string {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** A time that a person typed, as ISO 8601. @throws UsageError when it is none */
export function isoTime(text: string, option: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime()))
    throw new UsageError(`${option} ${JSON.stringify(text)} is no time; write it like 2026-11-21 or 2026-11-21T08:00:00Z.`);
  return at.toISOString();
}
