import type { ColumnProfile, DatasetProfile } from "../tools/data/profile.ts";
import type { Filter } from "../tools/data/sql-text.ts";
import type { Mention, ValueMention } from "./mentions.ts";
import { NEGATIONS } from "./plain-words.ts";
import type { Doubt } from "./reading.ts";
import { placesIn, type Word } from "./words.ts";

/** What values, missing values and words of leaving out ask for. */
export interface SaidConditions {
  readonly filters: readonly { readonly filter: Filter; readonly at: number }[];
  /** Columns whose named values are to be compared. */
  readonly groups: readonly ColumnProfile[];
  readonly words: ReadonlySet<number>;
  /** Mentions that are part of a filter and nothing else. */
  readonly usedMentions: ReadonlySet<Mention>;
  readonly doubts: readonly Doubt[];
}

interface Context {
  readonly words: readonly Word[];
  readonly text: string;
  readonly values: readonly ValueMention[];
  readonly mentions: readonly Mention[];
  readonly dataset: DatasetProfile;
  /** Filters that a person has settled. */
  readonly settled: readonly Filter[];
}

const COMPARED = /\b(compar\w*|versus|vs|differ\w*|difference|than|between)\b/i;
/** Words of leaving out reach over "and" and commas to the next values. */
const MAX_REACH = 4;

/** Filters by values: kept, left out, missing, or equal to something that is not among the most frequent values. */
export function saidConditions(context: Context): SaidConditions {
  const filters: { filter: Filter; at: number }[] = [];
  const words = new Set<number>();
  const doubts: Doubt[] = [];
  const usedMentions = new Set<Mention>();
  for (const found of [...missing(context), ...equalities(context)]) {
    filters.push({ filter: found.filter, at: found.words[0] ?? 0 });
    for (const place of found.words) words.add(place);
    usedMentions.add(found.mention);
  }
  const kept = new Map<ColumnProfile, ValueMention[]>();
  for (const value of context.values.map((each) => settled(each, context))) {
    for (const place of value.words) words.add(place);
    if (context.settled.some((filter) => filter.value === value.value)) continue;
    if (value.rivals.length > 0) {
      doubts.push(whichColumn(value));
      continue;
    }
    const negation = negationBefore(context, value);
    if (negation.length > 0) {
      filters.push({ filter: { column: value.column.name, op: "ne", value: value.value }, at: value.words[0] ?? 0 });
      for (const place of negation) words.add(place);
    } else kept.set(value.column, [...(kept.get(value.column) ?? []), value]);
  }
  const isCompared = COMPARED.test(context.text) || !context.mentions.some((mention) => mention.column.type === "text");
  const groups: ColumnProfile[] = [];
  for (const [column, all] of kept) {
    const [only] = all;
    if (only === undefined) continue;
    const at = only.words[0] ?? 0;
    filters.push({
      filter:
        all.length === 1
          ? { column: column.name, op: "eq", value: only.value }
          : { column: column.name, op: "in", value: all.map(({ value }) => value) },
      at,
    });
    if (all.length > 1 && isCompared && !(isPooled(context, all) && !COMPARED.test(context.text))) groups.push(column);
    for (const mention of context.mentions)
      if ((mention.column === column || mention.rivals.includes(column)) && isBeside(mention, all)) usedMentions.add(mention);
  }
  return { filters, groups, words, usedMentions, doubts };
}

/** "species Adelie", "the North region": the column beside its value says only which value is meant. */
function isBeside(mention: Mention, values: readonly ValueMention[]): boolean {
  const places = new Set(values.flatMap((value) => value.words));
  return (
    values.length === 1 &&
    [(mention.words[0] ?? 0) - 1, (mention.words.at(-1) ?? 0) + 1, (mention.words.at(-1) ?? 0) + 2].some((place) => places.has(place))
  );
}

/** "Hillcrest or Riverside" are taken together; values joined otherwise stand side by side. */
function isPooled(context: Context, values: readonly ValueMention[]): boolean {
  return values.some((value) => context.words[(value.words[0] ?? 0) - 1]?.text === "or");
}

/** A value that several columns hold belongs to the one that is named beside it. */
function settled(value: ValueMention, context: Context): ValueMention {
  if (value.rivals.length === 0) return value;
  const first = value.words[0] ?? 0;
  const candidates = [value.column, ...value.rivals];
  const beside = context.mentions.find(
    (mention) => candidates.includes(mention.column) && mention.words.some((place) => Math.abs(place - first) <= 2),
  );
  const preposition = context.words[first - 1]?.text;
  const pattern =
    preposition === "from" ? /orig|source|start|from|departure/i : preposition === "to" ? /dest|target|end|arriv/i : undefined;
  const column = beside?.column ?? candidates.find((candidate) => pattern?.test(candidate.name) === true);
  return column === undefined ? value : { ...value, column, rivals: [] };
}

