import { generateRegistrationOptions, verifyRegistrationResponse } from "@simplewebauthn/server";
import type { Clock } from "../../../platform/clock.ts";
import { newId } from "../../../platform/ids.ts";
import { Problem } from "../../../platform/problem.ts";
import { insertPasskey, listPasskeys, MAX_PASSKEYS_A_USER, type PasskeyRow, type Person } from "../store.ts";
import { CHALLENGE_LIFETIME_MS, newChallenge, openTicket, optionsJson, type RelyingParty, spendChallenge } from "./challenge.ts";
import type { RegistrationResponse } from "./responses.ts";

/** EdDSA, ES256, RS256 (COSE): what authenticators in use offer. */
const ALGORITHMS = [-8, -7, -257];

/** What a browser is asked to make a passkey by, and the ticket that its answer must come with. */
export async function registrationOptions(env: Env, clock: Clock, person: Person, label: string, party: RelyingParty) {
  const known = await listPasskeys(env, person);
  if (known.length >= MAX_PASSKEYS_A_USER)
    throw new Problem("limit-exceeded", `A user has at most ${MAX_PASSKEYS_A_USER} passkeys; delete one that is not used.`);
  const { challenge, ticket } = await newChallenge(env, clock, "registration", party, `${person.tenant}/${person.user}`);
  const options = await generateRegistrationOptions({
    rpName: "SomaAgent",
    rpID: party.id,
    userName: label,
    userDisplayName: label,
    // What the authenticator hands back when nobody has typed a name: an id, and nothing of the person (WebAuthn Level 3 §14.6.1).
    userID: Buffer.from(person.user),
    challenge: Buffer.from(challenge, "base64url"),
    timeout: CHALLENGE_LIFETIME_MS,
    attestationType: "none",
    excludeCredentials: known.map((passkey) => ({ id: passkey.credentialId })),
    // A second factor that stands for two: the device, and whoever unlocks it.
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    supportedAlgorithmIDs: ALGORITHMS,
  });
  return { options: optionsJson(options), ticket };
}

/** What a browser answered. */
export interface Registration {
  readonly ticket: string;
  readonly response: RegistrationResponse;
  /** What the person calls it. */
  readonly name: string;
}

/**
 * Registers a passkey (WebAuthn Level 3 §7.1).
 * @throws Problem `invalid-request` when the answer does not prove it, was given before or is for another host or person, `conflict` when the passkey is known
 */
export async function registerPasskey(
  env: Env,
  clock: Clock,
  person: Person,
  party: RelyingParty,
  { ticket, response, name }: Registration,
): Promise<PasskeyRow> {
  const refused = () =>
    new Problem(
      "invalid-request",
      "The passkey could not be registered: ask for new options and let the browser answer them within five minutes.",
    );
  const challenge = await openTicket(env, clock, "registration", party, ticket);
  if (challenge === undefined || challenge.owner !== `${person.tenant}/${person.user}`) throw refused();
  const { authenticatorAttachment: _, ...sent } = response;
  const verified = await verifyRegistrationResponse({
    response: sent,
    expectedChallenge: challenge.challenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(() => undefined);
  if (verified?.verified !== true || !(await spendChallenge(env, clock, challenge))) throw refused();
  const { credential, credentialBackedUp } = verified.registrationInfo;
  const row: PasskeyRow = {
    ...person,
    id: newId("passkey", clock.now()),
    name,
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString("base64url"),
    counter: credential.counter,
    transports: JSON.stringify(response.response.transports),
    rpId: party.id,
    isBackedUp: credentialBackedUp,
    createdAt: clock.now(),
    lastUsedAt: null,
  };
  if (!(await insertPasskey(env, row)))
    throw new Problem("conflict", `This passkey is registered already, or there are ${MAX_PASSKEYS_A_USER} passkeys, which is the most.`);
  return row;
}
