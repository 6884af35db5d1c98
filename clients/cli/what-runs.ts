import { parse } from "yaml";
import { UsageError } from "./exit-codes.ts";
import { readText } from "./files.ts";

/** `report` or `report@3`. @throws UsageError */
export function templateOf(word: string): { name: string; version?: number } {
  const [name = "", version] = word.split("@");
  if (version === undefined) return { name };
  if (!/^\d{1,6}$/.test(version)) throw new UsageError(`${word} names no template: write NAME or NAME@VERSION, as in report@3.`);
  return { name, version: Number(version) };
}

/** A graph of a file; the route checks its form. @throws UsageError when it is neither YAML nor JSON */
export async function graphIn(word: string) {
  const text = await readText(word, "the graph");
  try {
    return parse(text);
  } catch (error) {
    throw new UsageError(`${word} is no YAML or JSON: ${error instanceof Error ? error.message.split("\n")[0] : "it cannot be read"}`);
  }
}

/** The value that a word stands for: JSON, or else text. */
export function jsonOrText(word: string): unknown {
  try {
    return JSON.parse(word);
  } catch {
    return word;
  }
}

/** `NAME=VALUE`: JSON, or else text. @throws UsageError */
export function inputOf(word: string): readonly [string, unknown] {
  const at = word.indexOf("=");
  if (at < 1) throw new UsageError(`--input ${word} has no value; write NAME=VALUE.`);
  return [word.slice(0, at), jsonOrText(word.slice(at + 1))];
}

/** The inputs given as `NAME=VALUE`; a value `@FILE` is what the file holds. @throws UsageError */
export async function givenInputs(words: readonly string[]): Promise<Record<string, unknown>> {
  return Object.fromEntries(await Promise.all(words.map(givenInput)));
}

async function givenInput(word: string): Promise<readonly [string, unknown]> {
  const [name, value] = inputOf(word);
  return [name, typeof value === "string" && value.startsWith("@") ? await readText(value, `the input ${name}`) : value];
}
