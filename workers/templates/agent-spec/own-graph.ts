import { type Graph, graphSchema } from "../../mao/graph.ts";
import { canonicalJson, type Json } from "../../platform/canonical-json.ts";
import type { Component } from "./document.ts";
import { exportAgentSpec, OWN_METADATA } from "./export/export.ts";

/** The graph that a document was exported from. */
export interface OwnGraph {
  readonly graph: Graph;
  /** True when the document says exactly what the graph was exported as: then nothing was changed, and the graph is the better source. */
  readonly isUnchanged: boolean;
}

/** The graph in a document's metadata; undefined when this platform did not write the document. */
export function ownGraph(root: Component): OwnGraph | undefined {
  const { metadata } = root.fields;
  const own = isObject(metadata) ? metadata[OWN_METADATA] : undefined;
  if (!isObject(own)) return undefined;
  const parsed = graphSchema.safeParse(own.graph);
  if (!parsed.success) return undefined;
  const { document } = exportAgentSpec(parsed.data, root.name);
  return { graph: parsed.data, isUnchanged: canonicalJson(document) === canonicalJson({ ...root.fields }) };
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
