import { integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** The templates of tenants; what a version holds is in R2, by the hash of its graph. */
export const templates = sqliteTable(
  "templates",
  {
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    name: text("name").notNull(),
    framework: text("framework").notNull(),
    /** The newest version's number. */
    version: integer("version").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [uniqueIndex("templates_by_name").on(table.tenant, table.name)],
);

/** A version never changes, and keeps its number. */
export const templateVersions = sqliteTable(
  "template_versions",
  {
    template: text("template").notNull(),
    version: integer("version").notNull(),
    hash: text("hash").notNull(),
    framework: text("framework").notNull(),
    steps: integer("steps").notNull(),
    unmapped: integer("unmapped").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.template, table.version] })],
);
