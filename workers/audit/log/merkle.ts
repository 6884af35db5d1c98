import { createHash } from "node:crypto";

/** Bytes of a hash (SHA-256). */
export const HASH_BYTES = 32;
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The hash of an entry (RFC 6962 §2.1): SHA-256(0x00 ‖ entry), so that no inner node can be passed off as an entry. */
export function leafHash(entry: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(LEAF).update(entry).digest());
}

/** The hash of an inner node (RFC 6962 §2.1): SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(NODE).update(left).update(right).digest());
}

/** The root of the empty tree: the hash of nothing (RFC 6962 §2.1). */
export function emptyRoot(): Uint8Array {
  return new Uint8Array(createHash("sha256").digest());
}

/**
 * The root over nodes that stand side by side (RFC 6962 §2.1): of leaves, or of whole subtrees of one height, of which the last may be
 * an unfinished one.
 * @throws RangeError when there are none: the empty tree has a root of its own
 */
export function rootOver(nodes: readonly Uint8Array[]): Uint8Array {
  const [first] = nodes;
  if (first === undefined) throw new RangeError("no nodes to hash");
  if (nodes.length === 1) return first;
  const split = greatestPowerBelow(nodes.length);
  return nodeHash(rootOver(nodes.slice(0, split)), rootOver(nodes.slice(split)));
}

/** The greatest power of two that is smaller than `size` (2 or more): where RFC 6962 splits a tree. */
export function greatestPowerBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}
