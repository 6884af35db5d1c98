import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { buffer } from "node:stream/consumers";
import { z } from "zod";
import type { SomaClient } from "../sdk/client.ts";
import { UsageError } from "./exit-codes.ts";

const MANIFEST = "manifest.json";
const manifestSchema = z.object({ deliverables: z.array(z.object({ name: z.string(), sha256: z.string() })) });
type Manifest = z.infer<typeof manifestSchema>;

/**
 * Checks that a folder can take a delivery: it is not there yet, is empty, or has an earlier delivery and nothing else, which the new
 * one then replaces. To be asked before the work, not after it.
 * @throws UsageError saying what to do
 */
export function checkOutFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) throw new UsageError(`${folder} is a file; give a folder with --out.`);
  checkWritable(existingPart(folder), folder);
  if (found === undefined) return;
  const earlier = earlierDelivery(folder);
  const strange = filesIn(folder).find((name) => earlier.get(name) !== hashOf(join(folder, name)));
  if (strange === undefined) return;
  throw new UsageError(
    `${folder} holds ${strange}, which ${earlier.has(strange) ? "was changed since it was delivered" : "no delivery put there"}; it is kept as it is. Give an empty or a new folder with --out.`,
  );
}

/**
 * Writes what a project delivered into a folder, in place of an earlier delivery there, each file whole and with the hash that the
 * manifest names. Names come from the server, so none may lead out of the folder.
 * @returns the paths written
 * @throws Error when a name or a hash is wrong
 */
export async function deliverTo(client: SomaClient, project: string, folder: string, signal: AbortSignal): Promise<string[]> {
  checkOutFolder(folder);
  const fetched = async (name: string) => buffer(await client.deliverable(project, name, { signal }));
  const manifest = await fetched(MANIFEST);
  const { deliverables } = manifestSchema.parse(JSON.parse(manifest.toString("utf8")));
  const paths = new Map(deliverables.map(({ name }) => [name, pathIn(folder, name)]));
  if (existsSync(folder)) for (const name of filesIn(folder)) rmSync(join(folder, name));
  // The manifest goes first: a delivery that is cut off is known as one, and the next replaces it.
  const written = [writeWhole(pathIn(folder, MANIFEST), manifest)];
  for (const { name, sha256 } of deliverables) {
    const content = await fetched(name);
    if (createHash("sha256").update(content).digest("hex") !== sha256)
      throw new Error(`${name} arrived with another hash than the manifest names; run the command again.`);
    written.push(writeWhole(paths.get(name) ?? pathIn(folder, name), content));
  }
  return written;
}

function pathIn(folder: string, name: string): string {
  const root = resolve(folder);
  const path = resolve(join(root, name));
  if (path.startsWith(root + sep)) return path;
  throw new Error(`The server names a file ${JSON.stringify(name)} that would lead out of ${folder}; nothing is written.`);
}

function writeWhole(path: string, content: Buffer): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, content);
  renameSync(`${path}.part`, path);
  return path;
}

/** The files of an earlier delivery with their hashes. */
function earlierDelivery(folder: string): ReadonlyMap<string, string | undefined> {
  const file = join(folder, MANIFEST);
  try {
    const manifest: Manifest = manifestSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    return new Map([...manifest.deliverables.map(({ name, sha256 }) => [name, sha256] as const), [MANIFEST, hashOf(file)]]);
  } catch {
    return new Map();
  }
}

/** Every file below a folder, by its path in it; what a cut-off delivery left half written is none. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !entry.name.endsWith(".part"))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"));
}

function hashOf(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
    ? createHash("sha256").update(readFileSync(path)).digest("hex")
    : undefined;
}

/** The folder, or the nearest one above it that is there. */
function existingPart(folder: string): string {
  let part = resolve(folder);
  while (!existsSync(part) && part !== dirname(part)) part = dirname(part);
  return part;
}

function checkWritable(folder: string, wanted: string): void {
  try {
    if (!statSync(folder).isDirectory()) throw new Error("a file is in the way");
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch {
    throw new UsageError(
      `${wanted} cannot be written: ${folder} is no folder that this user may write in. Give another folder with --out.`,
    );
  }
}
