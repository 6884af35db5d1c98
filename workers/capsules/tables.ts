import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The index that a tenant's own capsules are listed from; the manifests themselves are in R2, by name and version. */
export const capsules = sqliteTable(
  "capsules",
  {
    tenant: text("tenant").notNull(),
    name: text("name").notNull(),
    version: text("version").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.name, table.version] })],
);
