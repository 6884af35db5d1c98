import { env } from "cloudflare:test";
import { deviation, mean, median, rollups } from "d3-array";
import { csvParse, tsvParse } from "d3-dsv";
import { sampleCorrelation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import type { Analysis, QueryEvidence } from "../../workers/tools/data/analysis.ts";
import birdstrikes from "../data/birdstrikes.csv?raw";
import co2 from "../data/co2-concentration.csv?raw";
import earthquakes from "../data/earthquakes.json?raw";
import flights from "../data/flights-2k.json?raw";
import penguins from "../data/penguins.csv?raw";
import weather from "../data/seattle-weather.csv?raw";
import unemployment from "../data/unemployment.tsv?raw";
import employment from "../data/us-employment.csv?raw";

let count = 0;

/** Loads a text as a file into a workspace of its own. */
async function load(name: string, content: string | Uint8Array) {
  count += 1;
  const key = `ten/artifacts/${count}`;
  await env.ARTIFACTS.put(key, content);
  const workspace = env.DATA_WORKSPACE.getByName(`ten/${count}`);
  return { workspace, profile: await workspace.load({ key, name }) };
}

function firstQuery(analysis: Analysis): QueryEvidence {
  const evidence = analysis.evidence[0];
  if (evidence?.kind !== "query") throw new Error("no query");
  return evidence;
}

/** The value column of the first query by its key columns, for comparison with an independent computation. */
function valuesByKey(analysis: Analysis, keys: number): Map<string, number> {
  const { rows, columns } = firstQuery(analysis);
  const value = columns.indexOf("value");
  return new Map(rows.map((row) => [row.slice(0, keys).join("|"), Number(row[value])]));
}

const isMissing = (text: string | undefined) => text === undefined || text === "" || text === "NA";

function expectSame(actual: ReadonlyMap<string, number>, expected: Iterable<readonly [string, number | undefined]>): void {
  let compared = 0;
  for (const [key, value] of expected) {
    if (value === undefined) continue;
    expect(actual.get(key), key).toBeCloseTo(value, 6);
    compared += 1;
  }
  expect(compared).toBeGreaterThan(0);
}

describe("what is loaded equals what another library reads", () => {
  it.each([
    ["penguins.csv", penguins, csvParse(penguins)],
    ["seattle-weather.csv", weather, csvParse(weather)],
    ["co2-concentration.csv", co2, csvParse(co2)],
    ["birdstrikes.csv", birdstrikes, csvParse(birdstrikes)],
    ["unemployment.tsv", unemployment, tsvParse(unemployment)],
    ["us-employment.csv", employment, csvParse(employment)],
  ])("%s", async (name, text, rows) => {
    const { profile } = await load(name, text);
    expect(profile.rows).toBe(rows.length);
    expect(profile.columns.map((column) => column.name)).toEqual(rows.columns.map((column) => column.trim()));
    expect(profile.badRowCount).toBe(0);
    for (const header of rows.columns) {
      const column = profile.columns.find((candidate) => candidate.name === header.trim());
      expect(column?.missing, header).toBe(rows.filter((row) => isMissing(row[header])).length);
      if (column?.type !== "integer" && column?.type !== "real") continue;
      const numbers = rows.filter((row) => !isMissing(row[header])).map((row) => Number(row[header]));
      if (numbers.some(Number.isNaN)) continue;
      expect(column.mean, header).toBeCloseTo(mean(numbers) ?? 0, 6);
      expect(column.max).toBe(Math.max(...numbers));
    }
  });

  it("earthquakes.json, nested GeoJSON", async () => {
    const features: { properties: Record<string, number | null>; geometry: { coordinates: number[] } }[] = JSON.parse(earthquakes).features;
    const { profile } = await load("earthquakes.json", earthquakes);
    expect(profile.rows).toBe(features.length);
    const magnitudes = features.map((feature) => feature.properties.mag).filter((mag) => mag !== null && mag !== undefined);
    expect(profile.columns.find((column) => column.name === "mag")?.mean).toBeCloseTo(mean(magnitudes) ?? 0, 6);
    expect(profile.columns.find((column) => column.name === "time")?.type).toBe("datetime");
    expect(profile.columns.find((column) => column.name === "longitude")?.max).toBe(
      Math.max(...features.map((feature) => feature.geometry.coordinates[0] ?? 0)),
    );
  });

  it("flights-2k.json, an array of objects", async () => {
    const records: { delay: number; distance: number; origin: string }[] = JSON.parse(flights);
    const { profile, workspace } = await load("flights-2k.json", flights);
    expect(profile.rows).toBe(records.length);
    const analysis = await workspace.analyze("compare", { table: profile.table, measure: "delay", groups: ["origin"] });
    expectSame(
      valuesByKey(analysis, 1),
      rollups(
        records,
        (group) => mean(group, (row) => row.delay),
        (row) => row.origin,
      ).slice(0, 40),
    );
  });
});

describe("analyses equal an independent computation", () => {
  const rows = csvParse(penguins).filter((row) => !isMissing(row.body_mass_g));

  it.each([
    ["mean", (values: number[]) => mean(values)],
    ["median", (values: number[]) => median(values)],
    ["sum", (values: number[]) => values.reduce((sum, value) => sum + value, 0)],
  ] as const)("%s of a measure by two groups", async (statistic, compute) => {
    const { workspace, profile } = await load("penguins.csv", penguins);
    const analysis = await workspace.analyze("compare", {
      table: profile.table,
      measure: "body_mass_g",
      statistic,
      groups: ["species", "sex"],
    });
    const expected = rollups(
      rows,
      (group) => compute(group.map((row) => Number(row.body_mass_g))),
      (row) => `${row.species}|${isMissing(row.sex) ? "" : row.sex}`,
    );
    expectSame(valuesByKey(analysis, 2), expected);
    expect(analysis.charts[0]?.marks).toBeGreaterThan(0);
    expect(analysis.charts[0]?.svg).toContain("<svg");
  });

  it("standard deviations", async () => {
    const { workspace, profile } = await load("penguins.csv", penguins);
    const evidence = firstQuery(await workspace.analyze("compare", { table: profile.table, measure: "body_mass_g", groups: ["species"] }));
    const actual = new Map(evidence.rows.map((row) => [String(row[0]), Number(row[evidence.columns.indexOf("sd")])]));
    expectSame(
      actual,
      rollups(
        rows,
        (group) => deviation(group, (row) => Number(row.body_mass_g)),
        (row) => row.species ?? "",
      ),
    );
  });

  it("correlations", async () => {
    const { workspace, profile } = await load("penguins.csv", penguins);
    const evidence = firstQuery(
      await workspace.analyze("correlate", { table: profile.table, measures: ["flipper_length_mm", "body_mass_g"] }),
    );
    const both = rows.filter((row) => !isMissing(row.flipper_length_mm));
    const expected = sampleCorrelation(
      both.map((row) => Number(row.flipper_length_mm)),
      both.map((row) => Number(row.body_mass_g)),
    );
    expect(evidence.rows[0]?.[evidence.columns.indexOf("pearson")]).toBeCloseTo(expected, 9);
  });

  it("monthly sums", async () => {
    const { workspace, profile } = await load("seattle-weather.csv", weather);
    const analysis = await workspace.analyze("trend", {
      table: profile.table,
      time: "date",
      measure: "precipitation",
      statistic: "sum",
      period: "month",
    });
    const expected = rollups(
      csvParse(weather),
      (group) => group.reduce((sum, row) => sum + Number(row.precipitation), 0),
      (row) => new Date(row.date ?? "").toISOString().slice(0, 7),
    );
    expectSame(valuesByKey(analysis, 1), expected);
  });

  it("counts and the ten most frequent", async () => {
    const { workspace, profile } = await load("birdstrikes.csv", birdstrikes);
    const parsed = csvParse(birdstrikes);
    const entity = parsed.columns.find((column) => /airport/i.test(column)) ?? "";
    const analysis = await workspace.analyze("rank", { table: profile.table, entities: [entity], statistic: "count", n: 10 });
    const counts = rollups(
      parsed,
      (group) => group.length,
      (row) => row[entity] ?? "",
    ).sort((a, b) => b[1] - a[1]);
    expect([...valuesByKey(analysis, 1).values()]).toEqual(counts.slice(0, 10).map(([, n]) => n));
  });

  it("shares", async () => {
    const { workspace, profile } = await load("penguins.csv", penguins);
    const analysis = await workspace.analyze("aggregate", {
      table: profile.table,
      statistic: "share",
      of: [{ column: "species", op: "eq", value: "Gentoo" }],
    });
    expect(valuesByKey(analysis, 0).get("")).toBeCloseTo(124 / 344, 9);
    expect(analysis.statements[0]?.text).toContain("36.0%");
  });

  it("quartiles of a distribution", async () => {
    const { workspace, profile } = await load("unemployment.tsv", unemployment);
    const evidence = firstQuery(await workspace.analyze("distribution", { table: profile.table, column: "rate" }));
    const rates = tsvParse(unemployment).map((row) => Number(row.rate));
    expect(evidence.rows[0]?.[evidence.columns.indexOf("median")]).toBeCloseTo(median(rates) ?? 0, 9);
  });

  it("describes what is missing", async () => {
    const { workspace, profile } = await load("penguins.csv", penguins);
    const analysis = await workspace.analyze("describe", { table: profile.table });
    expect(analysis.statements[0]?.text).toBe("The table has 344 rows and 8 columns.");
    expect(analysis.statements[1]?.text).toContain("sex (11, 3.2%)");
  });
});

describe("awkward files", () => {
  it("reads semicolons, a BOM, decimal commas, German dates and empty cells", async () => {
    const text =
      '\ufeffOrt;Datum;Umsatz;PLZ\r\nKöln;01.02.2020;1.234,50;01067\r\n"Bad; Ort";15.02.2020;;10115\r\nKöln;31.03.2020;7,25;04109\r\n';
    const { profile, workspace } = await load("umsatz.csv", text);
    expect(profile.columns.map(({ name, type }) => [name, type])).toEqual([
      ["Ort", "text"],
      ["Datum", "date"],
      ["Umsatz", "real"],
      ["PLZ", "text"],
    ]);
    expect((await workspace.query("SELECT Datum, Umsatz, PLZ FROM umsatz ORDER BY _row")).rows).toEqual([
      ["2020-02-01", 1234.5, "01067"],
      ["2020-02-15", null, "10115"],
      ["2020-03-31", 7.25, "04109"],
    ]);
  });

  it("reports rows that do not fit with their line and keeps the rest", async () => {
    const good = Array.from({ length: 200 }, (_, i) => `${i},${i * 2}`).join("\n");
    const { profile } = await load("x.csv", `a,b\n${good}\n1,2,3\n7,oops\n`);
    expect(profile.rows).toBe(201);
    expect(profile.badRowCount).toBe(2);
    expect(profile.badRows).toEqual([
      { line: 202, reason: "3 cells where the header has 2" },
      { line: 203, reason: 'b holds "oops", which is no integer; it was taken as missing' },
    ]);
  });

  it("reads NDJSON and says which line is broken", async () => {
    const { profile } = await load("x.ndjson", '{"a":1,"b":{"c":"x"}}\n{oops\n{"a":2.5}\n');
    expect(profile.columns.map(({ name, type }) => [name, type])).toEqual([
      ["a", "real"],
      ["b.c", "text"],
    ]);
    expect(profile.badRows).toEqual([{ line: 2, reason: "not valid JSON" }]);
  });

  it("keeps a table of 300 columns and compares across its parts", async () => {
    const header = Array.from({ length: 300 }, (_, i) => `c${i}`).join(",");
    const line = (row: number) => Array.from({ length: 300 }, (_, i) => (i === 0 ? `g${row % 2}` : row * i)).join(",");
    const { profile, workspace } = await load("wide.csv", `${header}\n${Array.from({ length: 10 }, (_, row) => line(row)).join("\n")}`);
    expect(profile.columns).toHaveLength(300);
    const analysis = await workspace.analyze("compare", { table: profile.table, measure: "c250", groups: ["c0"], statistic: "sum" });
    expect(valuesByKey(analysis, 1)).toEqual(
      new Map([
        ["g1", 25 * 250],
        ["g0", 20 * 250],
      ]),
    );
  });

  it("loads 200,000 rows", async () => {
    const lines = Array.from(
      { length: 200_000 },
      (_, i) => `2020-01-${String((i % 28) + 1).padStart(2, "0")};region ${i % 7};${i % 1000},5`,
    );
    const { profile, workspace } = await load("long.csv", `day;region;amount\n${lines.join("\n")}\n`);
    expect(profile.rows).toBe(200_000);
    const analysis = await workspace.analyze("aggregate", { table: profile.table, measure: "amount", statistic: "sum" });
    expect(valuesByKey(analysis, 0).get("")).toBe(200 * ((999 * 1000) / 2) + 100_000);
  }, 60_000);

  it("treats names and values that look like code as what they are", async () => {
    const { profile, workspace } = await load("evil.csv", '"a""; drop table x","<script>alert(1)</script>"\n"x\'; --",1\n"y",2\n');
    const [name = "", measure = ""] = profile.columns.map((column) => column.name);
    const analysis = await workspace.analyze("compare", {
      table: profile.table,
      measure,
      groups: [name],
      filters: [{ column: name, op: "ne", value: "'; DELETE" }],
    });
    expect(analysis.charts[0]?.svg).not.toContain("<script");
    expect(valuesByKey(analysis, 1).get("x'; --")).toBe(1);
  });
});

describe("SQL that is not allowed", () => {
  it.each([
    "DELETE FROM penguins",
    "SELECT 1; DROP TABLE penguins",
    "WITH x AS (SELECT 1) INSERT INTO penguins SELECT * FROM x",
    "PRAGMA table_info(penguins)",
    "ATTACH 'x' AS y",
    "SELECT * FROM _soma_documents",
    "SELECT * FROM sqlite_master",
    'SELECT * FROM "_soma_datasets"',
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c",
    "SELECT hex(randomblob(1000000000))",
    "SELECT nothing FROM nowhere",
    "",
  ])("%s", async (sql) => {
    const { workspace } = await load("penguins.csv", penguins);
    await expect(workspace.query(sql)).rejects.toThrow(/invalid-query/);
    expect((await workspace.query("SELECT count(*) AS n FROM penguins")).rows).toEqual([[344]]);
  });

  it("a join of every row with every row", async () => {
    const { workspace, profile } = await load("birdstrikes.csv", birdstrikes);
    await expect(workspace.query(`SELECT count(*) FROM ${profile.table} a, ${profile.table} b`)).rejects.toThrow(/invalid-query/);
  });

  it("but words of SQL in strings, names and comments are", async () => {
    const { workspace } = await load("penguins.csv", penguins);
    const result = await workspace.query("SELECT 'drop table' AS \"delete\" /* insert */ FROM penguins LIMIT 1 -- update\n;");
    expect(result.rows).toEqual([["drop table"]]);
  });
});

describe("documents", () => {
  it("answers in the documents' own words, with exact places, or says that they do not", async () => {
    const workspace = env.DATA_WORKSPACE.getByName("ten/documents");
    await env.ARTIFACTS.put(
      "ten/doc",
      "# Handbook\n\n## Refunds\n\nRefunds are paid within 14 days. Send the receipt to the office.\n\n## Holidays\n\nEveryone has 30 days of holiday a year.\n",
    );
    await workspace.addDocument({ key: "ten/doc", name: "handbook.md" });
    const analysis = await workspace.answer("How soon are refunds paid?");
    const quote = analysis.evidence[0];
    if (quote?.kind !== "quote") throw new Error("no quote");
    expect(quote.text).toBe("Refunds are paid within 14 days.");
    expect((await workspace.documentText("handbook.md")).slice(quote.start, quote.end)).toBe(quote.text);
    expect((await workspace.answer("Who is the king of France?")).evidence).toEqual([]);
  });
});
