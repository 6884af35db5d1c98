/**
 * Puts an entry at the young end of a map and lets go of the oldest when there would be more than `most`: how an isolate's caches
 * stay bounded, whatever strangers make it remember.
 */
export function putBounded<Key, Value>(entries: Map<Key, Value>, key: Key, value: Value, most: number): void {
  entries.delete(key);
  const oldest = entries.keys().next();
  if (entries.size >= most && oldest.done === false) entries.delete(oldest.value);
  entries.set(key, value);
}
