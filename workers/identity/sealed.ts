import { z } from "zod";
import { Problem } from "../platform/problem.ts";
import { decryptSecret, encryptSecret } from "./master-key.ts";

const sealedSchema = z.object({ purpose: z.string(), value: z.string() });

/**
 * Seals a value for one purpose under the platform's master key: what was sealed for another purpose, or another person, does not open in its place.
 * @param purpose what it is for and whose it is: `totp/<tenant>/<user>`
 */
export async function sealFor(env: Env, purpose: string, value: string): Promise<string> {
  return encryptSecret(env, JSON.stringify({ purpose, value } satisfies z.infer<typeof sealedSchema>));
}

/** Opens what `sealFor` sealed and the platform kept. @throws Problem `unavailable` when it was sealed for something else or under another key */
export async function openFor(env: Env, purpose: string, sealed: string): Promise<string> {
  const opened = sealedSchema.parse(JSON.parse(await decryptSecret(env, sealed)));
  if (opened.purpose !== purpose) throw new Problem("unavailable", "A stored secret stands in another one's place.");
  return opened.value;
}

/** Opens what `sealFor` sealed and someone else carried; undefined for anything else. */
export async function openCarried(env: Env, purpose: string, sealed: string): Promise<string | undefined> {
  try {
    return await openFor(env, purpose, sealed);
  } catch {
    return undefined;
  }
}
