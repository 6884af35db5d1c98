import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Messages that a queue's consumer could not take, kept until someone sends them again or they grow too old. */
export const deadLetters = sqliteTable(
  "dead_letters",
  {
    id: text("id").primaryKey(),
    queue: text("queue").notNull(),
    /** The tenant the message names; empty when it cannot be read. */
    tenant: text("tenant").notNull(),
    body: text("body").notNull(),
    attempts: integer("attempts").notNull(),
    createdAt: integer("created_at").notNull(),
    redrivenAt: integer("redriven_at"),
  },
  (table) => [index("dead_letters_by_tenant").on(table.tenant, table.id)],
);
