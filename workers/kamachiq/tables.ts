import { isNotNull } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The index that lists are read from; the object of each row is the truth, and tells the index of each change by queue. */
export const projects = sqliteTable(
  "projects",
  {
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    title: text("title").notNull(),
    state: text("state").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    /** Number of the event the row is from: an older message changes nothing. */
    seq: integer("seq").notNull(),
    round: integer("round").notNull(),
    /** What it took so far, in millionths of a dollar and in tokens of models. */
    costMicros: integer("cost_micros").notNull(),
    tokens: integer("tokens").notNull(),
    /** Checks of the newest review that were not passed, and peers that came to something else. */
    findings: integer("findings").notNull(),
    /** Since when a person is asked for a decision; null while nobody is. */
    gateOpenedAt: integer("gate_opened_at"),
  },
  (table) => [
    index("projects_by_tenant").on(table.tenant, table.id),
    index("projects_by_gate").on(table.tenant, table.gateOpenedAt, table.id).where(isNotNull(table.gateOpenedAt)),
  ],
);
