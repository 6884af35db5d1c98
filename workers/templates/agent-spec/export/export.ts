import { stringify } from "yaml";
import type { Graph } from "../../../mao/graph.ts";
import type { Json } from "../../../platform/canonical-json.ts";
import { plainGraph } from "../../plain-graph.ts";
import { AGENT_SPEC_VERSION, type LeftOut, type Writing } from "./document.ts";
import { writeFlow } from "./flow.ts";

type JsonObject = { [key: string]: Json };

/** Under this name a document's metadata holds the graph it was written from. */
export const OWN_METADATA = "somaagent";

/** A graph as a document of Open Agent Specification, and what the specification cannot say of it. */
export interface Exported {
  readonly document: JsonObject;
  readonly left: readonly LeftOut[];
}

/**
 * Writes a template as a Flow of Open Agent Specification 26.1.2. What the specification cannot say is told under
 * `metadata.somaagent.left`; the graph itself stands beside it, so that an import of the document brings it back as it was.
 */
export function exportAgentSpec(graph: Graph, name: string): Exported {
  const writing: Writing = { components: {}, left: [], agents: graph.agents };
  const reference = writeFlow(writing, { graph, prefix: "", name: graph.name ?? name });
  const { flow, ...components } = writing.components;
  const left = writing.left.map(({ what, why }): Json => ({ what, why }));
  const document: JsonObject = {
    ...flow,
    ...(flow === undefined ? reference : {}),
    agentspec_version: AGENT_SPEC_VERSION,
    metadata: { [OWN_METADATA]: { graph: plainGraph(graph), left } },
    $referenced_components: components,
  };
  return { document, left: writing.left };
}

/** The document as JSON. */
export function agentSpecJson(graph: Graph, name: string): string {
  return `${JSON.stringify(exportAgentSpec(graph, name).document, undefined, 2)}\n`;
}

/** The document as YAML. */
export function agentSpecYaml(graph: Graph, name: string): string {
  return stringify(exportAgentSpec(graph, name).document, { aliasDuplicateObjects: false, lineWidth: 120 });
}
