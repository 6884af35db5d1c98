import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT, run } from "../clients/cli/platform/build.ts";

/** Fails when the tables in code are not those that the committed migration makes. */
const folder = mkdtempSync(join(tmpdir(), "soma-migrations-"));
try {
  await run(process.execPath, [
    join(ROOT, "node_modules/drizzle-kit/bin.cjs"),
    "generate",
    "--dialect",
    "sqlite",
    "--schema",
    "./workers/**/tables.ts",
    "--out",
    folder,
    "--name",
    "initial",
  ]);
  const read = (path: string) =>
    readdirSync(path)
      .filter((name) => name.endsWith(".sql"))
      .map((name) => readFileSync(join(path, name), "utf8"))
      .join("\n");
  const isCurrent = read(folder) === read(join(ROOT, "d1-migrations"));
  if (!isCurrent)
    console.error("d1-migrations is not what workers/**/tables.ts asks for; run `npm run migrations:generate` and commit the result.");
  process.exitCode = isCurrent ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
