import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Parts that are older than the database keeps them, in R2: a row for each file, so that readers find it by its times. */
export const auditArchives = sqliteTable(
  "audit_archives",
  {
    tenant: text("tenant").notNull(),
    /** Of the last event of its newest part, and of its oldest: archives follow each other in this order. */
    lastAt: integer("last_at").notNull(),
    oldestLastAt: integer("oldest_last_at").notNull(),
    /** Of its first event. */
    firstAt: integer("first_at").notNull(),
    /** Where it is in R2. */
    key: text("key").notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.lastAt, table.key] })],
);

/**
 * What happened, in parts: a row holds what one message brought, since rows are what is paid for. Every audited event is in one part, with its leaf's salt.
 */
export const auditParts = sqliteTable(
  "audit_parts",
  {
    tenant: text("tenant").notNull(),
    /** Of its last event: what parts are ordered by. */
    lastAt: integer("last_at").notNull(),
    object: text("object").notNull(),
    firstSeq: integer("first_seq").notNull(),
    lastSeq: integer("last_seq").notNull(),
    firstAt: integer("first_at").notNull(),
    /** The types of its events, each between commas, so that parts without a wanted one are not read. */
    types: text("types").notNull(),
    /** What its events are searched by: actor, action, resource, outcome, each as `,name:value,`; `*` when there are too many. */
    terms: text("terms").notNull().default("*"),
    /** `[{seq, at, type, data, salt}]` as JSON. */
    events: text("events").notNull(),
    /** A mark and no more: its events, which another part holds, happened while an agent was trained. */
    isTraining: integer("is_training", { mode: "boolean" }).notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.tenant, table.lastAt, table.object, table.firstSeq, table.lastSeq, table.isTraining] })],
);
