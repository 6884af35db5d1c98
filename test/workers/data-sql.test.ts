import { sampleCorrelation, sampleRankCorrelation } from "simple-statistics";
import { beforeAll, describe, expect, it } from "vitest";
import { columnOf, load, queryOf, stored } from "./workspace.ts";

const LONG_ROWS = 20_000;
const REGIONS = 7;
const points = Array.from({ length: LONG_ROWS }, (_, i) => ({
  user: `u${i % 9_000}`,
  region: `r${i % REGIONS}`,
  x: (i * 7_919) % 1_000,
  y: i % 11 === 0 ? "" : ((i * 104_729) % 997) + ((i * 7_919) % 1_000) / 2,
}));
const longCsv = `user,region,x,y\n${points.map((row) => `${row.user},${row.region},${row.x},${row.y}`).join("\n")}\n`;

let workspace: Awaited<ReturnType<typeof load>>["workspace"];

beforeAll(async () => {
  ({ workspace } = await load("long.csv", longCsv));
  await workspace.addDocument(await stored("secret.md", "# Secret\n\nThe code of the door is 4711.\n"));
});

describe("no query reads what is not loaded data, however the table is spelled", () => {
  it.each([
    "SELECT * FROM '_soma_documents'",
    "SELECT * FROM 'sqlite_master'",
    "SELECT * FROM main.'sqlite_schema'",
    "SELECT * FROM [sqlite_master]",
    "SELECT * FROM `_soma_documents`",
    'SELECT * FROM "_soma_passages"',
    "SELECT * FROM '_soma_passages'",
    "SELECT * FROM '_soma_passages_content'",
    "SELECT (SELECT body FROM '_soma_documents') FROM long LIMIT 1",
    "SELECT * FROM long WHERE EXISTS (SELECT 1 FROM '_soma_datasets')",
    "WITH d AS (SELECT * FROM '_soma_datasets') SELECT * FROM d",
    "SELECT * FROM long JOIN '_soma_datasets' AS d ON d.rows > 0",
    "SELECT count(*) FROM '_soma_datasets'",
    "SELECT * FROM 'json_each'('[1,2]')",
    "SELECT * FROM pragma_table_list",
    "SELECT * FROM 'pragma_table_list'",
    "SELECT * FROM '_cf_KV'",
    "SELECT * FROM 'sqlite_sequence'",
    "SELECT * FROM '_SOMA_documents'",
  ])("%s", async (sql) => {
    await expect(workspace.query(sql)).rejects.toThrow(/invalid-query/);
  });
});

describe("no query works without end", () => {
  it.each([
    ["a cross join", "SELECT count(*) FROM long a, long b"],
    ["a cross join of three", "SELECT count(*) FROM long a, long b, long c"],
    ["a join by inequality", "SELECT count(*) FROM long a JOIN long b ON a.x < b.x"],
    ["a join by a key that many rows share", "SELECT count(*) FROM long a JOIN long b ON a.region = b.region"],
    [
      "the same, spread over derived tables",
      "WITH a AS MATERIALIZED (SELECT 1 AS user FROM long), b AS MATERIALIZED (SELECT 1 AS user FROM long) SELECT count(*) FROM a JOIN b USING (user)",
    ],
    [
      "the same, under a grouping",
      "WITH a AS MATERIALIZED (SELECT 1 AS k FROM long GROUP BY _row) SELECT count(*) FROM a JOIN a b ON a.k = b.k",
    ],
    [
      "the same, with a constant called like the group",
      "WITH a AS MATERIALIZED (SELECT 0 * x AS k FROM long GROUP BY _row), z AS (SELECT _row AS k FROM long LIMIT 1) SELECT count(*) FROM a JOIN a b ON a.k = b.k, z",
    ],
    [
      "a frame that is computed anew for each row",
      "SELECT sum(x) OVER (ORDER BY x ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) FROM long",
    ],
    ["padding to megabytes", "SELECT sum(length(printf('%1999999d', x))) FROM long"],
    ["padding by a computed form", "SELECT length(format('%' || '1999999d', x)) FROM long"],
    ["collecting over a window", "SELECT length(group_concat(user) OVER (ORDER BY _row)) FROM long"],
    ["a correlated subquery", "SELECT (SELECT count(*) FROM long b WHERE b.x > a.x) FROM long a"],
    ["a correlated EXISTS", "SELECT count(*) FROM long a WHERE EXISTS (SELECT 1 FROM long b WHERE b.y + a.y < -5)"],
    ["a recursion without the word", "WITH c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"],
    [
      "an alias called like a small table",
      'WITH m AS (SELECT avg(x) FROM long) SELECT count(*) FROM long AS "m USING x", long AS "m USING y", m',
    ],
    ["an alias shared with a small table", "WITH m AS (SELECT 1) SELECT (SELECT count(*) FROM (long) AS m, (long) AS n)"],
    ["a largest of two called an aggregate", "WITH m AS MATERIALIZED (SELECT max(x, y) AS z FROM long) SELECT count(*) FROM m a, m b"],
    [
      "doubling",
      `WITH a AS (SELECT 1 x UNION ALL SELECT 2), b AS (SELECT p.x FROM a p, a q), c AS (SELECT p.x FROM b p, b q), d AS (SELECT p.x FROM c p, c q), e AS (SELECT p.x FROM d p, d q), f AS (SELECT p.x FROM e p, e q) SELECT count(*) FROM f`,
    ],
  ])("%s", async (_, sql) => {
    await expect(workspace.query(sql)).rejects.toThrow(/invalid-query/);
  });
});

