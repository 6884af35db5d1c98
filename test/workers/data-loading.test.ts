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

describe("what breaks off or is broken costs as little as can be", () => {
  const rowsOf = async (name: string, text: string | Uint8Array, sql = "SELECT * FROM x ORDER BY _row") => {
    const { profile, workspace } = await load(name, text);
    const { rows } = await workspace.query(sql);
    return { rows: rows.map((row) => row.slice(1)), bad: profile.badRows, count: profile.badRowCount };
  };

  it("an unclosed quote costs its line", async () => {
    const lines = Array.from({ length: 500 }, (_, i) => `${i},name ${i},${i * 2}`);
    lines[100] = '100,"oops,200';
    const { rows, bad, count } = await rowsOf("x.csv", `id,name,n\n${lines.join("\n")}\n`);
    expect(rows).toHaveLength(499);
    expect(rows[100]).toEqual([101, "name 101", 202]);
    expect(count).toBe(1);
    expect(bad).toEqual([{ line: 102, reason: "a quote opens in this line and does not close; the line was left out" }]);
  });

  it("an unclosed quote that meets the quotes of a later line costs its line", async () => {
    const { rows, bad } = await rowsOf("x.csv", 'id,name,n\n1,"oops,2\n2,b,4\n3,"c, d",6\n4,"e ""f""",8\n');
    expect(rows).toEqual([
      [2, "b", 4],
      [3, "c, d", 6],
      [4, 'e "f"', 8],
    ]);
    expect(bad).toEqual([
      { line: 2, reason: "a quote opens in this line and closes only after lines of other rows; the line was left out" },
    ]);
  });

  it("quoted cells may hold lines, quotes and delimiters", async () => {
    const { rows, count } = await rowsOf("x.csv", 'id,text\r\n1,"two\r\nlines, ""quoted"""\r\n2,"plain"\r\n3,say "hi" now\r\n');
    expect(rows).toEqual([
      [1, 'two\r\nlines, "quoted"'],
      [2, "plain"],
      [3, 'say "hi" now'],
    ]);
    expect(count).toBe(0);
  });

  it("a JSON document that breaks off tells so and keeps what is whole", async () => {
    const { rows, bad } = await rowsOf("x.json", '[{"a":1},{"a":2},{"a":');
    expect(rows).toEqual([[1], [2]]);
    expect(bad).toEqual([{ line: 3, reason: "the document breaks off here; whatever followed is not in the file" }]);
  });

  it("so does one that breaks off between records", async () => {
    const { rows, bad } = await rowsOf("x.json", '{"rows":[{"a":1},{"a":2},');
    expect(rows).toEqual([[1], [2]]);
    expect(bad).toHaveLength(1);
  });

  it("JSON keeps long identifiers digit by digit", async () => {
    const ids = ["9007199254740993", "1234567890123456789", "12"];
    const records = ids.map((id) => `{"id": ${id}, "n": [${id}]}`);
    expect((await rowsOf("x.json", `[${records.join(",")}]`, "SELECT _row, id FROM x ORDER BY _row")).rows.flat()).toEqual(ids);
    expect((await rowsOf("x.ndjson", records.join("\n"), "SELECT _row, id FROM x ORDER BY _row")).rows.flat()).toEqual(ids);
  });

  it("of several lists in a document the longest is the table, and the others are told", async () => {
    const { profile } = await load("x.json", '{"users":[{"u":1}],"orders":[{"o":1},{"o":2}],"meta":{"page":1}}');
    expect(profile.rows).toBe(2);
    expect(profile.columns.map((column) => column.name)).toEqual(["o"]);
    expect(profile.notes).toEqual(["The table is the list orders of the document; users (1 record) was left out"]);
  });

  it("names that differ in case only, are empty or are ours are kept apart", async () => {
    const { profile } = await load("x.ndjson", '{"a":1,"A":2,"_row":3,"":4,"__proto__":5,"constructor":6}\n');
    expect(profile.columns.map((column) => column.name)).toEqual(["a", "A_2", "_row_2", "column_4", "__proto__", "constructor"]);
  });
});

