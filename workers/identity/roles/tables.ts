import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** A tenant's own roles, beside those that every tenant has. */
export const roles = sqliteTable(
  "roles",
  {
    tenant: text("tenant").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull(),
    /** A JSON array of capabilities. */
    capabilities: text("capabilities").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.name] })],
);

/** Who has a role: a user, a group or a service account, by its id. */
export const roleAssignments = sqliteTable(
  "role_assignments",
  {
    tenant: text("tenant").notNull(),
    holder: text("holder").notNull(),
    role: text("role").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenant, table.holder, table.role] }),
    index("role_assignments_by_role").on(table.tenant, table.role),
  ],
);
