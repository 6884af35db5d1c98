import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The keys that a tenant's data is sealed with, each closed under a master key. The one of the greatest number seals; all open. */
export const dataKeys = sqliteTable(
  "data_keys",
  {
    tenant: text("tenant").notNull(),
    number: integer("number").notNull(),
    /** `iv.ciphertext` in base64. */
    wrapped: text("wrapped").notNull(),
    /** Id of the master key that it is closed under. */
    masterKey: text("master_key").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.number] }), index("data_keys_by_master").on(table.masterKey)],
);

/** Secrets that tools use, every version of each. */
export const secrets = sqliteTable(
  "secrets",
  {
    tenant: text("tenant").notNull(),
    name: text("name").notNull(),
    version: integer("version").notNull(),
    sealed: text("sealed").notNull(),
    /** Number of the data key that it is sealed with. */
    dataKey: integer("data_key").notNull(),
    /** JSON: the hosts that it may be sent to. */
    hosts: text("hosts").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.name, table.version] })],
);
