import type { Doubt, Reading } from "./reading.ts";

/** What the capsules do not compute, as people ask for it, and what is near. A goal that asks for one of these is never planned as something else. */
const BEYOND: readonly (readonly [what: string, asked: RegExp, instead: readonly string[]])[] = [
  [
    "A forecast",
    /\b(forecast\w*|predict\w*(?=.*\b(next|future|will|coming|20[3-9]\d)\b)|project(?:ed|ion)s?|next (?:year|month|week|quarter)|in the future|will .* be)\b/i,
    ["the trend so far"],
  ],
  [
    "A cause",
    /\b(why|what (?:causes?|caused|drives?|explains?)|reasons? (?:for|why|behind)|root cause|due to what)\b/i,
    ["compare the groups"],
  ],
  [
    "A test of significance",
    /\b(significan\w+|p[- ]?values?|t[- ]?tests?|anova|chi[- ]squared?|confidence intervals?|hypothes[ie]s)\b/i,
    ["compare the groups"],
  ],
  [
    "A model of the data",
    /\b(regress\w*|cluster\w*|classif(?:y|ier)|machine learning|neural|decision tree|principal component\w*|pca|segment(?:ation)?(?= (?:the|our|customers)))\b/i,
    ["correlation"],
  ],
  ["A search for outliers", /\b(outliers?|anomal\w+)\b/i, ["distribution"]],
  [
    "A running or moving figure",
    /\b(cumulative\w*|running (?:total|sum|average)|moving average|rolling|year[- ]to[- ]date)\b/i,
    ["the trend"],
  ],
  [
    "A ratio of columns",
    /\b(ratio|per capita|relative to|normali[sz]ed|adjusted for|weighted|index(?:ed)? (?:to|by))\b/i,
    ["each number by itself"],
  ],
  [
    "A percentile",
    /\b(\d{1,2}(?:st|nd|rd|th)? (?:percentile|decile)s?|percentiles?|deciles?|p\d{2}|(?:top|bottom) \d+ ?(?:%|percent))(?!\w)/i,
    ["median and quartiles (distribution)"],
  ],
  [
    "A figure measured against the average",
    /\b(above|below|than|over|under|beyond) (?:the )?(?:overall )?(?:average|mean|median|normal|usual|typical)\b/i,
    ["compare the groups"],
  ],
  ["A map", /\b(on a map|heat ?map|map of|geographic\w*)\b/i, ["compare the groups"]],
  [
    "Joining tables",
    /\b(join(?:ed)?|merge[ds]?|combin(?:e|ed|ing) (?:the )?(?:two |both )?(?:files|tables|data\w*))\b/i,
    ["one table at a time"],
  ],
  ["A computed column", /\b(difference between|sum of|product of|divided by|multiplied by|minus|times the)\b/i, ["each number by itself"]],
];

/** What a goal asks that no capsule computes, as a question with what is near; undefined when it asks for nothing of the kind. */
export function beyondOf(reading: Reading): Doubt | undefined {
  const found = BEYOND.find(([what, asked]) => asked.test(reading.frame) && isMeantSo(reading, what));
  if (found === undefined) return undefined;
  const [what, , instead] = found;
  return {
    question: `${what} is not something the capsules compute. What should be shown instead, or should it be left out?`,
    choices: [...instead, "leave it out"],
  };
}

/** A difference between groups is a comparison; one between two numbers would be a new column. */
function isMeantSo(reading: Reading, what: string): boolean {
  if (what !== "A computed column") return true;
  return reading.measures.length >= 2 && reading.groups.length === 0;
}
