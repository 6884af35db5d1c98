import { settings } from "../platform/settings.ts";
import { openAiCompatible } from "./ai-sdk.ts";
import type { ModelClient } from "./client.ts";
import { embedded } from "./embedded.ts";

/**
 * The model that the operator's settings name, or the embedded engine when they name none.
 * @param preferred the model an agent asks for: it gets that one when the settings list it, and the usual one otherwise; `engine` says which
 */
export function modelFor(env: Env, preferred?: string): ModelClient {
  const configured = settings(env);
  const { SOMA_MODEL_BASE_URL, SOMA_MODEL_NAMES } = configured;
  if (SOMA_MODEL_BASE_URL === undefined) return embedded;
  const offered = SOMA_MODEL_NAMES.split(",").map((name) => name.trim());
  const isOffered = preferred !== undefined && offered.includes(preferred);
  return openAiCompatible({ ...configured, SOMA_MODEL_BASE_URL, ...(isOffered ? { SOMA_MODEL_NAME: preferred } : {}) });
}
