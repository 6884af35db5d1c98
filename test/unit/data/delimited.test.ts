import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { delimitedRecords } from "../../../workers/tools/data/delimited-records.ts";

async function* pieces(text: string, sizes: readonly number[]): AsyncGenerator<string> {
  let at = 0;
  for (let i = 0; at < text.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    yield text.slice(at, at + size);
    at += size;
  }
}

async function read(text: string, delimiter: string, sizes: readonly number[] = [7]) {
  const rows: string[][] = [];
  const faults: number[] = [];
  for await (const record of delimitedRecords(pieces(text, sizes), delimiter, "\n")) {
    if ("fault" in record) faults.push(record.line);
    else rows.push([...record.cells.values()]);
  }
  return { rows, faults };
}

const cell = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('"', '""', "\n", "\r\n", ",", ";", 'a "b" c', "", " ", "é", "😀", '","', "a\r"),
  fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", "a", ";"), maxLength: 8 }),
);
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
/** RFC 4180 §2: cells that hold the delimiter, quotes or line ends are quoted; so is an empty line's only cell. */
const written = (value: string, delimiter: string, isOnly: boolean) =>
  /["\r\n]/.test(value) || value.includes(delimiter) || (isOnly && value === "") ? `"${value.replaceAll('"', '""')}"` : value;

describe("delimited text", () => {
  it("is read as it was written, in whatever pieces it arrives", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .integer({ min: 1, max: 5 })
          .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 })),
        fc.constantFrom(",", ";", "\t", "|"),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        sizes,
        async (rows, delimiter, lineEnd, endsWithLine, cut) => {
          const width = rows[0]?.length ?? 1;
          const header = Array.from({ length: width }, (_, i) => `c${i}`);
          const lines = [header, ...rows].map((row) => row.map((value) => written(value, delimiter, width === 1)).join(delimiter));
          const text = lines.join(lineEnd) + (endsWithLine ? lineEnd : "");
          expect(await read(text, delimiter, cut)).toEqual({ rows, faults: [] });
        },
      ),
      { numRuns: 500 },
    );
  });

  it("loses one line to one quote that does not close, wherever it stands", async () => {
    const plain = fc.stringMatching(/^[a-z ]{0,6}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(plain, plain, plain), { minLength: 2, maxLength: 30 }),
        fc.nat(),
        fc.nat(2),
        sizes,
        async (rows, line, place, cut) => {
          const broken = line % rows.length;
          const lines = rows.map((row, i) => row.map((value, j) => (i === broken && j === place ? `"${value}` : value)).join(","));
          const { rows: kept, faults } = await read(`a,b,c\n${lines.join("\n")}\n`, ",", cut);
          expect(faults).toEqual([broken + 2]);
          expect(kept).toEqual(rows.filter((_, i) => i !== broken));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("never loses its way in any text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", "a", "b"), maxLength: 60 }), sizes, async (text, cut) => {
        const all = await read(`x,y\n${text}`, ",", [1_000]);
        expect(await read(`x,y\n${text}`, ",", cut)).toEqual(all);
      }),
      { numRuns: 500 },
    );
  });
});
