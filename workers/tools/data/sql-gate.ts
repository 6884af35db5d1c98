import { Problem } from "../../platform/problem.ts";
import { isWord, matchingParens, type Token, tokenize } from "./sql-tokens.ts";

export const MAX_SQL_CHARACTERS = 20_000;

/** Words that change something, reach elsewhere or do not end. As bare words they are refused; as quoted names they are names. */
const FORBIDDEN = new Set([
  "insert", "update", "delete", "replace", "upsert", "create", "alter", "drop", "reindex", "vacuum", "analyze", "attach", "detach", "pragma",
  "begin", "commit", "rollback", "savepoint", "release", "recursive", "returning", "into", "explain", "exclude", "randomblob", "zeroblob", "load_extension",
]); // biome-ignore format: a list reads better as one
/** Names of SQLite's and of our own tables. */
const INTERNAL = /^(sqlite_|_cf_|_soma_|pragma_|json_each$|json_tree$|generate_series$)/i;

/**
 * Lets one reading statement through: a single SELECT or WITH, no word that writes, no internal table. It reads tokens, not text, so that a
 * word in a string or a quoted name is what it is.
 * @returns the statement without a closing semicolon
 * @throws Problem `invalid-query` naming what is not allowed
 */
export function checkedSelect(sql: string): string {
  if (sql.length > MAX_SQL_CHARACTERS) throw refused(`it is longer than ${MAX_SQL_CHARACTERS} characters`);
  const tokens = tokenize(sql);
  while (tokens.at(-1)?.text === ";") tokens.pop();
  const first = tokens[0];
  if (first === undefined) throw refused("it is empty");
  if (first.kind !== "word" || !["select", "with", "values"].includes(first.text.toLowerCase()))
    throw refused("only SELECT (or WITH … SELECT) may be asked");
  for (const [i, token] of tokens.entries()) {
    if (token.text === ";" && token.kind === "symbol") throw refused("only one statement may be asked at a time");
    if (token.kind === "word" && FORBIDDEN.has(token.text.toLowerCase()) && !isFunctionCall(token, tokens[i + 1]))
      throw refused(`\`${token.text}\` is not allowed in a query`);
    if ((token.kind === "word" || token.kind === "name") && INTERNAL.test(token.text)) throw refused(`${token.text} cannot be read`);
  }
  refuseGrowth(tokens);
  return sql.slice(0, tokens.at(-1)?.end ?? 0);
}

/** Functions that give each row all rows before it when a window is laid over them. */
const COLLECTING = ["group_concat", "string_agg", "json_group_array", "json_group_object"];

/** Refuses what makes a text of megabytes out of every row: padding to any width, and collecting over windows. */
function refuseGrowth(tokens: readonly Token[]): void {
  const closing = matchingParens(tokens);
  for (const [i, token] of tokens.entries()) {
    if (tokens[i + 1]?.text !== "(") continue;
    const format = tokens[i + 2];
    const isLiteral = format?.kind === "string" && (tokens[i + 3]?.text === "," || tokens[i + 3]?.text === ")");
    if (isWord(token, "printf", "format") && (!isLiteral || /\*|\d{3}/.test(format.text)))
      throw refused(`\`${token.text}\` takes a text with widths under 100 as its form`);
    const close = closing.get(i + 1);
    if (isWord(token, ...COLLECTING) && close !== undefined && isWord(tokens[close + 1], "over", "filter"))
      throw refused(`\`${token.text}\` cannot be used over a window`);
  }
}

/** `replace(text, a, b)` is a function; `REPLACE INTO` is not. */
function isFunctionCall(token: Token, next: Token | undefined): boolean {
  return token.text.toLowerCase() === "replace" && next?.text === "(";
}

function refused(why: string): Problem {
  return new Problem("invalid-query", `The query is not allowed: ${why}.`);
}
