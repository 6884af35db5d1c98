import type { ColumnProfile } from "../tools/data/profile.ts";
import type { Filter } from "../tools/data/sql-text.ts";
import { placesIn, type Word } from "./words.ts";

/** Filters found in a goal, the places of the words that say them, and what can only be asked about. */
export interface FoundConditions {
  readonly filters: readonly { readonly filter: Filter; readonly words: readonly number[] }[];
  /** Words that ask for a filter which cannot be made without knowing more. */
  readonly open: readonly { readonly words: readonly number[]; readonly question: string; readonly choices: readonly string[] }[];
}

const MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
const MONTH =
  "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const YEAR = "(1[5-9]\\d{2}|20\\d{2}|21\\d{2})";
/** A time as people write it: 2014, 2014-03, 2014-03-09, March 2014, 9 March 2014, March 9, 2014, Q2 2014. */
const MOMENT = `(?:${YEAR}-(\\d{2})(?:-(\\d{2}))?|(?:(\\d{1,2})(?:st|nd|rd|th)? )?${MONTH}(?: (\\d{1,2})(?:st|nd|rd|th)?,?)? ${YEAR}|(?:q([1-4]) |(first|second|third|fourth) quarter (?:of )?)${YEAR}|${YEAR})`;
/** Groups of one moment in a pattern. */
const GROUPS = 11;

/** A stretch of time as the data writes its beginning and end: `2014`, `2014-03`, `2014-03-09`. */
interface Moment {
  readonly first: string;
  readonly last: string;
}

/** A column whose values are times: dates, or whole years. */
export function isTime(column: ColumnProfile): boolean {
  if (column.type === "date" || column.type === "datetime") return true;
  return (
    column.type === "integer" &&
    /\b(year|yr|jahr|season)\b/i.test(column.name.replaceAll("_", " ")) &&
    Number(column.min) >= 1000 &&
    Number(column.max) <= 2200
  );
}

