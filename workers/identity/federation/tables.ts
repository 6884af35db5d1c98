import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** The OpenID providers that tenants have named. */
export const federationIssuers = sqliteTable(
  "federation_issuers",
  {
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    /** As its tokens name it in `iss`. */
    issuer: text("issuer").notNull(),
    /** JSON of `IssuerSettings`. */
    settings: text("settings").notNull(),
    /** The client's secret or private key, sealed under the platform's master key; null for a client without one. */
    sealedCredential: text("sealed_credential"),
    /** The public half of a `private_key_jwt` client's key, as JWK. */
    publicJwk: text("public_jwk"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [uniqueIndex("federation_issuers_by_tenant").on(table.tenant, table.issuer)],
);

/** What was last read of each issuer, small, so that its tokens are verified while it is down, everywhere. */
export const federationKeys = sqliteTable("federation_keys", {
  issuer: text("issuer").primaryKey(),
  /** JSON of `IssuerMetadata`; null until it answered once. */
  metadata: text("metadata"),
  /** JSON of `IssuerKey[]`. */
  keys: text("keys"),
  /** When both were last read whole. */
  fetchedAt: integer("fetched_at"),
  /** When somebody last set out to read them. */
  triedAt: integer("tried_at"),
  failedAt: integer("failed_at"),
  lastError: text("last_error"),
  /** The minute of the last readings, and how many there were in it. */
  readMinute: integer("read_minute").notNull(),
  readings: integer("readings").notNull(),
});

/** Which user a person of an issuer is here. */
export const federatedIdentities = sqliteTable(
  "federated_identities",
  {
    issuer: text("issuer").notNull(),
    /** `sub` of the issuer's tokens. */
    subject: text("subject").notNull(),
    tenant: text("tenant").notNull(),
    user: text("user").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("federated_identities_by_subject").on(table.issuer, table.subject),
    index("federated_identities_by_user").on(table.tenant, table.user),
  ],
);
