import { z } from "zod";
import { Problem } from "../../platform/problem.ts";
import type { FederatedPerson } from "../users/federated-user.ts";
import type { Claims } from "./claim-rules.ts";
import type { IssuerSettings } from "./issuer.ts";

/** RFC 5321 §4.5.3.1.3, without the angle brackets. */
const MAX_EMAIL_CHARACTERS = 254;
const MAX_NAME_CHARACTERS = 200;

const emailSchema = z.email().max(MAX_EMAIL_CHARACTERS);
const nameSchema = z.string().trim().min(1).max(MAX_NAME_CHARACTERS);
const methodsSchema = z.array(z.string().max(32)).max(16);

/**
 * The address that an issuer vouches for, if it may: within the domains that the tenant gave it, and not said to be unverified; without such
 * domains it must say that it is verified. undefined when it names no address, or one it may not speak for.
 */
export function vouchedEmail(settings: Pick<IssuerSettings, "emailDomains">, claims: Claims): string | undefined {
  const email = emailSchema.safeParse(claims.email).data;
  if (email === undefined) return undefined;
  const domain = email.slice(email.lastIndexOf("@") + 1).toLowerCase();
  // Some issuers write it as text.
  const isVerified = claims.email_verified === true || claims.email_verified === "true";
  if (settings.emailDomains.length === 0) return isVerified ? email : undefined;
  const isDenied = claims.email_verified !== undefined && !isVerified;
  return settings.emailDomains.includes(domain) && !isDenied ? email : undefined;
}

/**
 * Whom an issuer tells of.
 * @throws Problem `forbidden` when it vouches for no address: users are told apart by theirs
 */
export function personOf(settings: IssuerSettings, claims: Claims): FederatedPerson {
  const email = vouchedEmail(settings, claims);
  if (email === undefined)
    throw new Problem(
      "forbidden",
      `${settings.name} did not vouch for an e-mail address that it may speak for; an administrator sees its domains among the settings of the identity provider.`,
    );
  const given = nameSchema.safeParse(claims.given_name).data;
  const family = nameSchema.safeParse(claims.family_name).data;
  return {
    email,
    displayName: nameSchema.safeParse(claims.name).data ?? email,
    ...(given === undefined ? {} : { givenName: given }),
    ...(family === undefined ? {} : { familyName: family }),
  };
}

/** How an issuer says that it recognised a person. */
export interface Recognition {
  /** Values of RFC 8176. */
  readonly amr: readonly string[];
  /** Milliseconds since the epoch. */
  readonly authTime: number;
  /** When a second factor was verified that counts here; undefined when none was. */
  readonly mfaAt: number | undefined;
}

/**
 * How and when the person was recognised, by the issuer's word (`amr`, `auth_time`).
 * @param now milliseconds since the epoch: a person cannot have been recognised later
 */
export function recognitionOf(settings: Pick<IssuerSettings, "trustsSecondFactor">, claims: Claims, now: number): Recognition {
  const said = methodsSchema.safeParse(claims.amr).data ?? [];
  const authTime = Math.min(typeof claims.auth_time === "number" && claims.auth_time >= 0 ? claims.auth_time * 1_000 : now, now);
  const mfaAt = settings.trustsSecondFactor && said.includes("mfa") ? authTime : undefined;
  // What the tenant does not trust is not repeated to those who ask a token whether there was a second factor.
  return { amr: mfaAt === undefined ? ["fed"] : ["fed", ...said], authTime, mfaAt };
}
