import { describe, expect, it } from "vitest";
import { isSafeSvg } from "../../workers/kamachiq/escape.ts";
import { renderChart } from "../../workers/tools/chart/render.ts";
import type { Analysis } from "../../workers/tools/data/analysis.ts";
import { load } from "./workspace.ts";

interface Drawn {
  readonly encoding: Readonly<Record<string, { type?: string; title?: string }>>;
  readonly data: { values: Record<string, unknown>[] };
}

function drawn(analysis: Analysis) {
  const [chart] = analysis.charts;
  if (chart === undefined) throw new Error("no chart");
  const spec: Drawn = JSON.parse(chart.spec);
  return { ...chart, parsed: spec, values: spec.data.values };
}

describe("a chart", () => {
  it("holds every row of its result, and says inside what it shows", async () => {
    const { workspace } = await load("x.csv", "g,n\na,1\nb,-2\nc,3e12\n");
    const chart = drawn(await workspace.analyze("compare", { table: "x", measure: "n", groups: ["g"] }));
    expect(chart.values).toEqual([
      { label: "c", value: 3e12 },
      { label: "a", value: 1 },
      { label: "b", value: -2 },
    ]);
    expect(chart.marks).toBe(3);
    expect(chart.svg).toMatch(
      /^<svg role="img" aria-label="Bar chart of mean n by g; c comes first\."[^>]*><title>Mean n<\/title><desc>Bar chart/,
    );
    expect(isSafeSvg(chart.svg)).toBe(true);
  });

  it.each([
    ["days", "2020-01-01\n2020-01-02\n2020-02-03", "day", "temporal"],
    ["months", "2020-01-01\n2020-02-02\n2020-03-03", "month", "temporal"],
    ["quarters", "2020-01-01\n2020-04-02\n2021-03-03", "quarter", "temporal"],
    ["years", "2018\n2019\n2020", "year", "temporal"],
    ["hours", "2020-01-01 05:00\n2020-01-01 06:00\n2020-01-02 07:00", "hour", "temporal"],
    ["months of the year", "2020-01-01\n2020-02-02\n2021-03-03", "month_of_year", "ordinal"],
  ])("of %s has an axis of its kind", async (_, cells, period, type) => {
    const { workspace } = await load("x.csv", `when\n${cells}\n`);
    const chart = drawn(await workspace.analyze("trend", { table: "x", time: "when", statistic: "count", period }));
    expect(chart.parsed.encoding.x?.type).toBe(type);
    expect(chart.parsed.encoding.y?.type).toBe("quantitative");
    expect(chart.values).toHaveLength(3);
    expect(chart.marks).toBeGreaterThan(0);
    if (period === "month_of_year") expect(chart.values.map((row) => row.time)).toEqual(["January", "February", "March"]);
  });

  it("of many groups draws the first and tells how many there are", async () => {
    const { workspace } = await load("x.csv", `g,n\n${Array.from({ length: 120 }, (_, i) => `group ${i},${i}`).join("\n")}\n`);
    const chart = drawn(await workspace.analyze("compare", { table: "x", measure: "n", groups: ["g"] }));
    expect(chart.marks).toBe(25);
    expect(chart.alt).toContain("The first 25 of 120 are drawn.");
  });

  it("of long names, names that are code and names of paths draws every bar", async () => {
    const names = [
      "x".repeat(5_000),
      "<script>alert(1)</script>",
      "javascript:alert(1)",
      "a onload=b",
      "__proto__",
      "datum.value",
      "😀",
      'quo"te',
      "\u0000\u0007bell",
    ];
    const { workspace } = await load(
      "x.csv",
      `"a.b[0]","__proto__"\n${names.map((name, i) => `"${name.replaceAll('"', '""')}",${i + 1}`).join("\n")}\n`,
    );
    const chart = drawn(await workspace.analyze("compare", { table: "x", measure: "__proto__", groups: ["a.b[0]"] }));
    expect(chart.marks).toBe(names.length);
    expect(chart.values.map((row) => row.value)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(chart.svg).not.toContain("<script");
    expect(chart.svg.length).toBeLessThan(60_000);
    expect(isSafeSvg(chart.svg)).toBe(true);
  });

  it("of two groupings has a colour for each, or the names side by side when there are too many", async () => {
    const rows = (colours: number) => Array.from({ length: 3 * colours }, (_, i) => `g${i % 3},c${Math.floor(i / 3)},${i + 1}`).join("\n");
    const few = await load("x.csv", `g,c,n\n${rows(4)}\n`);
    const coloured = drawn(await few.workspace.analyze("compare", { table: "x", measure: "n", groups: ["g", "c"] }));
    expect(coloured.parsed.encoding.color?.title).toBe("c");
    expect(coloured.marks).toBe(12);
    const many = await load("x.csv", `g,c,n\n${rows(12)}\n`);
    const named = drawn(await many.workspace.analyze("compare", { table: "x", measure: "n", groups: ["g", "c"] }));
    expect(named.parsed.encoding.color).toBeUndefined();
    expect(named.values[0]).toEqual({ label: "g2, c11", value: 36 });
  });

  it("has the same bytes each time", async () => {
    const { workspace } = await load("x.csv", `a,b\n${Array.from({ length: 50 }, (_, i) => `${i},${(i * 7) % 13}`).join("\n")}\n`);
    const draw = () => workspace.analyze("correlate", { table: "x", measures: ["a", "b"] });
    const [first, second] = [await draw(), await draw()];
    expect(second.charts[0]?.svg).toBe(first.charts[0]?.svg);
    expect(first.charts[0]?.marks).toBe(50);
  });

  it("is not drawn of nothing: a column without values is told", async () => {
    const { workspace } = await load("x.csv", "g,n,empty\na,1,\nb,2,NA\n");
    expect((await workspace.analyze("distribution", { table: "x", column: "empty" })).charts).toHaveLength(1);
    await expect(workspace.analyze("compare", { table: "x", measure: "empty", groups: ["g"] })).rejects.toThrow(
      /empty holds text, of which no mean can be computed/,
    );
    const none = await workspace.analyze("compare", {
      table: "x",
      measure: "n",
      groups: ["g"],
      filters: [{ column: "g", op: "eq", value: "c" }],
    });
    expect(none.charts).toEqual([]);
    expect(none.statements[0]?.text).toBe("No rows match, so there is nothing to compare.");
  });

  it("reaches nothing outside itself", async () => {
    const plan = (spec: Record<string, unknown>) => renderChart({ title: "t", alt: "a", evidence: "q1", spec });
    await expect(plan({ data: { url: "http://169.254.169.254/" }, mark: "bar", encoding: {} })).rejects.toThrow(/may not use `url`/);
    await expect(plan({ data: { values: [{ a: 1 }] }, mark: "bar", encoding: { href: { field: "a" } } })).rejects.toThrow(
      /may not use `href`/,
    );
    await expect(plan({ data: { values: [] }, mark: "no such mark" })).rejects.toThrow(/cannot be drawn/);
  });
});
