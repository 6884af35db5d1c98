import { accessSync, constants, existsSync, openAsBlob, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { text } from "node:stream/consumers";
import type { Artifact, SomaClient } from "../sdk/client.ts";
import { UsageError } from "./exit-codes.ts";

/** Checks that a file is there and can be read. @param role what it is to the command: `the brief` @throws UsageError */
export function checkFile(path: string, role: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`There is no file ${path}, which is named as ${role}.`);
  if (found.isDirectory()) throw new UsageError(`${path} is a folder; name the files in it one by one, as ${role}.`);
  try {
    accessSync(path, constants.R_OK);
  } catch {
    throw new UsageError(`${path} may not be read by this user; give yourself the right to (chmod u+r), or name another file.`);
  }
}

/**
 * The text that a word of the command line stands for: `-` is standard input, `@FILE` and `FILE` are files, and words that can be no
 * file's name, because they are several and name none, are the text itself.
 * @throws UsageError when it is missing or empty
 */
export async function readText(word: string, role: string): Promise<string> {
  const isProse = /\s/.test(word) && !/\.\w{1,8}$/.test(word) && !existsSync(word);
  const path = word.startsWith("@") && !existsSync(word) ? word.slice(1) : word;
  if (word !== "-" && !isProse) checkFile(path, role);
  const content = isProse ? word : word === "-" ? await text(process.stdin) : readFileSync(path, "utf8");
  if (content.trim() === "") throw new UsageError(`${word === "-" ? "Standard input" : path} is empty; ${role} is expected there.`);
  return content;
}

/** Stores files of this machine, one after the other, each read as it is sent. */
export async function uploadFiles(client: SomaClient, paths: readonly string[], signal: AbortSignal): Promise<Artifact[]> {
  const stored: Artifact[] = [];
  for (const path of paths) stored.push(await client.upload(basename(path), await openAsBlob(path), { signal }));
  return stored;
}
