import { type FactorProof, factorProofSchema } from "../factors.ts";
import type { AuthenticationResponse, RegistrationResponse } from "../passkeys/responses.ts";
import { authenticationResponseSchema, registrationResponseSchema } from "../passkeys/responses.ts";

/** The fields of a form that was checked to be ours. */
export type Fields = ReadonlyMap<string, string>;

/** What a form proves a second factor by; undefined when it holds nothing of the kind. */
export function proofOfForm(fields: Fields): FactorProof | undefined {
  const method = fields.get("method");
  const code = fields.get("code")?.trim();
  const proof =
    method === "passkey"
      ? { method, ticket: fields.get("ticket"), response: jsonOf(fields.get("response")) }
      : // Apps show a code as two groups of three.
        { method, code: method === "totp" ? code?.replaceAll(" ", "") : code };
  return factorProofSchema.safeParse(proof).data;
}

/** What a browser answered to a request for a new passkey. */
export function registrationOfForm(fields: Fields): RegistrationResponse | undefined {
  return registrationResponseSchema.safeParse(jsonOf(fields.get("response"))).data;
}

/** What a browser answered to a request to prove a passkey. */
export function assertionOfForm(fields: Fields): AuthenticationResponse | undefined {
  return authenticationResponseSchema.safeParse(jsonOf(fields.get("response"))).data;
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
