import type { Clock } from "../../platform/clock.ts";
import { sha256Hex } from "../../platform/crypto.ts";
import { type Person, replaceRecoveryCodes, takeRecoveryCode } from "./store.ts";

const CODES = 10;
/** Crockford's base 32: 24 of these are 120 bits, which cannot be guessed, so that a fast hash is enough to keep (OWASP ASVS 5.0, 6.5.2). */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_CHARACTERS = 24;

/** Makes ten codes for who loses their other factors; those before them open nothing any more. They are shown once: `7K3M-…`. */
export async function newRecoveryCodes(env: Env, person: Person): Promise<string[]> {
  const codes = Array.from({ length: CODES }, () =>
    [...crypto.getRandomValues(new Uint8Array(CODE_CHARACTERS))].map((byte) => ALPHABET.charAt(byte % ALPHABET.length)).join(""),
  );
  await replaceRecoveryCodes(
    env,
    person,
    codes.map((code) => digestOf(person, code)),
  );
  return codes.map((code) => code.replace(/(.{4})(?=.)/g, "$1-"));
}

/** True when the code is one of the user's that was not used before. It is used up by this; how it is written (case, spaces, dashes) does not matter. */
export async function usesRecoveryCode(env: Env, clock: Clock, person: Person, code: string): Promise<boolean> {
  // Crockford's reading of letters that look like digits.
  const plain = code.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  if (plain.length !== CODE_CHARACTERS) return false;
  return takeRecoveryCode(env, person, digestOf(person, plain), clock.now());
}

function digestOf({ tenant, user }: Person, code: string): string {
  return sha256Hex(`${tenant}/${user}/${code}`);
}
