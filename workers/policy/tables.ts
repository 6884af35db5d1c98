import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** A tenant's versions of its policies. The texts are in R2 by their hashes; which version is in force stands in the tenant's ledger and nowhere here. */
export const policyVersions = sqliteTable(
  "policy_versions",
  {
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    number: integer("number").notNull(),
    note: text("note").notNull(),
    hash: text("hash").notNull(),
    /** Of the document of cases; empty where there is none. */
    casesHash: text("cases_hash").notNull(),
    policies: integer("policies").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
    /** JSON: what the cases came to the last time; null since the text or the cases changed. */
    tests: text("tests"),
    /** JSON: with what it was compared, and where the whole analysis is; null since the text changed. */
    analysis: text("analysis"),
    /** When it came into force first; from then on it never changes. */
    activatedAt: integer("activated_at"),
  },
  (table) => [uniqueIndex("policy_versions_by_number").on(table.tenant, table.number)],
);

/** Changes of what is in force: written before the ledger is told, settled after it has answered, so that neither is believed without the other. */
export const policyChanges = sqliteTable(
  "policy_changes",
  {
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    at: integer("at").notNull(),
    by: text("by").notNull(),
    kind: text("kind", { enum: ["activate", "roll-back"] }).notNull(),
    /** Ids of versions; empty for none. */
    from: text("from_version").notNull(),
    to: text("to_version").notNull(),
    state: text("state", { enum: ["begun", "done", "void"] }).notNull(),
    /** JSON of the decision that allowed it. */
    decision: text("decision").notNull(),
    /** JSON of who asked for it. */
    principal: text("principal").notNull(),
  },
  (table) => [index("policy_changes_by_tenant").on(table.tenant, table.state, table.at)],
);

/** Decisions of the guard as they were asked: all denies, and of the allows a sample. */
export const policyDecisions = sqliteTable(
  "policy_decisions",
  {
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    at: integer("at").notNull(),
    effect: text("effect", { enum: ["allow", "deny"] }).notNull(),
    action: text("action").notNull(),
    resource: text("resource").notNull(),
    subject: text("subject").notNull(),
    reason: text("reason").notNull(),
    policyHash: text("policy_hash").notNull(),
    /** How many decisions of this kind the row stands for. */
    standsFor: integer("stands_for").notNull(),
    /** JSON lists. */
    policies: text("policies").notNull(),
    obligations: text("obligations").notNull(),
    /** JSON: the question in the terms of the schema, so that it can be asked again. */
    request: text("request").notNull(),
  },
  (table) => [index("policy_decisions_by_time").on(table.tenant, table.id)],
);
