import { isWord, matchingParens, nameOf, type Token } from "./sql-tokens.ts";

/** What a statement's own text tells of the tables it derives: common table expressions, subqueries in FROM, aliases. */
export interface DerivedTables {
  /** The tables and derived tables that a name in the statement can stand for; empty when that is not known. */
  sources(name: string): string[];
  /** Rows that come out of a derived table at most: 1 for an aggregate without groups, the number of a LIMIT. */
  limit(name: string): number | undefined;
  /** True when a derived table is grouped by nothing but these columns, so that a search by all of them finds one row. */
  isGroupedBy(name: string, columns: readonly string[]): boolean;
  /** True when the statement gives this name to a column itself, so that the column of a table tells nothing of it. */
  isRenamed(column: string): boolean;
}

interface Body {
  readonly limit: number | undefined;
  /** The columns it is grouped by; undefined when it is not, or by something else than columns. */
  readonly groups: readonly string[] | undefined;
}

/** Words that stand before a table or column without giving it a name. */
const BEFORE_NAMES =
  "select distinct all from join where and or not by on using having when then else case between in like glob is limit offset over partition values window filter as asc desc with group order union except intersect inner left right full cross natural outer".split(
    " ",
  );
/** Words that are no name where they stand bare. */
const NO_NAMES = new Set([...BEFORE_NAMES, "end", "null"]);
const AGGREGATES = new Set(["count", "sum", "total", "avg", "min", "max", "group_concat", "string_agg", "median"]);
const MAX_ALIAS_STEPS = 8;

/** Reads a statement's tokens for the tables it derives. Where a name is given twice, the larger reading holds. */
export function derivedTables(tokens: readonly Token[], tables: ReadonlySet<string>): DerivedTables {
  const names = new GivenNames(tokens);
  // Names that read like words of a plan: what the plan says of them cannot be told apart.
  const isUnclear = tokens.some((token) => token.kind !== "symbol" && / (using|virtual|left-join|exists)\b/i.test(token.text));
  return {
    sources: (name) => (isUnclear ? [] : names.sources(name, tables)),
    limit: (name) => names.bodies.get(name)?.limit,
    isGroupedBy: (name, columns) => {
      const groups = names.bodies.get(name)?.groups ?? [];
      return groups.length > 0 && groups.every((group) => columns.some((column) => names.isColumn(column, group)));
    },
    isRenamed: (column) => names.given.has(column),
  };
}

/** Stands for whatever a name was given to that is no table or column. */
const ANYTHING = "*";

