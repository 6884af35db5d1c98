import { CAPABILITY_DESCRIPTIONS, capabilitySchema } from "../../platform/capabilities.ts";
import type { Scope } from "./scopes.ts";

const IDENTITY_WORDS: Readonly<Record<string, string>> = {
  openid: "Know which user you are.",
  profile: "See your name.",
  email: "See your e-mail address.",
  offline_access: "Go on when you have left, for up to 30 days.",
};

/** What a scope lets a client do, in words for the user who is asked. */
export function scopeWords(scope: Scope): string {
  const capability = capabilitySchema.safeParse(scope);
  return capability.success ? CAPABILITY_DESCRIPTIONS[capability.data] : (IDENTITY_WORDS[scope] ?? scope);
}
