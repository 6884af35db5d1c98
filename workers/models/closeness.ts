import { contentWords } from "../tools/documents/passages.ts";

/**
 * How well a text fits what is wanted: the share of the wanted words that it holds, by their stems. 0 when there is nothing to want.
 */
export function closeness(wanted: string, text: string): number {
  const words = new Set(contentWords(wanted));
  if (words.size === 0) return 0;
  const held = new Set(contentWords(text));
  return [...words].filter((word) => held.has(word)).length / words.size;
}

/** The option that fits best, the first of equals; undefined when there is none, or none has a word in common with what is wanted. */
export function closest<T>(wanted: string, options: readonly T[], textOf: (option: T) => string): T | undefined {
  let best: T | undefined;
  let bestShare = 0;
  for (const option of options) {
    const share = closeness(wanted, textOf(option));
    if (share > bestShare) {
      best = option;
      bestShare = share;
    }
  }
  return best;
}
