import type { ModerationClass } from "./rule.ts";

/** Something that a check recognised in a text. Never the text itself: what was found may be what must not be kept. */
export interface Hit {
  readonly class: ModerationClass;
  /** In UTF-16 code units of the text. */
  readonly start: number;
  readonly end: number;
  /** What was recognised, and by what. */
  readonly reason: string;
}
