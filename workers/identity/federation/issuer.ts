import { z } from "zod";
import { expressionFault } from "../../mao/expression.ts";

/** A tenant has one identity provider, some have a second while they move, a group of companies has one each. */
export const MAX_ISSUERS_A_TENANT = 20;
/** Rules are tried one after the other on each sign-in. */
export const MAX_ROLE_RULES = 50;
const MAX_CLAIM_DEPTH = 5;
const MAX_CONDITION_CHARACTERS = 500;

const urlSchema = z.url({ protocol: /^https?$/ }).max(500);

/** Where a claim stands: `["groups"]`, or `["realm_access", "roles"]` for one inside another. */
const claimPathSchema = z.array(z.string().min(1).max(200)).min(1).max(MAX_CLAIM_DEPTH);
const roleNameSchema = z.string().min(1).max(64);
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
  name: z.string().trim().min(1).max(200),
  /** Exactly as its tokens name it in `iss`, a final slash included. */
  issuer: urlSchema.refine((text) => !/[?#]/.test(text), { message: "an issuer has neither a query nor a fragment" }),
  clientId: z.string().min(1).max(500),
  clientAuthentication: clientAuthenticationSchema,
  /** Asked for at sign-in, beside `openid`. */
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/))
    .max(20)
    .default(["profile", "email"]),
  /** The domains whose addresses this issuer may speak for; a person whose address is elsewhere is not let in. Empty: it may say any. */
  emailDomains: z.array(domainSchema).max(50).default([]),
  /** True: whoever the issuer vouches for gets a user on the first sign-in. False: only people who have one come in. */
  createsUsers: z.boolean().default(false),
  /** Roles by claims; no rule that holds, no role. */
  roleRules: z.array(roleRuleSchema).max(MAX_ROLE_RULES).default([]),
  /** True: a second factor that the issuer asked for (`amr` of its tokens, RFC 8176) counts as one here. */
  trustsSecondFactor: z.boolean().default(false),
  /** Audiences under which its tokens are taken as credentials of the API; each holds the tenant's id. None: they are not taken. */
  apiAudiences: z.array(z.string().min(1).max(500)).max(10).default([]),
  /** False: nobody comes in by it, and its tokens open nothing. */
  isEnabled: z.boolean().default(true),
});
export type IssuerSettings = z.infer<typeof issuerSettingsSchema>;
