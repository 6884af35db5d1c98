import { z } from "@hono/zod-openapi";
import { issuerSettingsSchema } from "./issuer.ts";
import { settingsOf } from "./known-issuers.ts";
import { KEYS_KEPT_MS, readingOf } from "./reading.ts";
import { redirectUri } from "./redirect-uri.ts";
import type { IssuerRow, KeysRow } from "./store.ts";

/** What the platform knows of an issuer, and since when. */
const statusSchema = z
  .object({
    state: z.enum(["never-read", "ready", "failing", "lost"]).openapi({
      description:
        "`failing`: the last attempt failed, and the keys read before still verify. `lost`: they are too old, and nobody comes in until it answers.",
    }),
    keys: z.array(z.string()).openapi({ description: "Ids of the keys that verify its tokens." }),
    lastReadAt: z.iso.datetime().optional(),
    lastTriedAt: z.iso.datetime().optional(),
    lastFailedAt: z.iso.datetime().optional(),
    lastError: z.string().optional(),
    keysServeUntil: z.iso.datetime().optional(),
  })
  .openapi("FederationIssuerStatus");

export const issuerResourceSchema = z
  .object({
    id: z.string().openapi({ example: "iss_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    ...issuerSettingsSchema.shape,
    hasCredential: z.boolean(),
    clientKey: z
      .record(z.string(), z.unknown())
      .optional()
      .openapi({ description: "The public key to register for `private_key_jwt` (JWK)." }),
    redirectUri: z.string().openapi({ description: "To register at the issuer: where it sends browsers back to." }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    status: statusSchema,
  })
  .openapi("FederationIssuer");

const jwkSchema = z.record(z.string(), z.unknown());

/** An issuer as the API tells it; never its secret. */
export function toIssuer(row: IssuerRow, keys: KeysRow | undefined, origin: string, now: number): z.infer<typeof issuerResourceSchema> {
  return {
    id: row.id,
    ...settingsOf(row),
    hasCredential: row.sealedCredential !== null,
    ...(row.publicJwk === null ? {} : { clientKey: jwkSchema.parse(JSON.parse(row.publicJwk)) }),
    redirectUri: redirectUri(origin, row.id),
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
    status: toStatus(keys, now),
  };
}

function toStatus(row: KeysRow | undefined, now: number): z.infer<typeof statusSchema> {
  const reading = readingOf(row);
  const isLost = reading !== undefined && now - reading.fetchedAt > KEYS_KEPT_MS;
  const state = row === undefined || (reading === undefined && row.failedAt === null) ? "never-read" : "ready";
  return {
    state: isLost || (reading === undefined && row?.failedAt != null) ? "lost" : row?.failedAt != null ? "failing" : state,
    keys: reading?.keys.map(({ kid, kty }) => kid ?? kty) ?? [],
    ...timeOf("lastReadAt", row?.fetchedAt),
    ...timeOf("lastTriedAt", row?.triedAt),
    ...timeOf("lastFailedAt", row?.failedAt),
    ...(row?.lastError == null ? {} : { lastError: row.lastError }),
    ...timeOf("keysServeUntil", reading === undefined ? undefined : reading.fetchedAt + KEYS_KEPT_MS),
  };
}

function timeOf<Name extends string>(name: Name, at: number | null | undefined): { [key in Name]?: string } | Record<never, never> {
  return at == null ? {} : { [name]: new Date(at).toISOString() };
}
