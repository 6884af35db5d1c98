/**
 * Filters of SCIM 2.0 (RFC 7644 §3.4.2.2): comparisons of attributes, `and`, `or`, `not`, parentheses, and value paths
 * (`emails[type eq "work"]`). Parsed to a tree of bounded size; what a tree means is the resource's own business.
 */

export type FilterValue = string | number | boolean | null;
const OPERATORS = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"] as const;
type Operator = (typeof OPERATORS)[number];

export type Filter =
  | { readonly kind: "compare"; readonly attribute: string; readonly operator: Operator; readonly value: FilterValue }
  | { readonly kind: "present"; readonly attribute: string }
  | { readonly kind: "and" | "or"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "not"; readonly of: Filter };

/** Longer filters are no question a directory asks. */
const MAX_FILTER_CHARACTERS = 2_000;
const MAX_TOKENS = 200;
const MAX_DEPTH = 16;

/** What cannot be read, as a sentence. */
export class FilterFault extends Error {
  override readonly name = "FilterFault";
}

/** @throws FilterFault saying what was expected and where */
export function parseFilter(text: string): Filter {
  const reader = new Reader(tokensOf(text));
  const filter = disjunction(reader, 0, "");
  if (reader.peek() !== undefined) throw new FilterFault(`unexpected ${reader.peek()?.text} after the filter`);
  return filter;
}

interface Token {
  readonly text: string;
  readonly kind: "word" | "literal" | "mark";
  readonly value?: FilterValue;
}

/** Where a parser stands in its tokens. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  next(): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new FilterFault("the filter ends too early");
    this.#at += 1;
    return token;
  }

  /** Takes the next token if it is this word or mark. */
  take(text: string): boolean {
    const token = this.peek();
    if (token === undefined || token.kind === "literal" || token.text.toLowerCase() !== text) return false;
    this.#at += 1;
    return true;
  }
}

function disjunction(reader: Reader, depth: number, prefix: string): Filter {
  if (depth > MAX_DEPTH) throw new FilterFault(`the filter is nested deeper than ${MAX_DEPTH}`);
  let left = conjunction(reader, depth, prefix);
  while (reader.take("or")) left = { kind: "or", left, right: conjunction(reader, depth, prefix) };
  return left;
}

function conjunction(reader: Reader, depth: number, prefix: string): Filter {
  let left = term(reader, depth, prefix);
  while (reader.take("and")) left = { kind: "and", left, right: term(reader, depth, prefix) };
  return left;
}

function term(reader: Reader, depth: number, prefix: string): Filter {
  if (reader.take("not")) {
    if (!reader.take("(")) throw new FilterFault("`not` is followed by a parenthesis");
    return { kind: "not", of: closed(reader, depth, prefix, ")") };
  }
  if (reader.take("(")) return closed(reader, depth, prefix, ")");
  const attribute = reader.next();
  if (attribute.kind !== "word") throw new FilterFault(`${attribute.text} is not the name of an attribute`);
  const name = `${prefix}${attributeName(attribute.text)}`;
  if (reader.take("[")) return closed(reader, depth, `${name}.`, "]");
  return comparison(reader, name);
}

function comparison(reader: Reader, attribute: string): Filter {
  if (reader.take("pr")) return { kind: "present", attribute };
  const word = reader.next().text.toLowerCase();
  const operator = OPERATORS.find((candidate) => candidate === word);
  if (operator === undefined) throw new FilterFault(`${word} is not an operator; there are ${OPERATORS.join(", ")} and pr`);
  const literal = reader.next();
  if (literal.kind !== "literal" || literal.value === undefined)
    throw new FilterFault(`${literal.text} is not a value; texts stand in double quotes`);
  return { kind: "compare", attribute, operator, value: literal.value };
}

function closed(reader: Reader, depth: number, prefix: string, mark: string): Filter {
  const inner = disjunction(reader, depth + 1, prefix);
  if (!reader.take(mark)) throw new FilterFault(`a ${mark} is missing`);
  return inner;
}

/** Attributes are compared without regard to case; the schema's name before them may be left out (RFC 7644 §3.10). */
export function attributeName(text: string): string {
  return text.toLowerCase().replace(/^urn:ietf:params:scim:schemas:core:2\.0:(?:user|group):/, "");
}

function tokensOf(text: string): Token[] {
  if (text.length > MAX_FILTER_CHARACTERS) throw new FilterFault(`a filter has ${MAX_FILTER_CHARACTERS} characters at most`);
  const tokens: Token[] = [];
  const pattern = /\s*(?:([()[\]])|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?)(?![\w.])|([A-Za-z][\w:.$-]*))/y;
  while (pattern.lastIndex < text.trimEnd().length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) throw new FilterFault(`the filter cannot be read from character ${at + 1}`);
    if (tokens.length >= MAX_TOKENS) throw new FilterFault(`a filter has ${MAX_TOKENS} parts at most`);
    tokens.push(tokenOf(match));
  }
  if (tokens.length === 0) throw new FilterFault("the filter is empty");
  return tokens;
}

function tokenOf([, mark, quoted, number, word = ""]: RegExpExecArray): Token {
  if (mark !== undefined) return { text: mark, kind: "mark" };
  if (quoted !== undefined) return { text: quoted, kind: "literal", value: unquoted(quoted) };
  if (number !== undefined) return { text: number, kind: "literal", value: Number(number) };
  const literal = { true: true, false: false, null: null }[word.toLowerCase()];
  return literal === undefined ? { text: word, kind: "word" } : { text: word, kind: "literal", value: literal };
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    throw new FilterFault(`${text} is not a text of JSON`);
  }
}