/** What a goal says of when: "in 2014 and 2015", "since March 2010", "between 2000 and 2010", "before 1990", "in the 1990s", "in June". */
export function timeConditions(text: string, words: readonly Word[], time: ColumnProfile | undefined): FoundConditions {
  const relative =
    /\b(?:(?:in |during |over |for )?(?:the )?(?:last|past|previous|recent|current|this) (?:\d+ |few |two |three |five |ten )?(?:year|month|week|day|quarter|decade)s?|yesterday|today|recently|nowadays|year to date|ytd|last (?:summer|winter|spring|autumn|fall))\b/i.exec(
      text,
    );
  if (relative !== null) return { filters: [], open: [relativeQuestion(relative, words, time)] };
  if (time === undefined) return { filters: [], open: [] };
  const moment = (match: RegExpExecArray, at: number) => momentOf(match.slice(at, at + GROUPS));
  const put = (match: RegExpExecArray, filters: readonly Filter[]): FoundConditions => {
    const places = placesIn(words, match.index, match.index + match[0].length);
    return { filters: filters.map((filter) => ({ filter, words: places })), open: [] };
  };
  const range = new RegExp(
    `\\b(?:(?:between|from|during|in) (?:the years )?)?${MOMENT} ?(?:and|to|until|till|through|-|–|—) ?${MOMENT}\\b`,
    "i",
  ).exec(text);
  const isList = range !== null && /^(?!between).*\d and /i.test(range[0]) && !/^from/i.test(range[0]);
  if (range !== null && !isList) return put(range, [between(time, moment(range, 1), moment(range, 1 + GROUPS))]);
  const edge = new RegExp(
    `\\b(since|from|starting in|after|before|until|till|up to|prior to|later than|earlier than|no later than) (?:the (?:year|end of|start of) )?${MOMENT}( on(?:wards?)?| onwards)?`,
    "i",
  ).exec(text);
  if (edge !== null) return put(edge, [edgeFilter(time, (edge[1] ?? "").toLowerCase(), moment(edge, 2))]);
  const decade = /\b(?:in |during )?the (1[5-9]\d0|20\d0|\d0)['’]?s\b/i.exec(text);
  if (decade !== null) {
    const start = Number(decade[1]) < 100 ? 1900 + Number(decade[1]) : Number(decade[1]);
    return put(decade, [
      between(time, { first: String(start), last: String(start) }, { first: String(start + 9), last: String(start + 9) }),
    ]);
  }
  return listed(text, words, time);
}

/** One time, or several named one by one. */
function listed(text: string, words: readonly Word[], time: ColumnProfile): FoundConditions {
  const found = [...text.matchAll(new RegExp(`(?:\\b(?:in|during|for|of|on|year) (?:the year )?)?\\b${MOMENT}\\b`, "gi"))];
  const moments = found.map((match) => momentOf(match.slice(1, 1 + GROUPS)));
  const places = found.flatMap((match) => placesIn(words, match.index, match.index + match[0].length));
  const [only] = moments;
  if (only === undefined) return calendarMonth(text, words, time);
  const one = (filter: Filter): FoundConditions => ({ filters: [{ filter, words: places }], open: [] });
  if (moments.length === 1) return one(only.first === only.last ? equal(time, only.first) : between(time, only, only));
  const values = [...new Set(moments.map((each) => each.first))].sort();
  if (time.type === "integer") return one({ column: time.name, op: "in", value: values.map((value) => Number(value.slice(0, 4))) });
  const [first = "", last = ""] = [values[0], values.at(-1)];
  const areYears = values.every((value) => value.length === 4);
  if (areYears && Number(last) - Number(first) === values.length - 1)
    return one({ column: time.name, op: "between", value: [first, last] });
  const question = `Times that do not follow each other (${values.join(", ")}) cannot be kept together in one filter on ${time.name}. Which should be kept?`;
  return { filters: [], open: [{ words: places, question, choices: [...values, `between ${first} and ${last}`] }] };
}

/** "in June": that month of every year. */
function calendarMonth(text: string, words: readonly Word[], time: ColumnProfile): FoundConditions {
  const match = new RegExp(`\\b(?:in|during|for|of) ${MONTH}\\b(?! \\d)`, "i").exec(text);
  if (match === null || time.type === "integer") return { filters: [], open: [] };
  const filter: Filter = { column: time.name, op: "contains", value: `-${monthNumber(match[1] ?? "")}-` };
  return { filters: [{ filter, words: placesIn(words, match.index, match.index + match[0].length) }], open: [] };
}

function relativeQuestion(match: RegExpExecArray, words: readonly Word[], time: ColumnProfile | undefined) {
  const last = String(time?.max ?? "").slice(0, 4);
  const choices = time === undefined || last === "" ? [] : [`in ${last}`, `in ${Number(last) - 1}`, `since ${Number(last) - 1}`];
  const ends = last === "" ? "" : ` The data ends in ${last}.`;
  return {
    words: placesIn(words, match.index, match.index + match[0].length),
    question: `Which time does “${match[0].trim()}” mean?${ends}`,
    choices,
  };
}

function momentOf(groups: readonly (string | undefined)[]): Moment {
  const [isoYear, isoMonth, isoDay, dayBefore, month, dayAfter, monthYear, quarter, quarterWord, ...years] = groups;
  const day = dayBefore ?? dayAfter;
  if (isoYear !== undefined) return whole([isoYear, isoMonth, isoDay]);
  if (month !== undefined && monthYear !== undefined) return whole([monthYear, monthNumber(month), day?.padStart(2, "0")]);
  const year = years.find((each) => each !== undefined) ?? "";
  const number =
    quarter ??
    (quarterWord === undefined ? undefined : String(["first", "second", "third", "fourth"].indexOf(quarterWord.toLowerCase()) + 1));
  if (number === undefined) return whole([year]);
  const start = (Number(number) - 1) * 3 + 1;
  return { first: `${year}-${String(start).padStart(2, "0")}`, last: `${year}-${String(start + 2).padStart(2, "0")}` };
}

function whole(parts: readonly (string | undefined)[]): Moment {
  const text = parts.filter((part) => part !== undefined).join("-");
  return { first: text, last: text };
}

function monthNumber(name: string): string {
  const place = MONTHS.findIndex((month) => month.startsWith(name.toLowerCase().slice(0, 3)));
  return String(place + 1).padStart(2, "0");
}

function valueIn(time: ColumnProfile, moment: string): string | number {
  return time.type === "integer" ? Number(moment.slice(0, 4)) : moment;
}

function equal(time: ColumnProfile, moment: string): Filter {
  return { column: time.name, op: "eq", value: valueIn(time, moment) };
}

function between(time: ColumnProfile, from: Moment, to: Moment): Filter {
  const [low, high] = [valueIn(time, from.first), valueIn(time, to.last)].sort((a, b) => (a < b ? -1 : 1));
  return { column: time.name, op: "between", value: [low ?? "", high ?? ""] };
}

function edgeFilter(time: ColumnProfile, word: string, moment: Moment): Filter {
  const column = time.name;
  if (/since|from|starting/.test(word)) return { column, op: "gte", value: valueIn(time, moment.first) };
  if (/before|prior|^earlier/.test(word)) return { column, op: "lt", value: valueIn(time, moment.first) };
  if (/until|till|up to|no later/.test(word)) return { column, op: "lte", value: valueIn(time, moment.last) };
  return time.type === "integer"
    ? { column, op: "gt", value: valueIn(time, moment.last) }
    : { column, op: "gte", value: following(moment.last) };
}

/** The year, month or day after one: what begins when it has ended. */
function following(moment: string): string {
  const [year = 0, month, day] = moment.split("-").map(Number);
  if (month === undefined) return String(year + 1);
  if (day === undefined) return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 7);
  return new Date(Date.UTC(year, month - 1, day + 1)).toISOString().slice(0, 10);
}
