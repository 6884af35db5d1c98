import { createHash } from "node:crypto";

/** A name may hold neither spaces nor plus signs (C2SP signed-note). */
const KEY_NAME = /^[^\s+\p{Z}\p{Cc}]{1,200}$/u;
const ED25519 = 0x01;
const COSIGNATURE = 0x04;
const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const TIMESTAMP_BYTES = 8;
const KEY_ID_BYTES = 4;

/** A tree's head: what a checkpoint says (C2SP tlog-checkpoint). */
export interface TreeHead {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** A key that verifies notes: of a log (type 0x01) or of a witness (type 0x04). */
export interface VerifierKey {
  readonly name: string;
  readonly id: Uint8Array;
  readonly type: number;
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

/** The three lines of a checkpoint, each with its line's end. */
export function checkpointText({ origin, size, root }: TreeHead): string {
  return `${origin}\n${size}\n${base64(root)}\n`;
}

/** The text of an Ed25519 verifier key of a log (C2SP signed-note, `vkey`). */
export function logVerifierKey(name: string, publicKey: Uint8Array): string {
  const material = bytesOf(Uint8Array.of(ED25519), publicKey);
  return `${name}+${hex(keyId(name, material))}+${base64(material)}`;
}

/** A checkpoint signed by its log: an Ed25519 signed note. */
export async function signCheckpoint(head: TreeHead, publicKey: Uint8Array, privateKey: CryptoKey): Promise<string> {
  const text = checkpointText(head);
  const signature = await crypto.subtle.sign("Ed25519", privateKey, new TextEncoder().encode(text));
  const id = keyId(head.origin, bytesOf(Uint8Array.of(ED25519), publicKey));
  return `${text}\n— ${head.origin} ${base64(bytesOf(id, new Uint8Array(signature)))}\n`;
}

/** Reads a verifier key; undefined when it is none, or of a kind that is not verified here. */
export function parseVerifierKey(text: string): VerifierKey | undefined {
  const [name = "", id = "", material = "", ...rest] = splitKey(text);
  const bytes = fromBase64(material);
  if (rest.length > 0 || bytes === undefined || !KEY_NAME.test(name)) return undefined;
  const type = bytes[0];
  const publicKey = bytes.slice(1);
  if ((type !== ED25519 && type !== COSIGNATURE) || publicKey.byteLength !== PUBLIC_KEY_BYTES) return undefined;
  const expected = keyId(name, bytes);
  return hex(expected) === id ? { name, id: expected, type, publicKey } : undefined;
}

/** What a witness has said of a checkpoint, once it is verified. */
export interface Cosignature {
  /** Seconds since the epoch. */
  readonly timestamp: number;
}

/**
 * Verifies one line of a witness over a checkpoint's text (C2SP tlog-cosignature, Ed25519).
 * @param line `— <name> <base64>` without its line's end
 * @returns undefined when it is not of that key, or does not verify
 */
export async function verifyCosignature(text: string, line: string, witness: VerifierKey): Promise<Cosignature | undefined> {
  const [dash, name, encoded, ...rest] = line.split(" ");
  const bytes = fromBase64(encoded ?? "");
  if (dash !== "—" || name !== witness.name || rest.length > 0 || witness.type !== COSIGNATURE) return undefined;
  if (bytes?.byteLength !== KEY_ID_BYTES + TIMESTAMP_BYTES + SIGNATURE_BYTES) return undefined;
  if (hex(bytes.subarray(0, KEY_ID_BYTES)) !== hex(witness.id)) return undefined;
  const timestamp = new DataView(bytes.buffer).getBigUint64(KEY_ID_BYTES);
  const signed = new TextEncoder().encode(`cosignature/v1\ntime ${timestamp}\n${text}`);
  const key = await crypto.subtle.importKey("raw", witness.publicKey, "Ed25519", false, ["verify"]);
  const signature = bytes.slice(KEY_ID_BYTES + TIMESTAMP_BYTES);
  return (await crypto.subtle.verify("Ed25519", key, signature, signed)) ? { timestamp: Number(timestamp) } : undefined;
}

/** The text that a note's signatures are over: everything up to its last empty line, without that line. */
export function noteText(note: string): string {
  return note.slice(0, note.lastIndexOf("\n\n") + 1);
}

/** The key's id: the first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key) (C2SP signed-note). */
function keyId(name: string, material: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(`${name}\n`).update(material).digest().subarray(0, KEY_ID_BYTES));
}

/** A base64 text may hold plus signs, a name and an id may not. */
function splitKey(text: string): string[] {
  const first = text.indexOf("+");
  const second = text.indexOf("+", first + 1);
  return first < 0 || second < 0 ? [text] : [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)];
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return base64(bytes) === text ? bytes : undefined;
}

function bytesOf(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return bytes;
}
