/** A word this far away, in letters put in, left out or changed, may have been meant. */
const MAX_DISTANCE = 3;

/** The known word that a mistyped one may have been meant as; undefined when none is near. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((word) => ({ word, distance: word.startsWith(typed) && typed.length > 1 ? 0 : distanceOf(typed, word) }))
    .filter(({ word, distance }) => distance <= Math.min(MAX_DISTANCE, Math.floor(word.length / 2)))
    .sort((a, b) => a.distance - b.distance);
  return best?.word;
}

/** Levenshtein's distance, over words of a command line: short ones. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
