import { count, countRows, type Place } from "./tally.ts";

/**
 * Makes an object's storage count: rows by the numbers that its cursors give (they are what is billed), each alarm that is set or
 * deleted as a row written, as the price list has it, and each key of the key-value interface as a row.
 * @returns the same state
 */
export function countedState(place: Place, state: DurableObjectState): DurableObjectState {
  const { storage } = state;
  const { sql, kv } = storage;
  const exec = sql.exec.bind(sql);
  replace(sql, "exec", (query: string, ...bindings: unknown[]) => {
    const cursor = exec(query, ...bindings);
    countRows(place, cursor);
    return cursor;
  });
  const setAlarm = storage.setAlarm.bind(storage);
  replace(storage, "setAlarm", (at: number | Date) => {
    count(place, "alarms set");
    count(place, "object rows written");
    return setAlarm(at);
  });
  const deleteAlarm = storage.deleteAlarm.bind(storage);
  replace(storage, "deleteAlarm", () => {
    count(place, "object rows written");
    return deleteAlarm();
  });
  const getAlarm = storage.getAlarm.bind(storage);
  replace(storage, "getAlarm", () => {
    count(place, "object rows read");
    return getAlarm();
  });
  for (const method of ["get", "put", "delete"] as const) {
    const original = kv[method].bind(kv);
    replace(kv, method, (...args: unknown[]) => {
      count(place, method === "get" ? "object rows read" : "object rows written");
      return Reflect.apply(original, kv, args);
    });
  }
  return state;
}

function replace(target: object, name: string, method: (...args: never[]) => unknown): void {
  Object.defineProperty(target, name, { value: method });
}
