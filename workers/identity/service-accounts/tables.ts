import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Programs that act in their own name. They have roles like users, and prove who they are by API keys. */
export const serviceAccounts = sqliteTable(
  "service_accounts",
  {
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull(),
    active: integer("active", { mode: "boolean" }).notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [index("service_accounts_by_tenant").on(table.tenant, table.id)],
);