describe("encodings", () => {
  const windows1252 = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
  const utf16 = (text: string, { isBig, hasMark }: { isBig: boolean; hasMark: boolean }) => {
    const units = [...(hasMark ? "\ufeff" : ""), ...text].map((char) => char.charCodeAt(0));
    return Uint8Array.from(units.flatMap((unit) => (isBig ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8])));
  };
  const text = "Stadt,n\nKöln,1\nMálaga,2\n";

  it.each([
    ["UTF-8 with a mark", new TextEncoder().encode(`\ufeff${text}`), []],
    ["UTF-16, small end first", utf16(text, { isBig: false, hasMark: true }), ["The file was read as UTF-16"]],
    ["UTF-16, big end first", utf16(text, { isBig: true, hasMark: true }), ["The file was read as UTF-16"]],
    ["UTF-16 without a mark", utf16(text, { isBig: false, hasMark: false }), ["The file was read as UTF-16"]],
    ["Latin-1", windows1252(text), ["The file is not UTF-8 and was read as Windows-1252 (Latin-1)"]],
  ])("%s", async (_, bytes, notes) => {
    const { profile, workspace } = await load("x.csv", bytes);
    expect(profile.notes).toEqual(notes);
    expect((await workspace.query("SELECT Stadt, n FROM x ORDER BY n")).rows).toEqual([
      ["Köln", 1],
      ["Málaga", 2],
    ]);
    const analysis = await workspace.analyze("describe", { table: "x" });
    expect(analysis.caveats).toEqual(notes.map((note) => `${note}.`));
  });

  it("Latin-1 that shows late in a long file", async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `place ${i},${i}`).join("\n");
    const { profile, workspace } = await load("x.csv", windows1252(`Stadt,n\n${rows}\nKöln,20000\n`));
    expect(profile.notes).toHaveLength(1);
    expect((await workspace.query("SELECT Stadt FROM x WHERE n = 20000")).rows).toEqual([["Köln"]]);
  });

  it("NUL bytes are left out", async () => {
    const { rows } = await (await load("x.csv", "a,n\nb\u0000c,1\nd,2\u0000\n")).workspace.query("SELECT a, n FROM x ORDER BY _row");
    expect(rows).toEqual([
      ["bc", 1],
      ["d", 2],
    ]);
  });

  it.each([
    ["book.xlsx", [0x50, 0x4b, 0x03, 0x04, 0, 0], /ZIP archive/],
    ["x.csv", [0x1f, 0x8b, 8, 0], /gzip/],
    ["x.pdf", [0x25, 0x50, 0x44, 0x46, 0x2d], /PDF/],
    ["empty.csv", [], /no rows/],
    ["blank.csv", [0x0a, 0x20, 0x0a], /no rows/],
    ["header.csv", [0x61, 0x2c, 0x62, 0x0a], /no rows/],
    ["list.json", [...new TextEncoder().encode("[1,2]")], /list of objects/],
    ["broken.json", [...new TextEncoder().encode('[{"a":1},}]')], /cannot be read/],
  ])("%s that is no table is refused with the reason", async (name, bytes, reason) => {
    await expect(load(name, Uint8Array.from(bytes))).rejects.toThrow(reason);
  });
});

