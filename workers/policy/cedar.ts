import {
  initSync,
  type Policy,
  policySetTextToParts,
  policyToJson,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
  validate,
} from "@cedar-policy/cedar-wasm/web";
import { sha256Hex } from "../platform/crypto.ts";
import wasm from "./cedar-module.js";

/** One policy: its text, and what its annotations say. */
interface AnnotatedPolicy {
  readonly id: string;
  readonly effect: "permit" | "forbid";
  readonly text: string;
  readonly obligation: string | undefined;
}

/** A set of policies, parsed and validated, ready to be asked. */
export interface PolicySet {
  readonly hash: string;
  readonly policies: ReadonlyMap<string, AnnotatedPolicy>;
}

let isReady = false;

/** Instantiates Cedar on first use: the Worker starts without waiting for 4 MB of WebAssembly. */
function engine(): void {
  if (isReady) return;
  initSync({ module: wasm });
  isReady = true;
}

const SCHEMA_NAME = "platform";

/**
 * Parses and validates policy texts against the schema and keeps them parsed inside Cedar under their hash.
 * @throws Error naming the policy and the fault, when a text does not parse or does not fit the schema
 */
export function loadPolicies(schema: string, texts: readonly string[]): PolicySet {
  engine();
  const policies = new Map(texts.flatMap(splitPolicies).map((policy) => [policy.id, policy]));
  const byId: Record<string, Policy> = Object.fromEntries([...policies.values()].map((policy) => [policy.id, policy.text]));
  const hash = sha256Hex(JSON.stringify([schema, texts]));
  const validation = validate({ schema, policies: { staticPolicies: byId } });
  if (validation.type === "failure") throw new Error(`policies: ${validation.errors.map((error) => error.message).join("; ")}`);
  const fault = validation.validationErrors[0];
  if (fault !== undefined) throw new Error(`policy ${fault.policyId}: ${fault.error.message}`);
  for (const parsed of [preparseSchema(SCHEMA_NAME, schema), preparsePolicySet(hash, { staticPolicies: byId })]) {
    if (parsed.type === "failure") throw new Error(`policies: ${parsed.errors.map((error) => error.message).join("; ")}`);
  }
  return { hash, policies };
}

export interface CedarRequest {
  readonly principal: { id: string; tenant: string; kind: string; roles: readonly string[]; capabilities: readonly string[] };
  readonly action: string;
  readonly resource: { id: string; name: string; risk: string };
  readonly context: { tenant: string };
}

/**
 * Asks a loaded set. The answer is Cedar's: `allow` needs a permit and no forbid.
 * @throws Error when the request does not fit the schema, or a policy could not be evaluated (then no answer can be trusted)
 */
export function isAuthorized(set: PolicySet, request: CedarRequest): { allowed: boolean; reasons: readonly string[] } {
  const principal = { type: "Principal", id: request.principal.id };
  const resource = { type: "Resource", id: request.resource.id };
  const answer = statefulIsAuthorized({
    principal,
    resource,
    action: { type: "Action", id: request.action },
    context: { ...request.context },
    preparsedSchemaName: SCHEMA_NAME,
    validateRequest: true,
    preparsedPolicySetId: set.hash,
    entities: [
      {
        uid: principal,
        attrs: {
          tenant: request.principal.tenant,
          kind: request.principal.kind,
          roles: [...request.principal.roles],
          capabilities: [...request.principal.capabilities],
        },
        parents: [],
      },
      { uid: resource, attrs: { name: request.resource.name, risk: request.resource.risk }, parents: [] },
    ],
  });
  if (answer.type === "failure") throw new Error(answer.errors.map((error) => error.message).join("; "));
  const { decision, diagnostics } = answer.response;
  const fault = diagnostics.errors[0];
  if (fault !== undefined) throw new Error(`policy ${fault.policyId}: ${fault.error.message}`);
  return { allowed: decision === "allow", reasons: diagnostics.reason };
}

function splitPolicies(text: string): AnnotatedPolicy[] {
  const parts = policySetTextToParts(text);
  if (parts.type === "failure") throw new Error(`policies: ${parts.errors.map((error) => error.message).join("; ")}`);
  return parts.policies.map((policy) => {
    const parsed = policyToJson(policy);
    if (parsed.type === "failure") throw new Error(`policy: ${parsed.errors.map((error) => error.message).join("; ")}`);
    const annotations = parsed.json.annotations ?? {};
    const id = annotations.id;
    if (id === undefined) throw new Error(`a policy has no @id annotation: ${policy.slice(0, 80)}`);
    return { id, effect: parsed.json.effect, text: policy, obligation: annotations.obligation };
  });
}
