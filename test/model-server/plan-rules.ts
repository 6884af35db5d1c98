import type { OfferedTable, PlanningPrompt } from "./plan-prompt.ts";

export interface DraftGoal {
  readonly text: string;
  readonly capsule: string;
  readonly inputs: Record<string, unknown>;
}

/** A plan in the form that a planning request asks for. */
export interface Draft {
  readonly title: string;
  readonly goals: DraftGoal[];
  readonly questions: { about: string; question: string; choices: string[] }[];
}

const NUMBER_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

interface Matched {
  readonly table: OfferedTable;
  readonly measures: string[];
  readonly groups: string[];
  /** Values of text columns that the goal names. */
  readonly named: { column: string; value: unknown }[];
  readonly time: string | undefined;
}

/** Plans a brief by a few rules over what the prompt offers: each wish becomes a goal, or a question when no column fits it. */
export function planByRules(prompt: PlanningPrompt): Draft {
  const title = /^#\s*(.+)$/m.exec(prompt.brief)?.[1] ?? "Report";
  const wishes = [...prompt.brief.matchAll(/^\s*(?:[-*]|\d+\.)\s+(.+)$/gm)].map((match) => match[1]?.trim() ?? "");
  const goals: DraftGoal[] = [];
  const questions: Draft["questions"] = [];
  for (const wish of wishes) {
    const goal = goalFor(wish, prompt);
    if (goal === undefined)
      questions.push({
        about: wish,
        question: "Which column is meant?",
        choices: prompt.tables.flatMap((table) => table.columns.map((column) => column.name)).slice(0, 20),
      });
    else goals.push(goal);
  }
  return { title, goals, questions };
}

function goalFor(text: string, prompt: PlanningPrompt): DraftGoal | undefined {
  const goal = (name: string, inputs: Record<string, unknown>): DraftGoal => ({
    text,
    capsule: prompt.capsules.get(name) ?? `${name}@^1`,
    inputs,
  });
  const table = prompt.tables[0];
  if (table === undefined) return goal("answer-from-documents", { question: text });
  const matched = matchColumns(`${text} ${prompt.answers}`, table);
  return capsuleFor(text.toLowerCase(), matched, goal);
}

type MakeGoal = (name: string, inputs: Record<string, unknown>) => DraftGoal;

function capsuleFor(text: string, matched: Matched, goal: MakeGoal): DraftGoal | undefined {
  const base = { table: matched.table.table };
  const share = matched.named[0];
  if (/complete|missing|describe|overview/.test(text)) return goal("describe", base);
  if (/share|percent|portion/.test(text) && share !== undefined)
    return goal("aggregate", { ...base, statistic: "share", of: [{ column: share.column, op: "eq", value: share.value }] });
  if (/relate|correlat|go together/.test(text)) {
    const both = [...new Set([...matched.measures, ...numbersOf(matched.table)])].slice(0, 2);
    return both.length === 2 ? goal("correlate", { ...base, measures: both }) : undefined;
  }
  return measured(text, matched, goal);
}

/** Ranks, trends, counts and comparisons: what is about one number or about rows. */
function measured(text: string, { table, measures, groups, time }: Matched, goal: MakeGoal): DraftGoal | undefined {
  const base = { table: table.table };
  const measure = measures[0] ?? heavyColumn(text, table);
  const count = new RegExp(`\\b(\\d+|${NUMBER_WORDS.join("|")})\\b`).exec(text)?.[1];
  if (/(heaviest|largest|highest|longest|top)\b/.test(text) && count !== undefined && measure !== undefined)
    return goal("rank", { ...base, measure, order: "desc", n: Number(count) || NUMBER_WORDS.indexOf(count) + 1 });
  if (/over time|trend|by (year|month|day)/.test(text) && time !== undefined)
    return goal("trend-over-time", { ...base, time, ...(measure === undefined ? { statistic: "count" } : { measure, statistic: "mean" }) });
  const grouped = groups.length === 0 ? {} : { groups: groups.slice(0, 3) };
  if (/how many|number of|count/.test(text))
    return goal(groups.length > 0 ? "compare-groups" : "aggregate", { ...base, ...grouped, statistic: "count" });
  if (measure === undefined) return undefined;
  return groups.length > 0
    ? goal("compare-groups", { ...base, ...grouped, measure, statistic: "mean" })
    : goal("distribution", { ...base, column: measure });
}

function matchColumns(text: string, table: OfferedTable): Matched {
  const words = new Set(
    text
      .toLowerCase()
      .match(/[a-z]+/g)
      ?.map(singular) ?? [],
  );
  const isNamed = (name: string) => {
    const parts = name.toLowerCase().match(/[a-z]{3,}/g) ?? [];
    return parts.length > 0 && parts.every((part) => words.has(singular(part)));
  };
  const named = table.columns
    .filter((column) => column.type === "text")
    .flatMap((column) =>
      column.values.filter((value) => words.has(singular(String(value).toLowerCase()))).map((value) => ({ column: column.name, value })),
    );
  const isNumber = (type: string) => type === "integer" || type === "real";
  const groups = table.columns.filter(
    (column) => column.type === "text" && (isNamed(column.name) || named.some((one) => one.column === column.name)),
  );
  return {
    table,
    measures: table.columns.filter((column) => isNumber(column.type) && isNamed(column.name)).map((column) => column.name),
    groups: groups.map((column) => column.name),
    named,
    time: table.columns.find((column) => column.type === "date" || column.type === "datetime" || column.name === "year")?.name,
  };
}

/** Heavy things have a mass or a weight. */
function heavyColumn(text: string, table: OfferedTable): string | undefined {
  return /heav|weigh/.test(text) ? table.columns.find((column) => /mass|weight/.test(column.name))?.name : undefined;
}

function numbersOf(table: OfferedTable): string[] {
  return table.columns.filter((column) => column.type === "real" || column.type === "integer").map((column) => column.name);
}

function singular(word: string): string {
  return word.length > 3 && !word.endsWith("ss") && !word.endsWith("ies") ? word.replace(/s$/, "") : word;
}
