import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import openapiTs, { astToString } from "openapi-typescript";
import { startPlatform } from "../clients/cli/platform/platform.ts";

/**
 * Writes docs/openapi.json as the running platform serves it, and the SDK's types from it. With `--check` it writes nothing and fails
 * when either is not what the platform serves now.
 */
const isCheck = process.argv.includes("--check");
const state = mkdtempSync(join(tmpdir(), "soma-openapi-"));
const platform = await startPlatform({ port: 0, state });
try {
  const served: unknown = await (await fetch(`${platform.url}/openapi.json`)).json();
  const document = `${JSON.stringify(served, null, 2)}\n`;
  const types = astToString(await openapiTs(document, { defaultNonNullable: false }));
  let isCurrent = true;
  for (const [path, text] of [
    ["docs/openapi.json", document],
    ["clients/sdk/schema.d.ts", types],
  ] as const) {
    if (!isCheck) writeFileSync(path, text);
    else if (readFileSync(path, "utf8") !== text) {
      isCurrent = false;
      console.error(`${path} is not what the platform serves; run \`npm run openapi\` and commit the result.`);
    }
  }
  process.exitCode = isCurrent ? 0 : 1;
} finally {
  await platform.stop();
  rmSync(state, { recursive: true, force: true });
}
