import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The index that lists of tasks are read from; the run of each row is the truth. */
export const tasks = sqliteTable(
  "a2a_tasks",
  {
    /** The run's id. */
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    agent: text("agent").notNull(),
    context: text("context").notNull(),
    state: text("state").notNull(),
    /** When its status last changed: what lists are sorted by (§3.1.4). */
    statusAt: integer("status_at").notNull(),
  },
  (table) => [
    index("a2a_tasks_by_tenant").on(table.tenant, table.statusAt, table.id),
    index("a2a_tasks_by_context").on(table.tenant, table.context, table.statusAt, table.id),
  ],
);