/** The names that a statement gives: to derived tables, and to tables and columns that have another. */
class GivenNames {
  readonly bodies = new Map<string, Body>();
  readonly given = new Set<string>();
  readonly #aliases = new Map<string, Set<string>>();
  readonly #tokens: readonly Token[];
  readonly #closing: ReadonlyMap<number, number>;
  readonly #opening: ReadonlyMap<number, number>;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
    this.#closing = matchingParens(tokens);
    this.#opening = new Map([...this.#closing].map(([open, close]) => [close, open]));
    tokens.forEach((token, i) => {
      const name = nameOf(token);
      if (name === undefined || (token.kind === "word" && NO_NAMES.has(name))) return;
      this.#readAlias(name, i);
      this.#readExpression(name, i);
    });
  }

  /** The tables and derived tables that a name leads to; empty when it may lead anywhere. */
  sources(name: string, tables: ReadonlySet<string>): string[] {
    const found = new Set<string>();
    const seen = new Set<string>();
    let open = [name];
    for (let step = 0; open.length > 0; step += 1) {
      if (step > MAX_ALIAS_STEPS || open.includes(ANYTHING)) return [];
      for (const candidate of open) {
        seen.add(candidate);
        if (tables.has(candidate) || this.bodies.has(candidate)) found.add(candidate);
      }
      open = open.flatMap((candidate) => [...(this.#aliases.get(candidate) ?? [])]).filter((candidate) => !seen.has(candidate));
    }
    return [...found];
  }

  /** True when a name means this column and nothing else. */
  isColumn(name: string, column: string): boolean {
    if (!this.given.has(name)) return name === column;
    const meant = this.#aliases.get(name);
    return meant?.size === 1 && meant.has(column);
  }

  /** `what AS name`, or `what name`. */
  #readAlias(name: string, i: number): void {
    const hasAs = isWord(this.#tokens[i - 1], "as");
    const place = hasAs ? i - 2 : i - 1;
    const previous = this.#tokens[place];
    const open = previous?.text === ")" ? this.#opening.get(place) : undefined;
    const isNamed =
      hasAs || open !== undefined || (previous !== undefined && previous.kind !== "symbol" && !isWord(previous, ...BEFORE_NAMES));
    if (!isNamed) return;
    this.given.add(name);
    if (open !== undefined && isWord(this.#tokens[open + 1], "select", "with", "values")) this.#addBody(name, open, place);
    else this.#addAlias(name, this.#nameStandingAlone(place) ?? ANYTHING);
  }

  /** `name (columns) AS (SELECT …)`. */
  #readExpression(name: string, i: number): void {
    const open = commonTableExpression(this.#tokens, i, this.#closing);
    if (open === undefined) return;
    this.#addBody(name, open, this.#closing.get(open) ?? this.#tokens.length);
    if (this.#tokens[i + 1]?.text !== "(") return;
    for (const token of this.#tokens.slice(i + 2, this.#closing.get(i + 1))) {
      const column = nameOf(token);
      if (column === undefined) continue;
      this.given.add(column);
      this.#addAlias(column, ANYTHING);
    }
  }

  /** The table or column at a place, when it is no part of a larger expression. A string may be a value, so it is none. */
  #nameStandingAlone(place: number): string | undefined {
    const token = this.#tokens[place];
    if (token?.kind === "string") return undefined;
    const before = this.#tokens[this.#tokens[place - 1]?.text === "." ? place - 3 : place - 1];
    const isAlone = isWord(before, "select", "distinct", "all", "from", "join") || before?.text === "," || before?.text === "(";
    return isAlone ? nameOf(token) : undefined;
  }

  #addAlias(name: string, meaning: string): void {
    this.#aliases.set(name, (this.#aliases.get(name) ?? new Set()).add(meaning));
  }

  #addBody(name: string, open: number, close: number): void {
    const body = readBody(this.#tokens.slice(open + 1, close));
    const known = this.bodies.get(name);
    this.bodies.set(name, known === undefined ? body : { limit: larger(known.limit, body.limit), groups: undefined });
  }
}

function larger(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.max(a, b);
}

/** Where the body of `name [(columns)] AS [NOT] [MATERIALIZED] (` opens, if that is what begins at `i`. */
function commonTableExpression(tokens: readonly Token[], i: number, closing: ReadonlyMap<number, number>): number | undefined {
  let next = i + 1;
  if (tokens[next]?.text === "(") next = (closing.get(next) ?? tokens.length) + 1;
  if (!isWord(tokens[next], "as")) return undefined;
  next += 1;
  while (isWord(tokens[next], "not", "materialized")) next += 1;
  return tokens[next]?.text === "(" && isWord(tokens[next + 1], "select", "with", "values") ? next : undefined;
}

function readBody(body: readonly Token[]): Body {
  const top = topLevel(body);
  const isCompound = top.some((token) => isWord(token, "union", "except", "intersect"));
  const group = top.findIndex((token, i) => isWord(token, "group") && isWord(top[i + 1], "by"));
  const limit = limitOf(top);
  if (isCompound) return { limit, groups: undefined };
  const isOneRow = group < 0 && hasAggregate(body);
  return { limit: isOneRow ? 1 : limit, groups: group < 0 ? undefined : groupTerms(top, group + 2) };
}

/** The number of `LIMIT n [OFFSET m]`; undefined when it is computed. */
function limitOf(top: readonly Token[]): number | undefined {
  const at = top.findLastIndex((token) => isWord(token, "limit"));
  const next = top[at + 2];
  if (at < 0 || !/^\d{1,15}$/.test(top[at + 1]?.text ?? "") || !(next === undefined || isWord(next, "offset"))) return undefined;
  return Number(top[at + 1]?.text);
}

/** The columns of GROUP BY, a place in the select list taken for the column that stands there. */
function groupTerms(top: readonly Token[], from: number): readonly string[] | undefined {
  const terms = split(top.slice(from), ["having", "order", "limit", "window"]);
  const selected = split(top.slice(1), ["from"]);
  const names = terms.map((term) => {
    const [only] = term;
    const meant = only?.kind === "number" && term.length === 1 ? (selected[Number(only.text) - 1] ?? []) : term;
    return columnOfTerm(meant);
  });
  return names.every((name) => name !== undefined) ? names : undefined;
}

function split(tokens: readonly Token[], until: readonly string[]): Token[][] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (isWord(token, ...until)) break;
    if (token.text === "," && token.kind === "symbol") parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

/** The column of `column`, `table.column` and either with an alias. */
function columnOfTerm(term: readonly Token[]): string | undefined {
  const place = term[1]?.text === "." ? 2 : 0;
  const rest = term.slice(place + 1).filter((token) => !isWord(token, "as"));
  return rest.length <= 1 && term[place]?.kind !== "number" ? nameOf(term[place]) : undefined;
}

/** The tokens outside all parentheses, the parentheses themselves kept. */
function topLevel(tokens: readonly Token[]): Token[] {
  let depth = 0;
  return tokens.filter((token) => {
    if (token.kind !== "symbol") return depth === 0;
    if (token.text === ")") depth -= 1;
    const keep = depth === 0;
    if (token.text === "(") depth += 1;
    return keep;
  });
}

/** True when the select calls an aggregate that is no window function, outside all parentheses. `max(a, b)` is no aggregate. */
function hasAggregate(body: readonly Token[]): boolean {
  const closing = matchingParens(body);
  let i = 0;
  while (i < body.length) {
    const close = body[i]?.text === "(" ? closing.get(i) : undefined;
    const called = body[i - 1];
    if (close === undefined) {
      i += 1;
      continue;
    }
    const isAggregate = called?.kind === "word" && AGGREGATES.has(called.text.toLowerCase()) && !isWord(body[close + 1], "over", "filter");
    const isScalar = isWord(called, "min", "max") && body.slice(i, close).some((token) => token.text === ",");
    if (isAggregate && !isScalar) return true;
    i = close + 1;
  }
  return false;
}
