import { describe, expect, it } from "vitest";
import { load, newWorkspace, stored } from "./workspace.ts";

const typesOf = (profile: { columns: readonly { name: string; type: string }[] }) =>
  Object.fromEntries(profile.columns.map(({ name, type }) => [name, type]));

describe("what looks like a number and is a name stays text", () => {
  it("codes with leading zeros, one among three hundred", async () => {
    const rows = Array.from({ length: 300 }, (_, i) => `${i === 217 ? "01234" : 10_000 + i},${i}`).join("\n");
    const { profile, workspace } = await load("codes.csv", `zip,n\n${rows}\n`);
    expect(typesOf(profile)).toEqual({ zip: "text", n: "integer" });
    expect(profile.badRowCount).toBe(0);
    expect((await workspace.query("SELECT zip FROM codes WHERE n IN (216, 217) ORDER BY n")).rows).toEqual([["10216"], ["01234"]]);
  });

  it("identifiers of nineteen digits", async () => {
    const ids = ["9007199254740993", "1234567890123456789", "1234567890123456788", "5"];
    const { profile, workspace } = await load("posts.csv", `id\n${ids.join("\n")}\n`);
    expect(typesOf(profile)).toEqual({ id: "text" });
    expect((await workspace.query("SELECT id FROM posts ORDER BY _row")).rows.flat()).toEqual(ids);
  });

  it("but numbers that a double holds are numbers", async () => {
    const { profile, workspace } = await load("n.csv", "a,b,c\n9007199254740991,0,0.5\n-1,-0,1e3\n2,10,.25\n");
    expect(typesOf(profile)).toEqual({ a: "integer", b: "integer", c: "real" });
    expect((await workspace.query("SELECT a, c FROM n ORDER BY _row")).rows).toEqual([
      [9007199254740991, 0.5],
      [-1, 1000],
      [2, 0.25],
    ]);
  });

  it("and a number too large for one is told, not kept as infinite", async () => {
    const lines = Array.from({ length: 200 }, (_, i) => (i === 7 ? "1e999" : `${i}.5`)).join("\n");
    const { profile } = await load("n.csv", `x\n${lines}\n`);
    expect(profile.badRows).toEqual([{ line: 9, reason: 'x holds "1e999", which is no real; it was taken as missing' }]);
  });
});

describe("loads side by side", () => {
  it("of two files of one name are two tables, each whole", async () => {
    const workspace = newWorkspace();
    const text = (from: number) => `n\n${Array.from({ length: 3_000 }, (_, i) => from + i).join("\n")}\n`;
    const [first, second] = await Promise.all([stored("sales.csv", text(0)), stored("sales.csv", text(1_000_000))]);
    const [a, b] = await Promise.all([workspace.load(first), workspace.load(second)]);
    expect(new Set([a.table, b.table])).toEqual(new Set(["sales", "sales_2"]));
    for (const { table, from } of [
      { table: a.table, from: 0 },
      { table: b.table, from: 1_000_000 },
    ])
      expect((await workspace.query(`SELECT count(*), min(n), max(n) FROM ${table}`)).rows).toEqual([[3_000, from, from + 2_999]]);
  });

  it("of one file are one table", async () => {
    const workspace = newWorkspace();
    const file = await stored("x.csv", "n\n1\n2\n");
    const [a, b] = await Promise.all([workspace.load(file), workspace.load(file)]);
    expect(b).toEqual(a);
    expect((await workspace.query("SELECT count(*) FROM x")).rows).toEqual([[2]]);
  });

  it("of a file that cannot be read leave its name free", async () => {
    const workspace = newWorkspace();
    const broken = await stored("x.csv", "");
    await expect(workspace.load(broken)).rejects.toThrow(/invalid-data/);
    expect((await workspace.load(await stored("x.csv", "n\n1\n"))).table).toBe("x");
  });
});

it.each([
  ["select.csv", "t_select"],
  ["sqlite_master.csv", "t_sqlite_master"],
  ["json_each.csv", "t_json_each"],
  ["2024 Sales – Köln.csv", "t_2024_sales_köln"],
  ["../../x.csv", "x"],
  ["___.csv", expect.stringMatching(/^table_[0-9a-f]{8}$/)],
])("a file called %s is asked for as %s", async (name, table) => {
  const { profile, workspace } = await load(name, "n\n1\n");
  expect(profile.table).toEqual(table);
  expect((await workspace.query(`SELECT n FROM ${profile.table}`)).rows).toEqual([[1]]);
});
