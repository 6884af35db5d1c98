import { deviation, max, mean, median, min, rollup, rollups, sum } from "d3-array";
import { csvParse, tsvParse } from "d3-dsv";
import { sampleCorrelation, sampleRankCorrelation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import type { Analysis } from "../../workers/tools/data/analysis.ts";
import birdstrikes from "../data/birdstrikes.csv?raw";
import co2 from "../data/co2-concentration.csv?raw";
import earthquakes from "../data/earthquakes.json?raw";
import flights from "../data/flights-2k.json?raw";
import penguins from "../data/penguins.csv?raw";
import weather from "../data/seattle-weather.csv?raw";
import unemployment from "../data/unemployment.tsv?raw";
import employment from "../data/us-employment.csv?raw";
import { columnOf, load, queryOf } from "./workspace.ts";

type Row = Record<string, string>;
type Workspace = Awaited<ReturnType<typeof load>>["workspace"];

const quakeRows: Row[] = JSON.parse(earthquakes).features.map((feature: { properties: object; geometry: { coordinates: number[] } }) => {
  const cells = Object.entries({ ...feature.properties, longitude: feature.geometry.coordinates[0] });
  return Object.fromEntries(cells.map(([name, value]) => [name, value === null ? "" : String(value)]));
});
const flightRows: Row[] = JSON.parse(flights).map((row: object) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)])),
);

/** Each table with what to ask of it, and how its times read to another library. */
const TABLES: readonly {
  file: string;
  text: string;
  rows: readonly Row[];
  measure: string;
  other: string;
  group: string | undefined;
  time: string | undefined;
  at: (cell: string) => Date;
}[] = [
  {
    file: "birdstrikes.csv",
    text: birdstrikes,
    rows: csvParse(birdstrikes),
    measure: "Speed IAS in knots",
    other: "Cost Total $",
    group: "Phase of flight",
    time: "Flight Date",
    at: (cell) => new Date(`${cell} UTC`),
  },
  {
    file: "co2-concentration.csv",
    text: co2,
    rows: csvParse(co2),
    measure: "CO2",
    other: "adjusted CO2",
    group: undefined,
    time: "Date",
    at: (cell) => new Date(cell),
  },
  {
    file: "earthquakes.json",
    text: earthquakes,
    rows: quakeRows,
    measure: "mag",
    other: "longitude",
    group: "magType",
    time: "time",
    at: (cell) => new Date(Number(cell)),
  },
  {
    file: "flights-2k.json",
    text: flights,
    rows: flightRows,
    measure: "delay",
    other: "distance",
    group: "origin",
    time: "date",
    at: (cell) => new Date(`${cell} UTC`),
  },
  {
    file: "penguins.csv",
    text: penguins,
    rows: csvParse(penguins),
    measure: "body_mass_g",
    other: "bill_depth_mm",
    group: "island",
    time: undefined,
    at: (cell) => new Date(cell),
  },
  {
    file: "seattle-weather.csv",
    text: weather,
    rows: csvParse(weather),
    measure: "temp_max",
    other: "wind",
    group: "weather",
    time: "date",
    at: (cell) => new Date(cell),
  },
  {
    file: "unemployment.tsv",
    text: unemployment,
    rows: tsvParse(unemployment),
    measure: "rate",
    other: "id",
    group: undefined,
    time: undefined,
    at: (cell) => new Date(cell),
  },
  {
    file: "us-employment.csv",
    text: employment,
    rows: csvParse(employment),
    measure: "construction",
    other: "government",
    group: undefined,
    time: "month",
    at: (cell) => new Date(cell),
  },
];

const isMissing = (cell: string | undefined) => cell === undefined || cell === "" || cell === "NA" || cell === "null";
const trimmedKeys = (rows: readonly Row[]): Row[] =>
  rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, cell]) => [name.trim(), cell])));
const numbers = (rows: readonly Row[], column: string) => rows.filter((row) => !isMissing(row[column])).map((row) => Number(row[column]));

function expectColumn(actual: readonly unknown[], expected: readonly (number | undefined)[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) {
    if (value === undefined) expect(actual[i]).toBeNull();
    else expect(Math.abs(Number(actual[i]) - value), String(actual[i])).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
  }
}

