import type { ColumnProfile } from "../tools/data/profile.ts";

/** Units of one quantity, by what one of them is in the smallest. */
const SCALES: readonly Readonly<Record<string, number>>[] = [
  { mg: 1, g: 1e3, kg: 1e6, t: 1e9 },
  { mm: 1, cm: 10, m: 1e3, km: 1e6 },
  { ms: 1, s: 1e3, min: 6e4, h: 3.6e6, d: 8.64e7 },
];
const SPELLINGS: Readonly<Record<string, string>> = {
  gram: "g",
  grams: "g",
  grammes: "g",
  kilo: "kg",
  kilos: "kg",
  kilogram: "kg",
  kilograms: "kg",
  tonne: "t",
  tonnes: "t",
  tons: "t",
  millimetre: "mm",
  millimetres: "mm",
  millimeters: "mm",
  centimetres: "cm",
  centimeters: "cm",
  metre: "m",
  metres: "m",
  meter: "m",
  meters: "m",
  kilometres: "km",
  kilometers: "km",
  kilometre: "km",
  kms: "km",
  milliseconds: "ms",
  millisecond: "ms",
  msec: "ms",
  second: "s",
  seconds: "s",
  sec: "s",
  secs: "s",
  minute: "min",
  minutes: "min",
  mins: "min",
  hour: "h",
  hours: "h",
  hrs: "h",
  hr: "h",
  day: "d",
  days: "d",
  mile: "mi",
  miles: "mi",
  knot: "kn",
  knots: "kn",
  percent: "%",
  pct: "%",
  dollars: "usd",
  dollar: "usd",
  euros: "eur",
  euro: "eur",
  pounds: "gbp",
  celsius: "c",
  degrees: "c",
  fahrenheit: "f",
  volts: "v",
  volt: "v",
  bytes: "b",
  byte: "b",
  years: "y",
  year: "y",
  yrs: "y",
  sqm: "sqm",
  sqft: "sqft",
};
const KNOWN = new Set([
  ...SCALES.flatMap(Object.keys),
  ...Object.values(SPELLINGS),
  "usd",
  "eur",
  "gbp",
  "mph",
  "kph",
  "kmh",
  "ppm",
  "kwh",
  "mwh",
  "%",
]);

/** What is measured in a unit, as columns are called that do not say it. */
const QUANTITIES: readonly (readonly [units: RegExp, names: RegExp])[] = [
  [/^(mi|km|m|cm|mm)$/, /\b(distance|length|height|width|range)\b/],
  [/^(t|kg|g|mg)$/, /\b(weight|mass)\b/],
  [/^(ms|s|min|h|d)$/, /\b(duration|latency|delay|length of stay|elapsed|runtime)\b/],
  [/^(usd|eur|gbp)$/, /\b(price|cost|revenue|salary|amount|fare|income)\b/],
  [/^(y)$/, /\bage\b/],
  [/^(kn|mph|kph|kmh)$/, /\bspeed\b/],
  [/^(c|f)$/, /\b(temperature|temp)\b/],
];

/** How columns are called that hold what is measured in a unit; undefined for units of many things. */
export function quantityOf(unit: string): RegExp | undefined {
  return QUANTITIES.find(([units]) => units.test(unit))?.[1];
}

/** The unit that a word names, in its short form; undefined when it names none. */
export function unitOf(word: string): string | undefined {
  const unit = SPELLINGS[word] ?? word;
  return KNOWN.has(unit) ? unit : undefined;
}

/**
 * A number said in a unit, in the unit that the column's name tells. A column that tells none is taken to be in the unit said.
 * @returns undefined when the column's unit is another that cannot be computed from the one said
 */
export function inUnitOf(column: ColumnProfile, value: number, said: string | undefined): number | undefined {
  const own = unitOf(
    column.name
      .toLowerCase()
      .split(/[^\p{L}\p{N}$%]+/u)
      .filter((part) => part !== "")
      .at(-1) ?? "",
  );
  if (said === undefined || own === undefined || own === said) return value;
  const scale = SCALES.find((units) => units[own] !== undefined && units[said] !== undefined);
  if (scale === undefined) return undefined;
  return Number(((value * (scale[said] ?? 1)) / (scale[own] ?? 1)).toPrecision(12));
}
