import { z } from "zod";
import { allowedHosts, checkedAddress, isAllowedHost } from "./address.ts";
import { Problem } from "./problem.ts";
import { settings } from "./settings.ts";

/** Longer chains are loops. */
const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Headers that speak for someone, and so do not go to another origin. */
const PERSONAL_HEADERS = ["authorization", "cookie", "proxy-authorization"];

/** What reaches the network, and the hosts an operator lets it reach although they are local. */
export interface WayOut {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly allowed: ReadonlySet<string>;
}

/** On a laptop: a network that connects to public addresses alone, whatever a name was made to mean. In the cloud there is no other. */
const networkSchema = z.object({
  OUTBOUND: z.custom<Fetcher>((value) => typeof value === "object" && value !== null && "fetch" in value).optional(),
});

/** The way out of this platform. */
export function wayOut(env: Env): WayOut {
  const allowed = allowedHosts(settings(env).SOMA_OUTBOUND_ALLOW);
  const { OUTBOUND } = networkSchema.parse(env);
  return {
    allowed,
    fetch: (url, init) => (OUTBOUND === undefined || isAllowedHost(new URL(url), allowed) ? fetch(url, init) : OUTBOUND.fetch(url, init)),
  };
}

export interface OutboundRequest {
  readonly url: string;
  /** GET when it is not said. What changes something on the other side follows no redirect. */
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  /** What a POST sends; its media type is among the headers. */
  readonly body?: string;
  /** Bytes of the answer's body, after it was decompressed. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** Media types that are read, each whole (`text/csv`) or by its beginning (`text/`); `any` for an answer of which only the status counts. */
  readonly mediaTypes: readonly string[] | "any";
  readonly signal?: AbortSignal;
}

export interface OutboundResponse {
  /** Where the answer came from, after redirects. */
  readonly url: string;
  readonly status: number;
  /** In lower case, without parameters. */
  readonly mediaType: string;
  /** The charset that the answer declares; `utf-8` when it declares none. */
  readonly charset: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * The one way out to an address that a tenant, a model or a document chose, within limits of time, size and type, with every address on
 * the way checked before it is asked.
 * @throws Problem `address-not-allowed`, `timeout`, `limit-exceeded` (too large, too many redirects), `tool-failed` (no answer, or of another type)
 */
export async function outboundFetch(way: WayOut, request: OutboundRequest): Promise<OutboundResponse> {
  const limit = AbortSignal.timeout(request.timeoutMs);
  const signal = request.signal === undefined ? limit : AbortSignal.any([limit, request.signal]);
  try {
    const { response, url } = await followed(way, request, signal);
    return await readAnswer(response, url, request);
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (limit.aborted) throw new Problem("timeout", `${hostOf(request.url)} did not answer within ${request.timeoutMs} ms.`);
    if (request.signal?.aborted === true) throw request.signal.reason;
    throw new Problem("tool-failed", `${hostOf(request.url)} could not be reached.`, { cause: error });
  }
}

/** Follows redirects by hand: the platform would follow them to wherever they lead. */
async function followed(way: WayOut, request: OutboundRequest, signal: AbortSignal): Promise<{ response: Response; url: URL }> {
  const headers = new Headers(request.headers);
  let url = checkedAddress(request.url, way.allowed);
  const { method = "GET", body } = request;
  const sent = { method, headers, ...(body === undefined ? {} : { body }) };
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const response = await way.fetch(url.href, { ...sent, redirect: "manual", signal });
    const location = REDIRECTS.has(response.status) ? response.headers.get("location") : null;
    if (location === null) return { response, url };
    await response.body?.cancel();
    if (method !== "GET") throw new Problem("tool-failed", `${url.hostname} answers a ${method} with a redirect, which is not followed.`);
    if (!URL.canParse(location, url))
      throw new Problem("address-not-allowed", `${url.hostname} redirects to something that is no address.`);
    const next = checkedAddress(new URL(location, url).href, way.allowed);
    if (url.protocol === "https:" && next.protocol === "http:")
      throw new Problem(
        "address-not-allowed",
        `${url.hostname} redirects from https to http, which anyone on the way could read and change.`,
      );
    if (next.origin !== url.origin) for (const name of PERSONAL_HEADERS) headers.delete(name);
    url = next;
  }
  throw new Problem("limit-exceeded", `${url.hostname} is at the end of more than ${MAX_REDIRECTS} redirects.`);
}

async function readAnswer(response: Response, url: URL, request: OutboundRequest): Promise<OutboundResponse> {
  const contentType = response.headers.get("content-type") ?? "";
  const mediaType = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  const charset = /charset="?([\w.:-]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? "utf-8";
  const { mediaTypes } = request;
  const isTaken =
    mediaTypes === "any" || mediaTypes.some((taken) => (taken.endsWith("/") ? mediaType.startsWith(taken) : mediaType === taken));
  if (!isTaken) {
    await response.body?.cancel();
    throw new Problem(
      "tool-failed",
      `${url.hostname} answered with ${mediaType === "" ? "no media type" : mediaType.slice(0, 100)}, which is not read.`,
    );
  }
  return { url: url.href, status: response.status, mediaType, charset, body: await bounded(response, url, request.maxBytes) };
}

async function bounded(response: Response, url: URL, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => new Problem("limit-exceeded", `What ${url.hostname} sends is larger than ${maxBytes} bytes.`);
  if (Number(response.headers.get("content-length") ?? 0) > maxBytes) {
    await response.body?.cancel();
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (response.body !== null) {
    // Leaving the loop by a throw cancels the rest of the body.
    for await (const chunk of response.body) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  }
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : "The host";
}
