/** What came of the work, counted over all projects, runs and sessions. */
export interface Counts {
  /** Events that have come so far, over every stream that is held: how a killer sees that work goes on. */
  progress: number;
  projects: number;
  delivered: number;
  runs: number;
  completedRuns: number;
  sessions: number;
  turns: number;
  completedTurns: number;
  events: number;
  reattached: number;
  missingEvents: number;
  disorderedEvents: number;
  eventsOnlyAtOneClient: number;
  /** Steps and turns whose outcome was recorded more than once, and files that were stored more than once. */
  repeatedEffects: number;
  /** Tasks, items and files that are not there. */
  missingEffects: number;
}

export function noCounts(): Counts {
  return {
    progress: 0,
    projects: 0,
    delivered: 0,
    runs: 0,
    completedRuns: 0,
    sessions: 0,
    turns: 0,
    completedTurns: 0,
    events: 0,
    reattached: 0,
    missingEvents: 0,
    disorderedEvents: 0,
    eventsOnlyAtOneClient: 0,
    repeatedEffects: 0,
    missingEffects: 0,
  };
}

/** True when everything that was begun has ended well, once, and every client saw all of it. */
export function isSound(counts: Counts): boolean {
  const { missingEvents, disorderedEvents, eventsOnlyAtOneClient, repeatedEffects, missingEffects } = counts;
  return (
    counts.delivered === counts.projects &&
    counts.completedRuns === counts.runs &&
    counts.completedTurns === counts.turns &&
    [missingEvents, disorderedEvents, eventsOnlyAtOneClient, repeatedEffects, missingEffects].every((count) => count === 0)
  );
}
