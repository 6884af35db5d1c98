import { cpSync, globSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../clients/cli/platform/build.ts";
import { buildPages } from "../clients/cli/platform/build-pages.ts";

/** Where wrangler.toml says that the static files are. What is kept there by git makes the folder exist before anything is built. */
const SITE = join(ROOT, "dashboards/site");

/** Puts the pages where `wrangler deploy` takes them from; wrangler runs this before every deployment. */
const built = await buildPages();
mkdirSync(SITE, { recursive: true });
for (const stale of globSync("*", { cwd: SITE })) rmSync(join(SITE, stale), { recursive: true, force: true });
cpSync(built, SITE, { recursive: true });
