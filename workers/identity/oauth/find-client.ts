import type { Clock } from "../../platform/clock.ts";
import { isId } from "../../platform/ids.ts";
import { type OAuthClient, ownClient } from "./client.ts";
import { clientOfDocument, isDocumentId } from "./client-id-document.ts";
import { findRegisteredClient } from "./client-store.ts";
import { OAuthError } from "./oauth-error.ts";

/** Longer client ids are no addresses of documents that anyone serves. */
const MAX_CLIENT_ID_CHARACTERS = 1_024;

/**
 * The client that an id names: the platform's own, a registered one, or one that its id's address describes.
 * @throws OAuthError `invalid_client` when there is none
 */
export async function findClient(env: Env, clock: Clock, issuer: string, id: string | undefined): Promise<OAuthClient> {
  if (id === undefined || id === "" || id.length > MAX_CLIENT_ID_CHARACTERS)
    throw new OAuthError("invalid_client", "A client_id is needed.");
  const own = ownClient(id, issuer);
  if (own !== undefined) return own;
  if (isId("client", id)) {
    const registered = await findRegisteredClient(env, id);
    if (registered !== undefined) return registered;
  }
  if (isDocumentId(id)) return clientOfDocument(env, clock, id);
  throw new OAuthError("invalid_client", "There is no such client.");
}
