import { COMMON_PASSWORDS } from "./common-passwords.ts";

/** NIST SP 800-63B-4 §3.1.1.2 for a password that may stand alone: fifteen characters, and nothing asked of which they are. */
export const MIN_PASSWORD_CHARACTERS = 15;
/** Long enough for any sentence, short enough to hash. */
export const MAX_PASSWORD_CHARACTERS = 256;
/** A password that is the repetition of so few characters is as short as they are. */
const LONGEST_REPEATED_PART = 5;
/** Words shorter than this may stand in any password. */
const SHORTEST_CONTEXT_WORD = 4;
/** Words of this place, which guessers try first (ASVS 6.1.2); those of the person and the organisation come on top. */
const OWN_WORDS = ["somaagent", "soma", "password", "passwort", "agent", "welcome", "changeme", "letmein", "administrator"];
/** Rows of the keyboards that people run their fingers along, and the alphabet. */
const RUNS = [
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890",
  "qwertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "qwertzuiop",
  "azertyuiop",
  "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
];
const SHORTEST_RUN = 4;

/**
 * What is wrong with a new password, as a sentence for its owner; undefined when nothing is.
 * @param words names of the person and the organisation: a password made of them is guessed first
 */
export function faultOfPassword(password: string, words: readonly string[]): string | undefined {
  const characters = [...password.normalize("NFC")];
  if (characters.length < MIN_PASSWORD_CHARACTERS)
    return `Use at least ${MIN_PASSWORD_CHARACTERS} characters; a few words in a row are easy to keep in mind.`;
  if (characters.length > MAX_PASSWORD_CHARACTERS) return `Use at most ${MAX_PASSWORD_CHARACTERS} characters.`;
  const plain = password.normalize("NFKC").toLowerCase();
  if (COMMON_PASSWORDS.has(plain)) return "Many people use this password, and guessers try it first; choose another.";
  if (isRepetition(plain)) return "This is one part over and over; choose something longer in its own right.";
  if (rest(plain, [...OWN_WORDS, ...words.map((word) => word.normalize("NFKC").toLowerCase())]).length < MIN_PASSWORD_CHARACTERS / 2)
    return "This is little more than names, runs of the keyboard or words of this place; choose something else.";
  return undefined;
}

function isRepetition(text: string): boolean {
  for (let length = 1; length <= LONGEST_REPEATED_PART; length += 1) {
    const part = text.slice(0, length);
    if (text === part.repeat(Math.ceil(text.length / length)).slice(0, text.length)) return true;
  }
  return false;
}

/** What is left of a password without the words that are guessed, runs of neighbouring characters, and repeated ones. */
function rest(text: string, words: readonly string[]): string {
  let left = text;
  const parts = words.flatMap((word) => [word, ...word.split(/[^\p{L}\p{N}]+/u)]).filter((word) => word.length >= SHORTEST_CONTEXT_WORD);
  for (const word of new Set(parts.sort((a, b) => b.length - a.length))) left = left.replaceAll(word, "");
  for (const run of RUNS.flatMap((row) => [row, [...row].reverse().join("")])) left = withoutRuns(left, run);
  return left.replaceAll(/(.)\1{2,}/gu, "$1");
}

function withoutRuns(text: string, run: string): string {
  let left = text;
  for (let length = run.length; length >= SHORTEST_RUN; length -= 1) {
    for (let from = 0; from + length <= run.length; from += 1) left = left.replaceAll(run.slice(from, from + length), "");
  }
  return left;
}
