import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { BODY_TIMEOUT_MS, checkedJson, jsonDepth, readBounded } from "../../../workers/gateway/json-body.ts";
import { MAX_JSON_BODY_BYTES } from "../../../workers/platform/limits.ts";

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
        expect([...(await readBounded(arriving(chunks, "ends")))]).toEqual(chunks.flatMap((chunk) => [...chunk]));
      }),
    );
  });

  it("that trickles in is given up, and said to be", async () => {
    vi.useFakeTimers();
    const refused = expect(readBounded(arriving([Uint8Array.of(0x7b)], "hangs"))).rejects.toMatchObject({ type: "request-timeout" });
    await vi.advanceTimersByTimeAsync(BODY_TIMEOUT_MS);
    await refused;
  });

  it("that is too large is refused as soon as that is known, declared or not", async () => {
    const chunk = new Uint8Array(MAX_JSON_BODY_BYTES / 2);
    await expect(readBounded(arriving([chunk, chunk, Uint8Array.of(1)], "hangs"))).rejects.toMatchObject({ type: "payload-too-large" });
    const declared = new Request("http://soma.test/", { method: "POST", headers: { "content-length": String(MAX_JSON_BODY_BYTES + 1) } });
    await expect(readBounded(declared)).rejects.toMatchObject({ type: "payload-too-large" });
  });
});

describe("JSON", () => {
  it("is as deep as it nests, whatever brackets stand in its strings", () => {
    const depthOf = (value: unknown): number =>
      typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        expect(jsonDepth(JSON.stringify(value))).toBe(depthOf(value));
      }),
    );
  });

  it("that is taken is JSON, and what is not is refused with a problem", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: "binary" })), (text) => {
        const parse = () => checkedJson(new TextEncoder().encode(text));
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        if (isJson) expect(parse()).toBe(text);
        else expect(parse).toThrow(expect.objectContaining({ type: "malformed-json" }));
      }),
    );
  });
});
