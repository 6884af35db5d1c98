import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const tenants = sqliteTable("tenants", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  createdAt: integer("created_at").notNull(),
});

/** API keys: only the hash of the secret is kept, so that the database alone opens nothing. */
export const apiKeys = sqliteTable(
  "api_keys",
  {
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    name: text("name").notNull(),
    role: text("role").notNull(),
    subject: text("subject").notNull(),
    secretHash: text("secret_hash").notNull(),
    lastFour: text("last_four").notNull(),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at"),
    revokedAt: integer("revoked_at"),
    /** To the hour. */
    lastUsedAt: integer("last_used_at"),
  },
  (table) => [index("api_keys_by_tenant").on(table.tenant, table.id)],
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
