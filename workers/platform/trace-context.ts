import { randomBytes } from "./crypto.ts";

/** W3C Trace Context, Level 1: the `traceparent` of a request and of what it causes. */
export interface TraceContext {
  /** 32 lower-case hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits, not all zero. */
  readonly spanId: string;
  readonly sampled: boolean;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Reads a `traceparent` header (§3.2); an absent or invalid one gives undefined, as §4.3 asks, and a new trace begins. */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const match = header === undefined ? null : TRACEPARENT.exec(header);
  if (match === null) return undefined;
  const [, version = "", traceId = "", spanId = "", flags = "", rest] = match;
  if (version === "ff" || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  if (version === "00" && rest !== undefined) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Of the traces that begin here, one in so many is sampled: its lines are written whole, whatever comes of it. */
export const ROOTS_A_SAMPLE = 10;

/** A child of `parent` with a span id of its own, or the root of a new trace. Who began the trace has decided whether it is sampled. */
export function childTrace(parent: TraceContext | undefined): TraceContext {
  if (parent !== undefined) return { ...parent, spanId: randomHex(8) };
  const traceId = randomHex(16);
  // W3C Trace Context Level 2 §2.2.4: the last bytes of a trace id are random, so every service that samples by them chooses the same traces.
  return { traceId, spanId: randomHex(8), sampled: Number.parseInt(traceId.slice(-8), 16) % ROOTS_A_SAMPLE === 0 };
}

export function formatTraceparent(trace: TraceContext): string {
  return `00-${trace.traceId}-${trace.spanId}-${trace.sampled ? "01" : "00"}`;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function randomHex(bytes: number): string {
  let text = "";
  for (const byte of randomBytes(bytes)) text += HEX[byte];
  return text;
}
