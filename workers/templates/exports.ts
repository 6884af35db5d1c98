import type { Graph } from "../mao/graph.ts";
import { agentSpecJson, agentSpecYaml } from "./agent-spec/export/export.ts";
import { graphYaml } from "./diff.ts";
import { plainGraph } from "./plain-graph.ts";
import { templateNameOf } from "./template-name.ts";

/** A form that templates can be written out in. */
interface ExportForm {
  readonly mediaType: string;
  /** What a file of it is called behind the template's name. */
  readonly extension: string;
  readonly write: (graph: Graph, name: string) => string;
}

export const EXPORT_FORMATS = ["yaml", "json", "agent-spec", "agent-spec-yaml"] as const;

/** Every form, by the name that `format` gives it. */
export const EXPORTS: Readonly<Record<(typeof EXPORT_FORMATS)[number], ExportForm>> = {
  yaml: { mediaType: "application/yaml", extension: "yaml", write: (graph, name) => graphYaml(named(graph, name)) },
  "agent-spec": { mediaType: "application/json", extension: "json", write: (graph, name) => agentSpecJson(named(graph, name), name) },
  "agent-spec-yaml": { mediaType: "application/yaml", extension: "yaml", write: (graph, name) => agentSpecYaml(named(graph, name), name) },
  json: {
    mediaType: "application/json",
    extension: "json",
    write: (graph, name) => `${JSON.stringify(plainGraph(named(graph, name)), undefined, 2)}\n`,
  },
};

/** The graph with a name that brings it back to its template when the file is imported. */
function named(graph: Graph, name: string): Graph {
  return graph.name !== undefined && templateNameOf(graph.name) === name ? graph : { ...graph, name };
}
