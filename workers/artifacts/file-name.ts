import { Problem } from "../platform/problem.ts";

const MAX_NAME_CHARACTERS = 200;
/** Control characters, line ends, and those that turn the direction of text and so can disguise what a name ends with. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

/**
 * Checks a file's name as someone gave it. A name is shown to people and to programs that write files, so it is one path
 * segment and nothing that could lead elsewhere.
 * @returns the name in Unicode NFC, trimmed
 * @throws Problem `invalid-request` saying what is wrong with it
 */
export function checkedFileName(name: string): string {
  const clean = name.normalize("NFC").trim();
  const refuse = (why: string) =>
    new Problem("invalid-request", `The file's name ${why}; send a plain name such as data.csv.`, {
      errors: [{ pointer: "query:name", message: why }],
    });
  if (clean === "" || clean === "." || clean === "..") throw refuse("is empty or a place, not a file");
  if (clean.length > MAX_NAME_CHARACTERS) throw refuse(`is longer than ${MAX_NAME_CHARACTERS} characters`);
  if (/[/\\]/.test(clean)) throw refuse("holds a path");
  if (UNSAFE.test(clean)) throw refuse("holds control characters");
  return clean;
}

/** A name in the form in which a header field carries it (RFC 8187 §3.2.1): `encodeURIComponent` leaves four characters that a field may not have. */
export function headerFileName(name: string): string {
  return `UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)}`;
}
