import { and, desc, eq, lt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { parseId, type TenantId } from "../../platform/ids.ts";
import { type ClientDocument, type ClientSecrets, clientDocumentSchema, clientSecretsSchema, type OAuthClient } from "./client.ts";
import { oauthClients, oauthConsents } from "./tables.ts";

/** A registered client with the times of its record. */
export interface RegisteredClient extends OAuthClient {
  readonly tenant: TenantId;
  readonly createdAt: number;
  readonly updatedAt: number;
}

type ClientRow = typeof oauthClients.$inferSelect;

/** Stores a client. Stored again, because its maker was cut off before anyone was told the secret, it gets the newer one. */
export async function insertClient(env: Env, client: RegisteredClient): Promise<void> {
  await drizzle(env.DB)
    .insert(oauthClients)
    .values(toRow(client))
    .onConflictDoUpdate({
      target: oauthClients.id,
      set: { secrets: JSON.stringify(client.secrets) },
      setWhere: eq(oauthClients.tenant, client.tenant),
    });
}

/** A registered client of whichever tenant: this is how a client id finds its tenant. */
export async function findRegisteredClient(env: Env, id: string): Promise<RegisteredClient | undefined> {
  const row = await drizzle(env.DB).select().from(oauthClients).where(eq(oauthClients.id, id)).get();
  return row === undefined ? undefined : toClient(row);
}

/** A tenant's clients, newest first, after the id of the last one shown. */
export async function listClients(env: Env, tenant: TenantId, before: string | undefined, limit: number): Promise<RegisteredClient[]> {
  const condition = and(eq(oauthClients.tenant, tenant), before === undefined ? undefined : lt(oauthClients.id, before));
  const rows = await drizzle(env.DB).select().from(oauthClients).where(condition).orderBy(desc(oauthClients.id)).limit(limit);
  return rows.map(toClient);
}

/** How many clients a tenant has. */
export async function countClients(env: Env, tenant: TenantId): Promise<number> {
  const row = await drizzle(env.DB).select({ n: sql<number>`count(*)` }).from(oauthClients).where(eq(oauthClients.tenant, tenant)).get();
  return row?.n ?? 0;
}

/** Replaces what a client is and its secrets, if nobody else has since it was read. @returns false when somebody has */
export async function updateClient(
  env: Env,
  before: RegisteredClient,
  change: { readonly document: ClientDocument; readonly secrets: ClientSecrets; readonly at: number },
): Promise<boolean> {
  const rows = await drizzle(env.DB)
    .update(oauthClients)
    .set({
      document: JSON.stringify(change.document),
      secrets: JSON.stringify(change.secrets),
      updatedAt: Math.max(change.at, before.updatedAt + 1),
    })
    .where(and(eq(oauthClients.tenant, before.tenant), eq(oauthClients.id, before.id), eq(oauthClients.updatedAt, before.updatedAt)))
    .returning({ id: oauthClients.id });
  return rows.length > 0;
}

/** Removes a client and what users have agreed to for it. @returns false when the tenant has none such */
export async function deleteClient(env: Env, tenant: TenantId, id: string): Promise<boolean> {
  const database = drizzle(env.DB);
  const [removed] = await database.batch([
    database
      .delete(oauthClients)
      .where(and(eq(oauthClients.tenant, tenant), eq(oauthClients.id, id)))
      .returning({ id: oauthClients.id }),
    database.delete(oauthConsents).where(and(eq(oauthConsents.tenant, tenant), eq(oauthConsents.client, id))),
  ]);
  return removed.length > 0;
}

function toRow(client: RegisteredClient): ClientRow {
  const document = clientDocumentSchema.parse(client);
  const { id, tenant, secrets, createdAt, updatedAt } = client;
  return { id, tenant, document: JSON.stringify(document), secrets: JSON.stringify(secrets), createdAt, updatedAt };
}

function toClient(row: ClientRow): RegisteredClient {
  return {
    ...clientDocumentSchema.parse(JSON.parse(row.document)),
    id: row.id,
    tenant: parseId("tenant", row.tenant),
    secrets: clientSecretsSchema.parse(JSON.parse(row.secrets)),
    origin: "registered",
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
