import { canonicalJson, type Json } from "../platform/canonical-json.ts";
import { sha256Hex } from "../platform/crypto.ts";
import { A2A_VERSION } from "./protocol.ts";
import type { ServedAgent } from "./served-agent.ts";

/** A card changes with a deployment or a new template version; so long a client may keep it without asking (§8.6.1). */
const CARD_MAX_AGE_SECONDS = 300;

interface CardPlace {
  /** Scheme, host and port that the card was asked from. */
  readonly origin: string;
  /** Below the origin: `/a2a` or `/a2a/{agent}`. */
  readonly path: string;
  /** Named in the interfaces of a card that was given to a known caller: what the caller then sends in `tenant` (§8.3.2). */
  readonly tenant?: string;
}

/** The card of an agent (§4.4.1), for whoever asks at this place. Both bindings are served under one address. */
export function agentCard(agent: ServedAgent, { origin, path, tenant }: CardPlace): Json {
  const interfaces = ["JSONRPC", "HTTP+JSON"].map((protocolBinding) => ({
    url: `${origin}${path}`,
    protocolBinding,
    protocolVersion: A2A_VERSION,
    ...(tenant === undefined ? {} : { tenant }),
  }));
  return {
    name: agent.title,
    description: agent.description,
    supportedInterfaces: interfaces,
    provider: { organization: "SomaAgent", url: origin },
    version: agent.version,
    documentationUrl: `${origin}/docs`,
    capabilities: { streaming: true, pushNotifications: true, extendedAgentCard: true },
    securitySchemes: {
      bearer: {
        httpAuthSecurityScheme: {
          scheme: "Bearer",
          description: "An API key of this platform (`soma_key_…`), or a token made from one at /v1/auth/tokens.",
        },
      },
    },
    securityRequirements: [{ schemes: { bearer: { list: [] } } }],
    defaultInputModes: [...agent.inputModes],
    defaultOutputModes: [...agent.outputModes],
    skills: agent.skills.map(({ tags, examples, ...skill }) => ({
      ...skill,
      tags: [...tags],
      ...(examples === undefined ? {} : { examples: [...examples] }),
    })),
  };
}

/**
 * A card as an answer with the headers that spare it from being asked for again (§8.6.1): its ETag is the hash of what it says.
 * @param visibility `private` for a card that was given to one caller
 * @param conditions the request's, of RFC 9110 §13.1
 */
export function cardAnswer(card: Json, agent: ServedAgent, visibility: "public" | "private", conditions: Headers): Response {
  const body = canonicalJson(card);
  const etag = `"${sha256Hex(body).slice(0, 32)}"`;
  const headers = {
    "Content-Type": "application/json",
    "Cache-Control": `${visibility}, max-age=${CARD_MAX_AGE_SECONDS}`,
    ETag: etag,
    "Last-Modified": new Date(agent.changedAt).toUTCString(),
    // Any agent may be discovered by a page of another origin; the card says nothing that a credential protects.
    ...(visibility === "public" ? { "Cross-Origin-Resource-Policy": "cross-origin" } : {}),
  };
  const isKnown = isUnchanged(conditions, etag, agent.changedAt);
  return new Response(isKnown ? null : body, { status: isKnown ? 304 : 200, headers });
}

/** RFC 9110 §13.2.2: the date counts only where no tag was given. */
function isUnchanged(conditions: Headers, etag: string, changedAt: number): boolean {
  const tags = conditions.get("if-none-match");
  if (tags !== null) return tags.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag || tag.trim() === "*");
  const since = Date.parse(conditions.get("if-modified-since") ?? "");
  return Number.isFinite(since) && Math.floor(changedAt / 1_000) <= Math.floor(since / 1_000);
}
