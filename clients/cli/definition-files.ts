import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { UsageError } from "./exit-codes.ts";
import { checkFile } from "./files.ts";

/** What one import takes; the platform says so too. */
const MAX_FILES = 64;
const MAX_FILE_BYTES = 900_000;
/** Folders in folders that are looked through. */
const MAX_DEPTH = 8;
const DEFINITION = /\.(ya?ml|jsonc?)$/i;
/** Folders of programs and tools, which hold no definitions of teams. */
const SKIPPED = /^(\.|node_modules$|dist$|build$|__pycache__$|venv$)/;
/** Files of programs that look like definitions and are none. */
const FOREIGN = /^(package(-lock)?|tsconfig.*|composer|jsconfig)\.json$/i;

export interface DefinitionFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The definitions in a file, or in a folder and those in it: YAML and JSON.
 * @throws UsageError when there is none, or more than one import takes
 */
export function definitionFiles(path: string): DefinitionFile[] {
  if (!existsSync(path)) throw new UsageError(`There is no file or folder ${path}.`);
  if (!statSync(path).isDirectory()) return [readDefinition(path, basename(path))];
  const found = definitionsIn(path, 0);
  if (found.length === 0) throw new UsageError(`There is no YAML or JSON file in ${path}.`);
  if (found.length > MAX_FILES)
    throw new UsageError(
      `There are ${found.length} YAML and JSON files in ${path}; one import takes ${MAX_FILES}. Name a folder further in.`,
    );
  const root = basename(join(path, ".")) === "." ? basename(process.cwd()) : basename(path);
  return found.map((file) => readDefinition(file, [root, ...relative(path, file).split(sep)].join("/")));
}

/** Reads one definition. @param shown its path as the platform is told it, and tells it back */
export function readDefinition(path: string, shown: string): DefinitionFile {
  checkFile(path, "a definition");
  if (statSync(path).size > MAX_FILE_BYTES)
    throw new UsageError(`${path} is larger than ${MAX_FILE_BYTES} bytes, which is no definition of a team.`);
  return { path: shown, text: readFileSync(path, "utf8") };
}

function definitionsIn(folder: string, depth: number): string[] {
  if (depth > MAX_DEPTH) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.test(entry.name) ? [] : definitionsIn(path, depth + 1);
    return entry.isFile() && DEFINITION.test(entry.name) && !FOREIGN.test(entry.name) ? [path] : [];
  });
}