function whichColumn(value: ValueMention): Doubt {
  const names = [value.column, ...value.rivals].map((column) => column.name);
  return {
    question: `${value.value} is a value of ${names.join(" and of ")}. Which is meant?`,
    choices: names.map((name) => `${name} is ${value.value}`),
  };
}

/** The places of the words that leave a value out, looking back over "and" and other values. */
function negationBefore(context: Context, value: ValueMention): number[] {
  const others = new Set(context.values.flatMap((each) => each.words));
  let place = (value.words[0] ?? 0) - 1;
  let steps = 0;
  const passed: number[] = [];
  while (place >= 0) {
    const word = context.words[place];
    if (word === undefined) break;
    if (NEGATIONS.has(word.text)) return [place, ...passed];
    if (word.text === "than" && context.words[place - 1]?.text === "other") return [place, place - 1, ...passed];
    if (word.text === "from" && context.words[place - 1]?.text === "apart") return [place, place - 1, ...passed];
    if (word.text === "out" && /^(leave|leaving|left)$/.test(context.words[place - 1]?.text ?? "")) return [place, place - 1, ...passed];
    const isPassable =
      others.has(place) ||
      /^(and|or|nor|the|all|any|a|for|being|from|by|those|rows|of|with|where|is|are|was|were|on|in|at|include|includes|consider|use|count|keep)$/.test(
        word.text,
      );
    if (!isPassable || steps > MAX_REACH) break;
    if (!others.has(place)) steps += 1;
    passed.push(place);
    place -= 1;
  }
  return [];
}

interface FoundFilter {
  readonly filter: Filter;
  readonly words: readonly number[];
  readonly mention: Mention;
}

const BEFORE_MISSING =
  /\b(?:(?:with(?:out)?|have|has|had|lack(?:s|ing)?|are|is|were|was|exclud(?:e|es|ing)) )?(?:(?:no|any|an?|not|the) )?(?:(?:recorded|known|missing|unknown|empty|blank|given|reported) )?(?:(?:an?|any|the|their) )?$/i;

/** "without a recorded sex", "sex is missing", "with a known age". */
function missing({ words, text, mentions }: Context): FoundFilter[] {
  return mentions.flatMap((mention): FoundFilter[] => {
    if (mention.isImplied) return [];
    const first = words[mention.words[0] ?? -1];
    const last = words[mention.words.at(-1) ?? -1];
    if (first === undefined || last === undefined) return [];
    const before = BEFORE_MISSING.exec(text.slice(0, first.start));
    const behind = /^ (?:is|are|was|were) (missing|unknown|not (?:known|recorded|given)|empty|blank|known|recorded|present|given)\b/i.exec(
      text.slice(last.end),
    );
    const phrase = `${before?.[0] ?? ""}|${behind?.[0] ?? ""}`.toLowerCase();
    const isAbsent =
      /missing|unknown|empty|blank|not (known|recorded|given)|\b(no|without(?: an?| any)?) (recorded|known|given|reported)|\black/.test(
        phrase,
      );
    const isPresent = /(with|have|has|had) (a |an )?(known|recorded|given)|\b(is|are|was|were) (known|recorded|present|given)/.test(phrase);
    if (!isAbsent && !isPresent) return [];
    const isLeftOut = /exclud/.test(phrase);
    const start =
      before !== null && /missing|unknown|empty|blank|known|recorded|given|lack|report/i.test(before[0]) ? before.index : first.start;
    const places = placesIn(words, start, last.end + (behind?.[0].length ?? 0));
    return [{ filter: { column: mention.column.name, op: isAbsent && !isLeftOut ? "missing" : "present" }, words: places, mention }];
  });
}

/** "origin is LAX", "city = 'Rome'": a value that the profile does not list, because it is rare. */
function equalities({ words, text, values, mentions }: Context): FoundFilter[] {
  const valuePlaces = new Set(values.flatMap((value) => value.words));
  return mentions.flatMap((mention): FoundFilter[] => {
    const last = words[mention.words.at(-1) ?? -1];
    if (mention.column.type !== "text" || mention.isImplied || last === undefined) return [];
    const match =
      /^ (?:(?:is|are|was|were|equals|equal to|=|being|of|called|named) )?(?:"([^"]+)"|'([^']+)'|((?:\p{Lu}|\d)[\p{L}\p{N}-]*(?: \p{Lu}[\p{L}\p{N}-]*)*))/u.exec(
        text.slice(last.end),
      );
    const value = match?.[1] ?? match?.[2] ?? match?.[3];
    if (match === null || value === undefined) return [];
    const places = placesIn(words, last.end, last.end + match[0].length);
    if (places.some((place) => valuePlaces.has(place))) return [];
    return [{ filter: { column: mention.column.name, op: "eq", value }, words: [...mention.words, ...places], mention }];
  });
}
