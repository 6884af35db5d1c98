import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What is good once and was used, kept until it would have ended anyhow. */
export const spentOnce = sqliteTable("spent_once", { digest: text("digest").primaryKey(), expiresAt: integer("expires_at").notNull() });
