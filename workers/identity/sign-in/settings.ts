import { z } from "@hono/zod-openapi";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How the people of a tenant sign in, as its administrator sets it. */
export const signInSettingsSchema = z
  .strictObject({
    /** False where everybody comes from the tenant's own issuer. */
    passwords: z.boolean().default(true).openapi({ description: "Whether people may sign in with a password." }),
    secondFactor: z
      .enum(["optional", "required"])
      .default("optional")
      .openapi({ description: "`required`: whoever has no second factor is asked to set one up before anything else." }),
    idleMs: z
      .number()
      .int()
      .min(5 * MINUTE_MS)
      .max(7 * DAY_MS)
      .default(HOUR_MS)
      .openapi({ description: "A browser's sign-in ends when it was not used for so many milliseconds." }),
    lifeMs: z
      .number()
      .int()
      .min(15 * MINUTE_MS)
      .max(30 * DAY_MS)
      .default(DAY_MS)
      .openapi({ description: "A browser's sign-in ends after so many milliseconds, however much it is used." }),
  })
  .openapi("SignInSettings");

export type SignInSettings = z.infer<typeof signInSettingsSchema>;
