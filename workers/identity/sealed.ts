import { OPERATOR_TENANT } from "../platform/principal.ts";
import { open, seal } from "../secrets/envelope.ts";

/**
 * Seals a value of the platform for one purpose: what was sealed for another purpose, or another person, does not open in its place.
 * @param purpose what it is for and whose it is: `totp/<tenant>/<user>`
 */
export function sealFor(env: Env, purpose: string, value: string): Promise<string> {
  return seal(env, { tenant: OPERATOR_TENANT, purpose }, value);
}

/** Opens what `sealFor` sealed and the platform kept. @throws Problem `unavailable` when it was sealed for something else or its keys are not there */
export function openFor(env: Env, purpose: string, sealed: string): Promise<string> {
  return open(env, { tenant: OPERATOR_TENANT, purpose }, sealed);
}

/** Opens what `sealFor` sealed and someone else carried; undefined for anything else. */
export async function openCarried(env: Env, purpose: string, sealed: string): Promise<string | undefined> {
  try {
    return await openFor(env, purpose, sealed);
  } catch {
    return undefined;
  }
}
