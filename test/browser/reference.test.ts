import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { end, type StartedPlatform, startOver } from "../local/processes.ts";
import { openBrowser, visit } from "./browser.ts";

const folder = mkdtempSync(join(tmpdir(), "soma-reference-"));
let platform: StartedPlatform;
let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
  platform = await startOver(join(folder, "state"));
});

afterAll(async () => {
  await browser?.close();
  if (platform !== undefined) await end(platform.host, "SIGTERM");
  rmSync(folder, { recursive: true, force: true });
});

/** The reference's own validation library looks once whether it may make code from text. It may not, and does without. */
const PROBE = /^policy: script-src eval http:\/\/[^/]+\/docs\/reference\.js$/;

describe("the API reference", () => {
  it("shows the operations of this platform's own document, and asks no other host for anything", async () => {
    const { page, faults } = await visit(browser, `${platform.ready.url}/docs`);
    await page.getByRole("heading", { name: "SomaAgent" }).waitFor();
    await page.getByRole("navigation").getByText("KAMACHIQ").click();
    await page.getByRole("heading", { name: "Give a brief" }).waitFor();
    await page.getByText("/v1/kamachiq/projects").first().waitFor();
    expect(faults.filter((fault) => !PROBE.test(fault))).toEqual([]);
  });

  it("fits a narrow screen", async () => {
    const { page, faults } = await visit(browser, `${platform.ready.url}/docs`, { width: 360, height: 740 });
    await page.getByRole("heading", { name: "SomaAgent" }).waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
    expect(faults.filter((fault) => !PROBE.test(fault))).toEqual([]);
  });
});
