import type { Cell, ColumnType } from "./profile.ts";

/** Texts that stand for no value, whatever the column. */
const MISSING = new Set(["", "na", "n/a", "#n/a", "null", "nan", "-", "--", "?", ".", "missing", "undefined"]);
/** A column has a type when at least this share of its values has it; the rest are reported as bad cells. */
const NEEDED_SHARE = 0.99;
/** More misfits than this are no mistakes: the column is text. */
const MAX_MISFITS = 1_000;

export function isMissing(cell: string): boolean {
  return MISSING.has(cell.trim().toLowerCase());
}

/** A way to read the cells of a column. */
export interface CellReader {
  readonly id: string;
  readonly type: ColumnType;
  /** The stored value, or undefined when the cell cannot be read this way. */
  read(cell: string): Cell | undefined;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;
/** A number that begins with 0 is a code (a ZIP, a FIPS): as a number it would lose a digit. */
const CODE = /^[+-]?0\d/;
/** Whole numbers of more digits than a double holds are names of something (an account, a post): as a number they would be rounded. */
const LONG_NUMBER = /^[+-]?\d{16,}$/;

/** True for digits that one such cell makes names: a column that holds one is text, however many of its cells are plain numbers. */
export function isCode(cell: string): boolean {
  return /^[+-]?0\d+$/.test(cell) || (LONG_NUMBER.test(cell) && !Number.isSafeInteger(Number(cell)));
}

/** A number that a double can hold; `1e999` is none. */
function finite(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

const numberReader = (id: string, pattern: RegExp, clean: (cell: string) => string): CellReader => ({
  id,
  type: "real",
  read: (cell) => (pattern.test(cell) && !CODE.test(cell.replace(/^[+-]?[$€£¥] ?/, "")) ? finite(clean(cell)) : undefined),
});

const integer: CellReader = {
  id: "integer",
  type: "integer",
  read: (cell) => (/^[+-]?\d{1,16}$/.test(cell) && !isCode(cell) ? Number(cell) : undefined),
};

const plain: CellReader = {
  id: "number",
  type: "real",
  read: (cell) => (NUMBER.test(cell) && !isCode(cell) ? finite(cell) : undefined),
};

const NUMBERS: readonly CellReader[] = [
  integer,
  plain,
  numberReader("thousands", /^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/, (cell) => cell.replaceAll(",", "")),
  numberReader("currency", /^[+-]?[$€£¥] ?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/, (cell) => cell.replace(/[$€£¥, ]/g, "")),
  numberReader("percent", /^[+-]?(\d+\.?\d*|\.\d+) ?%$/, (cell) => cell.replace(/[ %]/g, "")),
];

/** Where `;` separates cells a comma can be the decimal point; only data that is separated so is read this way. */
const DECIMAL_COMMA = numberReader("decimal-comma", /^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$/, (cell) =>
  cell.replaceAll(".", "").replace(",", "."),
);

const TRUTH: CellReader = {
  id: "boolean",
  type: "boolean",
  read: (cell) => (/^(true|yes|y|t)$/i.test(cell) ? 1 : /^(false|no|n|f)$/i.test(cell) ? 0 : undefined),
};

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const TIME = "(?:[T ]+(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:\\.\\d+)?)?\\s*(am|pm)?\\s*(Z|[+-]\\d{2}:?\\d{2})?)?";

type DateParts = readonly [year: string | undefined, month: string | undefined, day: string | undefined];

function dateReader(id: string, pattern: string, order: (groups: readonly string[]) => DateParts): CellReader {
  const expression = new RegExp(`^${pattern}${TIME}$`, "i");
  return {
    id,
    type: "date",
    read(cell) {
      const match = expression.exec(cell);
      if (match === null) return undefined;
      const [year, month, day] = order([...match]);
      return isoDate(year, month, day, match.slice(-5));
    },
  };
}

const DATES: readonly CellReader[] = [
  dateReader("year-month-day", "(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})", ([, y, m, d]) => [y, m, d]),
  dateReader("month/day/year", "(\\d{1,2})[/-](\\d{1,2})[/-](\\d{4}|\\d{2})", ([, m, d, y]) => [y, m, d]),
  dateReader("day/month/year", "(\\d{1,2})[/-](\\d{1,2})[/-](\\d{4}|\\d{2})", ([, d, m, y]) => [y, m, d]),
  dateReader("day.month.year", "(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4}|\\d{2})", ([, d, m, y]) => [y, m, d]),
  dateReader("month day year", "([a-z]{3,9})\\.? (\\d{1,2}),? (\\d{4})", ([, m, d, y]) => [y, m, d]),
  dateReader("day month year", "(\\d{1,2})[ -]([a-z]{3,9})\\.?[ -](\\d{4}|\\d{2})", ([, d, m, y]) => [y, m, d]),
  dateReader("year-month", "(\\d{4})-(\\d{2})", ([, y, m]) => [y, m, "1"]),
  dateReader("month year", "([a-z]{3,9})\\.? (\\d{4})", ([, m, y]) => [y, m, "1"]),
];

function isoDate(yearText = "", monthText = "", dayText = "", time: readonly (string | undefined)[]): string | undefined {
  const named = MONTHS.indexOf(monthText.slice(0, 3).toLowerCase());
  const month = named >= 0 ? named + 1 : Number(monthText);
  const day = Number(dayText);
  const short = Number(yearText);
  const year = yearText.length === 2 ? short + (short < 70 ? 2000 : 1900) : short;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (Number.isNaN(date.getTime()) || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const iso = date.toISOString().slice(0, 10);
  const [hourText, minute, second, half, zone] = time;
  if (hourText === undefined) return iso;
  const hour = (Number(hourText) % (half === undefined ? 24 : 12)) + (half?.toLowerCase() === "pm" ? 12 : 0);
  const local = `${iso}T${String(hour).padStart(2, "0")}:${minute ?? "00"}:${second ?? "00"}`;
  if (zone === undefined) return local;
  const instant = new Date(local + (/^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase()));
  return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString().slice(0, 19);
}

/** Milliseconds or seconds since 1970, in a column whose name says that it holds a time. */
const EPOCH: CellReader = {
  id: "epoch",
  type: "datetime",
  read(cell) {
    if (!/^\d{9,13}(\.\d+)?$/.test(cell)) return undefined;
    const value = Number(cell);
    return new Date(value > 100_000_000_000 ? value : value * 1_000).toISOString().slice(0, 19);
  },
};

const TEXT: CellReader = { id: "text", type: "text", read: (cell) => cell };

/** Sees every cell of a column once and then knows how to read it. */
export class TypeTally {
  readonly #candidates: { reader: CellReader; misfits: number }[];
  #values = 0;
  #hasTime = false;

  constructor(name: string, allowsDecimalComma: boolean) {
    const epoch = /time|date|updated|created|timestamp|epoch/i.test(name) ? [EPOCH] : [];
    const readers = [...epoch, ...NUMBERS, ...(allowsDecimalComma ? [DECIMAL_COMMA] : []), TRUTH, ...DATES];
    this.#candidates = readers.map((reader) => ({ reader, misfits: 0 }));
  }

  see(cell: string): void {
    this.#values += 1;
    if (isCode(cell)) this.#forgetNumbers();
    this.#hasTime ||= cell.includes(":");
    for (let i = this.#candidates.length - 1; i >= 0; i -= 1) {
      const candidate = this.#candidates[i];
      if (candidate === undefined || candidate.reader.read(cell) !== undefined) continue;
      candidate.misfits += 1;
      if (candidate.misfits > MAX_MISFITS || (this.#values < 20 && candidate.misfits > 1) || isHopeless(candidate.misfits, this.#values))
        this.#candidates.splice(i, 1);
    }
  }

  #forgetNumbers(): void {
    for (let i = this.#candidates.length - 1; i >= 0; i -= 1)
      if (this.#candidates[i]?.reader.type !== "date" && this.#candidates[i]?.reader.type !== "boolean") this.#candidates.splice(i, 1);
  }

  /** The reader to use, and the type that its values have. A column without values is text. */
  decide(): { reader: CellReader; type: ColumnType } {
    const enough = this.#candidates.filter(({ misfits }) => this.#values > 0 && misfits <= this.#values * (1 - NEEDED_SHARE));
    const fewest = Math.min(...enough.map(({ misfits }) => misfits));
    const best = enough.find(({ misfits }) => misfits === fewest)?.reader ?? TEXT;
    return { reader: best, type: best.type === "date" && this.#hasTime ? "datetime" : best.type };
  }
}

/** A candidate that failed every other time early on will not recover, and costs time on every cell. */
function isHopeless(misfits: number, values: number): boolean {
  return values >= 20 && misfits > 10 && misfits > values * 0.2;
}
