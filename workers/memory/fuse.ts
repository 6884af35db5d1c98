/**
 * The constant of reciprocal rank fusion (Cormack, Clarke, Büttcher 2009): how little the first places differ. Its authors take 60 for lists of a
 * thousand; for a hundred candidates of which ten are shown the first places tell more.
 */
const RANK_CONSTANT = 10;

/** One list of keys, best first, and how much its word counts. */
export interface Ranking {
  readonly keys: readonly number[];
  readonly weight: number;
}

/** Joins rankings into one by reciprocal rank: a key's score is the sum of `weight / (10 + place)` over the lists it is in. Best first; ties by key. */
export function fuseRanks(rankings: readonly Ranking[]): { key: number; score: number }[] {
  const scores = new Map<number, number>();
  for (const { keys, weight } of rankings) {
    for (const [i, key] of keys.entries()) scores.set(key, (scores.get(key) ?? 0) + weight / (RANK_CONSTANT + i + 1));
  }
  return [...scores].map(([key, score]) => ({ key, score })).sort((a, b) => b.score - a.score || b.key - a.key);
}
