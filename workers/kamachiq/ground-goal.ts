import type { Json } from "../platform/canonical-json.ts";
import type { ColumnProfile, DatasetProfile } from "../tools/data/profile.ts";
import type { Filter } from "../tools/data/sql-text.ts";
import { beyondOf } from "./beyond.ts";
import { intentOf, isComparing, isYearComparison, relatable } from "./intent.ts";
import { filterJson, type Measured, measuredOf, whichNumber } from "./measured.ts";
import { nameParts } from "./mentions.ts";
import type { Question } from "./plan.ts";
import type { PlannedTask } from "./planned-goal.ts";
import { type Doubt, type Hints, isMeasure, isTruth, NO_HINTS, type Reading, readGoal, topNumber } from "./reading.ts";
import { isTime } from "./times.ts";
import { DURATION, LOW_END } from "./vocabulary.ts";

/** A goal matched to capsules with their inputs filled, or what is missing for that. */
export type Grounding =
  | {
      readonly kind: "tasks";
      readonly tasks: readonly PlannedTask[];
      readonly notUnderstood: readonly string[];
      readonly known: number;
      readonly score: number;
    }
  | {
      readonly kind: "question";
      readonly question: Question;
      readonly unread: readonly string[];
      readonly known: number;
      readonly score: number;
    };

/** Groups of more values than this are entities to rank, not groups to compare. */
const MAX_GROUP_VALUES = 200;
/** Values of a group that each get a task of their own, where a capsule takes no groups. */
const MAX_VALUE_TASKS = 8;
const MAX_CORRELATED = 6;
const MAX_COMPARED_GROUPS = 3;
const MAX_RANKED_GROUPS = 2;
const MAX_TASKS = 12;
const DEFAULT_RANKED = 10;

type Shaped = readonly PlannedTask[] | Doubt;
type Inputs = Record<string, Json>;

/** Matches one goal to one table. `score` says how much of the goal the table knows, to choose between tables. */
export function groundGoal(text: string, dataset: DatasetProfile, hints: Hints = NO_HINTS): Grounding {
  const reading = readGoal(text, dataset, hints);
  const unread = reading.unread.map((word) => word.text);
  const known =
    reading.measures.length +
    reading.groups.length +
    reading.truths.length +
    reading.filters.length +
    (reading.isTimeNamed ? 1 : 0) +
    (reading.countsRows ? 1 : 0);
  const score = known - unread.length;
  const ask = (doubt: Doubt): Grounding => ({ kind: "question", question: questionOf(reading, doubt), unread, known, score });
  const beyond = beyondOf(reading);
  if (beyond !== undefined) return ask(beyond);
  const [doubt] = reading.doubts;
  if (doubt !== undefined) return ask(mergedDoubt(reading.doubts, doubt));
  const shaped = shape(reading);
  if (isDoubt(shaped)) return ask(shaped);
  const weighty = reading.unread.filter((word) => !isAdverb(word.text));
  if (weighty.length > 0) return ask(unreadDoubt(reading));
  if (shaped.length > MAX_TASKS)
    return ask({
      question: `That makes ${shaped.length} analyses; ${MAX_TASKS} fit in one goal. Which numbers matter most?`,
      choices: relatable(reading),
    });
  return { kind: "tasks", tasks: shaped, notUnderstood: unread, known, score: score + 1 };
}

function isDoubt(value: object): value is Doubt {
  return "question" in value;
}

/** "surprisingly": how something is seen, not which. */
function isAdverb(word: string): boolean {
  return (
    /[a-z]{3,}ly$/.test(word) &&
    !/^(daily|weekly|monthly|yearly|hourly|early|only|family|monopoly|supply|reply|apply|assembly|italy|july|elderly|friendly)$/.test(word)
  );
}

function shape(reading: Reading): Shaped {
  const intent = intentOf(reading);
  switch (intent) {
    case "describe":
      return describe(reading);
    case "correlate":
      return correlate(reading);
    case "distribution":
      return distribution(reading);
    case "trend":
      return trend(reading);
    case "rank":
      return rank(reading);
    case "compare":
      return compare(reading);
    case "aggregate":
      return figure(reading);
    default:
      return intent satisfies never;
  }
}

function given(filters: readonly Filter[]): Inputs {
  return filters.length === 0 ? {} : { filters: filters.map(filterJson) };
}

function conditionsOf(reading: Reading): Filter[] {
  const truths = reading.truths.map(
    ({ column, isNegated }): Filter => ({
      column: column.name,
      op: "eq",
      value: column.type === "boolean" ? !isNegated : Number(!isNegated),
    }),
  );
  return [...reading.filters.map(({ filter }) => filter), ...truths];
}

