import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { end, type StartedPlatform, startOver } from "../local/processes.ts";
import { openBrowser, type Visit, visit } from "./browser.ts";
import { lookAtView } from "./look.ts";

const folder = mkdtempSync(join(tmpdir(), "soma-console-governance-"));

let platform: StartedPlatform;
let browser: Browser;
let visits: Visit[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  platform = await startOver(join(folder, "state"));
});

afterEach(async () => {
  const faults = visits.flatMap((each) => each.faults);
  await Promise.all(visits.map((each) => each.close()));
  visits = [];
  expect(faults).toEqual([]);
});

afterAll(async () => {
  await browser?.close();
  if (platform !== undefined) await end(platform.host, "SIGTERM");
  rmSync(folder, { recursive: true, force: true });
});

/** One of the places of governance, reached as a person reaches it. */
async function open(place: string, width = 1280): Promise<Page> {
  const opened = await visit(browser, platform.ready.console, { width });
  visits.push(opened);
  const { page } = opened;
  await page.getByRole("link", { name: "Governance" }).click();
  await page.getByRole("navigation", { name: "Governance" }).getByRole("link", { name: place }).click();
  await page.getByRole("heading", { level: 1, name: place }).waitFor();
  return page;
}

describe("governance in the console", () => {
  it("throws a kill switch, says so over every page, and releases it", async () => {
    const page = await open("Kill switch");
    await page.getByLabel("What").selectOption({ label: "A tool" });
    await page.getByLabel("Its name").fill("http.fetch");
    await page.getByLabel("Reason").fill("<b>It leaks.</b>");
    await page.getByRole("button", { name: "Stop now" }).click();
    const banner = page.getByText("Stopped by a kill switch: The tool http.fetch.");
    await banner.waitFor();
    await lookAtView(page);
    await page.getByRole("link", { name: "Projects" }).click();
    await banner.waitFor();
    await page.getByRole("link", { name: "Look at it" }).click();
    expect(await page.getByText("<b>It leaks.</b>").count()).toBe(1);
    await page.getByRole("button", { name: "Release" }).click();
    await banner.waitFor({ state: "detached" });
    await page.getByText("Released", { exact: true }).waitFor();
  });

  it("makes a key that is shown once, and takes it back", async () => {
    const page = await open("API keys", 390);
    await page.getByLabel("Name").fill("nightly");
    await page.getByLabel("Role").selectOption({ label: "Viewer: sees work" });
    await page.getByRole("button", { name: "Make it" }).click();
    const secret = await page.getByText(/^soma_key_/).textContent();
    expect(secret).toMatch(/^soma_key_[0-9A-Z]{26}_[\w-]{43}$/);
    await lookAtView(page);
    await page.getByRole("button", { name: "Revoke nightly" }).click();
    await page.getByText("Revoked", { exact: true }).waitFor();
    const answer = await fetch(`${platform.ready.url}/v1/tenants/current`, { headers: { Authorization: `Bearer ${secret}` } });
    expect(answer.status).toBe(401);
  });

  it("takes a draft of the constitution, with its faults named, to being in force", async () => {
    const page = await open("Constitution");
    await page.getByLabel("Text").fill("# Ours\n\n## Sources {#truth}\n\nName them.");
    await page.getByRole("button", { name: "Draft it" }).click();
    await page.getByRole("alert").filter({ hasText: "line 3, column 1" }).waitFor();
    await page.getByLabel("Text").fill("# Ours\n\n## Sources {#sources}\n\nAn agent names its file.\n\n_Rationale._ Readers look.");
    await page.getByRole("button", { name: "Draft it" }).click();
    await page.getByRole("heading", { level: 1, name: "1. Ours" }).waitFor();
    await page.getByText("sources: added").waitFor();
    await lookAtView(page);
    await page.getByRole("button", { name: "Approve this text" }).click();
    await page.getByText(/of 1 that are needed/).waitFor();
  });

  it("takes policies from a draft over their cases and what they change into force", async () => {
    const page = await open("Policies");
    await page
      .getByLabel("Policies", { exact: true })
      .fill('@id("no-spending")\nforbid (principal, action == Action::"tool", resource)\nwhen { resource.risk == "spend" };');
    await page.getByLabel("Cases").fill("- nobody spends: { role: admin, tool: ads.buy, risk: spend, effect: deny }");
    await page.getByRole("button", { name: "Draft it" }).click();
    await page.getByRole("heading", { level: 1, name: "Policies, version 1" }).waitFor();
    await page.getByRole("button", { name: "Run its cases" }).click();
    await page.getByText("✓ passed nobody spends").waitFor();
    await page.getByRole("button", { name: "See what it changes" }).click();
    await page.getByText(/Refused that was not: [1-9]/).waitFor();
    await lookAtView(page);
    await page.getByRole("button", { name: "Put in force" }).click();
    await page.getByRole("button", { name: "Take it back" }).waitFor();
  });

  it("invites a person, and takes the right to sign in away", async () => {
    const page = await open("People", 390);
    await page.getByLabel("E-mail").fill("ada@example.org");
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    await page.getByRole("button", { name: "Deactivate" }).click();
    await page.getByText("ada@example.org, may not sign in").waitFor();
    await lookAtView(page);
  });

  it("finds in the audit what was done", async () => {
    const page = await open("Audit");
    await page.getByLabel("What").fill("resource.changed");
    await page.getByRole("button", { name: "Search" }).click();
    const first = page.getByText("resource.changed").first();
    await first.click();
    await page.getByText('"action":').first().waitFor();
    await page.getByRole("button", { name: "Show its proof" }).click();
    await page.getByText(/^Leaf \d+ of \d+/).waitFor();
    await lookAtView(page);
    await page.getByLabel("Where").fill("ses_00000000000000000000000000");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByText("The audit log has nothing of that.").waitFor();
  });
});
