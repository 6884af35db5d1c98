import type { Principal } from "../platform/principal.ts";

/**
 * The `memory-index` object that holds what a principal's agents remember: one a subject of a tenant, the same over the API and in every session
 * and project of theirs. It is made from the verified credential alone; no argument, of a request or of a model, has a say in it.
 */
export function memoryIndexName(principal: Principal): string {
  return `${principal.tenant}/memory/${principal.subject}`;
}
