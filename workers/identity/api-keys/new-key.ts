import type { Capability } from "../../platform/capabilities.ts";
import type { RequestVariables } from "../../platform/route.ts";
import { newApiKeySecret } from "../api-key.ts";
import type { ApiKeyRow } from "../store.ts";

/** What a new key is to be. */
export interface KeyOrder {
  readonly tenant: string;
  readonly name: string;
  /** ROLE_OF_ACCOUNT for the key of a service account. */
  readonly role: string;
  /** The service account; undefined for a key that stands for itself, which gets a subject of its own. */
  readonly subject?: string;
  readonly scopes?: readonly Capability[] | undefined;
  /** Milliseconds since the epoch, as `at`. */
  readonly expiresAt: number | null;
  readonly at: number;
  readonly rotatedFrom?: string;
}

/** A key's row and its secret, which nobody will see again. */
export function newKey(newId: RequestVariables["newId"], order: KeyOrder): { row: ApiKeyRow; secret: string } {
  const id = newId("apiKey");
  const { key: secret, secretHash, lastFour } = newApiKeySecret(id);
  const row = {
    id,
    tenant: order.tenant,
    name: order.name,
    role: order.role,
    scopes: order.scopes === undefined ? null : JSON.stringify(order.scopes),
    subject: order.subject ?? newId("service"),
    secretHash,
    lastFour,
    createdAt: order.at,
    expiresAt: order.expiresAt,
    revokedAt: null,
    lastUsedAt: null,
    rotatedFrom: order.rotatedFrom ?? null,
  };
  return { row, secret };
}
