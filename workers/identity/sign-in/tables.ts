import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Passwords apart from users, so that no list of users ever reads one. */
export const passwords = sqliteTable("passwords", {
  user: text("user_id").primaryKey(),
  tenant: text("tenant").notNull(),
  /** The form of password-hash.ts: parameters, salt and hash. */
  hash: text("hash").notNull(),
  changedAt: integer("changed_at").notNull(),
});

/** Sign-ins of browsers. Only the hash of the cookie's secret is kept, so that the database alone opens nothing. */
export const signInSessions = sqliteTable(
  "sign_in_sessions",
  {
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    user: text("user_id").notNull(),
    secretHash: text("secret_hash").notNull(),
    /** Values of RFC 8176, separated by spaces. */
    amr: text("amr").notNull(),
    /** What is still to come before the session counts: `second-factor`, or null. */
    pending: text("pending"),
    authTime: integer("auth_time").notNull(),
    mfaAt: integer("mfa_at"),
    /** The browser as it named itself, cut short: for its owner to recognise. */
    browser: text("browser").notNull(),
    createdAt: integer("created_at").notNull(),
    /** To the minute. */
    lastSeenAt: integer("last_seen_at").notNull(),
    /** How long it may lie unused: milliseconds. */
    idleMs: integer("idle_ms").notNull(),
    /** When it ends however much it is used. */
    endsAt: integer("ends_at").notNull(),
  },
  (table) => [index("sign_in_sessions_by_user").on(table.tenant, table.user, table.id), index("sign_in_sessions_by_end").on(table.endsAt)],
);

/** Links sent by e-mail: an invitation, a new password, the proof of an address. Each opens once, and is kept as its hash. */
export const mailLinks = sqliteTable(
  "mail_links",
  {
    id: text("id").primaryKey(),
    tenant: text("tenant").notNull(),
    user: text("user_id").notNull(),
    purpose: text("purpose").notNull(),
    secretHash: text("secret_hash").notNull(),
    /** The address that it was sent to: a link to an address that the user no longer has opens nothing. */
    emailKey: text("email_key").notNull(),
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [index("mail_links_by_user").on(table.tenant, table.user), index("mail_links_by_end").on(table.expiresAt)],
);

/** Tries of what may be guessed, by what was tried and by whom; names are hashed. */
export const signInTries = sqliteTable(
  "sign_in_tries",
  {
    id: text("id").primaryKey(),
    tries: integer("tries").notNull(),
    /** No try counts before this. */
    nextAt: integer("next_at").notNull(),
    lastAt: integer("last_at").notNull(),
  },
  (table) => [index("sign_in_tries_by_time").on(table.lastAt)],
);
