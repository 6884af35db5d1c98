import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newWorkspace, queryOf, stored } from "./workspace.ts";

type Value = number | string | boolean | null;
interface Column {
  readonly name: string;
  readonly values: readonly Value[];
}

const ROWS = { min: 25, max: 60 };
const text = fc.oneof(
  fc.constantFrom(
    "north",
    "south",
    'say "hi"',
    "a, b",
    "c; d",
    "two\nlines",
    "'; DROP TABLE x; --",
    "<script>",
    "😀",
    "Ünïcödé",
    "$" + "{inputs.x}",
    "__proto__",
  ),
  fc.stringMatching(/^[a-zA-Z][a-zA-Z ,;"'|]{0,12}[a-z]$/),
);
/** Texts of which none is another's number, truth or gap, so that the column stays what it is. */
const words = text.filter((value) => !/^(na|n\/a|null|nan|missing|undefined|true|false|yes|no|y|n|t|f)$/i.test(value.trim()));
const whole = fc.integer({ min: -1_000_000, max: 1_000_000 });
const real = fc.double({ min: -1e9, max: 1e9, noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value));
const day = fc
  .date({ min: new Date("1900-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const name = fc.oneof(
  fc.constantFrom("select", "a b", 'q"uote', "naïve", "😀", "x.y[0]", "_v", "_x", "value", "n", "<b>", "__proto__"),
  fc.stringMatching(/^[A-Za-z][A-Za-z_ ]{0,10}[a-z]$/),
);

const table = fc
  .integer(ROWS)
  .chain((length) => {
    const column = (values: fc.Arbitrary<Value>) =>
      fc.array(fc.option(values, { freq: 8, nil: null }), { minLength: length, maxLength: length });
    return fc.record({
      names: fc.uniqueArray(name, { minLength: 5, maxLength: 5, selector: (one) => one.trim().toLowerCase() }),
      columns: fc.tuple(column(fc.constantFrom("red", "green", "blue")), column(whole), column(real), column(words), column(day)),
    });
  })
  .map(({ names, columns }): Column[] => columns.map((values, i) => ({ name: names[i] ?? "", values })))
  .filter((columns) =>
    columns.every((column) => new Set(column.values.filter((value) => value !== null)).size > 3 || column === columns[0]),
  );

const FORMATS = ["csv", "tsv", "semicolons", "json", "ndjson"] as const;

function written(columns: readonly Column[], format: (typeof FORMATS)[number]): { file: string; content: string } {
  const rows = (columns[0]?.values ?? []).map((_, i) => columns.map((column) => column.values[i] ?? null));
  if (format === "json" || format === "ndjson") {
    const records = rows.map((row) => JSON.stringify(Object.fromEntries(row.map((value, i) => [columns[i]?.name ?? "", value]))));
    return format === "json" ? { file: "t.json", content: `[${records.join(",")}]` } : { file: "t.ndjson", content: records.join("\n") };
  }
  const delimiter = { csv: ",", tsv: "\t", semicolons: ";" }[format];
  const cell = (value: Value) => {
    const shown =
      value === null ? "" : format === "semicolons" && typeof value === "number" ? String(value).replace(".", ",") : String(value);
    return /["\n\r]/.test(shown) || shown.includes(delimiter) ? `"${shown.replaceAll('"', '""')}"` : shown;
  };
  const lines = [columns.map((column) => column.name), ...rows].map((row) => row.map(cell).join(delimiter));
  return { file: format === "tsv" ? "t.tsv" : "t.csv", content: `${lines.join("\n")}\n` };
}

describe("a generated table", () => {
  it.each(FORMATS)(
    "as %s is loaded as it was written, and its figures are those of plain arithmetic",
    async (format) => {
      await fc.assert(
        fc.asyncProperty(table, async (columns) => {
          const { file, content } = written(columns, format);
          const workspace = newWorkspace();
          const profile = await workspace.load(await stored(file, content));
          expect(profile.badRows).toEqual([]);
          expect(profile.columns.map((column) => column.type)).toEqual(["text", "integer", "real", "text", "date"]);
          const { rows } = await workspace.query("SELECT * FROM t ORDER BY _row");
          for (const [i, column] of columns.entries()) {
            const loaded = rows.map((row) => row[i + 1] ?? null);
            expect(loaded).toEqual(column.values.map((value) => (typeof value === "number" ? expect.closeTo(value, 9) : value)));
          }
          const [group, , measure] = profile.columns.map((column) => column.name);
          const compared = queryOf(await workspace.analyze("compare", { table: "t", measure, groups: [group], statistic: "mean" }));
          const parts = new Map<Value, number[]>();
          for (const [i, value] of (columns[2]?.values ?? []).entries()) {
            const key = columns[0]?.values[i] ?? null;
            if (typeof value === "number") parts.set(key, [...(parts.get(key) ?? []), value]);
          }
          expect(compared.rows.length).toBe(parts.size);
          for (const row of compared.rows) {
            const values = (parts.get(row[0] ?? null) ?? []).sort((a, b) => a - b);
            const mean = values.reduce((total, value) => total + value, 0) / values.length;
            const half = values.length / 2;
            const median = values.length % 2 === 1 ? (values[Math.floor(half)] ?? 0) : ((values[half - 1] ?? 0) + (values[half] ?? 0)) / 2;
            const cell = (wanted: string) => Number(row[compared.columns.indexOf(wanted)]);
            const near = (value: number) => expect.closeTo(value, Math.abs(value) > 1e6 ? 3 : 6);
            expect([cell("n"), cell("value"), cell("median"), cell("smallest"), cell("largest")]).toEqual([
              values.length,
              near(mean),
              near(median),
              near(values[0] ?? 0),
              near(values.at(-1) ?? 0),
            ]);
          }
        }),
        { numRuns: 8 },
      );
    },
    60_000,
  );
});
