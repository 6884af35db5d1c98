import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Miniflare } from "miniflare";
import { z } from "zod";
import { ROOT } from "./build.ts";

const appliedSchema = z.array(z.object({ name: z.string() }));

/** Applies the migrations that this database has not had, in the order of their names; each whole or not at all. */
export async function migrate(miniflare: Miniflare): Promise<void> {
  const database = await miniflare.getD1Database("DB");
  await database.exec("CREATE TABLE IF NOT EXISTS applied_migrations (name TEXT PRIMARY KEY)");
  const { results } = await database.prepare("SELECT name FROM applied_migrations").all();
  const applied = new Set(appliedSchema.parse(results).map((row) => row.name));
  for (const path of globSync("d1-migrations/*.sql", { cwd: ROOT }).sort()) {
    if (applied.has(path)) continue;
    const statements = readFileSync(join(ROOT, path), "utf8").split("--> statement-breakpoint");
    await database.batch([
      ...statements.map((statement) => database.prepare(statement)),
      database.prepare("INSERT INTO applied_migrations (name) VALUES (?)").bind(path),
    ]);
  }
}
