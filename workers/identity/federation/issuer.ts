import { z } from "@hono/zod-openapi";
import { expressionFault } from "../../mao/expression.ts";
import { roleNameSchema } from "../../platform/principal.ts";

/** A tenant has one identity provider, some have a second while they move, a group of companies has one each. */
export const MAX_ISSUERS_A_TENANT = 20;
/** Rules are tried one after the other on each sign-in. */
export const MAX_ROLE_RULES = 50;
const MAX_CLAIM_DEPTH = 5;
const MAX_CONDITION_CHARACTERS = 500;

const urlSchema = z.url({ protocol: /^https?$/ }).max(500);

/** Where a claim stands: `["groups"]`, or `["realm_access", "roles"]` for one inside another. */
const claimPathSchema = z.array(z.string().min(1).max(200)).min(1).max(MAX_CLAIM_DEPTH);
const rolesSchema = z.array(roleNameSchema).min(1).max(16);

const conditionSchema = z
  .string()
  .min(1)
  .max(MAX_CONDITION_CHARACTERS)
  .superRefine((condition, context) => {
    // Its regular expressions are the runtime's, whose time has no bound.
    const fault = /\bmatches\s*\(/.test(condition) ? "`matches` is not taken; compare whole values" : expressionFault(condition);
    if (fault !== undefined) context.addIssue({ code: "custom", message: `not a condition in CEL: ${fault}` });
  });

/** What a claim must say for roles to be given: a value it is or holds, or a CEL condition over `claims`. */
export const roleRuleSchema = z.union([
  z.strictObject({ claim: claimPathSchema, value: z.string().min(1).max(500), roles: rolesSchema }),
  z.strictObject({ when: conditionSchema, roles: rolesSchema }),
]);
export type RoleRule = z.infer<typeof roleRuleSchema>;

/** How the platform proves to the issuer that it is the client. */
export const clientAuthenticationSchema = z.enum(["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]);
export type ClientAuthentication = z.infer<typeof clientAuthenticationSchema>;

const domainSchema = z
  .string()
  .max(253)
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, { message: "not a domain in lower case" });

/** What a tenant says of an issuer (OpenID Connect Discovery 1.0 §2), beside its credential. */
export const issuerSettingsSchema = z.strictObject({
  name: z.string().trim().min(1).max(200).openapi({ example: "Acme Keycloak" }),
  issuer: urlSchema
    .refine((text) => !/[?#]/.test(text), { message: "an issuer has neither a query nor a fragment" })
    .openapi({
      description: "Exactly as its tokens name it in `iss`, a final slash included.",
      example: "https://id.acme.example/realms/acme",
    }),
  clientId: z.string().min(1).max(500).openapi({ example: "somaagent" }),
  clientAuthentication: clientAuthenticationSchema.openapi({
    description:
      "How the platform proves to the issuer that it is the client. For `private_key_jwt` it makes a key and tells the public half in `clientKey`.",
    example: "none",
  }),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/))
    .max(20)
    .default(["profile", "email"])
    .openapi({ description: "Asked for at sign-in, beside `openid`." }),
  emailDomains: z
    .array(domainSchema)
    .max(50)
    .default([])
    .openapi({ description: "The domains whose addresses it may speak for. None: any address that it says is verified." }),
  createsUsers: z.boolean().default(false).openapi({
    description:
      "Whoever it vouches for gets a user on the first sign-in; needs `emailDomains`. Otherwise only people who have a user come in.",
  }),
  roleRules: z.array(roleRuleSchema).max(MAX_ROLE_RULES).default([]).openapi({
    description: "Roles by claims: a claim that is or holds a value, or a condition (CEL) over `claims`. No rule that holds, no role.",
  }),
  trustsSecondFactor: z
    .boolean()
    .default(false)
    .openapi({ description: "A second factor that it says it asked for (`mfa` among `amr`, RFC 8176) counts as one here." }),
  apiAudiences: z.array(z.string().min(1).max(500)).max(10).default([]).openapi({
    description:
      "Audiences under which its tokens are taken as credentials of the API; each must hold the tenant's id. None: they are not taken.",
  }),
  isEnabled: z.boolean().default(true).openapi({ description: "False: nobody comes in by it, and its tokens open nothing." }),
});
export type IssuerSettings = z.infer<typeof issuerSettingsSchema>;
