import type { DatasetProfile } from "../tools/data/profile.ts";
import { stem } from "../tools/documents/passages.ts";
import { nameParts } from "./mentions.ts";
import { synonymsOf } from "./same-word.ts";
import { wordsOf } from "./words.ts";

const DAY_MS = 86_400_000;
/** A column of dates that names nearly every row says what a row is. */
const NEARLY_EVERY = 0.9;

/** Nouns that stand for a row of a table, in their stems: of its file's name, of the column that numbers its rows, of the time between them. */
export function rowNounsOf(dataset: DatasetProfile): ReadonlySet<string> {
  const named = wordsOf(dataset.table.replaceAll("_", " "))
    .map((word) => word.text)
    .filter((word) => /\p{L}{3,}/u.test(word) && !/^(data|table|list|file|report|export)$/.test(word));
  const numbered = dataset.columns
    .filter((column) => column.distinct >= Math.min(1_000, dataset.rows) && /(?:id|no|nr|number|key|code|ref)\.?$/i.test(column.name))
    .flatMap((column) => nameParts(column.name).filter((part) => !/^(id|no|nr|number|key|code|ref)$/.test(part)));
  const said = [...named, ...endings(named), ...numbered, ...dated(dataset)];
  const alike = said.flatMap((noun) => synonymsOf(noun)).filter((noun) => !noun.includes(" "));
  return new Set(
    [
      "row",
      "record",
      "entry",
      "observation",
      "reading",
      "sample",
      "instance",
      ...said,
      ...alike,
      ...(holdsPeople(dataset) ? PEOPLE : []),
      ...periods(dataset),
    ].map(stem),
  );
}

const PEOPLE = ["people", "person", "persons"];

/** Rows with an age or a sex are people, unless they are of several species. */
function holdsPeople(dataset: DatasetProfile): boolean {
  const has = (pattern: RegExp) => dataset.columns.some((column) => pattern.test(column.name));
  return has(/^(sex|gender|age)$/i) && !has(/species|breed|animal/i);
}

/** An order date is the date of an order. */
function dated(dataset: DatasetProfile): string[] {
  const times = dataset.columns.filter((column) => column.type === "date" || column.type === "datetime");
  return times.flatMap((column) => /^(\p{L}{3,})[_ ]?(?:date|time|day|timestamp)$/iu.exec(column.name)?.[1]?.toLowerCase() ?? []);
}

/** "birdstrikes" are strikes. */
function endings(named: readonly string[]): string[] {
  return named
    .filter((word) => word.length >= 10)
    .map((word) => word.slice(-7).replace(/^[^s]*(?=s)/, ""))
    .filter((word) => word.length >= 6);
}

/** A table with one row a day is a table of days. */
function periods(dataset: DatasetProfile): string[] {
  const time = dataset.columns.find((column) => column.type === "date" || column.type === "datetime");
  if (time === undefined || time.distinct < Math.min(1_000, dataset.rows) * NEARLY_EVERY || dataset.rows < 2) return [];
  const days = (Date.parse(String(time.max)) - Date.parse(String(time.min))) / DAY_MS / (dataset.rows - 1);
  if (days > 0.9 && days < 1.1) return ["day"];
  if (days > 27 && days < 32) return ["month"];
  if (days > 360 && days < 370) return ["year"];
  return [];
}
