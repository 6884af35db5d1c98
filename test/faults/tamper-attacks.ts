import { createHash } from "node:crypto";
import { hashChildren, hashLeaf, rootOf } from "../../clients/verifier/hashing.ts";
import type { Known } from "../../clients/verifier/verify.ts";
import { type Contents, checkpointOf, type Files, forgedLog, type LogKey, newLogKey, signed, sizeOf } from "./forged-log.ts";

/** A log that holds, and what an attacker may have: its files, and for some attacks even its key. */
export interface Target {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly contents: Contents;
  readonly key: LogKey;
  /** A log of another tenant, that holds as well. */
  readonly other: ReadonlyMap<string, Buffer>;
}

/** A way to deceive a reader. */
export interface Attack {
  readonly name: string;
  /** What is given to the reader in place of the log. */
  readonly forge: (target: Target) => Files;
  /** What the reader knows beside the log's verifier key. */
  readonly known?: (target: Target) => Known;
  /** Where the verification must say that something is wrong. */
  readonly where: RegExp;
}

/** The reader has kept the checkpoint of the log as it was. */
const seenBefore = ({ files }: Target): Known => ({ against: String(files.get("checkpoint")) });

const TILE = "tile/0/000";
const ENTRIES = "tile/entries/000";

/** A file with one thing about it changed. */
function changed(path: string | ((files: Files) => string), change: (bytes: Buffer) => Buffer | undefined): Attack["forge"] {
  return (target) => {
    const files = new Map(target.files);
    const name = typeof path === "string" ? path : path(files);
    const bytes = files.get(name);
    if (bytes === undefined) throw new Error(`the log has no ${name} to attack`);
    const next = change(Buffer.from(bytes));
    if (next === undefined) files.delete(name);
    else files.set(name, next);
    return files;
  };
}

function flipped(at: number): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const place = at < 0 ? bytes.length + at : at;
    bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
    return bytes;
  };
}

/** Two stretches of the same length changed for each other. */
function exchanged(length: number, a: number, b: number): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const first = Buffer.from(bytes.subarray(a * length, (a + 1) * length));
    bytes.copy(bytes, a * length, b * length, (b + 1) * length);
    first.copy(bytes, b * length);
    return bytes;
  };
}

function lines(change: (lines: string[]) => string[]): (bytes: Buffer) => Buffer {
  return (bytes) => Buffer.from(`${change(String(bytes).split("\n").slice(0, -1)).join("\n")}\n`);
}

function swapped<T>(items: readonly T[], a: number, b: number): T[] {
  return items.map((item, i) => (i === a ? (items[b] ?? item) : i === b ? (items[a] ?? item) : item));
}

/** The log made anew over other contents by someone who has its key. */
function rewritten(change: (contents: Contents) => Contents): Attack["forge"] {
  return ({ contents, key }) => forgedLog(change(contents), key);
}

function without<T>(items: readonly T[], index: number): T[] {
  return items.filter((_, i) => i !== index);
}

function partial(folder: string): (files: Files) => string {
  return (files) => [...files.keys()].find((path) => path.startsWith(`${folder}/`) && path.includes(".p/")) ?? "";
}

/** The first two events of one object that stand behind each other in the log. */
function neighbours(records: readonly string[], kind: "same object" | "other objects"): [number, number] {
  const objects = records.map((line) => String(JSON.parse(line).object));
  for (let i = 0; i < objects.length; i += 1) {
    const next = objects.findIndex((object, j) => j > i && (object === objects[i]) === (kind === "same object"));
    if (next > 0) return [i, next];
  }
  throw new Error(`the log has no two events of ${kind}`);
}

