import { z } from "zod";
import { isAllowedHost } from "../../platform/address.ts";
import { putBounded } from "../../platform/bounded-map.ts";
import type { Clock } from "../../platform/clock.ts";
import { outboundFetch, type WayOut, wayOut } from "../../platform/outbound.ts";
import { clientFaults, DOCUMENT_CLIENT_SCOPES, keySetSchema, type OAuthClient } from "./client.ts";
import { OAuthError } from "./oauth-error.ts";
import { whyNotRedirectUri } from "./redirect-uri.ts";
import { isScope } from "./scopes.ts";

/** What the draft advises servers to take at most, twice. */
const MAX_DOCUMENT_BYTES = 10_240;
const DOCUMENT_TIMEOUT_MS = 5_000;
const DOCUMENT_CACHE_MS = 300_000;
/** A description that could not be read is not asked for again at once, however often a stranger names it. */
const FAILURE_CACHE_MS = 15_000;
const MAX_DOCUMENTS = 500;

const documentSchema = z.object({
  client_id: z.string(),
  client_name: z.string().min(1).max(200).optional(),
  redirect_uris: z.array(z.string()).min(1).max(20),
  token_endpoint_auth_method: z.enum(["none", "private_key_jwt"]).default("none"),
  grant_types: z.array(z.string()).max(10).default(["authorization_code"]),
  response_types: z.array(z.string()).max(10).default(["code"]),
  scope: z.string().max(4_096).optional(),
  jwks: keySetSchema.optional(),
  jwks_uri: z.string().optional(),
  client_secret: z.never().optional(),
});

interface KnownDocument {
  readonly client: OAuthClient | OAuthError;
  readonly until: number;
}

const known = new Map<string, KnownDocument>();

/** True when a client id is the address of a Client ID Metadata Document (draft-ietf-oauth-client-id-metadata-document-00 §3). */
export function isDocumentId(id: string): boolean {
  return /^https?:\/\//.test(id);
}

/**
 * The client that describes itself at the address which is its id. Nobody has vouched for it: it may have what members may do and not more,
 * and its user is shown the host that it comes from.
 * @throws OAuthError `invalid_client` when the address is not one that may be asked, does not answer, or describes another client
 */
export async function clientOfDocument(env: Env, clock: Clock, id: string): Promise<OAuthClient> {
  const copy = known.get(id);
  const now = clock.now();
  if (copy !== undefined && now < copy.until) {
    if (copy.client instanceof OAuthError) throw copy.client;
    return copy.client;
  }
  const client = await readClient(wayOut(env), id).catch((error: unknown) => {
    if (error instanceof OAuthError) return error;
    return new OAuthError("invalid_client", "The address that is the client id does not answer with a description of the client.", {
      cause: error,
    });
  });
  const isFailure = client instanceof OAuthError;
  putBounded(known, id, { client, until: now + (isFailure ? FAILURE_CACHE_MS : DOCUMENT_CACHE_MS) }, MAX_DOCUMENTS);
  if (isFailure) throw client;
  return client;
}

async function readClient(way: WayOut, id: string): Promise<OAuthClient> {
  const why = whyNotDocumentId(id, way);
  if (why !== undefined) throw new OAuthError("invalid_client", `The client id is an address that ${why}.`);
  const answer = await outboundFetch(way, {
    url: id,
    maxBytes: MAX_DOCUMENT_BYTES,
    timeoutMs: DOCUMENT_TIMEOUT_MS,
    mediaTypes: ["application/json", "application/client-id-metadata+json"],
    headers: { Accept: "application/json" },
  });
  if (answer.status !== 200 || answer.url !== id)
    throw new OAuthError("invalid_client", "The address that is the client id must answer with 200 itself, without a redirect.");
  return toClient(id, documentSchema.parse(JSON.parse(new TextDecoder().decode(answer.body))));
}

function whyNotDocumentId(id: string, way: WayOut): string | undefined {
  if (!URL.canParse(id)) return "is not well formed";
  const url = new URL(id);
  if (url.href !== id) return "is not written in its normal form";
  if (url.protocol !== "https:" && !isAllowedHost(url, way.allowed)) return "is not https";
  if (url.username !== "" || url.password !== "" || url.hash !== "") return "holds a fragment or a user name";
  if (url.pathname === "/") return "has no path";
  return undefined;
}

function toClient(id: string, document: z.infer<typeof documentSchema>): OAuthClient {
  if (document.client_id !== id) throw new OAuthError("invalid_client", "The description names another client id than its own address.");
  if (!document.response_types.includes("code")) throw new OAuthError("invalid_client", "The client does not use authorization codes.");
  const wrong = document.redirect_uris.find((uri) => whyNotRedirectUri(uri) !== undefined);
  if (wrong !== undefined) throw new OAuthError("invalid_client", "The description holds a redirect URI that this platform does not take.");
  const named = document.scope?.split(" ").filter(isScope);
  const client: OAuthClient = {
    id,
    tenant: undefined,
    origin: "document",
    secrets: [],
    name: document.client_name ?? new URL(id).hostname,
    authMethod: document.token_endpoint_auth_method,
    grantTypes: document.grant_types.includes("refresh_token") ? ["authorization_code", "refresh_token"] : ["authorization_code"],
    redirectUris: document.redirect_uris,
    postLogoutRedirectUris: [],
    scopes: DOCUMENT_CLIENT_SCOPES.filter((scope) => named === undefined || named.includes(scope)),
    resources: [],
    ...(document.jwks === undefined ? {} : { keys: document.jwks }),
    ...(document.jwks_uri === undefined ? {} : { keysUri: document.jwks_uri }),
    requiresPushedRequests: false,
  };
  if (clientFaults(client).length > 0) throw new OAuthError("invalid_client", "The description contradicts itself.");
  return client;
}
