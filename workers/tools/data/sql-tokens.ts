/** One token of an SQL statement. A `name` is a quoted identifier without its quotes, a `string` is a literal with them. */
export interface Token {
  readonly kind: "word" | "name" | "string" | "number" | "symbol";
  readonly text: string;
  /** Where the token ends in the statement. */
  readonly end: number;
}

const TOKEN =
  /\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\.?\d[\w.]*|[^\s]/gy;

/** Cuts a statement into tokens as SQLite does, comments and white space left out. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  for (const match of sql.matchAll(TOKEN)) {
    const text = match[0];
    const end = (match.index ?? 0) + text.length;
    const start = text.charAt(0);
    if (/\s/.test(start) || text.startsWith("--") || text.startsWith("/*")) continue;
    if (start === "'") tokens.push({ kind: text.length > 1 ? "string" : "symbol", text, end });
    else if (text.length > 1 && (start === '"' || start === "`" || start === "["))
      tokens.push({ kind: "name", text: text.slice(1, -1), end });
    else if (/[A-Za-z_\u0080-\uffff]/.test(start)) tokens.push({ kind: "word", text, end });
    else if (/[.\d]/.test(start) && /\d/.test(text)) tokens.push({ kind: "number", text, end });
    else tokens.push({ kind: "symbol", text, end });
  }
  return tokens;
}

/** True for the bare word; a quoted name of the same letters is a name. */
export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === "word" && words.includes(token.text.toLowerCase());
}

/** The text of a token that can name a table or a column (SQLite takes a string for one), lower case; undefined for others. */
export function nameOf(token: Token | undefined): string | undefined {
  if (token === undefined) return undefined;
  if (token.kind === "word") return token.text.toLowerCase();
  if (token.kind === "name") return token.text.replaceAll('""', '"').replaceAll("``", "`").toLowerCase();
  return token.kind === "string" ? token.text.slice(1, -1).replaceAll("''", "'").toLowerCase() : undefined;
}

/** The place of each opening parenthesis and of the one that closes it. */
export function matchingParens(tokens: readonly Token[]): Map<number, number> {
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
