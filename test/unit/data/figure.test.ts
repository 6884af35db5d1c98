import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatFigure, formatShare } from "../../../workers/tools/data/figure.ts";

describe("figures", () => {
  it.each([
    [5076.02, "5,076"],
    [0.8712, "0.8712"],
    [1234567, "1,234,567"],
    [-12.3456, "-12.35"],
    [0, "0"],
    [0.00001234, "1.23e-5"],
  ])("%d is written %s", (value, text) => {
    expect(formatFigure(value)).toBe(text);
  });

  it("stay within half a unit of their last digit", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e12, max: 1e12, noNaN: true }), (value) => {
        const written = Number(formatFigure(value).replaceAll(",", ""));
        expect(Math.abs(written - value)).toBeLessThanOrEqual(Math.max(0.5, Math.abs(value)) * 0.01 + 1e-9 * Math.abs(value));
      }),
    );
  });

  it("of shares are percentages", () => {
    expect(formatShare(124 / 344)).toBe("36.0%");
  });
});
