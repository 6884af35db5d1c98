import { z } from "zod";
import { isAllowedHost } from "../../platform/address.ts";
import { outboundFetch, type WayOut } from "../../platform/outbound.ts";
import { Problem } from "../../platform/problem.ts";

/** Real ones are 2 to 6 KB. */
const MAX_METADATA_BYTES = 65_536;
/** Someone waits for each of these. */
export const ISSUER_TIMEOUT_MS = 5_000;
const WELL_KNOWN = "/.well-known/openid-configuration";

const documentSchema = z.object({
  issuer: z.string().max(500),
  authorization_endpoint: z.string().max(2_048),
  token_endpoint: z.string().max(2_048),
  jwks_uri: z.string().max(2_048),
  userinfo_endpoint: z.string().max(2_048).optional(),
  code_challenge_methods_supported: z.array(z.string()).optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
});

/** What the platform uses of an issuer's metadata (OpenID Connect Discovery 1.0 §3, RFC 9207 §3). */
export const issuerMetadataSchema = z.object({
  authorizationEndpoint: z.string(),
  tokenEndpoint: z.string(),
  jwksUri: z.string(),
  userinfoEndpoint: z.string().exactOptional(),
  /** Its answers name it in `iss`: one that does not is not its own. */
  namesItself: z.boolean(),
});
export type IssuerMetadata = z.infer<typeof issuerMetadataSchema>;

/**
 * Reads an issuer's metadata (OpenID Connect Discovery 1.0 §4), within bounds of time, size and redirects.
 * @param issuer exactly as its tokens name it
 * @throws Problem `tool-failed` when it is not what the specification asks for or names another issuer; those of `outboundFetch` otherwise
 */
export async function discover(way: WayOut, issuer: string): Promise<IssuerMetadata> {
  const url = issuer.replace(/\/$/, "") + WELL_KNOWN;
  const document = await issuerDocument(way, url, MAX_METADATA_BYTES, ["application/json"]);
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success)
    throw new Problem(
      "tool-failed",
      `${url} is no OpenID provider's metadata: ${parsed.error.issues[0]?.path.join(".") ?? "it"} is missing.`,
    );
  const { data } = parsed;
  // Mix-up defence (RFC 9700 §4.4, RFC 8414 §3.3): metadata speaks for the issuer it was asked of and for no other.
  if (data.issuer !== issuer)
    throw new Problem(
      "tool-failed",
      `${url} names the issuer ${data.issuer.slice(0, 200)}, not ${issuer}; set the issuer exactly as it names itself, final slash included.`,
    );
  const { authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint } = data;
  for (const endpoint of [authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint ?? jwks_uri]) checkEndpoint(way, endpoint);
  const methods = data.code_challenge_methods_supported;
  if (methods !== undefined && !methods.includes("S256"))
    throw new Problem("tool-failed", `${url} says that the issuer does not support PKCE with S256, without which nobody signs in.`);
  return {
    authorizationEndpoint: authorization_endpoint,
    tokenEndpoint: token_endpoint,
    jwksUri: jwks_uri,
    ...(userinfo_endpoint === undefined ? {} : { userinfoEndpoint: userinfo_endpoint }),
    namesItself: data.authorization_response_iss_parameter_supported === true,
  };
}

/** One JSON document of an issuer. @throws Problem those of `outboundFetch`; `tool-failed` for another status or what is no JSON */
export async function issuerDocument(way: WayOut, url: string, maxBytes: number, mediaTypes: readonly string[]): Promise<unknown> {
  checkEndpoint(way, url);
  const request = { url, headers: { Accept: mediaTypes.join(", ") }, maxBytes, timeoutMs: ISSUER_TIMEOUT_MS, mediaTypes };
  const answer = await outboundFetch(way, request);
  if (answer.status !== 200) throw new Problem("tool-failed", `${url} answered with status ${answer.status}.`);
  return parsedJson(answer.body, url);
}

/** Reads bytes that `url` sent as JSON. @throws Problem `tool-failed` */
export function parsedJson(body: Uint8Array, url: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body));
  } catch {
    throw new Problem("tool-failed", `${url} did not answer with JSON.`);
  }
}

/**
 * What carries codes, secrets and keys goes over TLS, but to the hosts that an operator lets this platform reach on its own machine.
 * @throws Problem `address-not-allowed`
 */
export function checkEndpoint(way: WayOut, text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" && url.username === "" && url.password === "") return;
  if (url?.protocol === "http:" && isAllowedHost(url, way.allowed)) return;
  throw new Problem("address-not-allowed", `${text.slice(0, 200)} is not an https address, as those of an issuer must be.`);
}
