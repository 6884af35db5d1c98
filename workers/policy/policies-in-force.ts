import platformPolicies from "../../policies/cedar/platform.cedar";
import { overlayPolicies } from "../compliance/overlays.ts";
import { constitutionOf } from "../constitution/effective.ts";
import { putBounded } from "../platform/bounded-map.ts";
import { sha256Hex } from "../platform/crypto.ts";
import type { Governance } from "../platform/governance.ts";
import { type Layer, type LayerName, mergeLayers, type PolicySet } from "./policy-set.ts";
import { readPolicyText } from "./text-store.ts";

/** Policies with the constitution they are decided under. */
export interface PoliciesInForce {
  readonly set: PolicySet;
  /** SHA-256 over the set and the constitution. */
  readonly hash: string;
  /** SHA-256 of the constitution that its layer was made from. */
  readonly constitutionHash: string;
}

/** Combinations of texts kept ready in one isolate. */
const MAX_SETS = 64;
const ready = new Map<string, PoliciesInForce>();

/**
 * The policies that govern a tenant, ready to be asked.
 * @throws what reading a text throws, and Problem `invalid-policy` where a text no longer fits the schema: then nothing may be decided
 */
export async function policiesInForce(env: Env, tenant: string, governance: Governance): Promise<PoliciesInForce> {
  const key = JSON.stringify([governance.policy?.hash, governance.constitution?.hash, governance.overlays]);
  const known = ready.get(key);
  if (known !== undefined) return known;
  const set = mergeLayers(await layersOf(env, tenant, governance));
  const { hash: constitutionHash } = await constitutionOf(env, tenant, governance.constitution);
  const inForce = { set, hash: sha256Hex(set.hash + constitutionHash), constitutionHash };
  putBounded(ready, key, inForce, MAX_SETS);
  return inForce;
}

/** The layers that govern, or would govern, a tenant with these texts. @throws what reading a text throws */
export async function layersOf(
  env: Env,
  tenant: string,
  texts: Pick<Governance, "policy" | "constitution" | "overlays">,
): Promise<Layer[]> {
  const { policies } = await constitutionOf(env, tenant, texts.constitution);
  const { policy } = texts;
  return [
    ...PLATFORM_LAYERS,
    ...textOf("constitution", policies),
    ...textOf("overlay", overlayPolicies(texts.overlays)),
    ...(policy === undefined ? [] : [{ name: "tenant", text: await readPolicyText(env, tenant, policy.hash) } as const]),
  ];
}

function textOf(name: LayerName, policies: readonly { readonly text: string }[]): Layer[] {
  return policies.length === 0 ? [] : [{ name, text: policies.map(({ text }) => text).join("\n") }];
}

/** What comes with the platform. */
export const PLATFORM_LAYERS: readonly Layer[] = [{ name: "platform", text: platformPolicies }];
