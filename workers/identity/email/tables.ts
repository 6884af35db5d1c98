import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What was written to people, and what became of it. A text that was not sent stays here, sealed, for an administrator to hand over. */
export const notifications = sqliteTable(
  "notifications",
  {
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    /** Whom it is for: whoever may not give what that user has may not read the text. */
    user: text("user_id").notNull(),
    recipient: text("recipient").notNull(),
    subject: text("subject").notNull(),
    /** `sent`, `kept` (there is nothing to send with) or `failed`. */
    state: text("state").notNull(),
    /** Sealed under the master key; null when it was sent. */
    sealedText: text("sealed_text"),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [index("notifications_by_tenant").on(table.tenant, table.id), index("notifications_by_end").on(table.expiresAt)],
);
