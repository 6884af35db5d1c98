import type { Json } from "../../platform/canonical-json.ts";
import { GROUP_SCHEMA, USER_SCHEMA } from "./answer.ts";
import { MAX_COUNT } from "./page.ts";

/** What this service does (RFC 7643 §5). */
export function serviceProviderConfig(base: string): Record<string, Json> {
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: MAX_COUNT },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: "oauthbearertoken",
        name: "API key",
        description: "An API key with the capability users.write, as a bearer token.",
        primary: true,
      },
    ],
    meta: { resourceType: "ServiceProviderConfig", location: `${base}/ServiceProviderConfig` },
  };
}

/** RFC 7643 §6. */
export function resourceTypes(base: string): Record<string, Json>[] {
  return (["User", "Group"] as const).map((name) => ({
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
    id: name,
    name,
    endpoint: `/${name}s`,
    schema: name === "User" ? USER_SCHEMA : GROUP_SCHEMA,
    meta: { resourceType: "ResourceType", location: `${base}/ResourceTypes/${name}` },
  }));
}

interface AttributeOptions {
  readonly type?: "string" | "boolean" | "complex" | "reference";
  readonly multiValued?: true;
  readonly required?: true;
  readonly caseExact?: true;
  readonly mutability?: "readOnly";
  readonly uniqueness?: "server";
  readonly subAttributes?: Json[];
}

function attribute(name: string, options: AttributeOptions = {}): Json {
  const { type, multiValued, required, caseExact, mutability, uniqueness, subAttributes } = options;
  return {
    name,
    type: type ?? "string",
    multiValued: multiValued ?? false,
    required: required ?? false,
    caseExact: caseExact ?? false,
    mutability: mutability ?? "readWrite",
    returned: "default",
    uniqueness: uniqueness ?? "none",
    ...(subAttributes === undefined ? {} : { subAttributes }),
  };
}

/** The attributes that are kept (RFC 7643 §7); others are passed over. */
export function schemas(base: string): Record<string, Json>[] {
  const user = [
    attribute("userName", { required: true, uniqueness: "server" }),
    attribute("displayName"),
    attribute("name", { type: "complex", subAttributes: [attribute("givenName"), attribute("familyName"), attribute("formatted")] }),
    attribute("emails", {
      type: "complex",
      multiValued: true,
      subAttributes: [attribute("value"), attribute("type"), attribute("primary", { type: "boolean" })],
    }),
    attribute("active", { type: "boolean" }),
  ];
  const group = [
    attribute("displayName", { required: true, uniqueness: "server" }),
    attribute("members", {
      type: "complex",
      multiValued: true,
      subAttributes: [
        attribute("value", { caseExact: true }),
        attribute("display", { mutability: "readOnly" }),
        attribute("$ref", { type: "reference", mutability: "readOnly" }),
      ],
    }),
  ];
  return [schemaOf(USER_SCHEMA, "User", user, base), schemaOf(GROUP_SCHEMA, "Group", group, base)];
}

function schemaOf(id: string, name: string, attributes: Json[], base: string): Record<string, Json> {
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
    id,
    name,
    attributes,
    meta: { resourceType: "Schema", location: `${base}/Schemas/${id}` },
  };
}