describe("cells", () => {
  const column = async (cells: readonly string[], { name = "x", delimiter = "," } = {}) => {
    const quoted = cells.map((cell) => `"${cell}"`).join(`${delimiter}1\n`);
    const { profile, workspace } = await load("t.csv", `${name}${delimiter}other\n${quoted}${delimiter}1\n`);
    const [first] = profile.columns;
    const { rows } = await workspace.query(`SELECT "${name}" FROM t ORDER BY _row`);
    return { type: first?.type, values: rows.flat(), notes: profile.notes };
  };

  it.each([
    ["ISO days", ["2020-01-31", "2021-12-01"], "date", ["2020-01-31", "2021-12-01"]],
    ["days first, told by a 31", ["31/01/2020", "01/12/2021"], "date", ["2020-01-31", "2021-12-01"]],
    ["months first, told by a 31", ["01/31/2020", "12/01/2021"], "date", ["2020-01-31", "2021-12-01"]],
    ["dotted", ["31.01.2020", "1.12.21"], "date", ["2020-01-31", "2021-12-01"]],
    ["with a time", ["2020-01-31 08:15", "2020-02-01 23:59:59.123"], "datetime", ["2020-01-31T08:15:00", "2020-02-01T23:59:59"]],
    ["with a zone", ["2020-01-31T23:30:00-02:00", "2020-02-01T00:00:00Z"], "datetime", ["2020-02-01T01:30:00", "2020-02-01T00:00:00"]],
    ["with a half of the day", ["1/31/2020 12:05 AM", "12/1/2020 1:00 pm"], "datetime", ["2020-01-31T00:05:00", "2020-12-01T13:00:00"]],
    ["years", ["1999", "2020"], "integer", [1999, 2020]],
    ["quarters", ["2020-Q1", "Q4 2021", "2022Q3"], "text", ["2020-Q1", "Q4 2021", "2022Q3"]],
    ["quarters, year first", ["2020-Q1", "2021Q4", "2022 Q3"], "date", ["2020-01-01", "2021-10-01", "2022-07-01"]],
    ["quarters, year last", ["Q1 2020", "Q4-2021"], "date", ["2020-01-01", "2021-10-01"]],
    ["month names", ["Jan 2020", "February 2021", "Sept. 2022"], "date", ["2020-01-01", "2021-02-01", "2022-09-01"]],
    ["spreadsheet months", ["Jan-20", "Dec-99"], "date", ["2020-01-01", "1999-12-01"]],
    ["months", ["2020-01", "2021-12"], "date", ["2020-01-01", "2021-12-01"]],
    ["long dates", ["Friday, 31 January 2020", "Sat, 1 Feb 2020"], "date", ["2020-01-31", "2020-02-01"]],
    ["American long dates", ["January 31, 2020", "Feb 1st, 2020"], "date", ["2020-01-31", "2020-02-01"]],
    ["weeks", ["2020-W01", "2020-W53"], "date", ["2019-12-30", "2020-12-28"]],
    ["no days at all", ["2020-02-30", "2020-13-01"], "text", ["2020-02-30", "2020-13-01"]],
    ["dollars", ["$1,234.50", "-$5", "($7.25)"], "real", [1234.5, -5, -7.25]],
    ["euros behind", ["1.234,50 €", "-5 €"], "real", [1234.5, -5]],
    ["two currencies", ["$5", "€5", "$6", "€7"], "text", ["$5", "€5", "$6", "€7"]],
    ["percent", ["12.5%", "-3 %"], "real", [12.5, -3]],
    ["thousands", ["1,234,567", "12"], "real", [1234567, 12]],
    ["thousands by spaces", ["1 234 567", "12"], "real", [1234567, 12]],
    ["thousands, Swiss", ["1'234.50", "12"], "real", [1234.5, 12]],
    ["decimal commas", ["12,5", "0,25"], "real", [12.5, 0.25]],
    ["a minus of typographers", ["−5", "4"], "real", [-5, 4]],
    ["booleans", ["yes", "No", "YES"], "boolean", [1, 0, 1]],
    ["truth", ["true", "FALSE"], "boolean", [1, 0]],
    ["mixed", ["1", "two", "2020-01-01", "yes"], "text", ["1", "two", "2020-01-01", "yes"]],
    ["missing in all forms", ["1", "NA", "n/a", "-", "", "NULL", "#N/A", "2"], "integer", [1, null, null, null, null, null, null, 2]],
  ])("%s", async (_, cells, type, values) => {
    expect(await column(cells)).toMatchObject({ type, values });
  });

  it("days as eight digits, in a column that is called a date", async () => {
    expect(await column(["20200131", "20211201"], { name: "order_date" })).toMatchObject({
      type: "date",
      values: ["2020-01-31", "2021-12-01"],
    });
    expect(await column(["20200131", "20211201"], { name: "id" })).toMatchObject({ type: "integer" });
  });

  it("seconds and milliseconds since 1970, in a column that is called a time", async () => {
    expect(await column(["1580428800", "0"].slice(0, 1), { name: "created_time" })).toMatchObject({ values: ["2020-01-31T00:00:00"] });
    expect(await column(["1580428800000"], { name: "timestamp" })).toMatchObject({ values: ["2020-01-31T00:00:00"] });
  });

  it("days that could be months are read as the file's other habits say, and it is told", async () => {
    expect(await column(["01/02/2020", "03/04/2020"])).toMatchObject({
      values: ["2020-01-02", "2020-03-04"],
      notes: ["x was read as month/day/year; every value of it could be day/month/year as well"],
    });
    expect(await column(["01/02/2020", "03/04/2020"], { delimiter: ";" })).toMatchObject({ values: ["2020-02-01", "2020-04-03"] });
  });

  it("a number of three digits behind a comma or point is what the file's other numbers are", async () => {
    expect(await column(["1,234", "5,678"], { delimiter: ";" })).toMatchObject({ values: [1.234, 5.678] });
    const { workspace } = await load("t.csv", "a;b\n1.234;0,5\n5.678;1,25\n");
    expect((await workspace.query("SELECT a, b FROM t ORDER BY _row")).rows).toEqual([
      [1234, 0.5],
      [5678, 1.25],
    ]);
  });
});

