import { settings } from "../platform/settings.ts";
import { openAiCompatible } from "./ai-sdk.ts";
import type { ModelClient } from "./client.ts";
import { embedded } from "./embedded.ts";

/** The model that the operator's settings name, or the embedded engine when they name none. */
export function modelFor(env: Env): ModelClient {
  const configured = settings(env);
  const { SOMA_MODEL_BASE_URL } = configured;
  return SOMA_MODEL_BASE_URL === undefined ? embedded : openAiCompatible({ ...configured, SOMA_MODEL_BASE_URL });
}
