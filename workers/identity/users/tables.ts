import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** People of a tenant. What they may do is in role_assignments, how they prove who they are in passwords and in the tables of second factors. */
export const users = sqliteTable(
  "users",
  {
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    /** As it was given; `emailKey` is what it is found by. */
    email: text("email").notNull(),
    emailKey: text("email_key").notNull(),
    userName: text("user_name").notNull(),
    userNameKey: text("user_name_key").notNull(),
    displayName: text("display_name").notNull(),
    givenName: text("given_name"),
    familyName: text("family_name"),
    /** The id that the directory which provisions the user knows it by (RFC 7643 §3.1). */
    externalId: text("external_id"),
    /** `local`, `scim`, or `federation`: who keeps the record. */
    origin: text("origin").notNull(),
    active: integer("active", { mode: "boolean" }).notNull(),
    emailVerifiedAt: integer("email_verified_at"),
    lastSignInAt: integer("last_sign_in_at"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    /** Counts the changes: the ETag of the resource. */
    version: integer("version").notNull(),
  },
  (table) => [
    index("users_by_tenant").on(table.tenant, table.id),
    uniqueIndex("users_by_email").on(table.tenant, table.emailKey),
    uniqueIndex("users_by_user_name").on(table.tenant, table.userNameKey),
    index("users_by_external_id").on(table.tenant, table.externalId),
  ],
);
