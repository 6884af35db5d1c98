import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bounded, contextParts } from "../../../workers/models/assignment.ts";
import { digestOf, mostTelling } from "../../../workers/models/digest.ts";
import { extracted } from "../../../workers/models/extract.ts";
import { checkedAnswer, objectIn } from "../../../workers/models/json-answer.ts";

describe("a digest", () => {
  it("says nothing that it was not given: every sentence of it stands in the material or the task", () => {
    const sentence = fc.array(fc.constantFrom("owl", "night", "hunts", "river", "1887", "slow"), { minLength: 2, maxLength: 6 });
    const text = fc.array(sentence, { minLength: 1, maxLength: 12 }).map((all) => all.map((words) => `${words.join(" ")}.`).join(" "));
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 3 }), (goal, materials) => {
        const context = materials.map((material, i) => ({ from: `step ${i}`, text: material }));
        const quoted = digestOf({ goal, context }, "SETTINGS")
          .split("\n")
          .filter((line) => line.startsWith("- "))
          .map((line) => line.slice(2));
        expect(quoted.length).toBeGreaterThan(0);
        for (const line of quoted) expect([goal, ...materials].some((given) => given.includes(line))).toBe(true);
      }),
    );
  });

  it("takes what is about the task, in the order it stands", () => {
    const text = "Lunch is at noon. Owls hunt at night. The bus is late. Owls eat mice.";
    expect(mostTelling({ from: "x", text }, "What do owls eat and when do they hunt?", 2)).toEqual([
      "Owls hunt at night.",
      "Owls eat mice.",
    ]);
  });
});

describe("a schema filled from material", () => {
  const schema = {
    type: "object",
    properties: {
      next: { enum: ["go_on", "stop"] },
      total_score: { type: "number" },
      names: { type: "array", items: { type: "string" } },
      none: { type: ["integer", "null"] },
    },
  };

  it("holds what the material says, null where it may, and leaves out what it does not say", () => {
    const context = [{ from: "a", text: "We should stop. The total score is 7.5 of 10." }];
    expect(extracted({ goal: "Decide.", context, schema })).toMatchObject({ next: "stop", total_score: 7.5, none: null });
    expect(extracted({ goal: "Decide.", context: [], schema })).not.toHaveProperty("total_score");
  });
});

describe("an answer in JSON", () => {
  it("is found in a fence and between sentences", () => {
    expect(objectIn('Here:\n```json\n{"a": {"b": 1}}\n```\nDone.')).toEqual({ a: { b: 1 } });
    expect(objectIn("none")).toBeUndefined();
  });

  it("is checked, and what is wrong is told; a hostile pattern is not run", () => {
    const schema = { type: "object", properties: { a: { type: "string", pattern: "^(a+)+$" } }, required: ["a"] };
    expect(checkedAnswer(`{"a": "${"a".repeat(60)}!"}`, schema)).toHaveProperty("data");
    expect(checkedAnswer("{}", schema)).toEqual({ fault: expect.stringContaining("a:") });
    expect(checkedAnswer("hm", schema)).toEqual({ fault: "the answer holds no JSON object" });
    expect(() => checkedAnswer("{}", { type: "no such type" })).toThrow("invalid-graph");
  });
});

describe("context", () => {
  it("is the text of what agents gave, the members of lists, and JSON of the rest", () => {
    expect(contextParts([{ text: "said", agent: "a" }, "plain", { n: 1 }, null], "context")).toEqual([
      { from: "context 1", text: "said" },
      { from: "context 2", text: "plain" },
      { from: "context 3", text: '{"n":1}' },
    ]);
    expect(contextParts({ research: "found", write: { text: "written", agent: "a" } }, "context")).toEqual([
      { from: "research", text: "found" },
      { from: "write", text: "written" },
    ]);
  });

  it("stays within its bound, short parts whole", () => {
    const parts = [
      { from: "a", text: "x".repeat(10) },
      { from: "b", text: "y".repeat(500) },
    ];
    const [a, b] = bounded(parts, 100);
    expect(a?.text).toBe("x".repeat(10));
    expect(b?.text.startsWith(`${"y".repeat(90)}\n(The remaining 410`)).toBe(true);
  });
});
