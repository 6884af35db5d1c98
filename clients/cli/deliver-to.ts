import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import type { Project, SomaClient } from "../sdk/client.ts";

/**
 * Writes what a project delivered into a folder. Names come from the server, so none may lead out of the folder.
 * @returns the paths written
 */
export async function deliverTo(client: SomaClient, project: Project, folder: string): Promise<string[]> {
  const root = resolve(folder);
  const written: string[] = [];
  for (const name of [...project.deliverables.map((deliverable) => deliverable.name), "manifest.json"]) {
    const path = resolve(join(root, name));
    if (!path.startsWith(root + sep))
      throw new Error(`The server names a file ${JSON.stringify(name)} that would lead out of ${folder}; nothing more is written.`);
    const content = await client.deliverable(project.id, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    written.push(path);
  }
  return written;
}
