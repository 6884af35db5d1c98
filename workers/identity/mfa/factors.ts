import { z } from "@hono/zod-openapi";
import type { Clock } from "../../platform/clock.ts";
import { Problem } from "../../platform/problem.ts";
import { checkTry, forgetTries } from "../sign-in/throttle.ts";
import { provedPasskey } from "./passkeys/authenticate.ts";
import { MAX_TICKET_CHARACTERS, type RelyingParty } from "./passkeys/challenge.ts";
import { authenticationResponseSchema } from "./passkeys/responses.ts";
import { usesRecoveryCode } from "./recovery-codes.ts";
import { countRecoveryCodes, findTotp, listPasskeys, type PasskeyRow, type Person } from "./store.ts";
import { verifiesCode } from "./totp/authenticator.ts";

export const totpCodeSchema = z
  .string()
  .regex(/^\d{6}$/)
  .openapi({ example: "492039" });
const recoveryCodeSchema = z.string().min(24).max(40).openapi({ example: "7K3M-9QXD-1B2C-ZV5T-8H0W-RJ4N" });

/** What a person proves a second factor by. */
export const factorProofSchema = z.discriminatedUnion("method", [
  z.strictObject({ method: z.literal("totp"), code: totpCodeSchema }),
  z.strictObject({ method: z.literal("recovery-code"), code: recoveryCodeSchema }),
  z.strictObject({
    method: z.literal("passkey"),
    ticket: z.string().max(MAX_TICKET_CHARACTERS),
    response: authenticationResponseSchema,
  }),
]);
export type FactorProof = z.infer<typeof factorProofSchema>;

/** The second factors of a person. */
export interface Factors {
  /** When the authenticator app was confirmed: milliseconds since the epoch; undefined when there is none. */
  readonly totpSince: number | undefined;
  readonly passkeys: readonly PasskeyRow[];
  readonly recoveryCodesLeft: number;
}

export async function factorsOf(env: Env, person: Person): Promise<Factors> {
  const [totp, passkeys, recoveryCodesLeft] = await Promise.all([
    findTotp(env, person),
    listPasskeys(env, person),
    countRecoveryCodes(env, person),
  ]);
  return { totpSince: totp?.confirmedAt ?? undefined, passkeys, recoveryCodesLeft };
}

/** True when a password alone does not sign this person in. */
export async function hasSecondFactor(env: Env, person: Person): Promise<boolean> {
  const { totpSince, passkeys } = await factorsOf(env, person);
  return totpSince !== undefined || passkeys.length > 0;
}

/**
 * Verifies a second factor of a person, and uses up what is good once. Codes, which can be guessed, are throttled; passkeys cannot.
 * @returns how the person was recognised: values of RFC 8176
 * @throws Problem `wrong-factor` when it proves nothing, never saying which part was wrong; `too-many-requests`
 */
export async function verifyFactor(
  env: Env,
  clock: Clock,
  party: RelyingParty,
  person: Person,
  proof: FactorProof,
): Promise<readonly string[]> {
  if (proof.method === "passkey") {
    const passkey = await provedPasskey(env, clock, party, proof);
    if (passkey?.tenant !== person.tenant || passkey.user !== person.user) throw wrongFactor();
    return methodsOf(passkey);
  }
  const key = `${person.tenant}/${person.user}`;
  await checkTry(env, clock, "factor", key);
  const isRight = await (proof.method === "totp" ? verifiesCode : usesRecoveryCode)(env, clock, person, proof.code);
  if (!isRight) throw wrongFactor();
  await forgetTries(env, "factor", key);
  return ["otp", "mfa"];
}

/** How somebody with this passkey was recognised: by a key in hardware or software, and by what unlocked it, which is two factors. */
export function methodsOf({ isBackedUp }: PasskeyRow): readonly string[] {
  return [isBackedUp ? "swk" : "hwk", "user", "mfa"];
}

function wrongFactor(): Problem {
  return new Problem("wrong-factor", "The code or passkey is not right, was used before, or came too late; try the next one.");
}
