import type { CellReader } from "./cell-reader.ts";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;
/** Whole numbers of more digits than a double holds are names of something (an account, a post): as a number they would be rounded. */
const LONG_NUMBER = /^[+-]?\d{16,}$/;

/**
 * True for digits that one such cell makes names: a number that begins with 0 (a ZIP, a FIPS) would lose a digit, one of more digits than a
 * double holds would be rounded. A column that holds one is text, however many of its cells are plain numbers.
 */
export function isCode(cell: string): boolean {
  return /^[+-]?0\d+$/.test(cell) || (LONG_NUMBER.test(cell) && !Number.isSafeInteger(Number(cell)));
}

/** A number that a double can hold; `1e999` is none. */
function finite(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

export const INTEGER: CellReader = {
  id: "integer",
  type: "integer",
  read: (cell) => (/^[+-]?\d{1,16}$/.test(cell) && !isCode(cell) ? Number(cell) : undefined),
};

export const PLAIN: CellReader = {
  id: "number",
  type: "real",
  read: (cell) => (NUMBER.test(cell) && !isCode(cell) ? finite(cell) : undefined),
};

interface Style {
  readonly id: string;
  /** Digits with thousands set apart, or without, and decimals. */
  readonly pattern: RegExp;
  readonly clean: (digits: string) => string;
}

const POINT: Style = {
  id: "decimal-point",
  pattern: /^([1-9]\d{0,2}(,\d{3})+|[1-9]\d{0,2}([ \u00a0\u202f'’]\d{3})+|\d+)(\.\d+)?([eE][+-]?\d{1,3})?$|^\.\d+$/,
  clean: (digits) => digits.replace(/[,\s'’]/g, ""),
};
const COMMA: Style = {
  id: "decimal-comma",
  pattern: /^([1-9]\d{0,2}(\.\d{3})+|[1-9]\d{0,2}([ \u00a0\u202f'’]\d{3})+|\d+)(,\d+)?([eE][+-]?\d{1,3})?$/,
  clean: (digits) => digits.replace(/[.\s'’]/g, "").replace(",", "."),
};

/** What stands beside the digits; each is a reader of its own, so that a column of several currencies stays text. */
const MARKS = ["", "%", "$", "US$", "€", "£", "¥", "₹", "₽", "₩", "₺", "kr", "zł"].concat(
  "USD EUR GBP CHF JPY CNY INR CAD AUD SEK NOK DKK PLN".split(" "),
);

/** An amount with its mark before or behind, its sign before either, or in parentheses as accountants write what is negative. */
function amountReader(style: Style, mark: string): CellReader {
  return {
    id: mark === "" ? style.id : `${mark} ${style.id}`,
    type: "real",
    read(cell) {
      const inside = /^\((.+)\)$/.exec(cell)?.[1];
      let body = inside ?? cell;
      let isNegative = inside !== undefined;
      const sign = () => {
        const found = /^[+\-\u2212]/.exec(body)?.[0];
        if (found === undefined) return;
        isNegative ||= found !== "+";
        body = body.slice(1);
      };
      sign();
      if (mark !== "") {
        if (body.startsWith(mark)) body = body.slice(mark.length).trimStart();
        else if (body.endsWith(mark)) body = body.slice(0, -mark.length).trimEnd();
        else return undefined;
        sign();
      }
      if (!style.pattern.test(body) || /^0\d/.test(body)) return undefined;
      const value = finite(style.clean(body));
      return value === undefined ? undefined : isNegative ? -value : value;
    },
  };
}

/** Amounts as they are written where the point parts the decimals. */
export const POINT_AMOUNTS: readonly CellReader[] = MARKS.map((mark) => amountReader(POINT, mark));
/** Amounts as they are written where the comma does. */
export const COMMA_AMOUNTS: readonly CellReader[] = MARKS.map((mark) => amountReader(COMMA, mark));
