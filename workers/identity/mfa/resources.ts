import { z } from "@hono/zod-openapi";
import type { Factors } from "./factors.ts";
import type { PasskeyRow } from "./store.ts";

export const passkeySchema = z
  .object({
    id: z.string().openapi({ example: "pky_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    name: z.string().openapi({ example: "Ada's phone" }),
    host: z.string().openapi({ description: "The host it is good for.", example: "soma.example" }),
    isBackedUp: z.boolean().openapi({ description: "True: it is synchronised between the person's devices." }),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().optional(),
  })
  .openapi("Passkey");

export const factorsSchema = z
  .object({
    totp: z
      .object({ confirmedAt: z.iso.datetime() })
      .optional()
      .openapi({ description: "The authenticator app; left out when there is none." }),
    passkeys: z.array(passkeySchema),
    recoveryCodesLeft: z.number().int(),
  })
  .openapi("SecondFactors");

/** A passkey as the API tells it; its key is nobody's concern. */
export function toPasskey(row: PasskeyRow): z.infer<typeof passkeySchema> {
  return {
    id: row.id,
    name: row.name,
    host: row.rpId,
    isBackedUp: row.isBackedUp,
    createdAt: new Date(row.createdAt).toISOString(),
    ...(row.lastUsedAt === null ? {} : { lastUsedAt: new Date(row.lastUsedAt).toISOString() }),
  };
}

/** The second factors of a person, as the API tells them. */
export function toFactors({ totpSince, passkeys, recoveryCodesLeft }: Factors): z.infer<typeof factorsSchema> {
  return {
    ...(totpSince === undefined ? {} : { totp: { confirmedAt: new Date(totpSince).toISOString() } }),
    passkeys: passkeys.map(toPasskey),
    recoveryCodesLeft,
  };
}
