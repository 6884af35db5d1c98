/** Events of an object after `after`, up to and with `through`. */
export interface Range {
  readonly after: number;
  readonly through: number;
}

/** A range that the log has an answer to: its events are leaves, or it was given up as a gap. */
export interface SeenRange extends Range {
  readonly isGap: boolean;
}

/** A part of a range that is new to the log. */
export interface FreshRange extends Range {
  /** It was given up as a gap before. */
  readonly isLate: boolean;
}

/**
 * The parts of `told` that the log has not taken yet, in order: what lies in gaps, and what lies behind everything seen. However a
 * range is cut, repeated or mixed with others, each number comes out once over all calls.
 * @param seen what of the object was seen, ordered, without holes between them
 */
export function freshRanges(seen: readonly SeenRange[], told: Range): FreshRange[] {
  const fresh: FreshRange[] = [];
  for (const { after, through, isGap } of seen) {
    const common = { after: Math.max(after, told.after), through: Math.min(through, told.through) };
    if (isGap && common.after < common.through) fresh.push({ ...common, isLate: true });
  }
  const last = Math.max(seen.at(-1)?.through ?? 0, told.after);
  if (told.through > last) fresh.push({ after: last, through: told.through, isLate: false });
  return fresh;
}

/** What is left of a gap once a part of it is filled. */
export function gapWithout(gap: Range, filled: Range): Range[] {
  return [
    { after: gap.after, through: filled.after },
    { after: filled.through, through: gap.through },
  ].filter(({ after, through }) => after < through);
}
