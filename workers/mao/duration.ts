const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a duration of the graph form: `500ms`, `30s`, `10m`, `24h`, `7d`. @throws RangeError for anything else */
export function durationMs(duration: string): number {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(duration);
  const unit = match?.[2];
  if (match === null || !isUnit(unit)) throw new RangeError(`not a duration: ${duration}`);
  return Number(match[1]) * UNITS[unit];
}

function isUnit(unit: string | undefined): unit is keyof typeof UNITS {
  return unit !== undefined && Object.hasOwn(UNITS, unit);
}
