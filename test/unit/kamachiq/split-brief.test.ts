import { describe, expect, it } from "vitest";
import { splitBrief } from "../../../workers/kamachiq/split-brief.ts";

const requests = (brief: string) =>
  splitBrief(brief)
    .parts.filter((part) => part.kind === "request")
    .map((part) => part.text);

describe("what a brief asks for", () => {
  it.each([
    ["bullets", "# T\n\nBackground words.\n\n- Compare a by b.\n- top 5 c\n", ["Compare a by b.", "top 5 c"]],
    [
      "several wishes in one sentence",
      "Compare sales by region, and show how they developed over time.",
      ["Compare sales by region", "show how they developed over time."],
    ],
    [
      "questions in running text",
      "We have data. Which species is heaviest? Does length relate to mass?",
      ["Which species is heaviest?", "Does length relate to mass?"],
    ],
    ["numbered lines over several lines", "1. Compare a\n   by b.\n2) What is the total?", ["Compare a by b.", "What is the total?"]],
    ["nothing but background", "The attached file holds flights. The report is for the board.", []],
  ])("%s", (_, brief, expected) => {
    expect(requests(brief)).toEqual(expected);
  });
});
