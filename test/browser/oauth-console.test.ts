import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SignedInPlatform } from "../conformance/oauth/signed-in-platform.ts";
import { openBrowser, visit } from "./browser.ts";

let platform: SignedInPlatform;
let browser: Browser;

beforeAll(async () => {
  platform = await SignedInPlatform.start();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await platform.stop();
});

describe("signing in to the console as a user", () => {
  it("takes one button, survives a reload without a question, keeps no token where a script finds it, and ends everywhere", async () => {
    const { page, context, faults, close } = await visit(browser, `${platform.url}/console`);
    // The cookie as the platform's own answer would set it, which the browser holds to the rules of its prefix.
    const [cookie] = platform.cookies();
    await context.route("**/given-cookie", (route) =>
      route.fulfill({ headers: { "Set-Cookie": `${cookie?.name}=${cookie?.value}; Path=/; Secure; HttpOnly; SameSite=Lax` }, body: "" }),
    );
    await page.goto(`${platform.url}/given-cookie`);
    await page.goto(`${platform.url}/console/runs`);
    await page.getByRole("button", { name: "Continue with your account" }).click();
    await page.getByRole("heading", { name: "Runs" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/console/runs");
    const stored = await page.evaluate("JSON.stringify([sessionStorage, localStorage, document.cookie, location.href])");
    expect(stored).not.toMatch(/eyJ|soma_rt_|verifier/);
    await page.reload();
    await page.getByRole("heading", { name: "Runs" }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Continue with your account" }).waitFor();
    // Nobody is signed in with this browser any more: the platform's own page asks.
    await page.getByRole("button", { name: "Continue with your account" }).click();
    await page.waitForURL("**/signin?**");
    expect(faults).toEqual([]);
    await close();
  });
});
