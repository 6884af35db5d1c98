import { isWord, nameOf, type Token } from "./sql-tokens.ts";

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
  "select distinct all from join where and or not by on using having when then else case between in like glob is limit offset over partition values window filter as asc desc".split(
    " ",
  );
/** Words that are no name where they stand bare. */
const NO_NAMES = new Set([
  ...BEFORE_NAMES,
  ..."group order union except intersect inner left right full cross natural outer with end null".split(" "),
]);
const AGGREGATES = new Set(["count", "sum", "total", "avg", "min", "max", "group_concat", "string_agg", "median"]);
const MAX_ALIAS_STEPS = 8;

/** Reads a statement's tokens for the tables it derives. Where a name is given twice, the larger reading holds. */
export function derivedTables(tokens: readonly Token[], tables: ReadonlySet<string>): DerivedTables {
  const bodies = new Map<string, Body>();
  const aliases = new Map<string, Set<string>>();
  const given = new Set<string>();
  const unclear = tokens.some((token) => token.kind !== "symbol" && / (using|virtual|left-join|exists)\b/i.test(token.text));
  const closing = matchingParens(tokens);
  const opening = new Map([...closing].map(([open, close]) => [close, open]));

  const addBody = (name: string, open: number, close: number) => {
    const body = readBody(tokens.slice(open + 1, close));
    const known = bodies.get(name);
    bodies.set(name, known === undefined ? body : { limit: larger(known.limit, body.limit), groups: undefined });
  };
  tokens.forEach((token, i) => {
    const name = nameOf(token);
    if (name === undefined || (token.kind === "word" && NO_NAMES.has(name))) return;
    const before = isWord(tokens[i - 1], "as") ? i - 2 : i - 1;
    const previous = tokens[before];
    const isNamed =
      isWord(tokens[i - 1], "as") || (previous !== undefined && previous.kind !== "symbol" && !isWord(previous, ...BEFORE_NAMES));
    if (isNamed) given.add(name);
    const open = previous?.text === ")" ? opening.get(before) : undefined;
    if (open !== undefined) {
      given.add(name);
      if (isWord(tokens[open + 1], "select", "with", "values")) addBody(name, open, before);
      else aliases.set(name, (aliases.get(name) ?? new Set()).add("*"));
    }
    const aliased = isNamed ? nameOf(previous) : undefined;
    if (aliased !== undefined) aliases.set(name, (aliases.get(name) ?? new Set()).add(aliased));
    const expression = commonTableExpression(tokens, i, closing);
    if (expression !== undefined) {
      addBody(name, expression, closing.get(expression) ?? tokens.length);
      if (tokens[i + 1]?.text === "(") for (const column of tokens.slice(i + 2, closing.get(i + 1))) given.add(nameOf(column) ?? "");
    }
  });

  const sources = (name: string): string[] => {
    if (unclear) return [];
    const found = new Set<string>();
    let open = [name];
    const seen = new Set<string>();
    for (let step = 0; step < MAX_ALIAS_STEPS && open.length > 0; step += 1) {
      for (const candidate of open) {
        seen.add(candidate);
        if (tables.has(candidate) || bodies.has(candidate)) found.add(candidate);
      }
      if (open.some((candidate) => aliases.get(candidate)?.has("*"))) return [];
      open = open.flatMap((candidate) => [...(aliases.get(candidate) ?? [])]).filter((candidate) => !seen.has(candidate));
    }
    return [...found];
  };
  return {
    sources,
    limit: (name) => bodies.get(name)?.limit,
    isGroupedBy: (name, columns) => {
      const groups = bodies.get(name)?.groups ?? [];
      const isGroup = (column: string, group: string) =>
        given.has(column) ? aliases.get(column)?.size === 1 && aliases.get(column)?.has(group) : column === group;
      return groups.length > 0 && groups.every((group) => columns.some((column) => isGroup(column, group)));
    },
    isRenamed: (column) => given.has(column),
  };
}

function larger(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.max(a, b);
}

/** The place of each opening parenthesis and of the one that closes it. */
function matchingParens(tokens: readonly Token[]): Map<number, number> {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  tokens.forEach((token, i) => {
    if (token.kind !== "symbol") return;
    if (token.text === "(") open.push(i);
    const start = token.text === ")" ? open.pop() : undefined;
    if (start !== undefined) pairs.set(start, i);
  });
  return pairs;
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