const TILES: readonly Attack[] = [
  { name: "one bit of the first hash of a full tile", forge: changed(TILE, flipped(0)), where: /^entry 0$/ },
  { name: "one bit of the last hash of a full tile", forge: changed(TILE, flipped(-1)), where: /^entry 255$/ },
  { name: "one bit of the newest, partial tile", forge: changed(partial("tile/0"), flipped(-1)), where: /^entry \d+$/ },
  { name: "one bit of a tile of the level above", forge: changed(partial("tile/1"), flipped(5)), where: /^tile of level 1, hash 0$/ },
  { name: "a tile taken away", forge: changed(TILE, () => undefined), where: /^tile\/0\/000$/ },
  { name: "a tile cut by one hash", forge: changed(TILE, (bytes) => bytes.subarray(0, -32)), where: /^tile\/0\/000$/ },
  { name: "a tile cut in the middle of a hash", forge: changed(TILE, (bytes) => bytes.subarray(0, -7)), where: /^tile\/0\/000$/ },
  {
    name: "a hash more in the partial tile",
    forge: changed(partial("tile/0"), (bytes) => Buffer.concat([bytes, bytes.subarray(0, 32)])),
    where: /^tile\/0\/.*\.p\//,
  },
  { name: "two hashes of a tile exchanged", forge: changed(TILE, exchanged(32, 3, 4)), where: /^entry 3$/ },
  {
    name: "two tiles exchanged",
    forge: ({ files }) =>
      new Map(
        [...files].map(([path, bytes]) => [
          path,
          path === TILE ? (files.get("tile/0/001") ?? bytes) : path === "tile/0/001" ? (files.get(TILE) ?? bytes) : bytes,
        ]),
      ),
    where: /^entry 0$/,
  },
  {
    name: "a tile that the log has not come to",
    forge: ({ files }) => new Map(files).set("tile/0/099", Buffer.alloc(8_192)),
    where: /^tile\/0\/099$/,
  },
];

