import { putBounded } from "../platform/bounded-map.ts";
import { sha256Hex } from "../platform/crypto.ts";
import { Problem } from "../platform/problem.ts";
import { type ParsedPolicy, parsePolicies } from "./policy-text.ts";
import type { Action } from "./request.ts";
import type { Slice } from "./slice.ts";

/** Whose policies they are. The platform's alone grant; the others narrow, and demand obligations. */
export const LAYERS = ["platform", "constitution", "overlay", "tenant"] as const;
export type LayerName = (typeof LAYERS)[number];

/** A text of policies with the layer it belongs to. */
export interface Layer {
  readonly name: LayerName;
  readonly text: string;
}

/** A policy with its place in the whole: its id begins with its layer. */
export interface LayeredPolicy extends ParsedPolicy {
  readonly layer: LayerName;
}

/** All policies that govern together. */
export interface PolicySet {
  /** SHA-256 over the layers and their texts. */
  readonly hash: string;
  /** By id, the layer's name first. */
  readonly policies: ReadonlyMap<string, LayeredPolicy>;
  /** For each action the layers that list what is allowed: those with a permit that demands nothing. */
  readonly lists: Readonly<Record<Action, readonly LayerName[]>>;
  /** Parts of the set that have been asked already. */
  readonly slices: Map<string, Slice>;
}

const MAX_PARSED = 128;
const parsedTexts = new Map<string, readonly ParsedPolicy[]>();

/**
 * Merges the layers into one set. Within each layer ids are its own: a policy `night` of the tenant's is `tenant.night`, and nobody but the
 * platform can name a policy `platform.…`.
 * @throws Problem `invalid-policy` where a text cannot be taken, or names a policy of another layer
 */
export function mergeLayers(layers: readonly Layer[]): PolicySet {
  const policies = new Map<string, LayeredPolicy>();
  for (const { name, text } of layers)
    for (const policy of parsed(text)) {
      const id = idIn(name, policy);
      if (policies.has(id)) throw refusedId(policy, `the id ${id} is used twice`);
      policies.set(id, { ...policy, id, layer: name });
    }
  const all = [...policies.values()];
  const listing = (action: Action) =>
    LAYERS.filter((layer) => layer !== "platform" && all.some((policy) => policy.layer === layer && isListing(policy, action)));
  return {
    hash: sha256Hex(JSON.stringify(layers.map(({ name, text }) => [name, text]))),
    policies,
    lists: {
      route: listing("route"),
      tool: listing("tool"),
      model: listing("model"),
      agent: listing("agent"),
      capsule: listing("capsule"),
    },
    slices: new Map(),
  };
}

/** True for a permit that demands nothing: in a layer that only narrows it is an entry of a list of what is allowed. */
export function isListing({ effect, annotations, actions }: ParsedPolicy, action: Action): boolean {
  return effect === "permit" && annotations.obligation === undefined && actions.includes(action);
}

/** The same set with its policies of one layer alone, and so on: for analysis, which looks at layers side by side. */
export function policiesFor(set: PolicySet, action: Action): LayeredPolicy[] {
  return [...set.policies.values()].filter(({ actions }) => actions.includes(action));
}

function parsed(text: string): readonly ParsedPolicy[] {
  const hash = sha256Hex(text);
  const known = parsedTexts.get(hash);
  if (known !== undefined) return known;
  const policies = parsePolicies(text);
  putBounded(parsedTexts, hash, policies, MAX_PARSED);
  return policies;
}

function idIn(layer: LayerName, policy: ParsedPolicy): string {
  const [first = ""] = policy.id.split(".");
  if (first === layer) return policy.id;
  if (LAYERS.some((other) => other === first))
    throw refusedId(policy, `the id ${policy.id} belongs to the layer ${first}; a policy here is ${layer}.…, or has no layer in its id`);
  return `${layer}.${policy.id}`;
}

function refusedId({ line, column }: ParsedPolicy, message: string): Problem {
  return new Problem("invalid-policy", `The policies cannot be taken: line ${line}, column ${column}: ${message}.`, {
    errors: [{ pointer: "/text", message, line, column }],
  });
}
