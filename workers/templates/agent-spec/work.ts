import type { z } from "zod";
import type { agentDefinitionSchema } from "../../mao/agent-definition.ts";
import type { graphSchema } from "../../mao/graph.ts";
import type { Mapped, Unmapped } from "../adapter.ts";
import type { Place } from "../place.ts";
import type { Binding } from "./binding.ts";
import type { Component, ComponentReader } from "./document.ts";

export type AgentInput = z.input<typeof agentDefinitionSchema>;
export type GraphInput = z.input<typeof graphSchema>;

/** What the parts of one compilation share; what they find is noted in it. */
export interface Work {
  readonly reader: ComponentReader;
  readonly binding: Binding;
  /** Ids of the platform's tools. */
  readonly tools: ReadonlySet<string>;
  readonly agents: Record<string, AgentInput>;
  /** Names of the agents made of components so far, by component. */
  readonly agentNames: Map<string, string>;
  readonly agentName: (foreign: string) => string;
  readonly mapped: Mapped[];
  readonly unmapped: Unmapped[];
  /** Where the steps of the graph come from, by pointer into it. */
  readonly places: Map<string, Place>;
  /** True for a document of this platform's making, whose ids are names of steps. */
  readonly isOwn: boolean;
  /** Inputs of the graph that agents' instructions may name. */
  readonly inputs: ReadonlySet<string>;
}

/** Notes that a field of a component was left out. */
export function leave(work: Work, component: Component, field: string, why: string): void {
  work.unmapped.push({ what: `${component.name}.${field}`, where: component.placeOf(field), why });
}

/** True when a field says something: neither missing, null, false nor empty. */
export function isSaid(component: Component, field: string): boolean {
  const value = component.fields[field];
  if (value === undefined || value === null || value === false || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

/** Notes each of these fields that says something. */
export function leaveAll(work: Work, component: Component, fields: Readonly<Record<string, string>>): void {
  for (const [field, why] of Object.entries(fields)) if (isSaid(component, field)) leave(work, component, field, why);
}
