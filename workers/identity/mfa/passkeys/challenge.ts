import { z } from "zod";
import { type Json, parsedJsonSchema } from "../../../platform/canonical-json.ts";
import type { Clock } from "../../../platform/clock.ts";
import { randomToken } from "../../../platform/crypto.ts";
import { openCarried, sealFor } from "../../sealed.ts";
import { spend } from "../../spent/spend.ts";

/** As long as a person may take to find their key and touch it. */
export const CHALLENGE_LIFETIME_MS = 300_000;
const CHALLENGE_BYTES = 32;
export const MAX_TICKET_CHARACTERS = 2_048;

const jsonObjectSchema = z.record(z.string(), parsedJsonSchema);
const challengeSchema = z.object({
  challenge: z.string(),
  rpId: z.string(),
  /** Whose passkey it must be; empty when the passkey is to say so. */
  owner: z.string(),
  expiresAt: z.number(),
});
export type Challenge = z.infer<typeof challengeSchema>;

/** The host that passkeys are made for (WebAuthn's relying party), from the address that the browser called. */
export interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

export function relyingParty(url: string): RelyingParty {
  const { hostname, origin } = new URL(url);
  return { id: hostname, origin };
}

/**
 * A challenge, and the ticket that its answer must come with: the platform keeps nothing until an answer is right, so that strangers who ask
 * for challenges fill nothing.
 * @param use what it is for: the answer to a challenge of another use is not taken
 */
export async function newChallenge(
  env: Env,
  clock: Clock,
  use: "registration" | "authentication",
  party: RelyingParty,
  owner: string,
): Promise<{ challenge: string; ticket: string }> {
  const challenge = randomToken(CHALLENGE_BYTES);
  const value: Challenge = { challenge, rpId: party.id, owner, expiresAt: clock.now() + CHALLENGE_LIFETIME_MS };
  return { challenge, ticket: await sealFor(env, `passkey-${use}`, JSON.stringify(value)) };
}

/** Reads a ticket; undefined when it is none of ours, of another use, of another host, or too old. */
export async function openTicket(
  env: Env,
  clock: Clock,
  use: "registration" | "authentication",
  party: RelyingParty,
  ticket: string,
): Promise<Challenge | undefined> {
  const opened = await openCarried(env, `passkey-${use}`, ticket);
  if (opened === undefined) return undefined;
  const challenge = challengeSchema.parse(JSON.parse(opened));
  return challenge.rpId === party.id && challenge.expiresAt > clock.now() ? challenge : undefined;
}

/** Options for `navigator.credentials` as the JSON that goes to the browser. */
export function optionsJson(options: object): Record<string, Json> {
  return jsonObjectSchema.parse(JSON.parse(JSON.stringify(options)));
}

/** Uses a challenge up, once its answer was right. @returns false when it was used before */
export async function spendChallenge(env: Env, clock: Clock, { challenge, expiresAt }: Challenge): Promise<boolean> {
  return spend(env, `passkey/${challenge}`, expiresAt, clock.now());
}
