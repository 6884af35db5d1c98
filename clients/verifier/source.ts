import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** A file of an export is no larger: a bundle of 256 payloads of 48,000 characters at most. */
const MAX_FILE_BYTES = 64 * 1_048_576;

/** Where a log is read from. */
export interface Source {
  /** What it is called in findings. */
  readonly name: string;
  /** A file's bytes; undefined when it is not there. @throws Error when it cannot be read */
  read(path: string): Promise<Buffer | undefined>;
  /** All paths there are; undefined where nobody can list them. */
  readonly paths: readonly string[] | undefined;
}

/** An export on this machine. @throws Error when the folder is not there */
export function folderSource(folder: string): Source {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Error(`There is no folder ${folder}.`);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  const paths = files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
  const known = new Set(paths);
  return {
    name: folder,
    paths,
    read: async (path) => {
      if (!known.has(path)) return undefined;
      const file = join(folder, path);
      if (!statSync(file).isFile() || statSync(file).size > MAX_FILE_BYTES) throw new Error(`${path} is no file that an export holds.`);
      return readFileSync(file);
    },
  };
}

/** An export that is in memory. */
export function memorySource(name: string, files: ReadonlyMap<string, Buffer>): Source {
  return { name, paths: [...files.keys()], read: async (path) => files.get(path) };
}

/** A published log (C2SP tlog-tiles), read with a credential where it is not public. */
export function urlSource(
  url: string,
  {
    headers = {},
    signal,
    send = (request) => fetch(request),
  }: { headers?: Readonly<Record<string, string>>; signal: AbortSignal; send?: (request: Request) => Promise<Response> },
): Source {
  const base = url.replace(/\/$/, "");
  return {
    name: base,
    paths: undefined,
    read: async (path) => {
      const response = await send(new Request(`${base}/${path}`, { headers, signal, redirect: "manual" }));
      if (response.status === 404) {
        await response.body?.cancel();
        return undefined;
      }
      if (!response.ok) throw new Error(`${base}/${path} answered ${response.status}.`);
      const bytes = Buffer.from(await response.arrayBuffer());
      if (bytes.length > MAX_FILE_BYTES) throw new Error(`${base}/${path} is larger than anything a log publishes.`);
      return bytes;
    },
  };
}
