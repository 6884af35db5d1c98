import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { checkedJson } from "../../../workers/gateway/json-form.ts";
import { BODY_TIMEOUT_MS, readBounded } from "../../../workers/platform/bounded-body.ts";
import { MAX_JSON_BODY_BYTES } from "../../../workers/platform/limits.ts";
import { Problem } from "../../../workers/platform/problem.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** A request whose body comes in these chunks, and then never ends when told so. */
function arriving(chunks: readonly Uint8Array<ArrayBuffer>[], then: "ends" | "hangs"): Request {
  const body = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      if (then === "ends") controller.close();
    },
  });
  const init = { method: "POST", body, duplex: "half" };
  return new Request("http://soma.test/", init);
}

describe("the body of a request", () => {
  it("is put together from whatever pieces it comes in", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 20 }), async (pieces) => {
        const chunks = pieces.map((piece) => Uint8Array.from(piece));
        const whole = await readBounded(arriving(chunks, "ends"), MAX_JSON_BODY_BYTES);
        expect([...whole]).toEqual(chunks.flatMap((chunk) => [...chunk]));
      }),
    );
  });

  it("that trickles in is given up, and said to be", async () => {
    vi.useFakeTimers();
    const refused = expect(readBounded(arriving([Uint8Array.of(0x7b)], "hangs"), MAX_JSON_BODY_BYTES)).rejects.toMatchObject({
      type: "request-timeout",
    });
    await vi.advanceTimersByTimeAsync(BODY_TIMEOUT_MS);
    await refused;
  });

  it("that is too large is refused as soon as that is known, declared or not", async () => {
    const chunk = new Uint8Array(MAX_JSON_BODY_BYTES / 2);
    await expect(readBounded(arriving([chunk, chunk, Uint8Array.of(1)], "hangs"), MAX_JSON_BODY_BYTES)).rejects.toMatchObject({
      type: "payload-too-large",
    });
    const declared = new Request("http://soma.test/", { method: "POST", headers: { "content-length": String(MAX_JSON_BODY_BYTES + 1) } });
    await expect(readBounded(declared, MAX_JSON_BODY_BYTES)).rejects.toMatchObject({ type: "payload-too-large" });
  });
});

describe("JSON", () => {
  const taken = (text: string) => checkedJson(new TextEncoder().encode(text));
  const refused = (text: string) => {
    try {
      taken(text);
    } catch (error) {
      return error instanceof Problem && error.type === "malformed-json" ? error.detail : String(error);
    }
    return "it was taken";
  };

  it("of any form is taken as it came, whatever brackets, quotes and backslashes stand in its strings", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8, stringUnit: "grapheme" }), fc.constantFrom(undefined, 2), (value, indent) => {
        fc.pre(!JSON.stringify(value).includes("\\u0000"));
        const text = JSON.stringify(value, undefined, indent);
        expect(taken(text)).toBe(text);
      }),
    );
  });

  it("that is none is refused, and never anything but refused", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: "binary" })), fc.nat(), (text, cut) => {
        const broken = text.slice(0, cut % (text.length + 1));
        let isJson = true;
        try {
          JSON.parse(broken);
        } catch {
          isJson = false;
        }
        if (!isJson) expect(refused(broken)).toMatch(/^The body /);
      }),
    );
  });

  it("may nest 64 levels and no more", () => {
    const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    expect(taken(nested(64))).toBe(nested(64));
    expect(refused(nested(65))).toBe("The body nests deeper than 64 levels.");
    expect(refused('{"a":'.repeat(10_000))).toBe("The body nests deeper than 64 levels.");
    expect(taken(JSON.stringify({ a: "[".repeat(1_000) }))).toContain("[[");
  });

  it.each([
    ['{"a":1,"a":2}', /"a" twice/],
    ['{"a":1,"\\u0061":2}', /"a" twice/],
    ['[{"b":{"a":[],"a":[]}}]', /"a" twice/],
    ['{"__proto__":1,"__proto__":2}', /"__proto__" twice/],
    ['{"a":"\\ud800"}', /half of a surrogate pair/],
    ['{"\\udfff":1}', /half of a surrogate pair/],
    ['["x\\u0000y"]', /NUL/],
    ["\ufeff{}x", /not JSON/],
    ["", /not JSON/],
    ["NaN", /not JSON/],
    ["{'a':1}", /not JSON/],
    ['{"a":1}{"a":1}', /not JSON/],
  ])("is refused when it is %s", (text, why) => {
    expect(refused(text)).toMatch(why);
  });

  it.each(['{"a":{"a":1},"b":[{"a":1},{"a":1}]}', '["\\ud83d\\ude00"]', '{"a":"a","b":"a,\\"a\\":"}'])("is taken when it is %s", (text) => {
    expect(taken(text)).toBe(text);
  });
});