describe.each(TABLES)("$file equals another library's figures", ({ file, text, rows: raw, measure, other, group, time, at }) => {
  const rows = trimmedKeys(raw);
  const opened: { workspace?: Workspace; table?: string } = {};
  const ask = async (
    kind: "describe" | "compare" | "trend" | "rank" | "correlate" | "distribution" | "aggregate",
    input: object,
  ): Promise<Analysis> => {
    if (opened.workspace === undefined) {
      const { workspace, profile } = await load(file, text);
      Object.assign(opened, { workspace, table: profile.table });
    }
    const { workspace } = opened;
    if (workspace === undefined) throw new Error("not loaded");
    return workspace.analyze(kind, { table: opened.table, ...input });
  };

  it("describe", async () => {
    const analysis = await ask("describe", {});
    const columns = Object.keys(rows[0] ?? {});
    const all = file.endsWith("json") ? [...new Set(rows.flatMap((row) => Object.keys(row)))] : columns;
    expect(analysis.statements[0]?.text).toContain(`The table has ${rows.length.toLocaleString("en")} rows`);
    const gaps = new Map(
      all.map((name) => [name, rows.filter((row) => isMissing(row[name])).length] as const).filter(([, count]) => count > 0),
    );
    const evidence = queryOf(analysis, 1);
    const told = new Map(evidence.rows.map((row) => [String(row[0]), Number(row[1])]));
    for (const [name, count] of gaps) if (told.has(name) || !file.endsWith("json")) expect(told.get(name), name).toBe(count);
  });

  it("aggregate", async () => {
    const values = numbers(rows, measure);
    const expected = {
      mean: mean(values),
      median: median(values),
      sum: sum(values),
      min: min(values),
      max: max(values),
      distinct: new Set(values).size,
      count: values.length,
    };
    for (const [statistic, value] of Object.entries(expected)) {
      const evidence = queryOf(await ask("aggregate", { measure, statistic }));
      expectColumn(columnOf(evidence, "value"), [value]);
      expectColumn(columnOf(evidence, "n"), [values.length]);
    }
  });

  it("distribution", async () => {
    const values = numbers(rows, measure).sort((a, b) => a - b);
    const evidence = queryOf(await ask("distribution", { column: measure }));
    const quantile = (share: number) => {
      const place = share * (values.length - 1);
      const [low = 0, high = low] = [values[Math.floor(place)], values[Math.ceil(place)]];
      return low + (high - low) * (place - Math.floor(place));
    };
    expectColumn(
      [columnOf(evidence, "q1")[0], columnOf(evidence, "median")[0], columnOf(evidence, "q3")[0]],
      [0.25, 0.5, 0.75].map(quantile),
    );
    expectColumn(columnOf(evidence, "sd"), [deviation(values)]);
    const bins = queryOf(await ask("distribution", { column: measure }), 1);
    expect(sum(columnOf(bins, "n").map(Number))).toBe(values.length);
    const from = columnOf(bins, "bin_from").map(Number);
    expect(columnOf(bins, "n")).toEqual(
      from.map((low, i) => values.filter((value) => value >= low && value < (columnOf(bins, "bin_to").map(Number)[i] ?? 0)).length),
    );
  });

  it("correlate", async () => {
    const both = rows.filter((row) => !isMissing(row[measure]) && !isMissing(row[other]));
    const [xs, ys] = [both.map((row) => Number(row[measure])), both.map((row) => Number(row[other]))];
    const evidence = queryOf(await ask("correlate", { measures: [measure, other] }));
    expectColumn(columnOf(evidence, "n"), [both.length]);
    expect(Number(columnOf(evidence, "pearson")[0])).toBeCloseTo(sampleCorrelation(xs, ys), 9);
    expect(Number(columnOf(evidence, "spearman")[0])).toBeCloseTo(sampleCorrelation(meanRanks(xs), meanRanks(ys)), 9);
    if (new Set(xs).size === xs.length && new Set(ys).size === ys.length)
      expect(Number(columnOf(evidence, "spearman")[0])).toBeCloseTo(sampleRankCorrelation(xs, ys), 9);
  });

  it("rank", async () => {
    const values = numbers(rows, measure).sort((a, b) => b - a);
    const evidence = queryOf(await ask("rank", { measure, n: 15 }));
    expectColumn(columnOf(evidence, "value"), values.slice(0, 15));
    const lowest = queryOf(await ask("rank", { measure, n: 15, order: "asc" }));
    expectColumn(columnOf(lowest, "value"), values.reverse().slice(0, 15));
  });

  if (group !== undefined)
    it("compare groups", async () => {
      const evidence = queryOf(await ask("compare", { measure, groups: [group], statistic: "median" }));
      const expected = rollup(
        rows.filter((row) => !isMissing(row[measure])),
        (part) => part.map((row) => Number(row[measure])),
        (row) => (isMissing(row[group ?? ""]) ? null : row[group ?? ""]),
      );
      expect(evidence.rows.length).toBe(Math.min(200, expected.size));
      for (const row of evidence.rows) {
        const values = expected.get(row[0] === null ? null : String(row[0])) ?? [];
        const cell = (name: string) => row[evidence.columns.indexOf(name)];
        expectColumn(
          [cell("n"), cell("value"), cell("mean"), cell("smallest"), cell("largest")],
          [values.length, median(values), mean(values), min(values), max(values)],
        );
        expectColumn([cell("sd")], [deviation(values)]);
      }
    });

  if (time !== undefined)
    it("trend", async () => {
      for (const [period, length] of [
        ["month", 7],
        ["year", 4],
      ] as const) {
        const evidence = queryOf(await ask("trend", { measure, time, period, statistic: "mean" }));
        const expected = rollups(
          rows.filter((row) => !isMissing(row[measure]) && !isMissing(row[time ?? ""])),
          (part) => mean(part, (row) => Number(row[measure])),
          (row) =>
            at(row[time ?? ""] ?? "")
              .toISOString()
              .slice(0, length),
        ).sort(([a], [b]) => (a < b ? -1 : 1));
        expect(columnOf(evidence, period)).toEqual(expected.map(([key]) => key));
        expectColumn(
          columnOf(evidence, "value"),
          expected.map(([, value]) => value),
        );
      }
    });
});

