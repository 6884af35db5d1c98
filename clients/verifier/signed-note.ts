import { createHash, createPublicKey, verify } from "node:crypto";

/** An Ed25519 public key as SubjectPublicKeyInfo: these bytes, and the key (RFC 8410 §4). */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
const LOG_KEY = 1;
const WITNESS_KEY = 4;

/** A key that notes are verified with (C2SP signed-note). */
export interface NoteKey {
  readonly name: string;
  readonly id: string;
  readonly isWitness: boolean;
  readonly publicKey: Buffer;
}

/** A checkpoint whose form is right (C2SP tlog-checkpoint); nothing of it is verified yet. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
  /** What the signatures are over. */
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly id: string; readonly signature: Buffer }[];
}

/** Reads a verifier key. @returns what is wrong with it, when it is none */
export function readNoteKey(vkey: string): NoteKey | string {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(vkey);
  if (match === null) return "it does not have the form name+id+key";
  const [, name = "", id = "", encoded = ""] = match;
  const material = Buffer.from(encoded, "base64");
  if (material.length !== 33 || (material[0] !== LOG_KEY && material[0] !== WITNESS_KEY)) return "it holds no Ed25519 key";
  const expected = createHash("sha256").update(`${name}\n`).update(material).digest("hex").slice(0, 8);
  if (expected !== id) return `its id should be ${expected}`;
  return { name, id, isWitness: material[0] === WITNESS_KEY, publicKey: material.subarray(1) };
}

/** Reads a checkpoint. @returns what is wrong with its form, when it has none */
export function readCheckpoint(note: string): Checkpoint | string {
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n")) return "it is no signed note: there is no empty line before its signatures";
  const text = note.slice(0, end + 1);
  const [origin = "", size = "", root = "", ...rest] = text.split("\n");
  if (origin === "") return "it names no origin";
  if (!/^(0|[1-9]\d{0,15})$/.test(size)) return `its size ${JSON.stringify(size)} is no number`;
  const rootBytes = Buffer.from(root, "base64");
  if (rootBytes.length !== 32 || rootBytes.toString("base64") !== root) return "its root is not 32 bytes in base64";
  if (rest.length !== 1 || rest[0] !== "") return "it has lines that this log does not write";
  const signatures: Checkpoint["signatures"][number][] = [];
  for (const line of note.slice(end + 2, -1).split("\n")) {
    const match = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/.exec(line);
    const bytes = Buffer.from(match?.[2] ?? "", "base64");
    if (match === null || bytes.length < 5 || bytes.toString("base64") !== match[2])
      return `it has a line that is no signature: ${JSON.stringify(line.slice(0, 80))}`;
    signatures.push({ name: match[1] ?? "", id: bytes.subarray(0, 4).toString("hex"), signature: bytes.subarray(4) });
  }
  return { origin, size: Number(size), root: rootBytes, text, signatures };
}

/** Whether the key has signed the checkpoint: `unsigned` when it holds no signature of it, `wrong` when one does not verify. */
export function signatureOf(checkpoint: Checkpoint, key: NoteKey): "right" | "wrong" | "unsigned" {
  const own = checkpoint.signatures.filter(({ name, id }) => name === key.name && id === key.id);
  if (own.length === 0) return "unsigned";
  return own.every(({ signature }) => verifies(checkpoint.text, signature, key)) ? "right" : "wrong";
}

function verifies(text: string, signature: Buffer, key: NoteKey): boolean {
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, key.publicKey]), format: "der", type: "spki" });
  if (!key.isWitness) return signature.length === 64 && verify(null, Buffer.from(text), publicKey, signature);
  // A cosignature says when it was made (C2SP tlog-cosignature).
  if (signature.length !== 72) return false;
  const signed = `cosignature/v1\ntime ${signature.readBigUInt64BE()}\n${text}`;
  return verify(null, Buffer.from(signed), publicKey, signature.subarray(8));
}
