import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Clients that a tenant has registered. What a client is stands in `document`, so that a new member of it needs no new column. */
export const oauthClients = sqliteTable(
  "oauth_clients",
  {
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    document: text("document").notNull(),
    /** JSON: hashes of the secrets that stand, with the time until which each does. */
    secrets: text("secrets").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [index("oauth_clients_by_tenant").on(table.tenant, table.id)],
);

/** What a user has allowed a client: the family of all tokens made from it. */
export const oauthGrants = sqliteTable(
  "oauth_grants",
  {
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    subject: text("subject").notNull(),
    client: text("client").notNull(),
    scope: text("scope").notNull(),
    resource: text("resource"),
    /** How the user signed in, as JSON. */
    signIn: text("sign_in").notNull(),
    /** The browser session that the grant ends with; null when it outlives it. */
    browserSession: text("browser_session"),
    createdAt: integer("created_at").notNull(),
    lastUsedAt: integer("last_used_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
    revokedAt: integer("revoked_at"),
  },
  (table) => [index("oauth_grants_by_subject").on(table.tenant, table.subject), index("oauth_grants_by_end").on(table.expiresAt)],
);

/** Refresh tokens by their hash, used ones too: that one comes back a second time is how a stolen one is noticed. */
export const oauthRefreshTokens = sqliteTable(
  "oauth_refresh_tokens",
  {
    hash: text("hash").primaryKey(),
    grant: text("grant_id").notNull(),
    usedAt: integer("used_at"),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [index("oauth_refresh_tokens_by_end").on(table.expiresAt)],
);

/**
 * What is good once and for minutes: pushed requests, requests that wait for consent, authorization codes, client assertions. Each is
 * found by the hash of its secret and taken by one conditional update.
 */
export const oauthTickets = sqliteTable(
  "oauth_tickets",
  {
    hash: text("hash").primaryKey(),
    kind: text("kind").notNull(),
    document: text("document").notNull(),
    expiresAt: integer("expires_at").notNull(),
    usedAt: integer("used_at"),
  },
  (table) => [index("oauth_tickets_by_end").on(table.expiresAt)],
);

/** Device codes (RFC 8628): the device knows one, the person types the other. */
export const oauthDeviceCodes = sqliteTable(
  "oauth_device_codes",
  {
    hash: text("hash").primaryKey(),
    userCodeHash: text("user_code_hash").notNull().unique(),
    client: text("client").notNull(),
    scope: text("scope").notNull(),
    resource: text("resource"),
    /** pending, approved, denied or used. */
    state: text("state").notNull(),
    grant: text("grant_id"),
    intervalSeconds: integer("interval_seconds").notNull(),
    polledAt: integer("polled_at"),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [index("oauth_device_codes_by_end").on(table.expiresAt)],
);

/** What a user has agreed to before, so that it is not asked again. */
export const oauthConsents = sqliteTable(
  "oauth_consents",
  {
    tenant: text("tenant").notNull(),
    subject: text("subject").notNull(),
    client: text("client").notNull(),
    scope: text("scope").notNull(),
    grantedAt: integer("granted_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.subject, table.client] })],
);

/** Wrong user codes that one user has typed in one window of time. */
export const oauthAttempts = sqliteTable(
  "oauth_attempts",
  {
    subject: text("subject").notNull(),
    window: integer("window").notNull(),
    count: integer("count").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.subject, table.window] }), index("oauth_attempts_by_end").on(table.expiresAt)],
);
