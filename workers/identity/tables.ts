import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const tenants = sqliteTable("tenants", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  createdAt: integer("created_at").notNull(),
  /** `active`, `suspended` (nobody of it gets in) or `closing` (suspended, and to be removed). */
  status: text("status", { enum: ["active", "suspended", "closing"] })
    .notNull()
    .default("active"),
  /** When the status changed: a tenant that is closing is removed some time after. */
  statusAt: integer("status_at"),
  /** JSON of tenants/sign-in-settings.ts. */
  signIn: text("sign_in").notNull().default("{}"),
});

/** Names by which a tenant is found before anybody has signed in: domains of e-mail addresses, and hosts of its own. */
export const tenantDomains = sqliteTable(
  "tenant_domains",
  {
    name: text("name").primaryKey(),
    tenant: text("tenant").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("tenant_domains_by_tenant").on(table.tenant, table.name)],
);

/** API keys: only the hash of the secret is kept, so that the database alone opens nothing. */
export const apiKeys = sqliteTable(
  "api_keys",
  {
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    name: text("name").notNull(),
    /** The one role of a key that stands for itself; empty for the key of a service account, which has the roles of that. */
    role: text("role").notNull(),
    /** A JSON array of capabilities that the key is narrowed to; null for all that its role or account has. */
    scopes: text("scopes"),
    subject: text("subject").notNull(),
    secretHash: text("secret_hash").notNull(),
    lastFour: text("last_four").notNull(),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at"),
    revokedAt: integer("revoked_at"),
    /** To the hour. */
    lastUsedAt: integer("last_used_at"),
    /** The key that this one takes over from, which stands beside it for a while. */
    rotatedFrom: text("rotated_from"),
  },
  (table) => [index("api_keys_by_tenant").on(table.tenant, table.id), index("api_keys_by_subject").on(table.tenant, table.subject)],
);

/** Keys that sign our tokens: the public half as JWK, the private half encrypted under the platform's master key. */
export const signingKeys = sqliteTable("signing_keys", {
  id: text("id").primaryKey(),
  publicJwk: text("public_jwk").notNull(),
  encryptedPrivateJwk: text("encrypted_private_jwk").notNull(),
  createdAt: integer("created_at").notNull(),
  /** When another key took over: from then on it only verifies, until its last token has expired. */
  retiredAt: integer("retired_at"),
});
