/** The constant of reciprocal rank fusion as its authors give it (Cormack, Clarke, Büttcher 2009): how little the first places differ. */
const RANK_CONSTANT = 60;

/** One list of keys, best first, and how much its word counts. */
export interface Ranking {
  readonly keys: readonly number[];
  readonly weight: number;
}

/** Joins rankings into one by reciprocal rank: a key's score is the sum of `weight / (60 + place)` over the lists it is in. Best first; ties by key. */
export function fuseRanks(rankings: readonly Ranking[]): { key: number; score: number }[] {
  const scores = new Map<number, number>();
  for (const { keys, weight } of rankings) {
    for (const [i, key] of keys.entries()) scores.set(key, (scores.get(key) ?? 0) + weight / (RANK_CONSTANT + i + 1));
  }
  return [...scores].map(([key, score]) => ({ key, score })).sort((a, b) => b.score - a.score || b.key - a.key);
}
