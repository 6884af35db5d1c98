import type { DatasetProfile } from "../tools/data/profile.ts";
import type { Filter } from "../tools/data/sql-text.ts";
import { type Reading, readGoal } from "./reading.ts";

const SCOPE =
  /^(?:and |but |please )*(?:only|just|exclud(?:e|ing)|ignor(?:e|ing)|restrict|limit|focus|leave out|leaving out|omit|disregard|drop|consider|use only|use just|filter|keep only|keep|look only at|do not (?:include|consider|use|count)|don't (?:include|consider|use|count)|without|for (?:all|everything)|all (?:of )?this)\b/i;

/** True for a sentence that says which rows the whole brief is about: "Only consider Adelie penguins." */
export function isScope(text: string): boolean {
  return SCOPE.test(text);
}

/** The filters that such a sentence puts on every wish; undefined when it is none, or more than filters. */
export function scopeOf(text: string, datasets: readonly DatasetProfile[]): readonly Filter[] | undefined {
  if (!isScope(text)) return undefined;
  const readings = datasets.map((dataset) => readGoal(text, dataset)).filter(isOnlyFilters);
  return readings.length === 0 || readings.length < datasets.length ? undefined : conditions(readings[0]);
}

function isOnlyFilters(reading: Reading): boolean {
  const truths = reading.truths.filter(({ isModifier }) => isModifier).length;
  return (
    reading.filters.length + truths > 0 &&
    reading.doubts.length === 0 &&
    reading.unread.length === 0 &&
    reading.measures.length === 0 &&
    reading.statistics.length === 0
  );
}

function conditions(reading: Reading | undefined): Filter[] {
  const truths = (reading?.truths ?? []).map(
    ({ column, isNegated }): Filter => ({
      column: column.name,
      op: "eq",
      value: column.type === "boolean" ? !isNegated : Number(!isNegated),
    }),
  );
  return [...(reading?.filters.map(({ filter }) => filter) ?? []), ...truths];
}
