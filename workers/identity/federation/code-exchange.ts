import { z } from "zod";
import type { Clock } from "../../platform/clock.ts";
import { outboundFetch, wayOut } from "../../platform/outbound.ts";
import { Problem } from "../../platform/problem.ts";
import { type Client, clientProof } from "./client-credential.ts";
import { checkEndpoint, ISSUER_TIMEOUT_MS, parsedJson } from "./discovery.ts";

/** Three tokens with every group of a large organisation in them. */
const MAX_ANSWER_BYTES = 262_144;

const answerSchema = z.object({ id_token: z.string(), access_token: z.string().max(16_384).optional() });
/** The characters of an error code (RFC 6749 §5.2). */
const refusalSchema = z.object({ error: z.string().regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]{1,100}$/) });

interface Tokens {
  readonly idToken: string;
  readonly accessToken: string | undefined;
}

export interface CodeExchange {
  readonly client: Client;
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly code: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

/**
 * Exchanges a code for an ID token (OpenID Connect Core 1.0 §3.1.3, RFC 7636 §4.5), which is not yet verified, and the access token that the
 * issuer's own userinfo takes.
 * @throws Problem `tool-failed` with the issuer's own error code when it refuses; those of `outboundFetch` otherwise
 */
export async function exchangeCode(env: Env, clock: Clock, exchange: CodeExchange): Promise<Tokens> {
  const { client, issuer, tokenEndpoint, code, verifier, redirectUri } = exchange;
  const { headers, fields } = await clientProof(env, clock, client, issuer);
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...fields,
  });
  const way = wayOut(env);
  checkEndpoint(way, tokenEndpoint);
  const answer = await outboundFetch(way, {
    url: tokenEndpoint,
    method: "POST",
    headers: { ...headers, Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
    body: body.toString(),
    maxBytes: MAX_ANSWER_BYTES,
    timeoutMs: ISSUER_TIMEOUT_MS,
    mediaTypes: ["application/json"],
  });
  const document = parsedJson(answer.body, tokenEndpoint);
  if (answer.status !== 200) {
    const refusal = refusalSchema.safeParse(document);
    throw new Problem("tool-failed", `The identity provider refused the sign-in: ${refusal.data?.error ?? `status ${answer.status}`}.`);
  }
  const parsed = answerSchema.safeParse(document);
  if (!parsed.success) throw new Problem("tool-failed", "The identity provider answered without an ID token; the scope openid gives one.");
  return { idToken: parsed.data.id_token, accessToken: parsed.data.access_token };
}
