import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { end, type StartedPlatform, startOver } from "../local/processes.ts";
import { openBrowser, visit } from "./browser.ts";
import { lookAtView } from "./look.ts";

const folder = mkdtempSync(join(tmpdir(), "soma-people-"));
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

const lettersSchema = z.object({ items: z.array(z.object({ recipient: z.string(), text: z.string().optional() })) });

/** The link in the letter that invites somebody. */
async function invitation(email: string): Promise<string> {
  const { url, apiKey } = platform.ready;
  const headers = { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" };
  const body = JSON.stringify({ email, displayName: "Ada Lovelace", roles: ["member"] });
  await fetch(`${url}/v1/users`, { method: "POST", headers, body });
  const letters = lettersSchema.parse(await (await fetch(`${url}/v1/notifications`, { headers })).json());
  return /https?:\S+/.exec(letters.items.find(({ recipient }) => recipient === email)?.text ?? "")?.[0] ?? "";
}

describe("the sign-in pages", () => {
  it("take somebody from the invitation to the account and out again, by the keyboard's labels, in light and dark, without a script", async () => {
    const { page, faults } = await visit(browser, await invitation("ada@example.org"));
    await lookAtView(page);
    await page.getByLabel("New password").fill("seven glaciers melt slowly");
    await page.getByRole("button", { name: "Keep this password" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await lookAtView(page);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByLabel("Password", { exact: true }).fill("not the right one at all");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").waitFor();
    await lookAtView(page);
    await page.getByLabel("Password", { exact: true }).fill("seven glaciers melt slowly");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Your account" }).waitFor();
    await page.getByText("this browser").waitFor();
    await lookAtView(page);
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.getByRole("heading", { name: "Signed out" }).waitFor();
    await lookAtView(page);
    expect(faults).toEqual([]);
  });
});
