import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fingerprint, forgetOldBuilds, ROOT, run } from "./build.ts";

const SOURCES = ["dashboards/**/*", "clients/sdk/*.ts", "package-lock.json", "package.json"];

/** The reference page's program, as its package ships it: it needs nothing from any other host. */
const REFERENCE_PROGRAM = "node_modules/@scalar/api-reference/dist/browser/standalone.js";

/**
 * Builds the pages that the platform serves, once for each state of their sources: `console/`, `docs/` and `signin/`.
 * @returns the folder of the build
 * @throws Error with what the build printed, when it fails
 */
export async function buildPages(): Promise<string> {
  const builds = join(ROOT, ".cache/pages");
  const folder = join(builds, fingerprint(SOURCES));
  if (existsSync(folder)) return folder;
  mkdirSync(builds, { recursive: true });
  forgetOldBuilds(builds);
  const unfinished = mkdtempSync(join(builds, "unfinished-"));
  try {
    const vite = join(ROOT, "node_modules/vite/bin/vite.js");
    await run(process.execPath, [vite, "build", "dashboards/console", "--outDir", join(unfinished, "console"), "--logLevel", "warn"]);
    cpSync(join(ROOT, "dashboards/docs"), join(unfinished, "docs"), { recursive: true });
    cpSync(join(ROOT, "dashboards/passkeys"), join(unfinished, "signin/assets"), { recursive: true });
    cpSync(join(ROOT, REFERENCE_PROGRAM), join(unfinished, "docs/reference.js"));
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}
