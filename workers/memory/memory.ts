import { Problem } from "../platform/problem.ts";

/** A memory is a fact or a passage, not a file: longer text is an artifact. */
export const MAX_MEMORY_CHARACTERS = 8_000;
/** What a memory is about is a short name. */
export const MAX_ABOUT_CHARACTERS = 200;
export const MAX_QUERY_CHARACTERS = 2_000;
/** A model's context has no use for more. */
export const MAX_RECALLED = 50;
export const DEFAULT_RECALLED = 8;
/** All vectors of one namespace are compared in memory, at 768 bytes each: this many are 7.7 MB of an object's 128. */
export const MAX_MEMORIES_A_NAMESPACE = 10_000;

/** One remembered thing. Times are milliseconds since the epoch. */
export interface Memory {
  readonly id: string;
  readonly text: string;
  /** What it is about: a later memory about the same replaces it. */
  readonly about?: string;
  readonly createdAt: number;
  /** When it was last told. */
  readonly updatedAt: number;
  /** How often it was told in the same words. */
  readonly timesTold: number;
}

/** What became of something told: it was new, known already, or took the place of others. */
export interface Remembered {
  readonly memory: Memory;
  readonly outcome: "stored" | "merged" | "corrected";
  /** Ids of the memories that it replaced; they are gone. */
  readonly replaced: string[];
}

export interface Recalled {
  readonly memory: Memory;
  /** By reciprocal rank in both indexes; comparable within one answer only. */
  readonly score: number;
}

/** The text as it is kept: Unicode NFC, well formed, without control characters but tabs and line breaks. @throws Problem `invalid-request` when nothing is left */
export function cleanText(text: string): string {
  const clean = text
    .toWellFormed()
    .normalize("NFC")
    .replace(/(?![\t\n])\p{Cc}/gu, " ")
    .trim();
  if (clean === "") throw new Problem("invalid-request", "There is nothing to remember in this text; send a sentence.");
  return clean;
}
