/** Policies of one text: what a decision within a millisecond was measured with (`npm run bench -- guard`). */
export const MAX_POLICIES = 200;
/** Characters of one text: 200 policies of 40 lines' worth of conditions would be more than anyone reads. */
export const MAX_TEXT_CHARACTERS = 131_072;
/** Brackets inside each other. Cedar's parser goes down a frame for each, and a stack that overflows inside WebAssembly is never mended. */
const MAX_NESTING = 24;
/** Operators of one policy, for the same reason: a chain of them is a tree as deep. */
const MAX_OPERATORS = 256;

/** A text that is too much for the engine, and where that shows. */
export interface BoundsFault {
  /** In characters from the beginning. */
  readonly at: number;
  readonly message: string;
}

const TOKEN = /\/\/[^\n]*|"(?:[^"\\]|\\[\s\S])*"|&&|\|\||[<>=!]=|[([{]|[)\]}]|[.<>!+*-]|\b(?:if|has|like|in|is)\b|;/g;

/** What is too much of a text before any parser sees it; undefined for a text that may be parsed. Linear in its length. */
export function boundsFault(text: string): BoundsFault | undefined {
  if (text.length > MAX_TEXT_CHARACTERS)
    return {
      at: MAX_TEXT_CHARACTERS,
      message: `the text has ${text.length} characters; ${MAX_TEXT_CHARACTERS} is as many as there may be`,
    };
  let depth = 0;
  let operators = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token.startsWith("//") || token.startsWith('"')) continue;
    if (token === ";") operators = 0;
    else if ("([{".includes(token)) depth += 1;
    else if (")]}".includes(token)) depth = Math.max(0, depth - 1);
    else operators += 1;
    if (depth > MAX_NESTING) return { at: index, message: `brackets stand inside each other deeper than ${MAX_NESTING}` };
    if (operators > MAX_OPERATORS) return { at: index, message: `one policy has more than ${MAX_OPERATORS} operators; split it` };
  }
  return undefined;
}
