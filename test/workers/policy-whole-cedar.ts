import { isAuthorized } from "@cedar-policy/cedar-wasm/web";
import schema from "../../policies/cedar/platform.cedarschema";
import { startCedar } from "../../workers/policy/cedar.ts";
import { ATTRIBUTES, type AttributeName, attribute, type PolicyRequest, resourceId } from "../../workers/policy/request.ts";

type Attrs = Record<string, string | number | string[] | { __extn: { fn: string; arg: string } }>;

/** Asks Cedar the plain way: every policy, every attribute, the schema in force. What this platform leaves out for speed must not show. */
export function wholeCedar(
  texts: ReadonlyMap<string, string>,
  request: PolicyRequest,
): { allowed: boolean; reasons: string[]; errors: number } {
  startCedar();
  const holders: Record<string, Attrs> = { principal: {}, action: {}, resource: {}, context: {} };
  for (const name of Object.keys(ATTRIBUTES).filter(isName)) {
    const [holder = "", attr = ""] = name.split(".");
    const value = attribute(request, name);
    const attrs = holders[holder];
    if (value === undefined || attrs === undefined || name === "resource.id") continue;
    if (typeof value === "string" || typeof value === "number") attrs[attr] = value;
    else attrs[attr] = "instant" in value ? { __extn: { fn: "datetime", arg: new Date(value.instant).toISOString() } } : [...value];
  }
  const principal = { type: "Principal", id: request.principal.id };
  const resource = { type: "Resource", id: resourceId(request) };
  const answer = isAuthorized({
    principal,
    resource,
    action: { type: "Action", id: request.action },
    context: holders.context ?? {},
    schema,
    validateRequest: true,
    policies: { staticPolicies: Object.fromEntries(texts) },
    entities: [
      { uid: principal, attrs: holders.principal ?? {}, parents: [] },
      { uid: resource, attrs: holders.resource ?? {}, parents: [] },
    ],
  });
  if (answer.type === "failure") throw new Error(answer.errors.map(({ message }) => message).join("; "));
  const { decision, diagnostics } = answer.response;
  return { allowed: decision === "allow", reasons: [...diagnostics.reason].sort(), errors: diagnostics.errors.length };
}

function isName(name: string): name is AttributeName {
  return Object.hasOwn(ATTRIBUTES, name);
}
