import { putBounded } from "../platform/bounded-map.ts";
import { askCedar } from "./cedar.ts";
import { NO_OBLIGATIONS, type Obligations, strictest } from "./obligations.ts";
import type { LayeredPolicy, LayerName, PolicySet } from "./policy-set.ts";
import type { PolicyRequest } from "./request.ts";
import { questionFor, type Slice, sliceFor } from "./slice.ts";

/** What the policies say to a request. */
export interface Verdict {
  readonly effect: "allow" | "deny";
  /** Ids of the policies that decided, sorted; empty where none permits it. */
  readonly policies: readonly string[];
  readonly obligations: Obligations;
  readonly reason: string;
}

/** Decisions kept in one isolate. One depends on what its key names and on nothing else, so it may be kept as long as the set. */
const MAX_KEPT = 4_096;
const kept = new Map<string, Verdict>();

/** Decides by a set; decisions that depend on nothing but what they read are kept. @throws Error when a policy could not be evaluated */
export function decideKept(set: PolicySet, request: PolicyRequest): Verdict {
  const slice = sliceFor(set, request.action, request.resource.name);
  if (slice.isMomentary) return decideIn(slice, request);
  const key = `${slice.key}${JSON.stringify(questionFor(slice, request))}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const verdict = decideIn(slice, request);
  putBounded(kept, key, verdict, MAX_KEPT);
  return verdict;
}

/** Decides by a set, asking Cedar each time. @throws Error when a policy could not be evaluated: then no answer can be trusted */
export function decideBy(set: PolicySet, request: PolicyRequest): Verdict {
  return decideIn(sliceFor(set, request.action, request.resource.name), request);
}

function decideIn(slice: Slice, request: PolicyRequest): Verdict {
  const question = questionFor(slice, request);
  const answers = slice.parts.map((part) => askCedar(part, question));
  // A part that does not allow names its forbids, or nothing; one that allows names its permits.
  const forbids = answers.flatMap(({ allowed, reasons }) => (allowed ? [] : reasons));
  if (forbids.length > 0) return denied(forbids, `forbidden by ${[...forbids].sort().join(", ")}`);
  return combined(slice.policies, slice.lists, new Set(answers.flatMap(({ reasons }) => reasons)));
}

/**
 * What the policies that hold of a request come to, when none of them forbids: the platform must permit, every layer that lists what is allowed
 * must list it, and every obligation is demanded.
 * @param holding ids of the permits that hold
 */
export function combined(
  policies: readonly LayeredPolicy[],
  lists: ReadonlyMap<string, ReadonlySet<string>>,
  holding: ReadonlySet<string>,
): Verdict {
  const permits = policies.filter(({ id }) => holding.has(id));
  if (!permits.some(({ layer }) => layer === "platform")) return denied([], "no policy permits it");
  for (const [layer, entries] of lists)
    if (!permits.some(({ id }) => entries.has(id)))
      return denied([], `the ${layerText(layer)} list what is allowed, and this is not among it`);
  return {
    effect: "allow",
    policies: permits.map(({ id }) => id).sort(),
    obligations: strictest(permits.map(({ obligations }) => obligations)),
    reason: "permitted",
  };
}

function denied(policies: readonly string[], reason: string): Verdict {
  return { effect: "deny", policies: [...policies].sort(), obligations: NO_OBLIGATIONS, reason };
}

function layerText(layer: string): string {
  const texts: Readonly<Record<LayerName, string>> = {
    platform: "platform's policies",
    constitution: "constitution's policies",
    overlay: "overlays' policies",
    tenant: "tenant's policies",
  };
  return layer === "constitution" || layer === "overlay" || layer === "tenant" ? texts[layer] : texts.platform;
}
