import { createWriteStream, existsSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { done, must } from "../../sdk/client.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { EXIT, UsageError } from "../exit-codes.ts";
import { checkFile, uploadFiles } from "../files.ts";
import { LIST_OPTIONS, localTime, printList } from "../listing.ts";
import { columns, shown } from "../output.ts";

const ID = { name: "ID", about: "the file: art_…" } as const;
const EXAMPLE_ID = "art_01KAJ2M3N4P5Q6R7S8T9V0W1X2";

const put = defineCommand({
  name: "artifacts put",
  summary: "Store files; each is read as it is sent, up to 100 MiB.",
  operands: [{ name: "FILE", about: "a file of this machine", isMany: true }],
  options: {},
  examples: ["soma artifacts put sales.csv", "soma artifacts put *.csv --json"],
  run: async ({ operands, output, signal }) => {
    for (const file of operands) checkFile(file, "what to store");
    const items = await uploadFiles(await connected(), operands, signal);
    const rows = items.map((item) => [item.id, `${item.bytes} bytes`, item.name]);
    output.result({ items }, columns(rows, ""));
    return EXIT.ok;
  },
});

const get = defineCommand({
  name: "artifacts get",
  summary: "Write a stored file to this machine.",
  operands: [ID],
  options: {
    out: { type: "string", value: "PATH", about: "file or folder to write, or - for standard output; its own name here when not given" },
    force: { type: "boolean", about: "write over a file that is there" },
  },
  examples: [`soma artifacts get ${EXAMPLE_ID}`, `soma artifacts get ${EXAMPLE_ID} --out - | head`],
  run: async ({ operands: [id = ""], options, output, signal }) => {
    if (options.out === "-" && output.isJson) throw new UsageError("--out - and --json both want standard output; leave one out.");
    const client = await connected();
    const artifact = await must(client.api.GET("/v1/artifacts/{id}", { params: { path: { id } }, signal }));
    const content = async () => Readable.fromWeb(await client.content(id, { signal }));
    if (options.out === "-") {
      await pipeline(await content(), process.stdout, { end: false });
      return EXIT.ok;
    }
    const path = pathFor(artifact.name, options.out);
    if (existsSync(path) && options.force !== true)
      throw new UsageError(`${path} is there already; name another with --out, or give --force.`);
    try {
      await pipeline(await content(), createWriteStream(`${path}.part`));
      renameSync(`${path}.part`, path);
    } finally {
      rmSync(`${path}.part`, { force: true });
    }
    output.result({ ...artifact, path }, `${artifact.bytes} bytes in ${shown(path)}`);
    return EXIT.ok;
  },
});

/** The name comes from the server: only its last part is used. */
function pathFor(name: string, out: string | undefined): string {
  const own = basename(name.replaceAll("\\", "/"));
  if (out === undefined) return own;
  return statSync(out, { throwIfNoEntry: false })?.isDirectory() === true ? join(out, own) : out;
}

const list = defineCommand({
  name: "artifacts list",
  summary: "List stored files, newest first.",
  options: LIST_OPTIONS,
  examples: ["soma artifacts list"],
  run: async ({ options, output, signal }) => {
    const { api } = await connected();
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/artifacts", { params: { query }, signal })),
      row: (item) => [item.id, localTime(item.createdAt), `${item.bytes} bytes`, item.mediaType, item.name],
      none: "There are no files yet. Store one with soma artifacts put.",
    });
    return EXIT.ok;
  },
});

const remove = defineCommand({
  name: "artifacts delete",
  summary: "Delete a stored file. What was delivered from it stays.",
  operands: [ID],
  options: {},
  examples: [`soma artifacts delete ${EXAMPLE_ID}`],
  run: async ({ operands: [id = ""], output, signal }) => {
    const { api } = await connected();
    await done(api.DELETE("/v1/artifacts/{id}", { params: { path: { id } }, signal }));
    output.result({ deleted: id }, `Deleted ${id}.`);
    return EXIT.ok;
  },
});

export const artifactCommands: readonly Command[] = [put, get, list, remove];
