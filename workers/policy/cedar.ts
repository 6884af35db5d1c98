import { initSync, preparsePolicySet, statefulIsAuthorized } from "@cedar-policy/cedar-wasm/web";
import wasm from "./cedar-module.js";

let isReady = false;

/** Instantiates Cedar on first use: the Worker starts without waiting for 4 MB of WebAssembly. */
export function startCedar(): void {
  if (isReady) return;
  initSync({ module: wasm });
  isReady = true;
}

/** Sets that Cedar keeps parsed in one isolate: it never lets go of one by itself, so that places are used anew, the longest unused first. */
const MAX_PLACES = 256;
const places = new Map<string, string>();

/** A set of policies that Cedar can be asked about, by ids. */
export interface PreparedSet {
  /** Names the set: the same policies have the same. */
  readonly key: string;
  readonly texts: ReadonlyMap<string, string>;
}

/** What Cedar is asked: the attributes that the policies of the set read, and no others. */
export interface CedarQuestion {
  readonly principal: { readonly id: string; readonly attrs: CedarRecord };
  readonly action: string;
  readonly resource: { readonly id: string; readonly attrs: CedarRecord };
  readonly context: CedarRecord;
}

export type CedarRecord = Record<string, string | number | string[] | { __extn: { fn: string; arg: string } }>;

/**
 * Asks Cedar. The policies were held against the schema when they were read, and questions are made by one function, so that neither is checked again.
 * @returns whether it allows, with the ids of the policies that made it so
 * @throws Error when a policy could not be evaluated: then no answer can be trusted
 */
export function askCedar(set: PreparedSet, question: CedarQuestion): { readonly allowed: boolean; readonly reasons: readonly string[] } {
  const principal = { type: "Principal", id: question.principal.id };
  const resource = { type: "Resource", id: question.resource.id };
  const answer = statefulIsAuthorized({
    principal,
    resource,
    action: { type: "Action", id: question.action },
    context: question.context,
    preparsedPolicySetId: placeOf(set),
    entities: [
      { uid: principal, attrs: question.principal.attrs, parents: [] },
      { uid: resource, attrs: question.resource.attrs, parents: [] },
    ],
  });
  if (answer.type === "failure") throw new Error(answer.errors.map((error) => error.message).join("; "));
  const { decision, diagnostics } = answer.response;
  const fault = diagnostics.errors[0];
  if (fault !== undefined) throw new Error(`policy ${fault.policyId}: ${fault.error.message}`);
  return { allowed: decision === "allow", reasons: diagnostics.reason };
}

/** The place at which Cedar keeps a set parsed, after parsing it where it is not there. */
function placeOf(set: PreparedSet): string {
  const known = places.get(set.key);
  if (known !== undefined) {
    places.delete(set.key);
    places.set(set.key, known);
    return known;
  }
  startCedar();
  const [oldest] = places;
  const place = places.size < MAX_PLACES || oldest === undefined ? `place-${places.size}` : oldest[1];
  const parsed = preparsePolicySet(place, { staticPolicies: Object.fromEntries(set.texts) });
  if (parsed.type === "failure") throw new Error(`policies: ${parsed.errors.map((error) => error.message).join("; ")}`);
  if (places.size >= MAX_PLACES && oldest !== undefined) places.delete(oldest[0]);
  places.set(set.key, place);
  return place;
}
