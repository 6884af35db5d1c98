import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The index that lists are read from; the object of each row is the truth, and tells the index of each change by queue. */
export const runs = sqliteTable(
  "runs",
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
    /** What started it, as far as a list is asked by it: the template's name, the schedule's and the parent run's id. */
    template: text("template"),
    schedule: text("schedule"),
    parent: text("parent"),
  },
  (table) => [index("runs_by_tenant").on(table.tenant, table.id)],
);

/** Schedules, for lists and for the bound on how many a tenant has; the object of each row is the truth. */
export const schedules = sqliteTable(
  "schedules",
  {
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    title: text("title").notNull(),
    cron: text("cron").notNull(),
    timezone: text("timezone").notNull(),
    isPaused: integer("is_paused", { mode: "boolean" }).notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [index("schedules_by_tenant").on(table.tenant, table.id)],
);
