import type { Period, Statistic } from "../tools/data/measurement.ts";

/** Words by which people say what they want. Each is matched as a whole word, in the forms listed. */

export type Intent = "describe" | "compare" | "trend" | "rank" | "correlate" | "distribution" | "aggregate";

/** Phrases whose words are no names, whatever the columns are called. */
export const PHRASES =
  /\bover time\b|\bat the same time\b|\ball the time\b|\bin (?:total|general|particular|order|detail)\b|\bby far\b|\bas well(?: as)?\b|\bfor each\b|\bon average\b|\bin terms of\b|\bin the data(?:set)?\b|\b(?:of|in) (?:the|this|our) (?:data(?:set)?|table|file)\b|\bbroken down\b|\bsplit (?:by|up)\b|\bhow (?:many|much|often)\b|\bnumber of\b|\bkinds? of\b|\btypes? of(?= the)\b|\bmake sure\b|\bas a (?:chart|graph|table|plot)\b|\bbar chart\b|\bline chart\b|\bgo(?:es)? (?:together|hand in hand)\b/gi;

/** What a group or a period follows: "by region", "for each class". */
export const GROUP_MARKER =
  /\b(by|per|for each|for every|across|among|amongst|between|within each|within every|within|in each|in every|each|every|of each|depending on|according to|grouped by|split by|broken down by)\b/gi;

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
    /\b(top|bottom|rank\w*|leading|(the )?(first|last) (\d+|ten|five|three)|(?<!at )(most|least)|fewest|highest|lowest|largest|smallest|biggest|greatest|best|worst|longest|shortest|heaviest|lightest|hottest|coldest|warmest|wettest|driest|windiest|deepest|strongest|weakest|oldest|youngest|fastest|slowest|busiest|cheapest|costliest|richest|poorest|dearest)\b/i,
  ],
  [
    "distribution",
    /\b(distribut\w*|spread|histogram|range|how (are|is) .* (spread|distributed)|variab\w*|frequenc(y|ies)|break ?down|make ?up|composition|split of|quartiles?|percentiles?)\b/i,
  ],
  [
    "compare",
    /\b(compar\w*|differ(?:s|ed|ence|ences)?|versus|vs\.?|between|than|across|among|by|per|for each|within each|in each|each|every|which|group\w*)\b/i,
  ],
  [
    "aggregate",
    /\b(how (many|much)|number of|count|total|sum|average|mean|median|maximum|minimum|share|percent\w*|proportion|what is|what was|what are|rate)\b/i,
  ],
];

export const STATISTIC_PATTERNS: readonly (readonly [Statistic, RegExp])[] = [
  ["share", /\b(shares?|percent(age)?s?|proportions?|fractions?|what part)\b/i],
  ["distinct", /\b(distinct|different|unique) /i],
  ["median", /\b(medians?|typical)\b/i],
  ["mean", /\b(averages?|averaged|mean|on average|avg)\b/i],
  ["count", /\b(how (many|often)|numbers? of|counts?|counted|frequen\w*|(most|least) (common|often)|commonest|rarest|occurrences?)\b/i],
  ["sum", /\b(totals?|sum|summed|altogether|combined|how much)\b/i],
  ["max", /\b(maximum|max|peak)\b/i],
  ["min", /\b(minimum|min)\b/i],
];

/** Measures that add up: without another word, groups of them are summed; all others are averaged. */
export const ADDITIVE =
  /\b(revenue|sales?|turnover|amount|cost|costs|spend\w*|expenses?|profit|quantity|units|volume|orders|precipitation|rainfall|rain|snowfall|visits|views|clicks|downloads|sold|budget|payments?|income|donations?|goals|points|deaths|cases|passengers|injur\w*|employ\w*|population|production|output|consumption|emissions)\b/i;

/** Amounts that stand and do not flow: over time they are not added up. */
export const STOCK = /\b(employ\w*|population|inventory|stock|balance|members?|staff|headcount|jobs|subscribers|capacity)\b/i;

export const PERIOD_PATTERNS: readonly (readonly [Period, RegExp])[] = [
  [
    "month_of_year",
    /\b(which months|months? of the year|seasonal\w*|season|by calendar month|each calendar month|what time of (the )?year|monthly pattern)\b/i,
  ],
  ["day_of_week", /\b(day of (the )?week|days of the week|weekdays?|which days? of)\b/i],
  ["hour_of_day", /\b(hours? of (the )?day|time of (the )?day|which hours?)\b/i],
  ["quarter", /\b(quarter(s|ly)?)\b/i],
  ["month", /\b(month(s|ly)?|(?:during|throughout|in the course of|within|through) (?:the|that|this|a) year)\b/i],
  ["week", /\b(week(s|ly)?)\b/i],
  ["day", /\b(daily|per day|by day|each day|every day|day by day)\b|\b(which|top|first|last|\w+est|\d+|ten|five|three)\b.*\bdays?\b/i],
  ["hour", /\b(hourly|per hour|by hour)\b/i],
  ["year", /\b(year(s|ly)?|annual(ly)?)\b/i],
];

