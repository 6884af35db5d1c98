import { checkPayloads, type PayloadCount } from "./check-payloads.ts";
import { type CheckedRecord, checkOrder, checkRecord, logIdOf } from "./check-records.ts";
import { type CheckedTree, checkTree, rootOfFirst } from "./check-tree.ts";
import { type Finding, Findings } from "./finding.ts";
import { rootByPath } from "./hashing.ts";
import { type Checkpoint, type NoteKey, readCheckpoint, readNoteKey, signatureOf } from "./signed-note.ts";
import type { Source } from "./source.ts";
import { entryBundles, levelsOf, lineFiles, tilesOfLevel } from "./tile-paths.ts";

/** A larger log does not fit the memory of the machine that verifies it. */
const MAX_LEAVES = 20_000_000;

/** What whoever verifies knows from elsewhere. */
export interface Known {
  /** The log's verifier key; without it the one that comes with an export is taken. */
  readonly key?: string | undefined;
  /** A checkpoint seen earlier, or by someone else: this log must hold all that it covers. */
  readonly against?: string | undefined;
  /** Verifier keys of witnesses, each of which must have cosigned. */
  readonly witnesses?: readonly string[] | undefined;
}

/** What came of a verification. */
export interface Verdict {
  readonly isSound: boolean;
  readonly source: string;
  readonly origin: string | undefined;
  readonly size: number | undefined;
  readonly root: string | undefined;
  /** Whether the key came from whoever verifies, or with what is verified. */
  readonly keyFrom: "given" | "export";
  readonly records: number;
  readonly gaps: number;
  readonly payloads: PayloadCount;
  readonly count: number;
  readonly findings: readonly Finding[];
}

interface Description {
  readonly tenant: string;
  readonly verifierKey: string;
}

/**
 * Verifies a log from what is there alone: signature, tree, entries, and, of an export, records, their order, payloads and proofs.
 * @throws Error when the source cannot be read, or no key is known to verify a URL with
 */
export async function verifyLog(source: Source, known: Known): Promise<Verdict> {
  const findings = new Findings();
  const description = source.paths === undefined ? undefined : await readDescription(source, findings);
  const vkey = known.key ?? description?.verifierKey;
  if (vkey === undefined && source.paths === undefined)
    throw new Error("A published log is verified with a key that is known from elsewhere: give it with --key.");
  if (known.key !== undefined && description !== undefined && known.key !== description.verifierKey)
    findings.add("log.json", "its verifier key is not the one given");
  const checkpoint = await checkHead(source, vkey, known, findings);
  let records: CheckedRecord[] = [];
  let gaps = 0;
  let payloads: PayloadCount = { present: 0, erased: 0 };
  if (checkpoint !== undefined) {
    const tree = await checkTree(source, checkpoint, findings);
    if (known.against !== undefined) checkAgainst(known.against, vkey, { checkpoint, leaves: tree.leaves }, findings);
    if (source.paths !== undefined && description !== undefined) {
      if (!checkpoint.origin.endsWith(`/${logIdOf(description.tenant)}`))
        findings.add("checkpoint", `its origin ${checkpoint.origin} is not that of the tenant ${description.tenant}`);
      records = await checkRecords(source, { tree, tenant: description.tenant, size: checkpoint.size }, findings);
      gaps = checkOrder(records, findings).gaps;
      payloads = checkPayloads(records, await linesOf(source, "payloads", checkpoint.size, findings), findings);
      await checkProofs(source, checkpoint, tree, findings);
      checkNothingElse(source.paths, checkpoint.size, findings);
    }
  }
  return {
    isSound: findings.count === 0,
    source: source.name,
    origin: checkpoint?.origin,
    size: checkpoint?.size,
    root: checkpoint?.root.toString("base64"),
    keyFrom: known.key === undefined ? "export" : "given",
    records: records.length,
    gaps,
    payloads,
    count: findings.count,
    findings: findings.told,
  };
}

async function readDescription(source: Source, findings: Findings): Promise<Description | undefined> {
  const text = (await source.read("log.json"))?.toString("utf8");
  try {
    const value: unknown = JSON.parse(text ?? "");
    const { tenant, verifierKey } = Object.assign({ tenant: undefined, verifierKey: undefined }, value);
    if (typeof tenant === "string" && typeof verifierKey === "string") return { tenant, verifierKey };
  } catch {
    // Said below, as for any other file that is not what it should be.
  }
  findings.add("log.json", "it is missing, or does not name a tenant and a verifier key");
  return undefined;
}

/** Checks the checkpoint's form and its signatures. @returns undefined when there is nothing to go on with */
async function checkHead(
  source: Source,
  vkey: string | undefined,
  { witnesses = [] }: Known,
  findings: Findings,
): Promise<Checkpoint | undefined> {
  const note = await source.read("checkpoint");
  const checkpoint = note === undefined ? "it is missing" : readCheckpoint(note.toString("utf8"));
  if (typeof checkpoint === "string") {
    findings.add("checkpoint", checkpoint);
    return undefined;
  }
  checkSignature("checkpoint", checkpoint, vkey, findings);
  if (checkpoint.size > MAX_LEAVES) {
    findings.add("checkpoint", `it states ${checkpoint.size} leaves; logs of more than ${MAX_LEAVES} are not verified here`);
    return undefined;
  }
  for (const witness of witnesses) checkSignature("checkpoint", checkpoint, witness, findings);
  return checkpoint;
}

