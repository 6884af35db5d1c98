import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Every audited event once: an event's place is its object and its number there. */
export const auditEvents = sqliteTable(
  "audit_events",
  {
    object: text("object").notNull(),
    seq: integer("seq").notNull(),
    tenant: text("tenant").notNull(),
    type: text("type").notNull(),
    at: integer("at").notNull(),
    data: text("data").notNull(),
    /** It happened while an agent was trained. */
    isTraining: integer("is_training", { mode: "boolean" }).notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.object, table.seq] }),
    index("audit_events_by_tenant").on(table.tenant, table.at, table.object, table.seq),
  ],
);
