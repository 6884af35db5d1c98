import type { CellReader } from "./cell-reader.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** Months that other languages begin otherwise. */
const OTHER_MONTHS: Readonly<Record<string, number>> = { mär: 3, mrz: 3, mai: 5, okt: 10, dez: 12 };
const TIME = "(?:(?:T| +|, )(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,]\\d+)?)?\\s*(am|pm)?\\s*(Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)?)?";
const WEEKDAY = "(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?";

type DateParts = readonly [year: string | undefined, month: string | undefined, day: string | undefined];

function dateReader(id: string, pattern: string, order: (groups: readonly string[]) => DateParts): CellReader {
  const expression = new RegExp(`^${pattern}${TIME}$`, "iu");
  return {
    id,
    type: "date",
    read(cell) {
      const match = expression.exec(cell);
      if (match === null) return undefined;
      const [year, month, day] = order([...match]);
      return isoDate(year, month, day, match.slice(-5));
    },
  };
}

const quarter = (text = "") => String((Number(text) - 1) * 3 + 1);

/** 1/2/2020 as they write it in the United States, and as they write it elsewhere. */
export const MONTH_FIRST = dateReader("month/day/year", "(\\d{1,2})[/-](\\d{1,2})[/-](\\d{4}|\\d{2})", ([, m, d, y]) => [y, m, d]);
export const DAY_FIRST = dateReader("day/month/year", "(\\d{1,2})[/-](\\d{1,2})[/-](\\d{4}|\\d{2})", ([, d, m, y]) => [y, m, d]);

/** Dates in which nothing can be taken for something else. A quarter is its first day, a month as well. */
export const CLEAR_DATES: readonly CellReader[] = [
  dateReader("year-month-day", "(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})", ([, y, m, d]) => [y, m, d]),
  dateReader("day.month.year", "(\\d{1,2})\\. ?(\\d{1,2})\\. ?(\\d{4}|\\d{2})", ([, d, m, y]) => [y, m, d]),
  dateReader("month day year", `${WEEKDAY}(\\p{L}{3,9})\\.? (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})`, ([, m, d, y]) => [y, m, d]),
  dateReader("day month year", `${WEEKDAY}(\\d{1,2})(?:st|nd|rd|th|\\.)?[ -](\\p{L}{3,9})\\.?[ -](\\d{4}|\\d{2})`, ([, d, m, y]) => [
    y,
    m,
    d,
  ]),
  dateReader("year-month", "(\\d{4})[-/](\\d{1,2})", ([, y, m]) => [y, m, "1"]),
  dateReader("month/year", "(\\d{1,2})/(\\d{4})", ([, m, y]) => [y, m, "1"]),
  dateReader("month year", "(\\p{L}{3,9})\\.?[ -](\\d{4})", ([, m, y]) => [y, m, "1"]),
  dateReader("month-yy", "(\\p{L}{3})-(\\d{2})", ([, m, y]) => [y, m, "1"]),
  dateReader("year quarter", "(\\d{4})[ -]?Q([1-4])", ([, y, q]) => [y, quarter(q), "1"]),
  dateReader("quarter year", "Q([1-4])[ /-]?(\\d{4})", ([, q, y]) => [y, quarter(q), "1"]),
  { id: "iso-week", type: "date", read: isoWeek },
];

/** 20200131, in a column whose name says that it holds a day. */
export const COMPACT_DATE = dateReader("yyyymmdd", "((?:19|20)\\d{2})(\\d{2})(\\d{2})", ([, y, m, d]) => [y, m, d]);

/** Milliseconds or seconds since 1970, in a column whose name says that it holds a time. */
export const EPOCH: CellReader = {
  id: "epoch",
  type: "datetime",
  read(cell) {
    if (!/^\d{9,13}(\.\d+)?$/.test(cell)) return undefined;
    const value = Number(cell);
    return new Date(value > 100_000_000_000 ? value : value * 1_000).toISOString().slice(0, 19);
  },
};

function monthNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const start = text.slice(0, 3).toLowerCase();
  const named = MONTHS.indexOf(start);
  return named >= 0 ? named + 1 : (OTHER_MONTHS[start] ?? Number(text));
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isoDate(yearText = "", monthText = "", dayText = "", time: readonly (string | undefined)[]): string | undefined {
  const month = monthNumber(monthText);
  const day = Number(dayText);
  const short = Number(yearText);
  const year = yearText.length === 2 ? short + (short < 70 ? 2000 : 1900) : short;
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return undefined;
  const iso = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
  const [hourText, minute = "00", second = "00", half, zone] = time;
  if (hourText === undefined) return iso;
  const hour = (Number(hourText) % (half === undefined ? 24 : 12)) + (half?.toLowerCase() === "pm" ? 12 : 0);
  if (Number(hourText) > 24 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const local = `${iso}T${String(hour).padStart(2, "0")}:${minute}:${second === "60" ? "59" : second}`;
  if (zone === undefined) return local;
  const instant = new Date(local + offset(zone.toUpperCase()));
  return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString().slice(0, 19);
}

/** A zone as ISO 8601 has it: `Z` or `+hh:mm`. */
function offset(zone: string): string {
  if (!/^[+-]/.test(zone)) return "Z";
  return `${zone.slice(0, 3)}:${zone.slice(3).replace(":", "") || "00"}`;
}

/** The Monday of 2020-W05 (ISO 8601). */
function isoWeek(cell: string): string | undefined {
  const match = /^(\d{4})-?W(\d{2})$/i.exec(cell);
  const [year, week] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || week < 1 || week > 53) return undefined;
  const fourth = new Date(Date.UTC(year, 0, 4));
  const monday = fourth.getTime() + (week * 7 - 7 - ((fourth.getUTCDay() + 6) % 7)) * 86_400_000;
  return new Date(monday).toISOString().slice(0, 10);
}
