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
    /** The lock's token of whoever last began to send it again: one that comes late changes nothing. */
    fence: integer("fence").notNull(),
  },
  (table) => [index("dead_letters_by_tenant").on(table.tenant, table.id)],
);

/** When each tenant's old rows were last removed; the empty name is for what names no tenant. */
export const retentionSweeps = sqliteTable("retention_sweeps", {
  tenant: text("tenant").primaryKey(),
  sweptAt: integer("swept_at").notNull(),
  /** The lock's token of whoever did it. */
  fence: integer("fence").notNull(),
});