describe("honest work is done", () => {
  it.each([
    ["rows against an average", "WITH m AS (SELECT avg(x) AS a FROM long) SELECT count(*) FROM long, m WHERE x > a"],
    [
      "rows against their group's average",
      "SELECT count(*) FROM long JOIN (SELECT region AS g, avg(x) AS a FROM long GROUP BY region) z ON z.g = long.region WHERE x > a",
    ],
    [
      "the same by place",
      "SELECT count(*) FROM long JOIN (SELECT user, avg(x) AS a FROM long GROUP BY 1) z ON z.user = long.user WHERE x >= a",
    ],
    ["a join by a key that few share", "SELECT count(*) FROM long a JOIN long b ON a.user = b.user"],
    ["a join by row", "SELECT count(*) FROM long a JOIN long b USING (_row)"],
    ["windows", "SELECT max(r) FROM (SELECT row_number() OVER (PARTITION BY region ORDER BY x) AS r FROM long)"],
    ["a subquery of one figure", "SELECT count(*) FROM long WHERE x > (SELECT avg(x) FROM long)"],
    ["a set operation", "SELECT count(*) FROM (SELECT region FROM long UNION SELECT user FROM long)"],
    ["figures in a form", "SELECT max(CAST(printf('%.2f', x) AS REAL)) FROM long"],
    ["texts of a group", "SELECT length(group_concat(DISTINCT region)) FROM long"],
    ["a list", "SELECT count(*) FROM long WHERE user IN (SELECT user FROM long WHERE x > 990)"],
    ["a few rows against all", "SELECT count(*) FROM long a, (SELECT DISTINCT region FROM long LIMIT 5) b"],
  ])("%s", async (_, sql) => {
    const { rows } = await workspace.query(sql);
    expect(Number(rows[0]?.[0])).toBeGreaterThan(0);
  });

  it("correlations of a long table equal another library's", async () => {
    const analysis = await workspace.analyze("correlate", { table: "long", measures: ["x", "y"] });
    const both = points.filter((row) => row.y !== "");
    const [xs, ys] = [both.map((row) => row.x), both.map((row) => Number(row.y))];
    const evidence = queryOf(analysis);
    expect(columnOf(evidence, "n")).toEqual([both.length]);
    expect(Number(columnOf(evidence, "pearson")[0])).toBeCloseTo(sampleCorrelation(xs, ys), 9);
    expect(Number(columnOf(evidence, "spearman")[0])).toBeCloseTo(sampleRankCorrelation(xs, ys), 2);
    expect(analysis.charts[0]?.marks).toBeGreaterThan(400);
  }, 30_000);

  it("a long table is described, gaps and all", async () => {
    const analysis = await workspace.analyze("describe", { table: "long" });
    expect(analysis.statements[1]?.text).toBe(
      `Values are missing in one column: y (${points.filter((row) => row.y === "").length.toLocaleString("en")}, 9.1%).`,
    );
  }, 30_000);
});
