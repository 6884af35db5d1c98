import type { Period, Statistic } from "../tools/data/measurement.ts";

/** Words by which people say what they want. Each is matched as a whole word, in the forms listed. */

export type Intent = "describe" | "compare" | "trend" | "rank" | "correlate" | "distribution" | "aggregate";

/** The kinds of goal, most telling first: the first whose pattern is found decides. */
export const INTENT_PATTERNS: readonly (readonly [Intent, RegExp])[] = [
  [
    "describe",
    /\b(describe|overview|summari[sz]e|profile|explore|complete(ness)?|data quality|missing values?|what (is|does) (in )?the data|general picture|quality of the data)\b/i,
  ],
  [
    "correlate",
    /\b(correlat\w*|relat(e|es|ed|ion|ionship)\w*|associat\w*|go(es)? (together|hand in hand)|depend(s|ence)?( on)?|link(ed)? (between|to|with)|influence[sd]?|affects?|connection between|predict\w*)\b/i,
  ],
  [
    "trend",
    /\b(trend\w*|over time|over the (years|months|weeks|days)|develop(s|ed|ment)?|evol\w*|chang(e|es|ed|ing) (over|since|by|per|from|through|with time)|time ?line|time series|per (year|month|week|day|quarter|hour)|by (year|month|week|day|quarter|hour)|(each|every) (year|month|week|day|quarter)|(year|month|quarter)ly|weekly|daily|year (by|on|over) year|month (by|on|over) month|gr(ow|ew|own|owth)|ris(e|es|en|ing)|rose|f[ae]ll(s|en|ing)?|declin\w*|increas\w*|decreas\w*|since \d{4})\b/i,
  ],
  [
    "rank",
    /\b(top|bottom|rank\w*|leading|(the )?(first|last) (\d+|ten|five|three)|(most|least) \w+|highest|lowest|largest|smallest|biggest|greatest|best|worst|longest|shortest|heaviest|lightest|hottest|coldest|warmest|wettest|driest|windiest|deepest|strongest|weakest|oldest|youngest|fastest|slowest|busiest|cheapest|costliest|richest|poorest|dearest)\b/i,
  ],
  [
    "distribution",
    /\b(distribut\w*|spread|histogram|range|how (are|is) .* (spread|distributed)|variab\w*|frequenc(y|ies)|break ?down|make ?up|composition|split of|quartiles?|percentiles?)\b/i,
  ],
  [
    "compare",
    /\b(compar\w*|differ\w*|versus|vs\.?|between|than|across|among|by|per|for each|within each|in each|each|every|which|group\w*)\b/i,
  ],
  [
    "aggregate",
    /\b(how (many|much)|number of|count|total|sum|average|mean|median|maximum|minimum|share|percent\w*|proportion|what is|what was|what are|rate)\b/i,
  ],
];

export const STATISTIC_PATTERNS: readonly (readonly [Statistic, RegExp])[] = [
  ["share", /\b(share|percent(age)?|proportion|fraction|what part)\b/i],
  ["distinct", /\b(distinct|different|unique) /i],
  ["median", /\b(median|typical)\b/i],
  ["mean", /\b(average|averaged|mean|on average|avg)\b/i],
  ["count", /\b(how (many|often)|number of|count\w*|frequen\w*|most common|least common|occurrences?)\b/i],
  ["sum", /\b(total|sum|overall|altogether|combined|how much)\b/i],
  ["max", /\b(maximum|max|peak)\b/i],
  ["min", /\b(minimum|min)\b/i],
];

/** Measures that add up: without another word, groups of them are summed; all others are averaged. */
export const ADDITIVE =
  /\b(revenue|sales?|turnover|amount|cost|costs|spend\w*|expenses?|profit|quantity|units|volume|orders|precipitation|rainfall|rain|snowfall|visits|views|clicks|downloads|sold|budget|payments?|income|donations?|goals|points|deaths|cases|passengers|injur\w*|employ\w*|population|production|output|consumption|emissions)\b/i;

export const PERIOD_PATTERNS: readonly (readonly [Period, RegExp])[] = [
  [
    "month_of_year",
    /\b(which months|months? of the year|seasonal\w*|season|by calendar month|each calendar month|what time of (the )?year|monthly pattern)\b/i,
  ],
  ["day_of_week", /\b(day of (the )?week|days of the week|weekdays?|which days? of)\b/i],
  ["hour_of_day", /\b(hours? of (the )?day|time of (the )?day|which hours?)\b/i],
  ["quarter", /\b(quarter(s|ly)?)\b/i],
  ["month", /\b(month(s|ly)?)\b/i],
  ["week", /\b(week(s|ly)?)\b/i],
  ["day", /\b(daily|per day|by day|each day|every day|day by day)\b|\b(which|top|first|last|\w+est|\d+|ten|five|three)\b.*\bdays?\b/i],
  ["hour", /\b(hourly|per hour|by hour)\b/i],
  ["year", /\b(year(s|ly)?|annual(ly)?)\b/i],
];