function checkSignature(where: string, checkpoint: Checkpoint, vkey: string | undefined, findings: Findings): void {
  const key: NoteKey | string = vkey === undefined ? "there is none" : readNoteKey(vkey);
  if (typeof key === "string") {
    findings.add(where, `no key to verify it with: ${key}`);
    return;
  }
  if (!key.isWitness && key.name !== checkpoint.origin)
    findings.add(where, `its origin is ${checkpoint.origin}, and the key is that of ${key.name}`);
  const outcome = signatureOf(checkpoint, key);
  if (outcome === "unsigned") findings.add(where, `it is not signed with the key ${key.name}+${key.id}`);
  if (outcome === "wrong") findings.add(where, `its signature with the key ${key.name}+${key.id} does not verify`);
}

/** Checks that the log begins with what an earlier checkpoint covers. */
function checkAgainst(
  note: string,
  vkey: string | undefined,
  now: { checkpoint: Checkpoint; leaves: readonly Buffer[] },
  findings: Findings,
): void {
  const where = "the checkpoint given with --against";
  const earlier = readCheckpoint(note);
  if (typeof earlier === "string") {
    findings.add(where, earlier);
    return;
  }
  checkSignature(where, earlier, vkey, findings);
  const { checkpoint, leaves } = now;
  if (earlier.size > checkpoint.size)
    findings.add(
      "checkpoint",
      `it is an old one, or the log was cut: it covers ${checkpoint.size} leaves, and one of ${earlier.size} was seen`,
    );
  else if (earlier.size > 0 && leaves.length >= earlier.size && !rootOfFirst(leaves, earlier.size).equals(earlier.root))
    findings.add(
      "checkpoint",
      `this log and the one seen earlier part ways: the first ${earlier.size} leaves had the root ${earlier.root.toString("base64")}, and have ${rootOfFirst(leaves, earlier.size).toString("base64")} here`,
    );
}

async function checkRecords(
  source: Source,
  log: { tree: CheckedTree; tenant: string; size: number },
  findings: Findings,
): Promise<CheckedRecord[]> {
  const lines = await linesOf(source, "records", log.size, findings);
  const records: CheckedRecord[] = [];
  for (let index = 0; index < log.size; index += 1) {
    const line = lines.get(index);
    const record =
      line === undefined ? undefined : checkRecord(line, index, { entry: log.tree.entries[index], tenant: log.tenant }, findings);
    if (record !== undefined) records.push(record);
  }
  return records;
}

/** The lines of a folder by the index of their leaf. */
async function linesOf(
  source: Source,
  folder: "records" | "payloads" | "proofs",
  size: number,
  findings: Findings,
): Promise<Map<number, string>> {
  const lines = new Map<number, string>();
  for (const { path, first, count } of lineFiles(folder, size)) {
    const text = (await source.read(path))?.toString("utf8");
    const found = text === undefined ? [] : text.split("\n");
    if (text === undefined) findings.add(path, "it is missing");
    else if (found.length !== count + 1 || found.at(-1) !== "")
      findings.add(path, `it should have ${count} lines, and has ${found.length - 1}`);
    for (const [i, line] of found.slice(0, count).entries()) lines.set(first + i, line);
  }
  return lines;
}

async function checkProofs(source: Source, { size, root }: Checkpoint, { leaves }: CheckedTree, findings: Findings): Promise<void> {
  for (const [index, line] of await linesOf(source, "proofs", size, findings)) {
    const leaf = leaves[index];
    const path = pathOf(line);
    const reached = leaf === undefined || path === undefined ? undefined : rootByPath(index, size, leaf, path);
    if (reached?.equals(root) !== true) findings.add(`proof ${index}`, `it does not lead from leaf ${index} to the root of the checkpoint`);
  }
}

function pathOf(line: string): Buffer[] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return Array.isArray(value) ? value.map((hash) => Buffer.from(String(hash), "base64")) : undefined;
  } catch {
    return undefined;
  }
}

/** Nothing lies in an export that its checkpoint does not account for: it would look as if it had been verified. */
function checkNothingElse(paths: readonly string[], size: number, findings: Findings): void {
  const expected = new Set(["log.json", "checkpoint"]);
  for (const { path } of entryBundles(size)) expected.add(path);
  for (const level of levelsOf(size)) for (const { path } of tilesOfLevel(level, size)) expected.add(path);
  for (const folder of ["records", "payloads", "proofs"] as const) for (const { path } of lineFiles(folder, size)) expected.add(path);
  for (const path of paths) if (!expected.has(path)) findings.add(path, "it is no part of a log of this size, and nothing vouches for it");
}