function describe(reading: Reading): Shaped {
  if (conditionsOf(reading).length > 0)
    return {
      question: "A description covers all rows of a table. Should it, or is one number of these rows meant?",
      choices: ["describe all rows", ...measureNames(reading.dataset).map((name) => `distribution of ${name}`)],
    };
  return [{ capsule: "describe@^1", inputs: { table: reading.dataset.table } }];
}

function correlate(reading: Reading): Shaped {
  const named = relatable(reading);
  const all = measureNames(reading.dataset);
  const isAll = /\b(all|measurements?|variables?|numeric|numbers|columns|each other|measures|everything|anything)\b/i.test(reading.text);
  const measures = named.length >= 2 ? named : isAll ? all : named;
  if (measures.length < 2 || (isAll && measures.length > MAX_CORRELATED))
    return {
      question: `Which two numeric columns should be related${measures.length > MAX_CORRELATED ? ` (at most ${MAX_CORRELATED})` : ""}?`,
      choices: all,
    };
  if (measures.length > MAX_CORRELATED)
    return { question: `At most ${MAX_CORRELATED} columns are related at once. Which?`, choices: measures };
  return byValues(reading, (filters) => ({
    capsule: "correlate@^1",
    inputs: { table: reading.dataset.table, measures, ...given(filters) },
  }));
}

function distribution(reading: Reading): Shaped {
  const measures = reading.measures.map(({ column }) => column.name);
  const columns = measures.length > 0 ? measures : reading.groups.slice(0, 1).map(({ name }) => name);
  if (measures.length === 0 && reading.groups.length > 1) return compare(reading);
  if (columns.length === 0)
    return { question: "Which column's values should be shown?", choices: reading.dataset.columns.map(({ name }) => name) };
  const tasks = columns.map((column) =>
    byValues(measures.length > 0 ? reading : { ...reading, groups: [] }, (filters) => ({
      capsule: "distribution@^1",
      inputs: { table: reading.dataset.table, column, ...given(filters) },
    })),
  );
  const doubt = tasks.find(isDoubt);
  return doubt ?? tasks.flatMap((each) => (isDoubt(each) ? [] : each));
}

/** One task for each value of the goal's group, where a capsule takes filters and no groups. */
function byValues(reading: Reading, task: (filters: readonly Filter[]) => PlannedTask): Shaped {
  const filters = conditionsOf(reading);
  const named = reading.filters.find(
    ({ filter }) => filter.op === "in" && reading.groups.some((group) => group.name === filter.column),
  )?.filter;
  const [group] = reading.groups.length > 0 ? reading.groups : [];
  if (group === undefined) return [task(filters)];
  const values = named !== undefined && Array.isArray(named.value) ? named.value : group.top.map(({ value }) => value);
  if (reading.groups.length > 1 || values.length > MAX_VALUE_TASKS || (named === undefined && group.distinct > values.length))
    return {
      question: `This can be told for one group of at most ${MAX_VALUE_TASKS} values. Which?`,
      choices: groupNames(reading.dataset).filter((name) => name !== group.name),
    };
  return values.map((value) =>
    task([...filters.filter((filter) => filter !== named), { column: group.name, op: "eq", value: value ?? "" }]),
  );
}

function trend(reading: Reading): Shaped {
  const { time, dataset } = reading;
  if (time === undefined)
    return {
      question: "The data has no column of dates or years, so nothing can be followed over time. Which column says when?",
      choices: dataset.columns.map(({ name }) => name),
    };
  if (!reading.isTimeNamed && isTimeOpen(reading)) return whichTime(reading);
  const measured = measuredOf(reading, "trend");
  if (isDoubt(measured)) return measured;
  const groups = reading.groups.filter((column) => !measured.used.has(column.name));
  const tooMany = groups.find((column) => column.distinct > MAX_GROUP_VALUES);
  if (groups.length > 1 || tooMany !== undefined)
    return { question: `A trend is followed for one group of at most ${MAX_GROUP_VALUES} values. Which?`, choices: groupNames(dataset) };
  const period = time.type === "integer" ? undefined : reading.period;
  const [group] = groups;
  return tasksOf(reading, measured, "trend-over-time@^1", {
    time: time.name,
    ...(period === undefined ? {} : { period }),
    ...(group === undefined ? {} : { group: group.name }),
  });
}

