/** What can be asked for: routes by their capability, the rest by their names. */
export const ACTIONS = ["route", "tool", "model", "agent", "capsule"] as const;
export type Action = (typeof ACTIONS)[number];

/** Attributes that hold a text, a number, a set of texts or an instant, as `policies/cedar/platform.cedarschema` declares them. */
export type AttributeValue = string | number | readonly string[] | { readonly instant: number };

/**
 * One question in the terms of the published schema: what policies see and nothing else. `action.id` and the ids of principal and
 * resource stand among the attributes, so that whoever reads conditions needs one form only.
 */
export interface PolicyRequest {
  readonly action: Action;
  readonly principal: {
    readonly id: string;
    readonly tenant: string;
    readonly kind: string;
    readonly roles: readonly string[];
    readonly groups: readonly string[];
    readonly capabilities: readonly string[];
    readonly amr: readonly string[];
    readonly mfaAgeSeconds?: number;
    readonly actor?: string;
    readonly client?: string;
  };
  readonly resource: {
    readonly name: string;
    readonly risk: string;
    readonly tags: readonly string[];
    readonly agent: string;
    readonly owner: string;
  };
  readonly context: {
    readonly tenant: string;
    /** Milliseconds since the epoch. */
    readonly now: number;
    readonly history: readonly string[];
    readonly labels: readonly string[];
    readonly channel: string;
    readonly costMicros?: number;
  };
}

/** Where an attribute stands. */
export type Holder = "principal" | "action" | "resource" | "context";

/** The name of an attribute, as analysis and explanations give it: `principal.roles`. */
export type AttributeName = `${Holder}.${string}`;

/** Every attribute of the schema, by its kind. */
export const ATTRIBUTES: Readonly<Record<AttributeName, "text" | "number" | "set" | "instant">> = {
  "principal.id": "text",
  "principal.tenant": "text",
  "principal.kind": "text",
  "principal.roles": "set",
  "principal.groups": "set",
  "principal.capabilities": "set",
  "principal.amr": "set",
  "principal.mfaAgeSeconds": "number",
  "principal.actor": "text",
  "principal.client": "text",
  "action.id": "text",
  "resource.id": "text",
  "resource.name": "text",
  "resource.risk": "text",
  "resource.tags": "set",
  "resource.agent": "text",
  "resource.owner": "text",
  "context.tenant": "text",
  "context.now": "instant",
  "context.hour": "number",
  "context.weekday": "number",
  "context.history": "set",
  "context.labels": "set",
  "context.channel": "text",
  "context.costMicros": "number",
};

/** The value of an attribute in a request; undefined where an optional one is absent, or where there is none of that name. */
export function attribute(request: PolicyRequest, name: AttributeName): AttributeValue | undefined {
  const { principal, resource, context } = request;
  switch (name) {
    case "principal.id":
      return principal.id;
    case "principal.tenant":
      return principal.tenant;
    case "principal.kind":
      return principal.kind;
    case "principal.roles":
      return principal.roles;
    case "principal.groups":
      return principal.groups;
    case "principal.capabilities":
      return principal.capabilities;
    case "principal.amr":
      return principal.amr;
    case "principal.mfaAgeSeconds":
      return principal.mfaAgeSeconds;
    case "principal.actor":
      return principal.actor;
    case "principal.client":
      return principal.client;
    case "action.id":
      return request.action;
    case "resource.id":
      return resourceId(request);
    case "resource.name":
      return resource.name;
    case "resource.risk":
      return resource.risk;
    case "resource.tags":
      return resource.tags;
    case "resource.agent":
      return resource.agent;
    case "resource.owner":
      return resource.owner;
    case "context.tenant":
      return context.tenant;
    case "context.now":
      return { instant: context.now };
    case "context.hour":
      return new Date(context.now).getUTCHours();
    case "context.weekday":
      return new Date(context.now).getUTCDay() || 7;
    case "context.history":
      return context.history;
    case "context.labels":
      return context.labels;
    case "context.channel":
      return context.channel;
    case "context.costMicros":
      return context.costMicros;
    default:
      return undefined;
  }
}

/** The id that a resource has as a Cedar entity: `tool:data.query`. */
export function resourceId({ action, resource }: PolicyRequest): string {
  return `${action}:${resource.name}`;
}
