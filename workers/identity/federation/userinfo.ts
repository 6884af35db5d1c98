import { z } from "zod";
import { jsonSchema } from "../../platform/canonical-json.ts";
import { outboundFetch, type WayOut } from "../../platform/outbound.ts";
import { Problem } from "../../platform/problem.ts";
import type { Claims } from "./claim-rules.ts";
import { checkEndpoint, ISSUER_TIMEOUT_MS, parsedJson } from "./discovery.ts";

const MAX_ANSWER_BYTES = 131_072;
const claimsSchema = z.record(z.string(), jsonSchema);

/**
 * What an issuer says of a person beside the ID token (OpenID Connect Core 1.0 §5.3): where access tokens are given, a conforming issuer
 * puts names and addresses here alone. The ID token's own words stand above these.
 * @throws Problem `tool-failed` when it does not answer, or speaks of somebody else (§5.3.2)
 */
export async function withUserinfo(way: WayOut, endpoint: string, accessToken: string, claims: Claims): Promise<Claims> {
  checkEndpoint(way, endpoint);
  const answer = await outboundFetch(way, {
    url: endpoint,
    headers: { Accept: "application/json", Authorization: `Bearer ${accessToken}` },
    maxBytes: MAX_ANSWER_BYTES,
    timeoutMs: ISSUER_TIMEOUT_MS,
    mediaTypes: ["application/json"],
  });
  const said = answer.status === 200 ? claimsSchema.safeParse(parsedJson(answer.body, endpoint)).data : undefined;
  if (said === undefined || said.sub !== claims.sub)
    throw new Problem("tool-failed", "The identity provider did not say who signed in; try again, or ask an administrator.");
  return { ...said, ...claims };
}