/** Several columns say when, and neither the goal nor a usual name tells which is meant. */
function isTimeOpen(reading: Reading): boolean {
  return reading.times.length > 1 && !reading.times.some((column) => /^(date|time|timestamp|datetime|when|day|month)$/i.test(column.name));
}

function whichTime(reading: Reading): Doubt {
  return {
    question: `Which of ${reading.times.map(({ name }) => name).join(", ")} says when?`,
    choices: reading.times.map(({ name }) => name),
  };
}

function compare(reading: Reading): Shaped {
  const measured = measuredOf(reading, "compare");
  if (isDoubt(measured)) return measured;
  const truths = reading.truths.filter(({ column }) => !measured.used.has(column.name)).map(({ column }) => column);
  const groups = [...reading.groups, ...truths].filter((column) => !measured.used.has(column.name));
  if (groups.length > MAX_COMPARED_GROUPS)
    return { question: `At most ${MAX_COMPARED_GROUPS} columns make groups at once. Which?`, choices: groups.map(({ name }) => name) };
  const period = reading.period ?? (isYearComparison(reading) ? "year" : undefined);
  if (period !== undefined && reading.time === undefined)
    return {
      question: `The data has no column of dates or years to cut by ${period.replaceAll("_", " ")}. Which column says when?`,
      choices: reading.dataset.columns.map(({ name }) => name),
    };
  if (period !== undefined && !reading.isTimeNamed && isTimeOpen(reading)) return whichTime(reading);
  const timed = period !== undefined && reading.time !== undefined ? { time: reading.time.name, period } : {};
  if (groups.length === 0 && period === undefined)
    return measured.used.size > 0 || (reading.truths.length + reading.filters.length > 0 && !isComparing(reading))
      ? figure(reading)
      : { question: "Between which groups should be compared?", choices: groupNames(reading.dataset) };
  const isEmptyCompare =
    measured.measures.every(({ statistic }) => statistic === "count") &&
    /\bcompar/i.test(reading.frame) &&
    !reading.countsRows &&
    reading.statistics.length === 0;
  if (isEmptyCompare) return whichNumber(reading);
  return tasksOf(reading, measured, "compare-groups@^1", {
    ...(groups.length === 0 && period !== undefined ? {} : { groups: groups.map(({ name }) => name) }),
    ...timed,
  });
}

function rank(reading: Reading): Shaped {
  const isBadLow = /\bworst\b/i.test(reading.text) && !/delay|cost|error|damage|crime|death|loss|late|wait|rate|fault/i.test(reading.text);
  const isTurned =
    /\b(?:slow|fast)est\b/i.test(reading.text) && reading.measures.some(({ column }) => DURATION.test(nameParts(column.name).join(" ")));
  const order = isTurned
    ? /fastest/i.test(reading.text)
      ? "asc"
      : "desc"
    : isBadLow || (LOW_END.test(reading.frame) && !/\b(last (year|month|decade))\b/i.test(reading.text))
      ? "asc"
      : "desc";
  const size = { order, n: topNumber(reading.text)?.n ?? DEFAULT_RANKED };
  const { time, period, dataset } = reading;
  const areRowsPeriods = period === "day" && time !== undefined && time.distinct >= Math.min(1_000, dataset.rows * 0.9);
  const isByPeriod =
    period !== undefined &&
    time !== undefined &&
    !areRowsPeriods &&
    /\b(which|what|when|in|at|top|bottom|\w+est|most|least|best|worst)\b/i.test(reading.text);
  const groups = reading.groups.filter(
    (column) => !reading.filters.some(({ filter }) => filter.column === column.name && filter.op === "eq"),
  );
  if (groups.length === 0 && isByPeriod) {
    if (!reading.isTimeNamed && isTimeOpen(reading)) return whichTime(reading);
    const measured = measuredOf(reading, "rank");
    return isDoubt(measured) ? measured : tasksOf(reading, measured, "rank@^1", { time: time.name, period, ...size });
  }
  if (groups.length === 0) return rankRows(reading, size);
  if (groups.length > MAX_RANKED_GROUPS) return { question: "What should be ranked?", choices: groups.map(({ name }) => name) };
  const measured = measuredOf(reading, "rank");
  if (isDoubt(measured)) return measured;
  const entities = groups.filter((column) => !measured.used.has(column.name)).map(({ name }) => name);
  return tasksOf(reading, measured, "rank@^1", { entities, ...size });
}

