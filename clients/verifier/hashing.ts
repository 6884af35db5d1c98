import { createHash } from "node:crypto";

/**
 * The verifier's own Merkle tree (RFC 9162 §2.1, which hashes as RFC 6962 does). It shares nothing with the code that writes the log: a
 * mistake that both make would have to be made twice.
 */

/** SHA-256(0x00 ‖ entry). */
export function hashLeaf(entry: Buffer): Buffer {
  return createHash("sha256").update("\x00", "latin1").update(entry).digest();
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function hashChildren(left: Buffer, right: Buffer): Buffer {
  return createHash("sha256").update("\x01", "latin1").update(left).update(right).digest();
}

/**
 * A tree that takes leaves one by one and knows the root after each: it keeps one hash for every bit that is set in the number of its
 * leaves (RFC 9162 §2.1.2).
 */
export class GrowingTree {
  #size = 0;
  readonly #stack: Buffer[] = [];

  get size(): number {
    return this.#size;
  }

  add(leaf: Buffer): void {
    let hash = leaf;
    for (let count = this.#size; count % 2 === 1; count = Math.floor(count / 2)) hash = hashChildren(this.#stack.pop() ?? hash, hash);
    this.#stack.push(hash);
    this.#size += 1;
  }

  root(): Buffer {
    const last = this.#stack.at(-1);
    if (last === undefined) return createHash("sha256").digest();
    return this.#stack.slice(0, -1).reduceRight((right, left) => hashChildren(left, right), last);
  }
}

/** The root over hashes side by side. */
export function rootOf(hashes: readonly Buffer[]): Buffer {
  const tree = new GrowingTree();
  for (const hash of hashes) tree.add(hash);
  return tree.root();
}

/** The root that a leaf and its path lead to (RFC 9162 §2.1.3.2); undefined when the path does not fit the tree. */
export function rootByPath(index: number, size: number, leaf: Buffer, path: readonly Buffer[]): Buffer | undefined {
  let [own, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (own % 2 === 1 || own === last) {
      hash = hashChildren(sibling, hash);
      while (own % 2 === 0 && own > 0) [own, last] = [own / 2, Math.floor(last / 2)];
    } else hash = hashChildren(hash, sibling);
    [own, last] = [Math.floor(own / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash : undefined;
}

/** The paths of all leaves to their root, by hashing the tree once, level by level. */
export function pathsOf(leaves: readonly Buffer[]): Buffer[][] {
  const paths: Buffer[][] = leaves.map(() => []);
  const grow = (from: number, to: number): Buffer => {
    const first = leaves[from];
    if (first === undefined) throw new RangeError("there are no paths in an empty tree");
    if (to - from === 1) return first;
    let half = 1;
    while (half * 2 < to - from) half *= 2;
    const left = grow(from, from + half);
    const right = grow(from + half, to);
    for (let i = from; i < to; i += 1) paths[i]?.push(i < from + half ? right : left);
    return hashChildren(left, right);
  };
  if (leaves.length > 0) grow(0, leaves.length);
  return paths;
}
