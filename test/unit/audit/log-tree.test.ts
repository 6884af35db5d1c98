import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyRoot, leafHash, nodeHash, rootOver } from "../../../workers/audit/log/merkle.ts";
import { consistencyProof, inclusionProof, type ReadTile, rootOfTiles } from "../../../workers/audit/log/proofs.ts";
import { appendLeaves, type Edge, hashesOf, joined, numberPath, rootOfEdge, TILE_WIDTH } from "../../../workers/audit/log/tiles.ts";

/** Leaves and roots that the authors of RFC 6962 published with their reference implementation. */
const RFC_6962_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const RFC_6962_ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

function hex(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString("hex");
}

/** A tree with its tiles in a map, as they would be stored: full ones for good, partial ones as they are at the end. */
function tiledTree(leaves: readonly Uint8Array[], cuts: readonly number[]): { edge: Edge; read: ReadTile } {
  const tiles = new Map<string, Uint8Array>();
  let edge: Edge = [];
  let size = 0;
  for (let i = 0; size < leaves.length; i += 1) {
    const next = leaves.slice(size, size + (cuts[i % cuts.length] ?? 1));
    const grown = appendLeaves(edge, size, next);
    for (const { level, number, hashes } of grown.full) tiles.set(`${level}/${number}`, hashes);
    edge = grown.edge;
    size += next.length;
  }
  edge.forEach((hashes, level) => {
    if (hashes.length > 0) tiles.set(`${level}/${Math.floor(size / TILE_WIDTH ** (level + 1))}`, joined(hashes));
  });
  const read: ReadTile = async ({ level, number }, width) => {
    const tile = tiles.get(`${level}/${number}`) ?? new Uint8Array();
    if (hashesOf(tile).length < width) throw new Error(`tile ${level}/${number} has fewer than ${width} hashes`);
    return tile;
  };
  return { edge, read };
}

function leavesOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => leafHash(Buffer.from(String(i))));
}

describe("the tree", () => {
  it("has the roots that RFC 6962's authors published", () => {
    const leaves = RFC_6962_LEAVES.map((leaf) => leafHash(Buffer.from(leaf, "hex")));
    expect(hex(emptyRoot())).toBe(createHash("sha256").digest("hex"));
    RFC_6962_ROOTS.forEach((root, i) => {
      expect(hex(rootOver(leaves.slice(0, i + 1)))).toBe(root);
      expect(hex(rootOfEdge(appendLeaves([], 0, leaves.slice(0, i + 1)).edge))).toBe(root);
    });
  });

  it("has the same root however its leaves come, over the bounds of tiles and of levels", async () => {
    const all = leavesOf(65_537);
    for (const size of [1, 255, 256, 257, 512, 65_537]) {
      const leaves = all.slice(0, size);
      const { edge, read } = tiledTree(leaves, [1_000, 7, 256]);
      const root = hex(rootOver(leaves));
      expect(hex(rootOfEdge(edge)), `${size}`).toBe(root);
      expect(hex(await rootOfTiles(size, read)), `${size}`).toBe(root);
    }
  }, 20_000);

  it("names tiles as C2SP does", () => {
    expect([0, 67, 1_234_067].map(numberPath)).toEqual(["000", "067", "x001/x234/067"]);
  });
});

describe("a proof from tiles", () => {
  const sizes = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 200, max: 1_100 }));

  it("leads from any leaf to the root", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), async (size, drawn) => {
        const index = drawn % size;
        const leaves = leavesOf(size);
        const path = await inclusionProof(index, size, tiledTree(leaves, [100]).read);
        expect(hex(rootByPath(index, size, leaves[index] ?? new Uint8Array(), path))).toBe(hex(rootOver(leaves)));
      }),
      { numRuns: 60 },
    );
  });

  it("shows that any tree begins with any smaller one", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), async (size, drawn) => {
        const old = 1 + (drawn % size);
        const leaves = leavesOf(size);
        const proof = await consistencyProof(old, size, tiledTree(leaves, [100]).read);
        expect(rootsByProof(old, size, rootOver(leaves.slice(0, old)), proof).map(hex)).toEqual(
          [rootOver(leaves.slice(0, old)), rootOver(leaves)].map(hex),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("is refused for a leaf or a tree that is not there", async () => {
    const { read } = tiledTree(leavesOf(5), [5]);
    await expect(inclusionProof(5, 5, read)).rejects.toThrow(/no leaf 5/);
    await expect(consistencyProof(6, 5, read)).rejects.toThrow(/no proof/);
    await expect(consistencyProof(0, 5, read)).rejects.toThrow(/no proof/);
  });
});

/** RFC 9162 §2.1.3.2. */
function rootByPath(index: number, size: number, leaf: Uint8Array, path: readonly Uint8Array[]): Uint8Array {
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else hash = nodeHash(hash, sibling);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  expect(sn).toBe(0);
  return hash;
}

/** RFC 9162 §2.1.4.2: the old root and the new one, as the proof gives them. */
function rootsByProof(old: number, size: number, oldRoot: Uint8Array, given: readonly Uint8Array[]): Uint8Array[] {
  if (old === size) return [oldRoot, oldRoot];
  const isPower = 2 ** Math.round(Math.log2(old)) === old;
  const [first = oldRoot, ...rest] = isPower ? [oldRoot, ...given] : given;
  let [fn, sn] = [old - 1, size - 1];
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  let [fr, sr] = [first, first];
  for (const hash of rest) {
    if (fn % 2 === 1 || fn === sn) {
      [fr, sr] = [nodeHash(hash, fr), nodeHash(hash, sr)];
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else sr = nodeHash(sr, hash);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  expect(sn).toBe(0);
  return [fr, sr];
}
