import { and, asc, count, desc, eq, gt, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { templates, templateVersions } from "./tables.ts";

export type TemplateRow = typeof templates.$inferSelect;
export type VersionRow = typeof templateVersions.$inferSelect;

/** A tenant's template by its name. */
export async function findTemplate(env: Env, tenant: string, name: string): Promise<TemplateRow | undefined> {
  return drizzle(env.DB)
    .select()
    .from(templates)
    .where(and(eq(templates.tenant, tenant), eq(templates.name, name)))
    .get();
}

export async function countTemplates(env: Env, tenant: string): Promise<number> {
  const row = await drizzle(env.DB).select({ n: count() }).from(templates).where(eq(templates.tenant, tenant)).get();
  return row?.n ?? 0;
}

/** A tenant's templates by name, after the name of the last one shown. */
export async function listTemplates(env: Env, tenant: string, after: string | undefined, limit: number): Promise<TemplateRow[]> {
  const condition = and(eq(templates.tenant, tenant), after === undefined ? undefined : gt(templates.name, after));
  return drizzle(env.DB).select().from(templates).where(condition).orderBy(asc(templates.name)).limit(limit);
}

export async function findVersion(env: Env, template: string, version: number): Promise<VersionRow | undefined> {
  return drizzle(env.DB)
    .select()
    .from(templateVersions)
    .where(and(eq(templateVersions.template, template), eq(templateVersions.version, version)))
    .get();
}

/** A template's versions, newest first, below the number of the last one shown. */
export async function listVersions(env: Env, template: string, before: number | undefined, limit: number): Promise<VersionRow[]> {
  const condition = and(eq(templateVersions.template, template), before === undefined ? undefined : lt(templateVersions.version, before));
  return drizzle(env.DB).select().from(templateVersions).where(condition).orderBy(desc(templateVersions.version)).limit(limit);
}

/**
 * Writes a new version, and the template that it is the newest of, in one transaction.
 * @returns false when somebody else has just written one: nothing changed
 */
export async function insertVersion(env: Env, template: TemplateRow, version: VersionRow): Promise<boolean> {
  const database = drizzle(env.DB);
  const { version: number, framework, updatedAt } = template;
  try {
    await database.batch([
      number === 1
        ? database.insert(templates).values(template)
        : database.update(templates).set({ version: number, framework, updatedAt }).where(eq(templates.id, template.id)),
      database.insert(templateVersions).values(version),
    ]);
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

/** A row of this key is there: the database says so in words, and the library wraps them. */
function isTaken(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (/UNIQUE constraint failed/.test(at.message)) return true;
  return false;
}

/** @returns the template's row as it was, or undefined when the tenant has none of this name */
export async function deleteTemplateRows(env: Env, tenant: string, name: string): Promise<TemplateRow | undefined> {
  const found = await findTemplate(env, tenant, name);
  if (found === undefined) return undefined;
  const database = drizzle(env.DB);
  await database.batch([
    database.delete(templates).where(eq(templates.id, found.id)),
    database.delete(templateVersions).where(eq(templateVersions.template, found.id)),
  ]);
  return found;
}
