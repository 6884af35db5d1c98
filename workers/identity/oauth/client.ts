import { z } from "zod";
import { CAPABILITIES, ROLES } from "../../platform/capabilities.ts";
import type { TenantId } from "../../platform/ids.ts";
import { isScope, type Scope } from "./scopes.ts";

/** Grants that the token endpoint knows, by the names of their standards. */
export const GRANT_TYPES = [
  "authorization_code",
  "refresh_token",
  "client_credentials",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:token-exchange",
] as const;
export type GrantType = (typeof GRANT_TYPES)[number];

/** How a client proves itself to the token endpoint (RFC 8414 §2, RFC 7523). */
export const AUTH_METHODS = ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];

/** Public keys of a client: enough for a rotation in which old and new stand side by side. */
export const keySetSchema = z.object({
  keys: z
    .array(z.record(z.string(), z.union([z.string(), z.boolean(), z.array(z.string())])))
    .min(1)
    .max(16),
});
export type KeySet = z.infer<typeof keySetSchema>;

export const scopeSchema = z.custom<Scope>((value) => typeof value === "string" && isScope(value), {
  message: "not a scope of this platform",
});

/** What a client may do, as its tenant registered it. */
export const clientDocumentSchema = z.object({
  name: z.string(),
  authMethod: z.enum(AUTH_METHODS),
  grantTypes: z.array(z.enum(GRANT_TYPES)),
  redirectUris: z.array(z.string()),
  postLogoutRedirectUris: z.array(z.string()),
  /** The most that its tokens may be good for. */
  scopes: z.array(scopeSchema.catch("openid")),
  /** Resource servers of the tenant's own that it may get tokens for (RFC 8707). */
  resources: z.array(z.string()),
  keys: keySetSchema.optional(),
  keysUri: z.string().optional(),
  /** Refuses authorization requests that were not pushed before (RFC 9126 §5). */
  requiresPushedRequests: z.boolean(),
});
export type ClientDocument = z.infer<typeof clientDocumentSchema>;

export const clientSecretsSchema = z
  .array(z.object({ hash: z.string(), lastFour: z.string(), createdAt: z.number(), endsAt: z.number().nullable() }))
  .max(4);
export type ClientSecrets = z.infer<typeof clientSecretsSchema>;

/** A program that asks for tokens. */
export interface OAuthClient extends ClientDocument {
  readonly id: string;
  /** Whose users it may act for; undefined for those of every tenant. */
  readonly tenant: TenantId | undefined;
  readonly secrets: ClientSecrets;
  /** `own`: comes with the platform; `registered`: by a tenant; `document`: its id is the address of its description. */
  readonly origin: "own" | "registered" | "document";
}

/** The client of the command line, and that of the console. Both are public: what is in everyone's hands holds no secret. */
export const CLI_CLIENT = "soma-cli";
export const CONSOLE_CLIENT = "soma-console";

const EVERYTHING_A_USER_MAY: readonly Scope[] = ["openid", "profile", "email", "offline_access", ...CAPABILITIES];
/** What clients that nobody registered may have: what members do, and nothing that administers. */
export const DOCUMENT_CLIENT_SCOPES: readonly Scope[] = ["openid", "profile", "email", "offline_access", ...ROLES.member];

/** The platform's own client of this id. @param issuer the platform's origin, where the console is */
export function ownClient(id: string, issuer: string): OAuthClient | undefined {
  if (id === CLI_CLIENT)
    return {
      ...OWN,
      id,
      name: "the soma command line",
      grantTypes: ["urn:ietf:params:oauth:grant-type:device_code", "authorization_code", "refresh_token"],
      redirectUris: ["http://127.0.0.1/callback", "http://[::1]/callback"],
      scopes: [...EVERYTHING_A_USER_MAY],
    };
  if (id === CONSOLE_CLIENT)
    return {
      ...OWN,
      id,
      name: "the SomaAgent console",
      grantTypes: ["authorization_code", "refresh_token"],
      redirectUris: [`${issuer}/console/signed-in`],
      postLogoutRedirectUris: [`${issuer}/console`],
      scopes: EVERYTHING_A_USER_MAY.filter((scope) => scope !== "offline_access"),
    };
  return undefined;
}

const OWN: Omit<OAuthClient, "id" | "name" | "grantTypes" | "redirectUris" | "scopes"> = {
  tenant: undefined,
  origin: "own",
  secrets: [],
  authMethod: "none",
  postLogoutRedirectUris: [],
  resources: [],
  requiresPushedRequests: false,
};

/** Why a client as described cannot be; each fault names its member. Empty when it can. */
export function clientFaults(document: ClientDocument): { pointer: string; message: string }[] {
  const { authMethod, grantTypes, redirectUris, keys, keysUri } = document;
  const faults: { pointer: string; message: string }[] = [];
  const fault = (pointer: string, message: string) => faults.push({ pointer, message });
  const isUsedByUsers = grantTypes.includes("authorization_code");
  if (isUsedByUsers && redirectUris.length === 0) fault("/redirectUris", "authorization_code needs at least one");
  if (!isUsedByUsers && redirectUris.length > 0) fault("/redirectUris", "are for authorization_code, which is not among the grant types");
  if (grantTypes.includes("client_credentials") && authMethod === "none")
    fault("/authMethod", "client_credentials needs a client that can prove who it is");
  if (grantTypes.includes("urn:ietf:params:oauth:grant-type:token-exchange") && authMethod === "none")
    fault("/authMethod", "token exchange needs a client that can prove who it is");
  if (grantTypes.every((type) => type === "refresh_token")) fault("/grantTypes", "refresh_token comes after another grant");
  if (authMethod === "private_key_jwt" && (keys === undefined) === (keysUri === undefined))
    fault("/keys", "private_key_jwt needs either keys or keysUri");
  if (authMethod !== "private_key_jwt" && (keys !== undefined || keysUri !== undefined))
    fault("/keys", "are for private_key_jwt, which is not the auth method");
  if (keys?.keys.some((key) => "d" in key || "k" in key || key.kty === "oct") === true)
    fault(
      "/keys",
      "hold a private or symmetric key; register the public halves and make new ones, since these have been sent over a network",
    );
  return faults;
}
