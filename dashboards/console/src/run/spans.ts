import type { GraphStep } from "../graph/layers.ts";

/** A step on the line of time: where it begins and how much of the whole it takes, both as shares from 0 to 1. */
export interface Span {
  readonly step: string;
  readonly title: string;
  readonly state: GraphStep["state"];
  readonly from: number;
  readonly share: number;
  readonly durationMs: number;
}

/**
 * The steps that have begun, by when they did.
 * @param now the time in milliseconds at which a step that goes on ends for the picture
 */
export function spansOf(steps: readonly GraphStep[], now: number): { spans: Span[]; totalMs: number } {
  const begun = steps.flatMap((step) => {
    if (step.startedAt === undefined || step.state === "skipped" || step.state === "blocked") return [];
    const start = Date.parse(step.startedAt);
    const end = Math.max(start, step.finishedAt === undefined ? now : Date.parse(step.finishedAt));
    return [{ step, start, end }];
  });
  const first = begun.reduce((least, { start }) => Math.min(least, start), Number.POSITIVE_INFINITY);
  const last = begun.reduce((most, { end }) => Math.max(most, end), 0);
  const totalMs = begun.length === 0 ? 0 : last - first;
  const spans = begun
    .sort((a, b) => a.start - b.start)
    .map(({ step: { step, title, state }, start, end }) => ({
      step,
      title,
      state,
      from: totalMs === 0 ? 0 : (start - first) / totalMs,
      share: totalMs === 0 ? 1 : (end - start) / totalMs,
      durationMs: end - start,
    }));
  return { spans, totalMs };
}
