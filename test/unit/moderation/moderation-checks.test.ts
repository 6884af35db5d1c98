import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { canBeSsn, passesCpf, passesDni, passesIban, passesLuhn } from "../../../workers/moderation/check-digits.ts";
import { moderateValue } from "../../../workers/moderation/json-values.ts";
import { moderatorOf, type NamedRule } from "../../../workers/moderation/moderate.ts";
import { plainForm } from "../../../workers/moderation/plain-form.ts";
import { MODERATION_CLASSES, moderationPlaceSchema } from "../../../workers/moderation/rule.ts";
import { wordSearch } from "../../../workers/moderation/word-search.ts";

const CLASSES = MODERATION_CLASSES.filter((name) => name !== "word" && name !== "unsafe");
const flagAll: NamedRule[] = CLASSES.map((name) => ({
  id: name,
  name,
  class: name,
  on: name === "prompt-injection" ? ["toolResult"] : ["input", "toolResult"],
  action: "flag",
}));
const rule = (more: Partial<NamedRule>): NamedRule => ({ id: "r", name: "r", on: ["output"], action: "mask", ...more });

const labelled = z
  .array(z.strictObject({ text: z.string(), on: moderationPlaceSchema.default("input"), has: z.array(z.enum(MODERATION_CLASSES)) }))
  .parse(parse(readFileSync("test/data/moderation/labelled.yaml", "utf8")));

describe("on labelled texts", () => {
  it("the checks find what is there, and little else", async () => {
    const moderator = moderatorOf(flagAll);
    const counts = { right: 0, wrong: 0, missed: 0 };
    const told: string[] = [];
    for (const { text, on, has } of labelled) {
      const found = new Set((await moderator.moderate(on, text)).verdicts.map((verdict) => verdict.class));
      for (const name of found) {
        if (has.includes(name)) counts.right += 1;
        else {
          counts.wrong += 1;
          told.push(`wrong ${name}: ${text}`);
        }
      }
      for (const name of has.filter((one) => !found.has(one))) {
        counts.missed += 1;
        told.push(`missed ${name}: ${text}`);
      }
    }
    const precision = counts.right / (counts.right + counts.wrong);
    const recall = counts.right / (counts.right + counts.missed);
    console.log(
      JSON.stringify({ texts: labelled.length, ...counts, precision: Number(precision.toFixed(3)), recall: Number(recall.toFixed(3)) }),
      told.join("\n"),
    );
    expect(precision).toBeGreaterThanOrEqual(0.95);
    expect(recall).toBeGreaterThanOrEqual(0.85);
  });
});

describe("check digits", () => {
  it("refuse every number in which one digit is another", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 1, max: 9 }), (place, by) => {
        const right = "4111111111111111";
        const changed = `${right.slice(0, place)}${(Number(right[place]) + by) % 10}${right.slice(place + 1)}`;
        expect(passesLuhn(right)).toBe(true);
        expect(passesLuhn(changed)).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 21 }), fc.integer({ min: 1, max: 9 }), (place, by) => {
        const right = "DE89370400440532013000";
        const changed = `${right.slice(0, place)}${(Number(right[place]) + by) % 10}${right.slice(place + 1)}`;
        expect([passesIban(right), passesIban(changed)]).toEqual([true, false]);
      }),
    );
  });

  it("are those that are published", () => {
    expect(["GB82WEST12345698765432", "FR1420041010050500013M02606", "NO9386011117947"].map(passesIban)).toEqual([true, true, true]);
    expect([passesDni("12345678Z"), passesDni("X1234567L"), passesDni("12345678A")]).toEqual([true, true, false]);
    expect([passesCpf("52998224725"), passesCpf("11111111111"), passesCpf("52998224726")]).toEqual([true, false, false]);
    expect([canBeSsn("536", "90", "4399"), canBeSsn("666", "90", "4399"), canBeSsn("000", "12", "3456")]).toEqual([true, false, false]);
  });
});

