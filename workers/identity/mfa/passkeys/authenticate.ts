import { generateAuthenticationOptions, verifyAuthenticationResponse } from "@simplewebauthn/server";
import { z } from "zod";
import type { Clock } from "../../../platform/clock.ts";
import { findPasskey, listPasskeys, notePasskeyUse, type PasskeyRow, type Person } from "../store.ts";
import { CHALLENGE_LIFETIME_MS, newChallenge, openTicket, optionsJson, type RelyingParty, spendChallenge } from "./challenge.ts";
import type { AuthenticationResponse } from "./responses.ts";

const transportsSchema = z.array(z.string());

/** What a browser is asked to prove a passkey by, and the ticket that its answer must come with. */
export async function authenticationOptions(env: Env, clock: Clock, party: RelyingParty, person: Person | undefined) {
  const owner = person === undefined ? "" : `${person.tenant}/${person.user}`;
  const { challenge, ticket } = await newChallenge(env, clock, "authentication", party, owner);
  const known = person === undefined ? [] : (await listPasskeys(env, person)).filter(({ rpId }) => rpId === party.id);
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    challenge: Buffer.from(challenge, "base64url"),
    timeout: CHALLENGE_LIFETIME_MS,
    userVerification: "required",
    // None: the person chooses among the passkeys that their device has for this host, and nothing is told of who has one.
    allowCredentials: known.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: transportsSchema.parse(JSON.parse(transports)),
    })),
  });
  return { options: optionsJson(options), ticket };
}

/** What a browser answered. */
export interface Assertion {
  readonly ticket: string;
  readonly response: AuthenticationResponse;
}

/**
 * The passkey that an answer proves (WebAuthn Level 3 §7.2): present, its person verified, its counter gone up, the challenge unused and for
 * this host, and its owner whom the challenge was for.
 * @returns undefined when it proves nothing, whatever the reason
 */
export async function provedPasskey(
  env: Env,
  clock: Clock,
  party: RelyingParty,
  { ticket, response }: Assertion,
): Promise<PasskeyRow | undefined> {
  const challenge = await openTicket(env, clock, "authentication", party, ticket);
  const passkey = challenge === undefined ? undefined : await findPasskey(env, response.id);
  if (challenge === undefined || passkey === undefined || passkey.rpId !== party.id) return undefined;
  const { userHandle } = response.response;
  if (challenge.owner !== "" && challenge.owner !== `${passkey.tenant}/${passkey.user}`) return undefined;
  if (userHandle != null && Buffer.from(userHandle, "base64url").toString("utf8") !== passkey.user) return undefined;
  const counter = await provedCounter(party, challenge.challenge, response, passkey);
  if (counter === undefined || !(await spendChallenge(env, clock, challenge))) return undefined;
  return (await notePasskeyUse(env, passkey.id, counter, clock.now())) ? passkey : undefined;
}

/** What the authenticator counts now; undefined when the signature, the challenge, the host or the counter is not right. */
async function provedCounter(
  party: RelyingParty,
  challenge: string,
  { authenticatorAttachment: _, response: { userHandle, ...response }, ...sent }: AuthenticationResponse,
  passkey: PasskeyRow,
): Promise<number | undefined> {
  const verified = await verifyAuthenticationResponse({
    response: { ...sent, response: { ...response, ...(userHandle == null ? {} : { userHandle }) } },
    expectedChallenge: challenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    credential: { id: passkey.credentialId, publicKey: Buffer.from(passkey.publicKey, "base64url"), counter: passkey.counter },
  }).catch(() => undefined);
  return verified?.verified === true ? verified.authenticationInfo.newCounter : undefined;
}