/** Ranks from 1, ties with the mean of their places. */
function meanRanks(values: readonly number[]): number[] {
  const places = rollup(
    values
      .map((value) => value)
      .sort((a, b) => a - b)
      .map((value, i) => ({ value, place: i + 1 })),
    (part) => mean(part, (one) => one.place) ?? 0,
    (one) => one.value,
  );
  return values.map((value) => places.get(value) ?? 0);
}

describe("long series", () => {
  const days = Array.from({ length: 5_000 }, (_, i) => ({
    day: new Date(Date.UTC(2010, 0, 1 + i)).toISOString().slice(0, 10),
    value: ((i * 37) % 1_000) + i / 10,
    shop: i % 3 === 0 ? "A" : "B",
  }));
  const text = `day,value,shop\n${days.map((row) => `${row.day},${row.value},${row.shop}`).join("\n")}\n`;

  it("of days are told from first to last, and drawn by a longer period", async () => {
    const { workspace } = await load("days.csv", text);
    const analysis = await workspace.analyze("trend", { table: "days", time: "day", measure: "value", statistic: "sum", period: "day" });
    const highest = days.reduce((best, row) => (row.value > best.value ? row : best));
    const lowest = days.reduce((best, row) => (row.value < best.value ? row : best));
    const evidence = queryOf(analysis);
    expect(columnOf(evidence, "points")).toEqual([5_000]);
    expect([columnOf(evidence, "first"), columnOf(evidence, "last")]).toEqual([["2010-01-01"], ["2023-09-09"]]);
    expect(columnOf(evidence, "last_value")[0]).toBe(days.at(-1)?.value);
    expect([columnOf(evidence, "highest"), columnOf(evidence, "lowest")]).toEqual([[highest.day], [lowest.day]]);
    expect(analysis.statements[0]?.text).toMatch(/^From 2010-01-01 to 2023-09-09 /);
    const drawn = queryOf(analysis, 1);
    expectColumn(
      columnOf(drawn, "value"),
      rollups(
        days,
        (part) => sum(part, (row) => row.value),
        (row) => row.day.slice(0, 7),
      ).map(([, value]) => value),
    );
    expect(analysis.charts[0]?.marks).toBe(165);
    expect(analysis.caveats.join()).toContain("each month");
  });

  it("by group are told for each group", async () => {
    const { workspace } = await load("days.csv", text);
    const analysis = await workspace.analyze("trend", { table: "days", time: "day", measure: "value", period: "day", group: "shop" });
    const evidence = queryOf(analysis);
    expect(columnOf(evidence, "shop")).toEqual(["B", "A"]);
    expect(columnOf(evidence, "last")).toEqual(["B", "A"].map((shop) => days.findLast((row) => row.shop === shop)?.day));
  });

  it("of many groups follow the largest", async () => {
    const lines = Array.from(
      { length: 3_000 },
      (_, i) => `2020-${String((i % 12) + 1).padStart(2, "0")}-01,g${Math.floor(Math.sqrt(i))},${i}`,
    );
    const { workspace } = await load("groups.csv", `day,g,value\n${lines.join("\n")}\n`);
    const analysis = await workspace.analyze("trend", { table: "groups", time: "day", measure: "value", period: "month", group: "g" });
    expect(analysis.statements.map((statement) => statement.text.split(":")[0]).sort()).toEqual(["g49", "g50", "g51", "g52", "g53"]);
    expect(analysis.caveats[0]).toContain("there are more");
  });
});

