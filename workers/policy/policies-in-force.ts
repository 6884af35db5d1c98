import platformPolicies from "../../policies/cedar/platform.cedar";
import constitution from "../../policies/constitution/constitution.md";
import { putBounded } from "../platform/bounded-map.ts";
import { sha256Hex } from "../platform/crypto.ts";
import type { Governance } from "../platform/governance.ts";
import { type Layer, mergeLayers, type PolicySet } from "./policy-set.ts";
import { readPolicyText } from "./text-store.ts";

/** Policies with the constitution they are decided under. */
export interface PoliciesInForce {
  readonly set: PolicySet;
  readonly hash: string;
}

/** Combinations of texts kept ready in one isolate. */
const MAX_SETS = 64;
const ready = new Map<string, PoliciesInForce>();

/**
 * The policies that govern a tenant, ready to be asked.
 * @throws what reading a text throws, and Problem `invalid-policy` where a text no longer fits the schema: then nothing may be decided
 */
export async function policiesInForce(env: Env, tenant: string, governance: Governance): Promise<PoliciesInForce> {
  const key = governance.policy?.hash ?? "";
  const known = ready.get(key);
  if (known !== undefined) return known;
  const set = mergeLayers(await layersOf(env, tenant, governance.policy?.hash));
  const inForce = { set, hash: sha256Hex(set.hash + constitution) };
  putBounded(ready, key, inForce, MAX_SETS);
  return inForce;
}

/**
 * The layers that would govern a tenant with this text as its own.
 * @param hash of the tenant's own text; undefined for none
 */
export async function layersOf(env: Env, tenant: string, hash: string | undefined): Promise<Layer[]> {
  return [...PLATFORM_LAYERS, ...(hash === undefined ? [] : [{ name: "tenant", text: await readPolicyText(env, tenant, hash) } as const])];
}

/** What comes with the platform. */
export const PLATFORM_LAYERS: readonly Layer[] = [{ name: "platform", text: platformPolicies }];
