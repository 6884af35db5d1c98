import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkedCron, checkTimetable, timetable } from "../../../workers/mao/schedules/cron.ts";
import { Problem } from "../../../workers/platform/problem.ts";

const NOW = Date.parse("2026-03-01T00:00:00Z");

function firings(cron: string, timezone: string, after: string, count: number): string[] {
  const times = timetable(checkedCron(cron), timezone);
  const found: string[] = [];
  let at = Date.parse(after);
  for (let i = 0; i < count; i += 1) {
    at = times.next(at) ?? Number.NaN;
    found.push(new Date(at).toISOString().slice(0, 16));
  }
  return found;
}

function complaint(work: () => void): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error.errors.map(({ pointer, message }) => `${pointer} ${message}`).join("; ");
    throw error;
  }
  return "";
}

describe("a cron expression", () => {
  it.each([
    ["* * * * * *", "/cron column 1, six fields"],
    ["*/10 * * * * *", "/cron column 1, six fields"],
    ["@every 10s", "/cron column 1, @every is a nickname"],
    ["0 9 * *", "/cron column 8, there are 4 fields"],
    ["0 9 * * * * *", "/cron column 11, there are 7 fields"],
    ["", "/cron column 1, there are 0 fields"],
    ["60 * * * *", "/cron column 1, minute: 60 is not between 0 and 59"],
    ["0 24 * * *", "/cron column 3, hour: 24 is not between 0 and 23"],
    ["0 9-25 * * *", "/cron column 5, hour: 25 is not between"],
    ["0 0 0 * *", "/cron column 5, day of month: 0 is not between"],
    ["0 0 * 13 *", "/cron column 7, month: 13 is not between"],
    ["0 0 * * 8", "/cron column 9, day of week: 8 is not between"],
    ["0 0 * * fri-mon", "/cron column 9, day of week: fri-mon runs backwards"],
    ["0 0 30 2 *", "/cron column 5, day of month: none of the months it names has a day 30"],
    ["0 0 31 4,6,9,11 *", "/cron column 5, day of month: none of the months"],
    ["*/0 * * * *", "/cron column 3, minute: the step 0 is not between 1 and 60"],
    ["*/61 * * * *", "/cron column 3, minute: the step 61"],
    ["5/10 * * * *", "/cron column 1, minute: 5/10 has a step but no range"],
    ["1,,2 * * * *", "/cron column 3, minute: nothing is not between"],
    ["1e1 * * * *", "/cron column 1, minute: 1e1 is not between"],
    ["0 9 L * *", "/cron column 5, day of month: L is not between"],
    [`${Array.from({ length: 61 }, () => "0").join(",")} * * * *`, "/cron column 1, minute: lists 61 parts"],
    [`0 0 * * ${"*,".repeat(200)}`, "/cron column 257, the expression goes on"],
  ])("%s is refused with its place", (expression, expected) => {
    expect(complaint(() => checkedCron(expression))).toContain(expected);
  });

  it("is taken with names, lists, ranges, steps and more white space than needed", () => {
    expect(checkedCron("  */15  9-17 1,15 JAN-mar,DEC  mon-FRI ")).toBe("*/15 9-17 1,15 JAN-mar,DEC mon-FRI");
  });

  it("is refused in a time zone that nobody knows", () => {
    expect(complaint(() => checkTimetable("0 9 * * *", "Europe/Atlantis", NOW))).toContain("/timezone");
    expect(complaint(() => checkTimetable("0 9 * * *", "Europe/Berlin", NOW))).toBe("");
  });

  it("may wait for a leap day", () => {
    checkTimetable("0 0 29 2 *", "UTC", NOW);
    expect(firings("0 0 29 2 *", "UTC", "2026-03-01T00:00:00Z", 2)).toEqual(["2028-02-29T00:00", "2032-02-29T00:00"]);
  });
});

describe("at a change of clocks", () => {
  it("a time that is left out is made up for at the end of the gap, once", () => {
    expect(firings("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2)).toEqual(["2026-03-29T01:00", "2026-03-30T00:30"]);
    expect(firings("30 2,14 * * *", "Europe/Berlin", "2026-03-28T22:00:00Z", 2)).toEqual(["2026-03-29T01:00", "2026-03-29T12:30"]);
  });

  it("a time that comes twice fires the first time", () => {
    expect(firings("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2)).toEqual(["2026-10-25T00:30", "2026-10-26T01:30"]);
  });

  it("what repeats goes on by the clock on the wall: all of the doubled hour, nothing of the missing one", () => {
    expect(firings("0 * * * *", "Europe/Berlin", "2026-10-24T23:30:00Z", 3)).toEqual([
      "2026-10-25T00:00",
      "2026-10-25T01:00",
      "2026-10-25T02:00",
    ]);
    expect(firings("*/30 * * * *", "Europe/Berlin", "2026-03-29T00:15:00Z", 3)).toEqual([
      "2026-03-29T00:30",
      "2026-03-29T01:00",
      "2026-03-29T01:30",
    ]);
  });

  it("gaps at midnight and half-hour gaps are gaps too", () => {
    expect(firings("30 0 * * *", "America/Havana", "2026-03-07T12:00:00Z", 2)).toEqual(["2026-03-08T05:00", "2026-03-09T04:30"]);
    expect(firings("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", 2)).toEqual(["2026-10-03T15:30", "2026-10-04T15:15"]);
  });
});

describe("the times of an expression", () => {
  it("are those minutes of the clock on the wall that every field names, away from changes of clocks", () => {
    const some = (least: number, most: number) =>
      fc.oneof(
        fc.constant("*"),
        fc.integer({ min: least, max: most }).map(String),
        fc
          .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: 0, max: 5 }))
          .map(([from, more]) => `${from}-${Math.min(most, from + more)}`),
        fc.integer({ min: 2, max: 7 }).map((step) => `*/${step}`),
      );
    fc.assert(
      fc.property(
        some(0, 59),
        some(0, 23),
        some(1, 28),
        some(0, 6),
        fc.integer({ min: 0, max: 40_000 }),
        (minute, hour, day, weekday, start) => {
          const after = Date.parse("2026-05-03T00:00:00Z") + start * 60_000;
          const next = timetable(checkedCron(`${minute} ${hour} ${day} * ${weekday}`), "Asia/Tokyo").next(after);
          const local = new Date((next ?? 0) + 9 * 3_600_000);
          const fits = (field: string, least: number, most: number, value: number) => {
            const [range = "", step] = field.split("/");
            const [from, to] =
              range === "*" ? [least, most] : range.includes("-") ? range.split("-").map(Number) : [Number(range), Number(range)];
            return value >= (from ?? 0) && value <= (to ?? 0) && (value - (from ?? 0)) % Number(step ?? 1) === 0;
          };
          const isDay = fits(day, 1, 31, local.getUTCDate());
          const isWeekday = fits(weekday, 0, 7, local.getUTCDay());
          const starts = (field: string) => field === "*";
          const isDate = starts(day) || starts(weekday) ? isDay && isWeekday : isDay || isWeekday;
          expect(next).toBeGreaterThan(after);
          expect([fits(minute, 0, 59, local.getUTCMinutes()), fits(hour, 0, 23, local.getUTCHours()), isDate]).toEqual([true, true, true]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