describe("what a table's names and values cannot do to its figures", () => {
  it("columns called like those of a result", async () => {
    const { workspace } = await load(
      "x.csv",
      "value,n,mean,month,rows,share\na,1,10,2020-01-01,5,x\na,2,20,2020-01-02,5,x\nb,3,60,2020-02-01,,y\n",
    );
    const compared = queryOf(await workspace.analyze("compare", { table: "x", measure: "mean", groups: ["value"] }));
    expect(columnOf(compared, "value")).toEqual([60, 15]);
    expect(columnOf(compared, "value (column)")).toEqual(["b", "a"]);
    const counted = await workspace.analyze("distribution", { table: "x", column: "value" });
    expect(counted.statements[0]?.text).toBe("Rows by value: a: 2 (66.7%) and b: 1 (33.3%).");
    const ranked = await workspace.analyze("rank", { table: "x", measure: "mean", n: 1 });
    expect(ranked.statements[0]?.text).toContain("The highest mean is 60: ");
    const described = await workspace.analyze("describe", { table: "x" });
    expect(described.statements[1]?.text).toBe("Values are missing in one column: rows (1, 33.3%).");
    const byMonth = await workspace.analyze("trend", { table: "x", time: "month", measure: "mean", period: "month", group: "share" });
    expect(byMonth.statements.map((statement) => statement.text)).toEqual([
      "x: the mean mean went from 15 (2020-01) to 15 (2020-01); highest in 2020-01 (15).",
      "y: the mean mean went from 60 (2020-02) to 60 (2020-02); highest in 2020-02 (60).",
    ]);
  });

  it("rows with one label are bars of their own", async () => {
    const { workspace } = await load("x.csv", `name,n\n${Array.from({ length: 12 }, (_, i) => `same,${i}`).join("\n")}\n`);
    const { charts } = await workspace.analyze("rank", { table: "x", measure: "n", n: 10 });
    const values: { label: string; value: number }[] = JSON.parse(charts[0]?.spec ?? "{}").data.values;
    expect(new Set(values.map((value) => value.label)).size).toBe(10);
    expect(values.map((value) => value.value)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
  });

  it("of more groups than are kept the true lowest is told", async () => {
    const { workspace } = await load("x.csv", `g,n\n${Array.from({ length: 500 }, (_, i) => `g${i},${i}`).join("\n")}\n`);
    const analysis = await workspace.analyze("compare", { table: "x", measure: "n", groups: ["g"] });
    expect(analysis.statements[0]?.text).toBe("The mean n is highest for g499 (499) and lowest for g0 (0).");
  });

  it("what is left out is counted among the rows that were asked for", async () => {
    const { workspace } = await load("x.csv", "g,n\na,1\na,\nb,\nb,\nb,4\n");
    const analysis = await workspace.analyze("compare", {
      table: "x",
      measure: "n",
      groups: ["g"],
      filters: [{ column: "g", op: "eq", value: "a" }],
    });
    expect(analysis.caveats[0]).toBe("1 row has no n; they are left out.");
  });

  it("large whole numbers are summed, not refused", async () => {
    const { workspace } = await load("x.csv", `n\n${Array.from({ length: 3_000 }, () => "9007199254740991").join("\n")}\n`);
    const evidence = queryOf(await workspace.analyze("aggregate", { table: "x", measure: "n", statistic: "sum" }));
    expect(Number(columnOf(evidence, "value")[0])).toBeCloseTo(9007199254740991 * 3_000, -8);
  });

  it.each([
    [{ op: "gt", value: "2014" }, 2],
    [{ op: "gte", value: "2014" }, 4],
    [{ op: "lt", value: "2015" }, 3],
    [{ op: "lte", value: "2014" }, 3],
    [{ op: "ne", value: "2014" }, 3],
    [{ op: "eq", value: "2014-12" }, 1],
    [{ op: "in", value: ["2013", "2015"] }, 3],
    [{ op: "between", value: ["2013", "2014"] }, 3],
  ])("a filter by part of a date: %j", async (filter, expected) => {
    const { workspace } = await load("x.csv", "day\n2013-06-30\n2014-01-01\n2014-12-31\n2015-01-01\n2015-12-31\n");
    const evidence = queryOf(
      await workspace.analyze("aggregate", { table: "x", statistic: "count", filters: [{ column: "day", ...filter }] }),
    );
    expect(columnOf(evidence, "value")).toEqual([expected]);
  });
});
