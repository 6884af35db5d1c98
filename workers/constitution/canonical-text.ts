import { sha256Hex } from "../platform/crypto.ts";

/** Something wrong with one place of a text; lines and columns count from 1. */
export interface Fault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Characters that make a text read otherwise than it is: controls but tab and line feed, bidirectional overrides and isolates, and marks without width. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

/**
 * The one form in which a text is stored and hashed: Unicode NFC, lines ended by a line feed, no white space at their ends, no byte order mark,
 * one line feed at the end. `sha256sum` of a file in this form prints the hash that the platform pins.
 */
export function canonicalText(text: string): string {
  const lines = text
    .replace(/^\ufeff/u, "")
    .normalize("NFC")
    .split(/\r\n|\r|\n/u)
    .map((line) => line.trimEnd());
  while (lines.length > 0 && lines.at(-1) === "") lines.pop();
  return `${lines.join("\n")}\n`;
}

/** SHA-256 of a text in its canonical form, as lower-case hexadecimal of its UTF-8 bytes. */
export function textHash(canonical: string): string {
  return sha256Hex(canonical);
}

/** Where a canonical text has characters that nobody sees: what a person approves has to be what a machine reads. */
export function unseenCharacters(canonical: string): Fault[] {
  return canonical.split("\n").flatMap((text, i) => {
    const at = text.search(UNSEEN);
    if (at < 0) return [];
    const code = (text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return [{ line: i + 1, column: at + 1, message: `holds the character U+${code}, which cannot be seen; take it out` }];
  });
}

/** The place of an offset in a text, counted on from where the text begins. */
export function placeAt(
  text: string,
  offset: number,
  first: { line: number; column: number } = { line: 1, column: 1 },
): Omit<Fault, "message"> {
  const before = text.slice(0, offset);
  const lines = before.split("\n").length - 1;
  const column = offset - (before.lastIndexOf("\n") + 1);
  return { line: first.line + lines, column: lines === 0 ? first.column + column : column + 1 };
}
