import { Cron } from "croner";
import { Problem } from "../../platform/problem.ts";
import { CRON_FIELDS, cronProblem, type Piece, parseCronField } from "./cron-field.ts";

export const MAX_CRON_CHARACTERS = 256;
/** Days that each month has at most. */
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Every date of the calendar comes again within this, leap days over the turn of a century too. */
const NEVER_AFTER_YEARS = 9;

/**
 * Checks a cron expression of five fields (minute, hour, day of month, month, day of week, as in POSIX `crontab`, with names, ranges and steps).
 * As there, a day fits when either of the two day fields does, if both are given.
 * @returns the expression with single spaces
 * @throws Problem `invalid-request` that names the column
 */
export function checkedCron(text: string): string {
  if (text.length > MAX_CRON_CHARACTERS)
    throw cronProblem(MAX_CRON_CHARACTERS, `the expression goes on; it may have ${MAX_CRON_CHARACTERS} characters`);
  const pieces: Piece[] = [...text.matchAll(/\S+/g)].map((match) => ({ text: match[0], at: match.index }));
  checkCount(text, pieces);
  const [, , days = [], months = []] = CRON_FIELDS.map((field, i) => parseCronField(field, pieces[i] ?? { text: "", at: text.length }));
  const [, , dayPiece, , weekdayPiece] = pieces;
  const leastDay = days[0] ?? 1;
  const longest = Math.max(...months.map((month) => LONGEST_MONTHS[month - 1] ?? 31));
  if (weekdayPiece?.text === "*" && leastDay > longest)
    throw cronProblem(dayPiece?.at ?? 0, `day of month: none of the months it names has a day ${leastDay}`);
  return pieces.map((piece) => piece.text).join(" ");
}

function checkCount(text: string, pieces: readonly Piece[]): void {
  const [first] = pieces;
  if (first?.text.startsWith("@"))
    throw cronProblem(first.at, `${first.text.slice(0, 40)} is a nickname; write the five fields, as in 0 0 * * *`);
  if (pieces.length === 6)
    throw cronProblem(
      first?.at ?? 0,
      "six fields: seconds are not served, a schedule fires once a minute at most; leave out the first field",
    );
  if (pieces.length !== CRON_FIELDS.length)
    throw cronProblem(
      pieces[5]?.at ?? text.length,
      `there are ${pieces.length} fields; write five: minute, hour, day of month, month, day of week`,
    );
}

/** An expression in a time zone, ready to be asked for its times. */
export interface Timetable {
  /** The first time later than `after` (milliseconds since the epoch); undefined when there is none any more. */
  next(after: number): number | undefined;
}

/**
 * The times of a checked expression. At a change of clocks a job with a time of its own (no `*` and no step in minute and hour) fires once: when its
 * time is left out, at the first moment after the gap; when its time comes twice, the first time. One that repeats (`*` or a step) fires by the clock on
 * the wall: not at all inside a gap, and at both of what comes twice.
 * @param timezone an IANA name, as `Europe/Berlin`
 */
export function timetable(cron: string, timezone: string): Timetable {
  const job = new Cron(cron, { timezone, mode: "5-part", fixedTimeRule: "no-wildcard" });
  return { next: (after) => job.nextRun(new Date(after))?.getTime() };
}

/** @throws Problem `invalid-request` for a time zone that is not known, or an expression whose time never comes */
export function checkTimetable(cron: string, timezone: string, now: number): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
  } catch {
    throw new Problem("invalid-request", "The time zone is not known; write an IANA name.", {
      errors: [{ pointer: "/timezone", message: "expected an IANA name such as Europe/Berlin or UTC" }],
    });
  }
  const first = timetable(cron, timezone).next(now);
  if (first === undefined || first > now + NEVER_AFTER_YEARS * 366 * 86_400_000) throw cronProblem(0, "no date fits it");
}
