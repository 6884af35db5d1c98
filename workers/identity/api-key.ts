import { randomToken, sha256Hex } from "../platform/crypto.ts";
import { type ApiKeyId, isId } from "../platform/ids.ts";

/** Random bytes of a secret: 256 bits cannot be guessed, so a fast hash is enough and a slow one would only cost time. */
const SECRET_BYTES = 32;

/** A key as its owner holds it: `soma_<id>_<secret>`. The id finds the row, the secret proves the right to it. */
export interface ApiKeySecret {
  readonly key: string;
  readonly secretHash: string;
  readonly lastFour: string;
}

/** Makes the secret of a new key. It is shown once; only its hash is kept. */
export function newApiKeySecret(id: ApiKeyId): ApiKeySecret {
  const secret = randomToken(SECRET_BYTES);
  return { key: `soma_${id}_${secret}`, secretHash: sha256Hex(secret), lastFour: secret.slice(-4) };
}

/** Takes a presented key apart; undefined when it has not the form of one. */
export function parseApiKey(presented: string): { id: ApiKeyId; secretHash: string } | undefined {
  const match = /^soma_(key_[0-9A-HJKMNP-TV-Z]{26})_([A-Za-z0-9_-]{43})$/.exec(presented);
  const [, id = "", secret = ""] = match ?? [];
  return isId("apiKey", id) ? { id, secretHash: sha256Hex(secret) } : undefined;
}
