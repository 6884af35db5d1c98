import { z } from "@hono/zod-openapi";

/** Longer parts than this come from no authenticator: the longest, with an attestation of a certificate chain, have some 10,000 characters. */
const MAX_PART_CHARACTERS = 32_768;

const partSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/)
  .max(MAX_PART_CHARACTERS);
/** At most 1,023 bytes (WebAuthn Level 3 §6.1.1). */
const credentialIdSchema = partSchema.max(1_364);

const commonSchema = {
  id: credentialIdSchema.openapi({ example: "AQIDBAUGBwgJCgsMDQ4PEA" }),
  rawId: credentialIdSchema.openapi({ example: "AQIDBAUGBwgJCgsMDQ4PEA" }),
  type: z.literal("public-key"),
  authenticatorAttachment: z.enum(["platform", "cross-platform"]).nullish(),
  clientExtensionResults: z.looseObject({}).openapi({ example: {} }),
};

/** What a browser's `navigator.credentials.create()` gives, as `toJSON()` writes it (WebAuthn Level 3 §5.1). */
export const registrationResponseSchema = z
  .object({
    ...commonSchema,
    response: z.object({
      clientDataJSON: partSchema.openapi({ example: "e30" }),
      attestationObject: partSchema.openapi({ example: "oA" }),
      transports: z.array(z.string().max(32)).max(8).default([]),
    }),
  })
  .openapi("PasskeyRegistrationResponse");

/** What a browser's `navigator.credentials.get()` gives, as `toJSON()` writes it. */
export const authenticationResponseSchema = z
  .object({
    ...commonSchema,
    response: z.object({
      clientDataJSON: partSchema.openapi({ example: "e30" }),
      authenticatorData: partSchema.openapi({ example: "AA" }),
      signature: partSchema.openapi({ example: "AA" }),
      userHandle: partSchema.max(128).nullish(),
    }),
  })
  .openapi("PasskeyAuthenticationResponse");

export type RegistrationResponse = z.infer<typeof registrationResponseSchema>;
export type AuthenticationResponse = z.infer<typeof authenticationResponseSchema>;