describe("shapes", () => {
  it.each([
    ["one column", "n\n1\n2\n", ["n"], 2],
    ["duplicate and empty headers", "a,a,,A\n1,2,3,4\n", ["a", "a_2", "column_3", "A_3"], 1],
    ["a trailing delimiter on every row", "a,b\n1,2,\n3,4,\n", ["a", "b"], 2],
    ["a spreadsheet's separator line", "sep=;\na;b\n1;2\n", ["a", "b"], 1],
    ["blank lines before the header and between", "\n\na,b\n\n1,2\n\n", ["a", "b"], 1],
    ["old line ends", "a,b\r1,2\r3,4\r", ["a", "b"], 2],
    ["no line end at the end", "a,b\n1,2", ["a", "b"], 1],
    ["pipes", "a|b\n1|2\n", ["a", "b"], 1],
    [
      "names that are SQL, code and pictures",
      '"select","a""b","😀","<script>","__proto__","a.b[0]"\n1,2,3,4,5,6\n',
      ["select", 'a"b', "😀", "<script>", "__proto__", "a.b[0]"],
      1,
    ],
  ])("%s", async (_, text, names, rows) => {
    const { profile, workspace } = await load("x.csv", text);
    expect(profile.columns.map((column) => column.name)).toEqual(names);
    expect(profile.rows).toBe(rows);
    expect(profile.badRowCount).toBe(0);
    const analysis = await workspace.analyze("describe", { table: "x" });
    expect(analysis.statements[0]?.text).toBe(`The table has ${rows} rows and ${names.length} columns.`);
  });

  it("a ragged row is told and left out", async () => {
    const { profile } = await load("x.csv", "a,b,c\n1,2,3\n1,2\n1,2,3,4\n4,5,6\n");
    expect(profile.rows).toBe(2);
    expect(profile.badRows).toEqual([
      { line: 3, reason: "2 cells where the header has 3" },
      { line: 4, reason: "4 cells where the header has 3" },
    ]);
  });

  it("two thousand columns of long texts", async () => {
    const header = Array.from({ length: 2_000 }, (_, i) => `column ${i}`).join(",");
    const rows = Array.from({ length: 30 }, (_, row) =>
      Array.from({ length: 2_000 }, (_, i) => `${row}-${i}-${"é".repeat(100)}`).join(","),
    );
    const { profile, workspace } = await load("x.csv", `${header}\n${rows.join("\n")}\n`);
    expect(profile.columns).toHaveLength(2_000);
    expect((await workspace.datasets())[0]?.columns.at(-1)).toMatchObject({ name: "column 1999", relation: "x__21", distinct: 30 });
    await expect(load("y.csv", `${header},one more\n`)).rejects.toThrow(/2001 columns; 2000 can be loaded/);
  });

  it("a cell of a million characters", async () => {
    const { workspace } = await load("x.csv", `a,b\n${"x".repeat(1_000_000)},1\n`);
    expect((await workspace.query("SELECT length(a) FROM x")).rows).toEqual([[1_000_000]]);
  });
});
