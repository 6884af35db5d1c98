import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { childTrace, formatTraceparent, parseTraceparent } from "../../../workers/platform/trace-context.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";

describe("a traceparent (W3C Trace Context §3.2)", () => {
  it.each([
    ["of version 00", `00-${TRACE}-${SPAN}-01`, true],
    ["that is not sampled", `00-${TRACE}-${SPAN}-00`, false],
    ["with flags nobody knows yet", `00-${TRACE}-${SPAN}-ff`, true],
    ["of a later version with more behind it", `cc-${TRACE}-${SPAN}-01-what-is-to-come`, true],
  ])("%s is read", (_, header, sampled) => {
    expect(parseTraceparent(header)).toEqual({ traceId: TRACE, spanId: SPAN, sampled });
  });

  it.each([
    ["nothing", undefined],
    ["an empty one", ""],
    ["version ff", `ff-${TRACE}-${SPAN}-01`],
    ["version 00 with more behind it", `00-${TRACE}-${SPAN}-01-more`],
    ["a trace id of zeros", `00-${"0".repeat(32)}-${SPAN}-01`],
    ["a span id of zeros", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["capital letters", `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ["a trace id that is too short", `00-${TRACE.slice(1)}-${SPAN}-01`],
    ["no flags", `00-${TRACE}-${SPAN}`],
    ["two of them", `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
    ["white space", ` 00-${TRACE}-${SPAN}-01`],
  ])("that is %s begins a new trace", (_, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  it("that a child sends on is one that can be read, in the same trace, whatever came in", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constant(`00-${TRACE}-${SPAN}-01`)), (header) => {
        const parent = parseTraceparent(header);
        const child = childTrace(parent);
        expect(parseTraceparent(formatTraceparent(child))).toEqual(child);
        if (parent !== undefined) expect(child).toMatchObject({ traceId: parent.traceId, sampled: parent.sampled });
        expect(child.spanId).not.toBe(parent?.spanId);
      }),
    );
  });
});
