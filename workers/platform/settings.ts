import { z } from "zod";

/** A secret of the account's Secrets Store, as the runtime binds it. */
export interface SecretBinding {
  /** @throws Error when it cannot be read */
  get(): Promise<string>;
}

const secretBindingSchema = z.custom<SecretBinding>(
  (value) => typeof value === "object" && value !== null && "get" in value && typeof value.get === "function",
);

const masterKeySchema = z
  .base64()
  .refine((key) => atob(key).length === 32, { message: "must be 32 random bytes in base64: `openssl rand -base64 32`" });

const settingsSchema = z.object({
  SOMA_ENVIRONMENT: z.string().default("local"),
  /** 32 bytes in base64, or a binding to the Secrets Store that gives them; closes the keys that what is secret is sealed with. */
  SOMA_MASTER_KEY: z.union([masterKeySchema, secretBindingSchema]).optional(),
  /** Earlier master keys, separated by commas, while keys that are closed under them are closed anew. */
  SOMA_MASTER_KEYS_BEFORE: z.string().default(""),
  /** Proves an operator of the platform, who may create tenants. */
  SOMA_OPERATOR_TOKEN: z.string().min(24).optional(),
  /** Origins that browsers may call from, separated by commas; none by default: the console is served by the platform itself. */
  SOMA_CORS_ORIGINS: z.string().default(""),
  /** The sender of letters to people, of a domain that the Email Service may send for; see docs/identity.md. */
  SOMA_MAIL_FROM: z.email().optional(),
  SOMA_MODEL_BASE_URL: z.url().optional(),
  SOMA_MODEL_API_KEY: z.string().optional(),
  SOMA_MODEL_NAME: z.string().optional(),
  /** Other models of the same server at the same prices, separated by commas: an agent that asks for one of them gets it. */
  SOMA_MODEL_NAMES: z.string().default(""),
  /** Millionths of a dollar for a million tokens. */
  SOMA_MODEL_INPUT_PRICE: z.coerce.number().int().nonnegative().default(0),
  SOMA_MODEL_OUTPUT_PRICE: z.coerce.number().int().nonnegative().default(0),
  /** Milliseconds in which a model must begin to answer, and in which it must have ended. */
  SOMA_MODEL_FIRST_TOKEN_MS: z.coerce.number().int().positive().max(600_000).default(60_000),
  SOMA_MODEL_TOTAL_MS: z.coerce.number().int().positive().max(1_800_000).default(300_000),
  /** Host and path, without a scheme, that the transparency logs of tenants are named under; a log keeps the name it was begun with. */
  SOMA_LOG_ORIGIN: z
    .string()
    .regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/)
    .max(150)
    .default("somaagent.local/tlog"),
  /** How long the audit keeps an event in all, in archives once the database has let go of it; an overlay may demand more. */
  SOMA_AUDIT_ARCHIVE_DAYS: z.coerce.number().int().min(1).default(400),
  /** How long the database keeps an event of the audit, before it moves to the archive. */
  SOMA_AUDIT_RETENTION_DAYS: z.coerce.number().int().min(1).default(400),
  /** Hosts (`name:port` or `name:*`, separated by commas) that guarded fetches may reach although they are local: for tests on one machine. */
  SOMA_OUTBOUND_ALLOW: z.string().default(""),
  /** Credentials for other platforms' agents: JSON of `{"name": {"origin", "authorization", "tenants"}}`, see docs/a2a.md. */
  SOMA_A2A_CREDENTIALS: z.string().optional(),
  /** On a local platform: serves the agent of the A2A conformance suite; an API key here is that of requests without one. See docs/a2a.md. */
  SOMA_A2A_CONFORMANCE: z.string().min(1).optional(),
});

/** What an operator has set: variables and secrets of the Worker. */
export type Settings = z.infer<typeof settingsSchema>;

const known = new WeakMap<object, Settings>();

/** Reads the settings once an isolate. @throws ZodError naming the setting that is not valid */
export function settings(env: Env): Settings {
  const cached = known.get(env);
  if (cached !== undefined) return cached;
  const parsed = settingsSchema.parse(env);
  known.set(env, parsed);
  return parsed;
}
