import { mkdtempSync, openAsBlob, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { ROOT } from "../clients/cli/platform/build.ts";
import { startPlatform } from "../clients/cli/platform/platform.ts";
import { must, somaClient } from "../clients/sdk/client.ts";

const EXAMPLE = join(ROOT, "examples/penguins");
const SIZE = { width: 1200, height: 1180 };

/** Takes the README's pictures anew: the page of a finished project, in light and in dark. Needs Chromium. */
const state = mkdtempSync(join(tmpdir(), "soma-picture-"));
const platform = await startPlatform({ port: 0, state });
const browser = await chromium.launch({ executablePath: process.env.SOMA_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const client = somaClient(platform);
  const artifact = await client.upload("penguins.csv", await openAsBlob(join(EXAMPLE, "penguins.csv")));
  const brief = readFileSync(join(EXAMPLE, "brief.md"), "utf8");
  const { id } = await must(client.api.POST("/v1/kamachiq/projects", { body: { brief, attachments: [artifact.id] } }));
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await browser.newPage({ viewport: SIZE, colorScheme });
    await page.goto(platform.console.replace("/console", `/console/projects/${id}`));
    await page.getByText("Its SHA-256 is the one in the manifest").waitFor();
    // The frame draws in its own time, and may run no script that could tell.
    await page.waitForTimeout(1_000);
    await page.screenshot({ path: join(ROOT, `docs/images/console-${colorScheme}.png`) });
    await page.close();
  }
} finally {
  await browser.close();
  await platform.stop();
  rmSync(state, { recursive: true, force: true });
}
