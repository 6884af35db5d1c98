import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** One authenticator app a user. */
export const totpFactors = sqliteTable("totp_factors", {
  user: text("user").primaryKey(),
  tenant: text("tenant").notNull(),
  /** Sealed under the platform's master key. */
  sealedSecret: text("sealed_secret").notNull(),
  createdAt: integer("created_at").notNull(),
  /** When its first code was right: before that it proves nothing. */
  confirmedAt: integer("confirmed_at"),
  /** The time step of the last code that was taken. */
  lastStep: integer("last_step").notNull(),
});

/** Codes for who lost their factors: hashes of 120 random bits, each good once. */
export const recoveryCodes = sqliteTable(
  "recovery_codes",
  {
    digest: text("digest").primaryKey(),
    tenant: text("tenant").notNull(),
    user: text("user").notNull(),
    usedAt: integer("used_at"),
  },
  (table) => [index("recovery_codes_by_user").on(table.tenant, table.user)],
);

/** Public keys of authenticators (WebAuthn Level 3). */
export const passkeys = sqliteTable(
  "passkeys",
  {
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    user: text("user").notNull(),
    name: text("name").notNull(),
    /** As the authenticator names it, in base64url. */
    credentialId: text("credential_id").notNull(),
    /** COSE, in base64url. */
    publicKey: text("public_key").notNull(),
    /** What the authenticator counted last; always 0 for those that are synchronised. */
    counter: integer("counter").notNull(),
    /** JSON of a list. */
    transports: text("transports").notNull(),
    /** The host it is good for. */
    rpId: text("rp_id").notNull(),
    /** True: it is synchronised between a person's devices. */
    isBackedUp: integer("is_backed_up", { mode: "boolean" }).notNull(),
    createdAt: integer("created_at").notNull(),
    lastUsedAt: integer("last_used_at"),
  },
  (table) => [uniqueIndex("passkeys_by_credential").on(table.credentialId), index("passkeys_by_user").on(table.tenant, table.user)],
);
