import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineDiff } from "../../../workers/kamachiq/line-diff.ts";
import { reviewDiff } from "../../../workers/kamachiq/review-diff.ts";

const text = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 30 }).map((lines) => lines.join("\n"));

describe("the difference of two texts", () => {
  it("holds both of them", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const runs = lineDiff(before, after);
        const linesOf = (other: string) => runs.flatMap(({ kind, lines }) => (kind === other || kind === "same" ? lines : []));
        expect(linesOf("removed").join("\n")).toBe(before);
        expect(linesOf("added").join("\n")).toBe(after);
      }),
    );
  });

  it("changes no more lines than it must", () => {
    const changed = lineDiff("a\nb\nc\nd\ne", "a\nc\nd\nx\ne").filter(({ kind }) => kind !== "same");
    expect(changed).toEqual([
      { kind: "removed", lines: ["b"] },
      { kind: "added", lines: ["x"] },
    ]);
  });

  it("of two long texts with nothing in common is told soon, and whole", () => {
    const lines = (word: string) => Array.from({ length: 20_000 }, (_, i) => `${word} ${i}`).join("\n");
    const began = performance.now();
    const runs = lineDiff(lines("old"), lines("new"));
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(runs.map(({ kind, lines: some }) => [kind, some.length])).toEqual([
      ["removed", 20_000],
      ["added", 20_000],
    ]);
  });

  it("shows some lines around a change, and says how many it leaves out", () => {
    const before = Array.from({ length: 50 }, (_, i) => `line ${i}`).join("\n");
    const { lines } = reviewDiff(before, before.replace("line 25", "line changed"));
    expect(lines.map(({ kind }) => kind).join(" ")).toBe("gap same same same removed added same same same gap");
    expect(lines[0]?.text).toBe("22 lines");
    expect(reviewDiff(before, before).lines).toEqual([]);
  });
});