describe("a list of words", () => {
  it("is found whole, however the words are dressed", async () => {
    const moderator = moderatorOf([rule({ words: ["blue whale", "Falke"] })]);
    const masked = async (text: string) => (await moderator.moderate("output", text)).text;
    expect(await masked("The blue whale swims.")).toBe("The [masked: word] swims.");
    expect(await masked("BLUE   WHALE")).toBe("[masked: word]");
    expect(await masked("b\u200blue wha\u0301le")).toBe("[masked: word]");
    expect(await masked("blu\u0435-wh\u0430le!")).toBe("[masked: word]!");
    expect(await masked("ﬁrst ＦＡＬＫＥ last")).toBe("ﬁrst [masked: word] last");
    expect(await masked("blue whales and Falken")).toBe("blue whales and Falken");
  });

  it("finds what a plain search for each word finds", () => {
    const letters = fc.constantFrom("a", "b", " ");
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: letters, minLength: 2, maxLength: 6 }), { minLength: 1, maxLength: 6 }),
        fc.string({ unit: letters, maxLength: 40 }),
        (words, text) => {
          const form = plainForm(text);
          const plain = ` ${form.text.trim()} `;
          const isThere = words.map((word) => plainForm(word).text.trim()).some((word) => word !== "" && plain.includes(` ${word} `));
          expect(wordSearch(words).find(form).length > 0).toBe(isThere);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("a moderated text", () => {
  it("shows nothing of what is masked, and is otherwise as it was", async () => {
    const moderator = moderatorOf([rule({ class: "payment-card" }), rule({ name: "flags", class: "email", action: "flag" })]);
    const { text, action, verdicts } = await moderator.moderate("output", "4111 1111 1111 1111 of a@example.org, then 4111111111111111.");
    expect(text).toBe("[masked: payment-card] of a@example.org, then [masked: payment-card].");
    expect(action).toBe("mask");
    expect(JSON.stringify(verdicts)).not.toContain("4111");
    expect(verdicts.map((verdict) => [verdict.class, verdict.rule])).toEqual([
      ["payment-card", "r"],
      ["email", "flags"],
      ["payment-card", "r"],
    ]);
  });

  it("is looked at only where a rule looks", async () => {
    const moderator = moderatorOf([rule({ class: "email" })]);
    expect([moderator.looksAt("output"), moderator.looksAt("input")]).toEqual([true, false]);
    expect((await moderator.moderate("input", "a@example.org")).action).toBe("allow");
  });

  it("is found in a long text also where two pieces of it meet", async () => {
    const moderator = moderatorOf([rule({ class: "payment-card" })]);
    for (const at of [89_990, 99_990, 100_000, 189_999]) {
      const text = `${"x ".repeat(at / 2)}4111 1111 1111 1111 ${"y ".repeat(60_000)}`;
      const { verdicts, text: masked } = await moderator.moderate("output", text);
      expect(verdicts).toHaveLength(1);
      expect(masked).not.toContain("1111");
    }
  });

  it("masks what a model of it would mask, wherever it stands", async () => {
    const moderator = moderatorOf([rule({ class: "payment-card" })]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("4111111111111111", "5555555555554444", "word", "12", "é", "."), { maxLength: 12 }),
        async (parts) => {
          const { text } = await moderator.moderate("output", parts.join(" "));
          expect(text).toBe(parts.map((part) => (part.length === 16 ? "[masked: payment-card]" : part)).join(" "));
        },
      ),
    );
  });

  it("may be a value: strings, names and numbers are masked and the form stays", async () => {
    const moderator = moderatorOf([rule({ class: "payment-card" })]);
    const value = { cards: ["4111111111111111", 4111111111111111, 7], "5555555555554444": { note: "none" } };
    const { value: masked, action } = await moderateValue(moderator, "output", value);
    expect(action).toBe("mask");
    expect(masked).toEqual({ cards: ["[masked: payment-card]", "[masked: payment-card]", 7], "[masked: payment-card]": { note: "none" } });
  });
});

describe("hostile text", () => {
  it("takes a time that grows with its length alone", async () => {
    const moderator = moderatorOf([...flagAll, rule({ on: ["toolResult"], words: ["a".repeat(90), "aa aa aa"] })]);
    const pieces = [
      "a",
      "1",
      "1 ",
      "4 ",
      "@",
      "a.",
      "a@a.",
      "+1 ",
      "1.",
      ":",
      "(",
      "-",
      "![",
      " password=",
      "eyJ",
      "A1 ",
      "\u0301",
      "\u{E0041}",
      "ignore ",
      "<|",
      "4111 1111 1111 111",
    ];
    const costOf = async (length: number) => {
      const began = performance.now();
      for (const piece of pieces) await moderator.moderate("toolResult", piece.repeat(Math.ceil(length / piece.length)).slice(0, length));
      return performance.now() - began;
    };
    await costOf(10_000);
    const [small, large] = [await costOf(20_000), await costOf(80_000)];
    expect(large).toBeLessThan(Math.max(1, small) * 16 + 500);
  }, 60_000);

  it("of any kind is answered with text that is no longer than it was and its masks", async () => {
    const moderator = moderatorOf(flagAll.map((one) => ({ ...one, action: "mask" as const })));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 300 }), async (text) => {
        const { verdicts, text: masked } = await moderator.moderate("toolResult", text);
        if (verdicts.length === 0) expect(masked).toBe(text);
        for (const { start, end } of verdicts) expect(0 <= start && start < end && end <= text.length).toBe(true);
      }),
    );
  });
});
