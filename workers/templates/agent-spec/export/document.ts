import type { Graph } from "../../../mao/graph.ts";
import type { Json } from "../../../platform/canonical-json.ts";
import type { AgentDefinition } from "./agents.ts";

type JsonObject = { [key: string]: Json };

/** The version of the specification that is written. */
export const AGENT_SPEC_VERSION = "26.1.2";

/** What has no counterpart in the specification, by what it belongs to. */
export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

/** A document being written: components that others refer to, and what could not be said. */
export interface Writing {
  readonly components: Record<string, JsonObject>;
  readonly left: LeftOut[];
  /** The agents of the template, which inner graphs see too. */
  readonly agents: Readonly<Record<string, AgentDefinition>>;
}

/** Adds a component under an id of its own. @returns the reference to it */
export function define(writing: Writing, type: string, id: string, name: string, fields: JsonObject): JsonObject {
  writing.components[id] ??= { component_type: type, id, name, ...fields };
  return referenceTo(id);
}

export function referenceTo(id: string): JsonObject {
  return { $component_ref: id };
}

/** Where a graph stands among the graphs in each other: the beginning of its components' ids. */
export interface GraphPlace {
  readonly graph: Graph;
  readonly prefix: string;
  readonly name: string;
}
