import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

export const groups = sqliteTable(
  "groups",
  {
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    displayName: text("display_name").notNull(),
    displayNameKey: text("display_name_key").notNull(),
    externalId: text("external_id"),
    /** `local` or `scim`: who keeps the members. */
    origin: text("origin").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    version: integer("version").notNull(),
  },
  (table) => [index("groups_by_tenant").on(table.tenant, table.id), uniqueIndex("groups_by_name").on(table.tenant, table.displayNameKey)],
);

export const groupMembers = sqliteTable(
  "group_members",
  {
    tenant: text("tenant").notNull(),
    group: text("group_id").notNull(),
    user: text("user_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenant, table.group, table.user] }),
    index("group_members_by_user").on(table.tenant, table.user),
  ],
);
