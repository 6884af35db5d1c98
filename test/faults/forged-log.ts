import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { hashLeaf, pathsOf, rootOf } from "../../clients/verifier/hashing.ts";
import { indexPath, lineFiles, WIDTH } from "../../clients/verifier/tile-paths.ts";

/** An export by its files. */
export type Files = Map<string, Buffer>;

/** A key that signs checkpoints, as a log has it. */
export interface LogKey {
  readonly name: string;
  readonly vkey: string;
  readonly id: Buffer;
  readonly privateKey: KeyObject;
}

/** What a log is made of; everything else follows from it. */
export interface Contents {
  readonly tenant: string;
  readonly records: readonly string[];
  readonly payloads: readonly string[];
  /** In place of the hashes of the records: for entries that are none. */
  readonly entries?: readonly Buffer[];
}

/** A fresh Ed25519 key under a name (C2SP signed-note). */
export function newLogKey(name: string): LogKey {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const material = Buffer.concat([Buffer.of(1), raw]);
  const id = createHash("sha256").update(`${name}\n`).update(material).digest().subarray(0, 4);
  return { name, vkey: `${name}+${id.toString("hex")}+${material.toString("base64")}`, id, privateKey };
}

/** A checkpoint over a tree, signed. */
export function checkpointOf(origin: string, size: number, root: Buffer, key: LogKey): string {
  return signed(`${origin}\n${size}\n${root.toString("base64")}\n`, key);
}

/** Any text as a note of this key. */
export function signed(text: string, { name, id, privateKey }: LogKey): string {
  return `${text}\n— ${name} ${Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]).toString("base64")}\n`;
}

/** The contents of an export. */
export function contentsOf(files: ReadonlyMap<string, Buffer>): Contents {
  const { tenant } = JSON.parse(String(files.get("log.json")));
  const size = sizeOf(files);
  const lines = (folder: "records" | "payloads") =>
    lineFiles(folder, size).flatMap(({ path }) => String(files.get(path)).split("\n").slice(0, -1));
  return { tenant, records: lines("records"), payloads: lines("payloads") };
}

/** How many leaves an export's checkpoint states. */
export function sizeOf(files: ReadonlyMap<string, Buffer>): number {
  return Number(String(files.get("checkpoint")).split("\n")[1]);
}

/** A whole export over contents, hashed and signed anew: what someone could make who had the log's key. */
export function forgedLog({ tenant, records, payloads, entries }: Contents, key: LogKey, origin = key.name): Files {
  const stated = entries ?? records.map((line) => createHash("sha256").update(line).digest());
  const leaves = stated.map(hashLeaf);
  const files: Files = new Map();
  files.set("log.json", Buffer.from(JSON.stringify({ format: 1, tenant, origin, verifierKey: key.vkey, size: leaves.length })));
  files.set("checkpoint", Buffer.from(checkpointOf(origin, leaves.length, rootOf(leaves), key)));
  for (let level = 0, hashes = leaves; hashes.length > 0; level += 1) {
    const tiles = chunks(hashes);
    for (const [i, tile] of tiles.entries()) files.set(`tile/${level}/${pathOf(i, tile.length)}`, Buffer.concat(tile));
    hashes = tiles.filter((tile) => tile.length === WIDTH).map(rootOf);
  }
  for (const [i, bundle] of chunks(stated).entries())
    files.set(
      `tile/entries/${pathOf(i, bundle.length)}`,
      Buffer.concat(bundle.flatMap((entry) => [Buffer.of(entry.length >> 8, entry.length & 255), entry])),
    );
  const proofs = pathsOf(leaves).map((path) => JSON.stringify(path.map((hash) => hash.toString("base64"))));
  for (const [name, lines] of [
    ["records", records],
    ["payloads", payloads],
    ["proofs", proofs],
  ] as const)
    for (const { path, first, count } of lineFiles(name, leaves.length))
      files.set(path, Buffer.from(`${lines.slice(first, first + count).join("\n")}\n`));
  return files;
}

function pathOf(number: number, width: number): string {
  return `${indexPath(number)}${width < WIDTH ? `.p/${width}` : ""}`;
}

function chunks<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / WIDTH) }, (_, i) => items.slice(i * WIDTH, (i + 1) * WIDTH));
}