/** Single rows by their own value: an average or a count of them has no place. */
function rankRows(reading: Reading, size: Inputs): Shaped {
  if (reading.measures.length === 0) return { question: "By which number should be ranked?", choices: measureNames(reading.dataset) };
  const summed = reading.statistics.filter((statistic) => statistic !== "max" && statistic !== "min");
  if (summed.length > 0)
    return { question: `Of which groups should the ${summed[0] ?? ""} be ranked?`, choices: groupNames(reading.dataset) };
  const filters = conditionsOf(reading);
  return reading.measures.map(({ column }) => ({
    capsule: "rank@^1",
    inputs: { table: reading.dataset.table, measure: column.name, ...size, ...given(filters) },
  }));
}

function figure(reading: Reading): Shaped {
  const measured = measuredOf(reading, "aggregate");
  if (isDoubt(measured)) return measured;
  const left = reading.groups.filter(
    (column) =>
      !measured.used.has(column.name) && !measured.filters.some((filter) => filter.column === column.name) && !isInShare(measured, column),
  );
  if (left.length > 0) return compare(reading);
  const [first] = measured.measures;
  if (first?.statistic === "share" && first.of === undefined)
    return { question: "The share of which rows?", choices: groupNames(reading.dataset) };
  if (/\bcompar/i.test(reading.frame) && reading.measures.length >= 2)
    return {
      question: `Should ${relatable(reading).join(" and ")} be related to each other, or each be summed up?`,
      choices: [`correlation of ${relatable(reading).join(" and ")}`, `mean of ${relatable(reading).join(" and ")}`],
    };
  if (/\bcompar|\bdiffer(?!ent)/i.test(reading.frame))
    return { question: "Between which groups should be compared?", choices: groupNames(reading.dataset) };
  const isTold = measured.measures.some(({ statistic }) => statistic !== "mean");
  if (
    !isTold &&
    reading.statistics.length === 0 &&
    !/\b(rate|highest|lowest|largest|smallest|biggest|most|least|how (?:much|long|old|big|large|high|heavy|far|fast|tall))\b/i.test(
      reading.frame,
    ) &&
    reading.measures.length > 0 &&
    !reading.measures.some((mention) => mention.isImplied)
  )
    return {
      question: `What about ${relatable(reading).join(" and ")}: one figure, or how it spreads?`,
      choices: relatable(reading).flatMap((name) => [`mean ${name}`, `total ${name}`, `distribution of ${name}`]),
    };
  return tasksOf(reading, measured, "aggregate@^1", {});
}

function isInShare(measured: Measured, column: ColumnProfile): boolean {
  return JSON.stringify(measured.measures).includes(JSON.stringify(column.name));
}

function tasksOf(reading: Reading, measured: Measured, capsule: string, shapeInputs: Inputs): PlannedTask[] {
  return measured.measures.map(({ measure, statistic, of }) => ({
    capsule,
    inputs: {
      table: reading.dataset.table,
      ...(measure === undefined ? {} : { measure }),
      statistic,
      ...(of === undefined ? {} : { of }),
      ...shapeInputs,
      ...given(measured.filters),
    },
  }));
}

function measureNames(dataset: DatasetProfile): string[] {
  return dataset.columns
    .filter((column) => isMeasure(column) && !isTruth(column) && !/(^|[_ ])(id|index|row)$/i.test(column.name))
    .map((column) => column.name);
}

function groupNames(dataset: DatasetProfile): string[] {
  return dataset.columns
    .filter((column) => (column.type === "text" || column.type === "boolean" || isTime(column)) && column.distinct <= MAX_GROUP_VALUES)
    .map((column) => column.name);
}

function mergedDoubt(doubts: readonly Doubt[], first: Doubt): Doubt {
  return {
    question: doubts.map(({ question }) => question).join(" "),
    choices: doubts.length === 1 ? first.choices : doubts.flatMap(({ choices }) => choices),
  };
}

function unreadDoubt(reading: Reading): Doubt {
  const said = unreadText(reading);
  const words = [...new Set(reading.unread.map((word) => word.text))];
  return {
    question: `What does ${said} mean here?`,
    choices: [...words.map((word) => `ignore ${word}`), ...reading.dataset.columns.map(({ name }) => name)].slice(0, 60),
  };
}

function unreadText(reading: Reading): string {
  return [...new Set(reading.unread.map((word) => word.text))]
    .slice(0, 5)
    .map((word) => `“${word}”`)
    .join(", ");
}

function questionOf(reading: Reading, doubt: Doubt): Question {
  const unknown = reading.unread.length === 0 ? "" : ` ${reading.dataset.source} has no column for ${unreadText(reading)}.`;
  return { about: reading.text, question: `${doubt.question}${unknown}`, choices: [...new Set(doubt.choices)].slice(0, 100) };
}
