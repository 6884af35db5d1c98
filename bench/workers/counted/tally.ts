/** Operations that Cloudflare bills, as far as the platform uses them. Units are those of the bill. */
export const OPERATIONS = [
  "object requests",
  "object rows read",
  "object rows written",
  "alarms set",
  "D1 calls",
  "D1 rows read",
  "D1 rows written",
  "queue operations",
  "R2 writes",
  "R2 reads",
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Where an operation was made: a request, a queue's consumer, or an object's class. */
export type Place = string;

const counts = new Map<string, number>();
/** SQL cursors count their rows while they are read: they are asked when the count is. */
const cursors: { readonly place: Place; readonly cursor: { readonly rowsRead: number; readonly rowsWritten: number } }[] = [];

/** Counts operations made at a place. */
export function count(place: Place, operation: Operation, times = 1): void {
  const key = `${place}: ${operation}`;
  counts.set(key, (counts.get(key) ?? 0) + times);
}

/** Counts the rows of a cursor, whatever it will have read and written by the time of the report. */
export function countRows(place: Place, cursor: { readonly rowsRead: number; readonly rowsWritten: number }): void {
  cursors.push({ place, cursor });
}

/** What was counted since the last time it was taken, by place and operation. */
export function takeCounts(): Record<string, number> {
  for (const { place, cursor } of cursors.splice(0)) {
    count(place, "object rows read", cursor.rowsRead);
    count(place, "object rows written", cursor.rowsWritten);
  }
  const taken = Object.fromEntries([...counts].filter(([, times]) => times > 0));
  counts.clear();
  return taken;
}
