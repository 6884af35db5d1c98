import { execFileSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Builds the SDK as a package: JavaScript for Node 20 and newer, browsers and Workers, with its types, in clients/sdk/dist. */
const root = join(import.meta.dirname, "..");
const sdk = join(root, "clients/sdk");
rmSync(join(sdk, "dist"), { recursive: true, force: true });
execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", sdk, "--noEmit", "false"], { stdio: "inherit" });
copyFileSync(join(sdk, "schema.d.ts"), join(sdk, "dist/schema.d.ts"));
