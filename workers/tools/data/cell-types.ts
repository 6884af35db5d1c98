import type { CellReader } from "./cell-reader.ts";
import { CLEAR_DATES, COMPACT_DATE, DAY_FIRST, EPOCH, MONTH_FIRST } from "./date-readers.ts";
import { COMMA_AMOUNTS, INTEGER, isCode, PLAIN, POINT_AMOUNTS } from "./number-readers.ts";
import type { ColumnType } from "./profile.ts";

/** Texts that stand for no value, whatever the column. */
const MISSING = new Set(
  ["", "na", "n/a", "n.a.", "n.a", "#n/a", "null", "nan", "-", "--", "–", "—", "?", ".", "missing", "undefined", "\\n"].concat([
    "#null!",
    "#div/0!",
    "#value!",
    "#ref!",
    "#name?",
    "#num!",
  ]),
);
const LONGEST_MISSING = Math.max(...[...MISSING].map((text) => text.length));
/** A column has a type when at least this share of its values has it; the rest are reported as bad cells. */
const NEEDED_SHARE = 0.99;
/** More misfits than this are no mistakes: the column is text. */
const MAX_MISFITS = 1_000;

/** True for a cell that holds no value. It is asked of every cell, so what begins with a digit is not looked up. */
export function isMissing(cell: string): boolean {
  const first = cell.charCodeAt(0);
  if (first >= 48 && first <= 57) return false;
  const text = cell.trim();
  return text === "" || (text.length <= LONGEST_MISSING && MISSING.has(text.toLowerCase()));
}

const TRUTH: CellReader = {
  id: "boolean",
  type: "boolean",
  read: (cell) => (/^(true|yes|y|t)$/i.test(cell) ? 1 : /^(false|no|n|f)$/i.test(cell) ? 0 : undefined),
};

const TEXT: CellReader = { id: "text", type: "text", read: (cell) => cell };

/** What a column turned out to hold. */
export interface Decision {
  readonly reader: CellReader;
  readonly type: ColumnType;
  /** Where the cells could be read in two ways: which was taken. A part of a sentence that begins with the column's name. */
  readonly note: string | undefined;
}

/** Sees every cell of a column once and then knows how to read it. */
export class TypeTally {
  readonly #candidates: { reader: CellReader; misfits: number }[];
  #values = 0;
  #hasTime = false;

  /**
   * @param name the column's, which tells times kept as numbers
   * @param source whether it is from where decimals have a comma and days come first, for cells that do not tell
   */
  constructor(name: string, source: { readonly usesDecimalComma: boolean }) {
    const times = /time|date|updated|created|timestamp|epoch/i.test(name) ? [EPOCH] : [];
    const days = /date|day|datum|_dt$|^dt_/i.test(name) ? [COMPACT_DATE] : [];
    const amounts = source.usesDecimalComma ? [...COMMA_AMOUNTS, ...POINT_AMOUNTS] : [...POINT_AMOUNTS, ...COMMA_AMOUNTS];
    const slashed = source.usesDecimalComma ? [DAY_FIRST, MONTH_FIRST] : [MONTH_FIRST, DAY_FIRST];
    const readers = [...times, ...days, INTEGER, PLAIN, ...amounts, TRUTH, ...CLEAR_DATES, ...slashed];
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

  /** True when the cells can only be read with a comma before the decimals. */
  hasDecimalComma(): boolean {
    const best = this.#best();
    return (
      best.some((reader) => COMMA_AMOUNTS.includes(reader)) && !best.some((reader) => reader === PLAIN || POINT_AMOUNTS.includes(reader))
    );
  }

  /** The reader to use, and the type that its values have. A column without values is text. */
  decide({ decimalComma }: { readonly decimalComma: boolean }): Decision {
    const best = this.#best();
    const comma = decimalComma && !best.includes(INTEGER) ? best.find((candidate) => COMMA_AMOUNTS.includes(candidate)) : undefined;
    const reader = comma ?? best[0] ?? TEXT;
    const other = reader === MONTH_FIRST ? DAY_FIRST : MONTH_FIRST;
    const isEither = (reader === MONTH_FIRST || reader === DAY_FIRST) && best.includes(other);
    return {
      reader,
      type: reader.type === "date" && this.#hasTime ? "datetime" : reader.type,
      note: isEither ? `was read as ${reader.id}; every value of it could be ${other.id} as well` : undefined,
    };
  }

  /** The readers that fit, of those that fit best, in order of preference. */
  #best(): CellReader[] {
    const enough = this.#candidates.filter(({ misfits }) => this.#values > 0 && misfits <= this.#values * (1 - NEEDED_SHARE));
    const fewest = Math.min(...enough.map(({ misfits }) => misfits));
    return enough.filter(({ misfits }) => misfits === fewest).map(({ reader }) => reader);
  }

  #forgetNumbers(): void {
    for (let i = this.#candidates.length - 1; i >= 0; i -= 1) {
      const { type } = this.#candidates[i]?.reader ?? TEXT;
      if (type === "integer" || type === "real" || type === "datetime") this.#candidates.splice(i, 1);
    }
  }
}

/** A candidate that failed every other time early on will not recover, and costs time on every cell. */
function isHopeless(misfits: number, values: number): boolean {
  return values >= 20 && misfits > 10 && misfits > values * 0.2;
}
