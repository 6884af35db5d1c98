import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import openapiTs, { astToString } from "openapi-typescript";
import { z } from "zod";
import { startPlatform } from "../clients/cli/platform/platform.ts";

/**
 * Writes docs/openapi.json as the running platform serves it, and the SDK's types and the page of capabilities from it. With `--check` it writes nothing and fails
 * when either is not what the platform serves now.
 */
const isCheck = process.argv.includes("--check");
const state = mkdtempSync(join(tmpdir(), "soma-openapi-"));
const platform = await startPlatform({ port: 0, state });
try {
  const served: unknown = await (await fetch(`${platform.url}/openapi.json`)).json();
  const document = `${JSON.stringify(served, null, 2)}\n`;
  const types = astToString(await openapiTs(document, { defaultNonNullable: false }));
  const capabilities: unknown = await (await fetch(`${platform.url}/v1/capabilities`)).json();
  let isCurrent = true;
  for (const [path, text] of [
    ["docs/openapi.json", document],
    ["clients/sdk/schema.d.ts", types],
    ["docs/capabilities.md", capabilityPage(capabilities)],
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

/** The page that says what there is to grant, and which routes ask for it. */
function capabilityPage(served: unknown): string {
  const itemSchema = z.object({ name: z.string(), description: z.string(), routes: z.array(z.string()) });
  const { items } = z.object({ items: z.array(itemSchema) }).parse(served);
  const rows = items.map(
    ({ name, description, routes }) => `| \`${name}\` | ${description} | ${routes.map((route) => `\`${route}\``).join("<br>")} |`,
  );
  return [
    "# Capabilities",
    "",
    "What a principal may be able to do: a closed list. Roles are sets of these; policies may narrow them further. This page is written by",
    "`npm run openapi` from what the platform serves at `GET /v1/capabilities`.",
    "",
    "| Capability | What it is for | Routes that ask for it |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
