import { stepNames } from "../control-flow/names.ts";
import type { Component } from "./document.ts";
import { propertiesOf } from "./properties.ts";
import type { GraphInput, Work } from "./work.ts";

/** A transition from a node's branch to another node. */
export interface ControlEdge {
  readonly from: string;
  readonly branch: string;
  readonly to: string;
}

export interface DataEdge {
  readonly source: string;
  readonly output: string;
  readonly destination: string;
  readonly input: string;
}

/** One flow with its nodes by id, and where each step of it will stand. */
export interface FlowScope {
  readonly work: Work;
  readonly flow: Component;
  readonly nodes: ReadonlyMap<string, Component>;
  readonly start: Component | undefined;
  readonly ends: readonly Component[];
  /** Names of the steps, by node. */
  readonly names: ReadonlyMap<string, string>;
  readonly control: readonly ControlEdge[];
  /** Undefined: inputs take what was last put out under their name. */
  readonly data: readonly DataEdge[] | undefined;
  /** For each node, those that can have run before it, the nearest first. */
  readonly before: ReadonlyMap<string, readonly string[]>;
  /** The graph of a flow that a node of this one runs. */
  readonly inline: (node: Component, flow: Component) => GraphInput;
}

/** The branch a node takes when it has no choice. */
export const NEXT = "next";

/** Reads the nodes and edges of a flow; an edge whose ends are not known is told and left out. */
export function flowScope(work: Work, flow: Component, inline: (flow: Component, pointer: string) => GraphInput): FlowScope {
  const start = work.reader.one(flow, "start_node");
  const listed = work.reader.many(flow, "nodes");
  const nodes = new Map([...(start === undefined ? [] : [start]), ...listed].map((node) => [node.id, node]));
  const nameOf = stepNames();
  const names = new Map(
    [...nodes.values()].map((node) => [node.id, nameOf(work.isOwn ? (node.id.split("/").at(-1) ?? node.name) : node.name)]),
  );
  const control = work.reader.many(flow, "control_flow_connections").flatMap((edge): ControlEdge[] => {
    const from = work.reader.one(edge, "from_node");
    const to = work.reader.one(edge, "to_node");
    const { from_branch: branch } = edge.fields;
    if (from !== undefined && to !== undefined && nodes.has(from.id) && nodes.has(to.id)) {
      const usual = from.type === "BranchingNode" ? "default" : NEXT;
      return [{ from: from.id, branch: typeof branch === "string" ? branch : usual, to: to.id }];
    }
    work.unmapped.push({ what: `edge ${edge.name}`, where: edge.place, why: "one of its ends is no node of the flow" });
    return [];
  });
  return {
    work,
    flow,
    nodes,
    start: start ?? listed.find(({ type }) => type === "StartNode"),
    ends: [...nodes.values()].filter(({ type }) => type === "EndNode"),
    names,
    control,
    data: dataEdges(work, flow),
    before: nodesBefore([...nodes.keys()], control),
    inline: (node, inner) => inline(inner, `/steps/${names.get(node.id) ?? node.id}/graph`),
  };
}

function dataEdges(work: Work, flow: Component): DataEdge[] | undefined {
  const { data_flow_connections: list } = flow.fields;
  if (list === undefined || list === null) return undefined;
  return work.reader.many(flow, "data_flow_connections").flatMap((edge) => {
    const source = work.reader.one(edge, "source_node");
    const destination = work.reader.one(edge, "destination_node");
    const { source_output: output, destination_input: input } = edge.fields;
    if (source === undefined || destination === undefined || typeof output !== "string" || typeof input !== "string") return [];
    return [{ source: source.id, output, destination: destination.id, input }];
  });
}

/** For each node, breadth first against the edges. */
function nodesBefore(ids: readonly string[], control: readonly ControlEdge[]): Map<string, string[]> {
  const back = new Map<string, string[]>();
  for (const { from, to } of control) back.set(to, [...(back.get(to) ?? []), from]);
  return new Map(
    ids.map((id) => {
      const seen = new Set(back.get(id));
      for (const name of seen) for (const before of back.get(name) ?? []) seen.add(before);
      return [id, [...seen]];
    }),
  );
}

/** Names of what a node puts out; a start that does not say puts out what it takes in. */
export function outputsOf(node: Component): string[] {
  const outputs = propertiesOf(node, "outputs");
  const said = node.type === "StartNode" && outputs.length === 0 ? propertiesOf(node, "inputs") : outputs;
  return said.map(({ title }) => title);
}