/** Superlatives and comparatives whose ends turn the order round. */
export const LOW_END =
  /\b(bottom|lowest|least|smallest|fewest|shortest|lightest|coldest|driest|weakest|youngest|slowest|cheapest|poorest|minimum|last)\b/i;

/** Numbers of which less is faster. */
export const DURATION = /\b(latency|duration|response|runtime|elapsed|time|delay)\b/i;

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
  fast: ["speed", "latency", "duration", "response", "runtime", "elapsed"],
  slow: ["speed", "latency", "duration", "response", "runtime", "elapsed"],
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
  lasted: ["duration", "length"],
  lasts: ["duration", "length"],
  lasting: ["duration", "length"],
  weigh: ["weight", "mass"],
  sell: ["revenue", "sales", "quantity", "units", "units_sold", "turnover", "amount"],
  sold: ["revenue", "sales", "quantity", "units", "units_sold", "turnover", "amount"],
  selling: ["revenue", "sales", "quantity", "units", "units_sold", "turnover", "amount"],
  seller: ["revenue", "sales", "quantity", "units", "units_sold", "turnover", "amount"],
  large: ["size", "area"],
  big: ["size", "area"],
  small: ["size", "area"],
  wide: ["width"],
  narrow: ["width"],
  humid: ["humidity"],
};

/** Words that mean the same in the names of columns and in briefs. */
export const SYNONYMS: readonly (readonly string[])[] = [
  ["mass", "weight"],
  ["sex", "gender"],
  ["sales", "revenue", "turnover", "amount", "spend", "spent", "spending"],
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
  ["year", "yr"],
  ["bill", "beak", "culmen"],
  ["depth", "elevation", "altitude"],
  ["class", "pclass"],
  ["hire", "hiring", "hired"],
  ["survived", "survive", "survival"],
  ["neighbourhood", "neighborhood", "district"],
  ["colour", "color"],
  ["mark", "grade", "score"],
  ["pupil", "student"],
  ["subject", "course"],
  ["latency", "response"],
  ["readmitted", "readmission"],
  ["admitted", "admission", "admit"],
  ["discharged", "discharge"],
  ["cached", "cache"],
  ["embarked", "port", "embarkation"],
  ["maker", "manufacturer", "make"],
  ["unemployment", "jobless", "unemployed"],
  ["employment", "jobs"],
  ["sensor", "probe", "device"],
  ["carrier", "airline"],
  ["destination", "dest"],
];

/** Words that people use for values. */
export const VALUE_SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  men: ["male", "m"],
  man: ["male", "m"],
  males: ["male", "m"],
  male: ["male", "m"],
  boys: ["male", "m"],
  women: ["female", "f", "w"],
  woman: ["female", "f", "w"],
  females: ["female", "f"],
  female: ["female", "f"],
  girls: ["female", "f"],
};

/** Short forms in names of columns, and what they stand for. */
export const ABBREVIATIONS: Readonly<Record<string, readonly string[]>> = {
  acc: ["acceleration", "accuracy"],
  addr: ["address"],
  amt: ["amount"],
  cat: ["category"],
  cnt: ["count"],
  cust: ["customer"],
  cyl: ["cylinder"],
  desc: ["description"],
  disp: ["displacement"],
  displ: ["displacement"],
  dist: ["distance"],
  dur: ["duration"],
  elev: ["elevation"],
  emp: ["employee"],
  exp: ["expectancy", "experience", "expense"],
  hp: ["horsepower"],
  hr: ["hour"],
  ht: ["height"],
  inv: ["invoice", "inventory"],
  lat: ["latitude"],
  len: ["length"],
  lng: ["longitude"],
  lon: ["longitude"],
  long: ["longitude"],
  mfr: ["manufacturer"],
  mo: ["month"],
  pct: ["percentage", "percent"],
  pop: ["population"],
  prec: ["precipitation"],
  precip: ["precipitation"],
  prod: ["product", "production"],
  qty: ["quantity"],
  rev: ["revenue"],
  sal: ["salary"],
  sqft: ["area", "size"],
  sqm: ["area", "size"],
  temp: ["temperature"],
  vol: ["volume"],
  wk: ["week"],
  wt: ["weight"],
};

/** Words at the end of a column's name that nobody says. */
export const GENERIC_HEADS = new Set(["name", "id", "code", "number", "no", "nr", "key", "label", "title", "value", "$"]);

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
  "knots",
  "sqm",
  "sqft",
  "v",
  "w",
  "kw",
  "years",
  "yrs",
  "miles",
  "bytes",
  "kb",
  "mb",
]);

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