/** Superlatives and comparatives whose ends turn the order round. */
export const LOW_END =
  /\b(bottom|lowest|least|smallest|fewest|shortest|lightest|coldest|driest|weakest|youngest|slowest|cheapest|poorest|minimum|last)\b/i;

/** Adjectives that name a measure by its stem: "the windiest days" is about wind. */
export const ADJECTIVE_NOUNS: Readonly<Record<string, readonly string[]>> = {
  heav: ["weight", "mass"],
  light: ["weight", "mass"],
  long: ["length", "duration", "distance"],
  short: ["length", "duration", "distance", "height"],
  tall: ["height"],
  wett: ["precipitation", "rain", "rainfall"],
  dri: ["precipitation", "rain", "rainfall"],
  rain: ["precipitation", "rainfall"],
  hott: ["temperature", "temp", "temp_max"],
  hot: ["temperature", "temp", "temp_max"],
  warm: ["temperature", "temp", "temp_max"],
  cold: ["temperature", "temp", "temp_min"],
  windi: ["wind"],
  deep: ["depth"],
  fast: ["speed"],
  slow: ["speed"],
  old: ["age"],
  young: ["age"],
  cheap: ["price", "cost"],
  expensiv: ["price", "cost"],
  costl: ["cost", "price"],
  rich: ["income", "wealth"],
  strong: ["magnitude", "mag", "strength"],
  late: ["delay"],
  delay: ["delay"],
  far: ["distance"],
  weigh: ["weight", "mass"],
};

/** Words that mean the same in the names of columns and in briefs. */
export const SYNONYMS: readonly (readonly string[])[] = [
  ["mass", "weight"],
  ["sex", "gender"],
  ["sales", "revenue", "turnover"],
  ["price", "cost"],
  ["magnitude", "mag"],
  ["temperature", "temp"],
  ["maximum", "max"],
  ["minimum", "min"],
  ["average", "avg"],
  ["rain", "rainfall", "precipitation"],
  ["quantity", "qty", "units"],
  ["country", "nation"],
  ["department", "dept"],
  ["salary", "pay", "paid", "wage", "income", "earn"],
  ["length", "duration"],
  ["carbon dioxide", "co2"],
  ["kind", "type", "category"],
  ["employee", "staff", "worker"],
  ["customer", "client"],
  ["number", "no", "num", "count"],
  ["amount", "amt"],
  ["year", "yr"],
  ["bill", "beak", "culmen"],
  ["depth", "elevation", "altitude"],
  ["class", "pclass"],
  ["hire", "hiring", "hired"],
  ["survived", "survive", "survival"],
];

/** Words that people use for values. */
export const VALUE_SYNONYMS: Readonly<Record<string, string>> = {
  men: "male",
  man: "male",
  boys: "male",
  women: "female",
  woman: "female",
  girls: "female",
};

/** Units at the end of a column's name, which nobody says. */
export const UNITS = new Set([
  "g",
  "kg",
  "mg",
  "mm",
  "cm",
  "m",
  "km",
  "mi",
  "ft",
  "in",
  "lb",
  "lbs",
  "usd",
  "eur",
  "gbp",
  "pct",
  "percent",
  "c",
  "f",
  "k",
  "mph",
  "kmh",
  "kph",
  "ms",
  "s",
  "sec",
  "h",
  "hr",
  "hrs",
  "hours",
  "minutes",
  "days",
  "ppm",
  "mw",
  "kwh",
  "mwh",
  "gwh",
  "l",
  "ml",
  "id",
  "$",
]);

/** Words that are never the name of a column by themselves. */
export const FILLERS = new Set(
  "the a an of and or in on at to for from by with per each every all any our their its changed develop developed vary varied happen happened cause caused made often work working get got have take this that these those is are was were be been has have had do does did how what which who when where why there it they we i you me us please show tell give find list report explain analyse analyze look compare rank describe find out many much more less most least than then over under between within across among only also too not no yes data dataset table file rows row records record entries values value number total average mean median sum count share percentage percent proportion rate top bottom highest lowest best worst trend change time year years month months week weeks day days quarter quarters group groups kind kinds different difference differences relationship relation correlation chart plot graph figure figures using use used see whether if can could would should will might differ vary varies relate related go goes long large big small well their own new one two three four five six seven eight nine ten first last same other others them".split(
    " ",
  ),
);

/** Numbers people write as words. */
export const NUMBER_WORDS: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  fifty: 50,
  hundred: 100,
};