const ENTRY_ATTACKS: readonly Attack[] = [
  { name: "one bit of an entry", forge: changed(ENTRIES, flipped(34 * 7 + 20)), where: /^entry 7$/ },
  {
    name: "an entry dropped from its bundle",
    forge: changed(ENTRIES, (bytes) => Buffer.concat([bytes.subarray(0, 34), bytes.subarray(68)])),
    where: /^tile\/entries\/000$/,
  },
  {
    name: "an entry twice in its bundle",
    forge: changed(ENTRIES, (bytes) => Buffer.concat([bytes.subarray(0, 34), bytes])),
    where: /^tile\/entries\/000$/,
  },
  { name: "two entries exchanged", forge: changed(ENTRIES, exchanged(34, 10, 11)), where: /^entry 10$/ },
  { name: "the length before an entry", forge: changed(ENTRIES, flipped(1)), where: /^tile\/entries\/000$|^entry/ },
  { name: "a bundle cut", forge: changed(ENTRIES, (bytes) => bytes.subarray(0, 1_000)), where: /^tile\/entries\/000$/ },
  { name: "a bundle taken away", forge: changed(partial("tile/entries"), () => undefined), where: /^tile\/entries\/.*\.p\// },
  {
    name: "inner nodes passed off as entries, under the same root",
    forge: ({ contents, key }) => {
      const leaves = contents.records.slice(0, 512).map((line) => hashLeaf(createHash("sha256").update(line).digest()));
      const pairs = Array.from({ length: 256 }, (_, i) => Buffer.concat(leaves.slice(2 * i, 2 * i + 2)));
      const files = forgedLog(
        { ...contents, entries: pairs, records: contents.records.slice(0, 256), payloads: contents.payloads.slice(0, 256) },
        key,
      );
      const nodes = pairs.map((pair) => hashChildren(pair.subarray(0, 32), pair.subarray(32)));
      files.set(TILE, Buffer.concat(nodes));
      files.set("tile/1/000.p/1", rootOf(nodes));
      return files.set("checkpoint", Buffer.from(checkpointOf(key.name, 256, rootOf(leaves), key)));
    },
    where: /^entry 0$/,
  },
  {
    name: "a padding leaf behind the last entry",
    forge: rewritten((contents) => ({
      ...contents,
      entries: [...contents.records.map((line) => createHash("sha256").update(line).digest()), Buffer.alloc(32)],
    })),
    where: /^records\//,
  },
  {
    name: "the last leaf once more, to fill the tree",
    forge: rewritten((contents) => ({
      ...contents,
      records: [...contents.records, contents.records.at(-1) ?? ""],
      payloads: [...contents.payloads, contents.payloads.at(-1) ?? ""],
    })),
    where: /^record \d+$/,
  },
];

const note = (change: (text: string) => string): Attack["forge"] => changed("checkpoint", (bytes) => Buffer.from(change(String(bytes))));

const CHECKPOINTS: readonly Attack[] = [
  {
    name: "another root in the checkpoint",
    forge: note((text) => text.replace(/\n[A-Za-z0-9+/]{43}=\n/, `\n${Buffer.alloc(32, 1).toString("base64")}\n`)),
    where: /^checkpoint$/,
  },
  {
    name: "another size in the checkpoint",
    forge: ({ files }) =>
      new Map(files).set("checkpoint", Buffer.from(String(files.get("checkpoint")).replace(/\n\d+\n/, `\n${sizeOf(files) - 1}\n`))),
    where: /^checkpoint$/,
  },
  {
    name: "another origin in the checkpoint",
    forge: note((text) => text.replace(/^[^\n]+/, "elsewhere.test/tlog/1")),
    where: /^checkpoint$/,
  },
  {
    name: "one character of the signature",
    forge: note((text) => text.replace(/(.)(.{20})\n$/, (_, one: string, rest: string) => `${one === "A" ? "B" : "A"}${rest}\n`)),
    where: /^checkpoint$/,
  },
  { name: "no signature", forge: note((text) => text.slice(0, text.indexOf("\n\n") + 2)), where: /^checkpoint$/ },
  {
    name: "a line more in the checkpoint",
    forge: ({ files, key }) =>
      new Map(files).set(
        "checkpoint",
        Buffer.from(signed(`${String(files.get("checkpoint")).split("\n").slice(0, 3).join("\n")}\nmore\n`, key)),
      ),
    where: /^checkpoint$/,
  },
  { name: "words behind the signature", forge: note((text) => `${text}trust me\n`), where: /^checkpoint$/ },
  { name: "no checkpoint", forge: changed("checkpoint", () => undefined), where: /^checkpoint$/ },
  {
    name: "the whole log under another key",
    forge: ({ contents, key }) => forgedLog(contents, newLogKey(key.name)),
    where: /^log\.json$/,
  },
  {
    name: "the whole log under another key, said to be the right one",
    forge: ({ contents, key }) => {
      const files = forgedLog(contents, newLogKey(key.name));
      return files.set(
        "log.json",
        Buffer.from(String(files.get("log.json")).replace(/"verifierKey":"[^"]+"/, `"verifierKey":"${key.vkey}"`)),
      );
    },
    where: /^checkpoint$/,
  },
  {
    name: "the checkpoint of another tenant",
    forge: ({ files, other }) => new Map(files).set("checkpoint", other.get("checkpoint") ?? Buffer.alloc(0)),
    where: /^checkpoint$/,
  },
  {
    name: "the log of another tenant, said to be this one's",
    forge: ({ files, other }) => new Map(other).set("log.json", files.get("log.json") ?? Buffer.alloc(0)),
    where: /^checkpoint$|^record \d+$/,
  },
  {
    name: "an old checkpoint, and the log as it was then",
    forge: rewritten((contents) => ({ ...contents, records: contents.records.slice(0, 300), payloads: contents.payloads.slice(0, 300) })),
    known: seenBefore,
    where: /^checkpoint$/,
  },
];

const HISTORY: readonly Attack[] = [
  {
    name: "an event rewritten, the history hashed and signed anew",
    forge: rewritten((contents) => ({
      ...contents,
      records: contents.records.map((line, i) => (i === 40 ? line.replace(/"at":\d+/, '"at":1') : line)),
    })),
    known: seenBefore,
    where: /^checkpoint$/,
  },
  {
    name: "an event dropped, the history hashed and signed anew",
    forge: rewritten((contents) => ({ ...contents, records: without(contents.records, 40), payloads: without(contents.payloads, 40) })),
    known: seenBefore,
    where: /^checkpoint$/,
  },
  {
    name: "events of two objects reordered, the history hashed and signed anew",
    forge: rewritten((contents) => {
      const [a, b] = neighbours(contents.records, "other objects");
      return { ...contents, records: swapped(contents.records, a, b), payloads: swapped(contents.payloads, a, b) };
    }),
    known: seenBefore,
    where: /^checkpoint$/,
  },
  {
    name: "events of one object reordered, before anybody had seen them",
    forge: rewritten((contents) => {
      const [a, b] = neighbours(contents.records, "same object");
      return { ...contents, records: swapped(contents.records, a, b), payloads: swapped(contents.payloads, a, b) };
    }),
    where: /^record \d+$/,
  },
  {
    name: "a number of an object given twice, before anybody had seen it",
    forge: rewritten((contents) => {
      const [a, b] = neighbours(contents.records, "same object");
      const { seq } = JSON.parse(contents.records[a] ?? "{}");
      return { ...contents, records: contents.records.map((line, i) => (i === b ? line.replace(/"seq":\d+/, `"seq":${seq}`) : line)) };
    }),
    where: /^record \d+$/,
  },
  {
    name: "another end of the log for another reader",
    forge: rewritten((contents) => ({
      ...contents,
      records: contents.records.map((line, i) => (i === contents.records.length - 1 ? line.replace(/"at":\d+/, '"at":2') : line)),
    })),
    known: seenBefore,
    where: /^checkpoint$/,
  },
  {
    name: "the newest events cut off",
    forge: rewritten((contents) => ({ ...contents, records: contents.records.slice(0, -5), payloads: contents.payloads.slice(0, -5) })),
    known: seenBefore,
    where: /^checkpoint$/,
  },
  {
    name: "an event put in between, the history hashed and signed anew",
    forge: rewritten((contents) => ({
      ...contents,
      records: contents.records.toSpliced(50, 0, (contents.records[50] ?? "").replace(/"object":"[^"]+"/, '"object":"run_forged"')),
      payloads: contents.payloads.toSpliced(50, 0, contents.payloads[50] ?? ""),
    })),
    known: seenBefore,
    where: /^checkpoint$/,
  },
];

const RECORDS: readonly Attack[] = [
  {
    name: "one character of a record",
    forge: changed(
      "records/000.jsonl",
      lines((all) => all.map((line, i) => (i === 9 ? line.replace(/"at":\d/, '"at":9') : line))),
    ),
    where: /^record 9$/,
  },
  {
    name: "a record dropped",
    forge: changed(
      "records/000.jsonl",
      lines((all) => without(all, 9)),
    ),
    where: /^record 9$|^records\/000/,
  },
  {
    name: "two records exchanged",
    forge: changed(
      "records/000.jsonl",
      lines((all) => swapped(all, 9, 10)),
    ),
    where: /^record 9$/,
  },
  { name: "a file of records taken away", forge: changed("records/000.jsonl", () => undefined), where: /^records\/000/ },
  {
    name: "a record that is no JSON",
    forge: changed(
      "records/000.jsonl",
      lines((all) => all.map((line, i) => (i === 9 ? "{" : line))),
    ),
    where: /^record 9$/,
  },
  {
    name: "a record of another tenant",
    forge: changed(
      "records/000.jsonl",
      lines((all) => all.map((line, i) => (i === 9 ? line.replace(/"tenant":"[^"]+"/, '"tenant":"ten_other"') : line))),
    ),
    where: /^record 9$/,
  },
];

const PAYLOADS: readonly Attack[] = [
  {
    name: "what an event says, changed in the database",
    forge: changed(
      "payloads/000.jsonl",
      lines((all) => all.map((line, i) => (i === 9 ? line.replace(/"data":\{/, '"data":{"also":1,') : line))),
    ),
    where: /^payload 9$/,
  },
  {
    name: "the salt of an event, changed in the database",
    forge: changed(
      "payloads/000.jsonl",
      lines((all) => all.map((line, i) => (i === 9 ? line.replace(/"salt":"[0-9a-f]{2}/, '"salt":"zz') : line))),
    ),
    where: /^payload 9$/,
  },
  {
    name: "what an event says taken away, and no erasure of it on record",
    forge: changed(
      "payloads/000.jsonl",
      lines((all) => all.map((line, i) => (i === 9 ? "null" : line))),
    ),
    where: /^payload 9$/,
  },
  {
    name: "what two events say exchanged",
    forge: changed(
      "payloads/000.jsonl",
      lines((all) => swapped(all, 9, 10)),
    ),
    where: /^payload 9$/,
  },
  { name: "a file of payloads taken away", forge: changed("payloads/000.jsonl", () => undefined), where: /^payloads\/000/ },
];

const PROOFS: readonly Attack[] = [
  {
    name: "a hash of a proof",
    forge: changed(
      "proofs/000.jsonl",
      lines((all) => all.map((line, i) => (i === 9 ? line.replace(/\["../, '["AA') : line))),
    ),
    where: /^proof 9$/,
  },
  {
    name: "the proof of another leaf",
    forge: changed(
      "proofs/000.jsonl",
      lines((all) => swapped(all, 9, 200)),
    ),
    where: /^proof 9$/,
  },
  {
    name: "an empty proof",
    forge: changed(
      "proofs/000.jsonl",
      lines((all) => all.map((line, i) => (i === 9 ? "[]" : line))),
    ),
    where: /^proof 9$/,
  },
  {
    name: "a file that nothing vouches for",
    forge: ({ files }) => new Map(files).set("report.html", Buffer.from("all is well")),
    where: /^report\.html$/,
  },
];

/** Every way of tampering that is tried: with what is stored, with what is presented, and with the log's own key. */
export const ATTACKS: readonly Attack[] = [...TILES, ...ENTRY_ATTACKS, ...CHECKPOINTS, ...HISTORY, ...RECORDS, ...PAYLOADS, ...PROOFS];
