import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type ParsedNode, type YAMLMap } from "yaml";
import type { Json } from "../platform/canonical-json.ts";
import { MAX_JSON_DEPTH } from "../platform/limits.ts";

/** Values in one file with every alias counted as what it stands for: a graph of the largest size written out fits. */
export const MAX_SOURCE_NODES = 300_000;
/** Maps that one `<<` may bring in. */
const MAX_MERGED_MAPS = 16;

/** A value of a file with where it and each of its members stand, in characters from the start. Values behind an alias are shared. */
export interface SourceNode {
  readonly value: Json;
  readonly offset: number;
  /** True for a map or list that begins below its name, so that the name is the better place to point to. */
  readonly isBelowItsName: boolean;
  /** Values in it, itself included, aliases counted each time. */
  readonly size: number;
  /** Maps and lists around its deepest value. */
  readonly depth: number;
  readonly members: ReadonlyMap<string, SourceMember>;
}

interface SourceMember {
  /** Where its name stands; for an item of a list, where the item does. */
  readonly keyOffset: number;
  readonly node: SourceNode;
}

/** What is wrong with a file at one place. */
export class SourceFault extends Error {
  override readonly name = "SourceFault";
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** What has been read of a document so far: anchors by name, the latest of a name in force. */
interface Reading {
  readonly anchors: Map<string, SourceNode | "open">;
}

/**
 * The values of a YAML document with their places. An alias stands for the very node it names, so that it costs nothing; what it would
 * cost written out is counted.
 * @throws SourceFault for what JSON cannot carry, tags, names given twice, and what is too large or too deep written out
 */
export function sourceTree(document: Document.Parsed): SourceNode {
  const reading: Reading = { anchors: new Map() };
  return document.contents === null ? scalar(null, 0) : read(document.contents, reading);
}

function read(node: ParsedNode | Node, reading: Reading): SourceNode {
  const offset = node.range?.[0] ?? 0;
  if (isAlias(node)) return aliased(node.source, offset, reading);
  if (node.tag !== undefined && !isPlainTag(node.tag, node)) throw new SourceFault(offset, `the tag ${node.tag} is not taken here`);
  const { anchor } = node;
  if (anchor !== undefined) reading.anchors.set(anchor, "open");
  const found = isMap(node) ? readMap(node, reading) : isSeq(node) ? readList(node.items, node, reading) : readScalar(node, offset);
  if (anchor !== undefined) reading.anchors.set(anchor, found);
  return found;
}

/** The parser gives lists and maps the tag of their kind; anything else was written. */
function isPlainTag(tag: string, node: Node): boolean {
  return (isMap(node) && tag === "tag:yaml.org,2002:map") || (isSeq(node) && tag === "tag:yaml.org,2002:seq");
}

function aliased(name: string, offset: number, reading: Reading): SourceNode {
  const found = reading.anchors.get(name);
  if (found === undefined) throw new SourceFault(offset, `there is no anchor &${name} before this alias`);
  if (found === "open") throw new SourceFault(offset, `the alias *${name} stands inside what it stands for`);
  return found;
}

function readScalar(node: Node, offset: number): SourceNode {
  if (!isScalar(node)) throw new SourceFault(offset, "expected a value, a list or a map");
  const { value } = node;
  if (value === null || typeof value === "boolean") return scalar(value, offset);
  if (typeof value === "string") return scalar(checkedText(value, offset), offset);
  if (typeof value === "number" && Number.isFinite(value)) return scalar(value, offset);
  throw new SourceFault(offset, "expected text, a finite number, true, false or null");
}

function checkedText(text: string, offset: number): string {
  if (text.includes("\0")) throw new SourceFault(offset, "the character NUL is not taken here");
  if (!text.isWellFormed()) throw new SourceFault(offset, "the text holds half of a surrogate pair");
  return text;
}

function scalar(value: Json, offset: number): SourceNode {
  return { value, offset, isBelowItsName: false, size: 1, depth: 0, members: new Map() };
}

function readList(items: readonly unknown[], node: Node & { flow?: boolean | undefined }, reading: Reading): SourceNode {
  const members = new Map<string, SourceMember>();
  const values: Json[] = [];
  for (const item of items) {
    const member = readMember(item, node.range?.[0] ?? 0, reading);
    members.set(String(values.length), { keyOffset: member.offset, node: member });
    values.push(member.value);
  }
  return collection(values, node, members);
}

function readMap(node: YAMLMap, reading: Reading): SourceNode {
  const members = new Map<string, SourceMember>();
  const merged = new Map<string, SourceMember>();
  for (const pair of node.items) {
    const { name, keyOffset } = nameOf(pair, node, reading);
    const member = readMember(pair.value, keyOffset, reading);
    if (name === "<<") merge(merged, member, keyOffset);
    else if (members.has(name)) throw new SourceFault(keyOffset, `${JSON.stringify(name.slice(0, 100))} is named twice in one map`);
    else members.set(name, { keyOffset, node: member });
  }
  for (const [name, member] of merged) if (!members.has(name)) members.set(name, member);
  const value = Object.fromEntries([...members].map(([name, member]) => [name, member.node.value]));
  return collection(value, node, members);
}

function readMember(value: unknown, offset: number, reading: Reading): SourceNode {
  return isNode(value) ? read(value, reading) : scalar(null, offset);
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value);
}

function nameOf(pair: Pair, map: Node, reading: Reading): { name: string; keyOffset: number } {
  const offset = map.range?.[0] ?? 0;
  if (!isNode(pair.key)) throw new SourceFault(offset, "a name is missing in this map");
  const keyOffset = pair.key.range?.[0] ?? offset;
  const { value } = read(pair.key, reading);
  if (typeof value === "object" && value !== null) throw new SourceFault(keyOffset, "a list or a map cannot be a name");
  const name = String(value);
  if (name === "__proto__") throw new SourceFault(keyOffset, "the name __proto__ is not taken here");
  return { name, keyOffset };
}

/** Brings what `<<` names into a map: earlier maps before later ones, what the map itself says before all (YAML 1.1 merge key). */
function merge(merged: Map<string, SourceMember>, from: SourceNode, offset: number): void {
  const sources = Array.isArray(from.value) ? [...from.members.values()].map(({ node }) => node) : [from];
  if (sources.length > MAX_MERGED_MAPS) throw new SourceFault(offset, `<< names more than ${MAX_MERGED_MAPS} maps`);
  for (const source of sources) {
    if (typeof source.value !== "object" || source.value === null || Array.isArray(source.value))
      throw new SourceFault(offset, "<< takes a map, or a list of maps");
    for (const [name, member] of source.members) if (!merged.has(name)) merged.set(name, member);
  }
}

function collection(value: Json, node: Node & { flow?: boolean | undefined }, members: ReadonlyMap<string, SourceMember>): SourceNode {
  const offset = node.range?.[0] ?? 0;
  let size = 1;
  let depth = 1;
  for (const member of members.values()) {
    size += member.node.size;
    depth = Math.max(depth, member.node.depth + 1);
  }
  if (size > MAX_SOURCE_NODES) throw new SourceFault(offset, `more than ${MAX_SOURCE_NODES} values with its aliases written out`);
  if (depth > MAX_JSON_DEPTH) throw new SourceFault(offset, `nests deeper than ${MAX_JSON_DEPTH} levels with its aliases written out`);
  return { value, offset, isBelowItsName: node.flow !== true, size, depth, members };
}
