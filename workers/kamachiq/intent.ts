import type { Period } from "../tools/data/measurement.ts";
import { isMeasure, isTruth, type Reading } from "./reading.ts";
import { INTENT_PATTERNS, type Intent } from "./vocabulary.ts";

const COMPARATIVE = "(?:\\w{3,}er|more|less|fewer|worse|better)";
const TWO_COMPARATIVES = new RegExp(`\\b(?:the|do|does|are|is)\\b.*\\b${COMPARATIVE}\\b.*\\b${COMPARATIVE}\\b`, "i");

/** The kind of analysis that a goal asks for: the most telling word decides, and what was found in the data corrects it. */
export function intentOf(reading: Reading): Intent {
  const asked = INTENT_PATTERNS.filter(([, pattern]) => pattern.test(reading.frame)).map(([intent]) => intent);
  const numbers = reading.measures.filter((mention) => !mention.isImplied).length;
  if (TWO_COMPARATIVES.test(reading.text) && relatable(reading).length >= 2 && reading.groups.length === 0) return "correlate";
  const first = asked[0] ?? "aggregate";
  switch (first) {
    case "correlate":
      return numbers + reading.implied.length >= 2 || reading.groups.length + reading.truths.length === 0 ? "correlate" : "compare";
    case "trend":
      return trendOr(reading);
    case "rank":
      return rankOr(reading, asked, numbers);
    case "describe":
      return /missing|complete|quality/i.test(reading.frame) || numbers + reading.groups.length === 0
        ? "describe"
        : reading.groups.length > 0 && numbers > 0
          ? "compare"
          : "distribution";
    case "compare":
      return compareOr(reading, numbers);
    case "aggregate":
      return reading.groups.length > 0 ||
        (reading.measures.length > 0 && reading.truths.some((truth) => !truth.isModifier)) ||
        (reading.period !== undefined && reading.time !== undefined && isPeriodAsked(reading))
        ? "compare"
        : "aggregate";
    case "distribution":
      // A number broken down by groups is told for each of them.
      return /\bbr(?:eak|oken|eaking) ?down\b/i.test(reading.frame) && reading.groups.length > 0 && numbers > 0 ? "compare" : first;
    default:
      return first satisfies never;
  }
}

/** The numeric columns that a goal speaks of, by name or by an adjective. */
export function relatable(reading: Reading): string[] {
  return [
    ...new Set(
      [...reading.measures, ...reading.implied]
        .filter((mention) => mention.rivals.length === 0 && isMeasure(mention.column) && !isTruth(mention.column))
        .map(({ column }) => column.name),
    ),
  ];
}

/** Without a time there is nothing to follow, and a place in a cycle ("by month of the year") is compared. */
function trendOr(reading: Reading): Intent {
  const isWordOfTime =
    /\b(trend\w*|over time|develop\w*|evol\w*|time ?line|time series|since|per|by|each|every|yearly|monthly|weekly|daily)\b/i.test(
      reading.frame,
    );
  if (reading.time === undefined && reading.groups.length > 0 && !isWordOfTime) return "compare";
  return reading.period !== undefined && isCycle(reading.period) ? "compare" : "trend";
}

/** "The highest price" is one figure; "which region has the highest price" is a ranking. */
function rankOr(reading: Reading, asked: readonly Intent[], numbers: number): Intent {
  const isListed = /\b(top|bottom|rank\w*|which|who|\d+|ten|five|three|list)\b/i.test(reading.text);
  const hasEntity = reading.groups.length > 0 || reading.period !== undefined;
  if (/\bmost (of|people)\b/i.test(reading.text) && !hasEntity) return "aggregate";
  if (isExtremeOfGroups(reading)) return "compare";
  if (/\b(more|most|less|least) often\b/i.test(reading.frame) && reading.truths.length > 0) return "compare";
  return !hasEntity && asked.includes("aggregate") && numbers > 0 && !isListed && reading.statistics.length > 0 ? "aggregate" : "rank";
}

/** "The lowest mark per class" is the extreme of each class, and no ranking of classes. */
export function isExtremeOfGroups(reading: Reading): boolean {
  const isExtreme =
    /\b(highest|lowest|largest|smallest|biggest|greatest|longest|shortest)\b.*\b(per|by|for each|for every|in each|of each|within each|each|every)\b/i.test(
      reading.frame,
    );
  const isRanking = /\b(which|who|what|top|bottom|rank\w*|first|last)\b/i.test(reading.frame);
  return isExtreme && !isRanking && reading.measures.length > 0 && reading.groups.length > 0 && reading.statistics.length === 0;
}

function compareOr(reading: Reading, numbers: number): Intent {
  if (reading.groups.length > 0 || isYearComparison(reading)) return "compare";
  if (reading.period !== undefined && reading.time !== undefined) return isCycle(reading.period) ? "compare" : "trend";
  if (
    reading.truths.length > 0 &&
    reading.measures.length > 0 &&
    reading.truths.every((truth) => !truth.isModifier || isComparing(reading))
  )
    return "compare";
  if (numbers >= 2 && /\b(versus|vs\.?|against)\b/i.test(reading.frame)) return "correlate";
  return "aggregate";
}

/** True when two sides are set against each other. */
export function isComparing(reading: Reading): boolean {
  return new RegExp(`\\b(compar\\w*|versus|vs|differ\\w*|than|between|${COMPARATIVE})\\b`, "i").test(reading.frame);
}

/** "2014 and 2015" in a comparison are the groups. */
export function isYearComparison(reading: Reading): boolean {
  const years = new Set(reading.text.match(/\b(?:1[5-9]|20)\d{2}\b/g) ?? []);
  return (
    reading.time !== undefined &&
    years.size >= 2 &&
    /\bcompar|versus|vs\b|differ|than\b|\bseparately\b|\brespectively\b|\bindividually\b/i.test(reading.text)
  );
}

function isPeriodAsked(reading: Reading): boolean {
  return /\b(per|by|each|every|across)\b/i.test(reading.frame);
}

/** Periods that come again: places in a year, a week or a day. */
export function isCycle(period: Period): boolean {
  return period === "month_of_year" || period === "day_of_week" || period === "hour_of_day";
}
