import { createTwoFilesPatch } from "diff";
import { stringify } from "yaml";
import type { Graph } from "../mao/graph.ts";
import type { Json } from "../platform/canonical-json.ts";
import { plainGraph } from "./plain-graph.ts";

/** Edits that are looked for between two texts; beyond it they have so little in common that a patch tells nothing. */
const MAX_EDITS = 20_000;
/** The work of looking grows with the square of the edits. */
const MAX_DIFF_MS = 2_000;

/** Names that one version has and the other has not, or has otherwise. */
interface NamedChanges {
  readonly added: string[];
  readonly removed: string[];
  readonly changed: string[];
}

export interface GraphDiff {
  readonly steps: NamedChanges;
  readonly agents: NamedChanges;
  /** Other parts of the graph that differ: `inputs`, `outputs`, `max_parallel` … */
  readonly parts: string[];
  /** The two as YAML, as a unified diff; left out when they have too little in common. Empty when they are the same. */
  readonly patch?: string;
}

/** How two graphs differ. @param labels what the two are called in the patch */
export function diffGraphs(from: Graph, to: Graph, labels: { readonly from: string; readonly to: string }): GraphDiff {
  const [old, next] = [plainGraph(from), plainGraph(to)];
  const parts = [...new Set([...Object.keys(old), ...Object.keys(next)])].filter((key) => key !== "steps" && key !== "agents");
  const patch = patchOf(graphYaml(from), graphYaml(to), labels);
  return {
    steps: namedChanges(old.steps, next.steps),
    agents: namedChanges(old.agents, next.agents),
    parts: parts.filter((key) => !isSame(old[key], next[key])),
    ...(patch === undefined ? {} : { patch }),
  };
}

/** A graph as the YAML that people read and write. */
export function graphYaml(graph: Graph): string {
  return stringify(plainGraph(graph), { lineWidth: 120, aliasDuplicateObjects: false });
}

function patchOf(from: string, to: string, labels: { readonly from: string; readonly to: string }): string | undefined {
  if (from === to) return "";
  return createTwoFilesPatch(labels.from, labels.to, from, to, undefined, undefined, { maxEditLength: MAX_EDITS, timeout: MAX_DIFF_MS });
}

function namedChanges(from: Json | undefined, to: Json | undefined): NamedChanges {
  const [old, next] = [membersOf(from), membersOf(to)];
  return {
    added: [...next.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !next.has(name)),
    changed: [...next].filter(([name, value]) => old.has(name) && !isSame(old.get(name), value)).map(([name]) => name),
  };
}

function membersOf(value: Json | undefined): Map<string, Json> {
  return new Map(typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : []);
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
