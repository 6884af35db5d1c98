import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SignedInPlatform } from "../conformance/oauth/signed-in-platform.ts";
import { openBrowser, type Visit, visit } from "./browser.ts";

/** Passkeys in Chromium, by the virtual authenticator of its developer tools (WebAuthn Level 3 §11). */

let platform: SignedInPlatform;
let browser: Browser;
/** The same platform under a name: an address is no relying party. */
let origin = "";
let seen: Visit;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  platform = await SignedInPlatform.start();
  origin = platform.url.replace("127.0.0.1", "localhost");
  seen = await visit(browser, `${origin}/signin/passkey`);
  ({ page } = seen);
  await addAuthenticator(seen.context, page);
});

afterAll(async () => {
  await seen?.close();
  await browser?.close();
  await platform?.stop();
});

async function addAuthenticator(context: BrowserContext, on: Page): Promise<void> {
  const tools = await context.newCDPSession(on);
  await tools.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true } as const;
  await tools.send("WebAuthn.addVirtualAuthenticator", {
    options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
  });
}

const heading = (name: string) => page.getByRole("heading", { name, level: 1 }).waitFor();

describe("a person with a passkey", () => {
  it("registers it on the page of their second factors", async () => {
    await seen.context.addCookies([
      {
        name: "__Host-soma-session",
        value: platform.session,
        domain: "localhost",
        path: "/",
        secure: true,
        httpOnly: true,
        sameSite: "Lax",
      },
    ]);
    await page.goto(`${origin}/account/factors`);
    await heading("Second factors");
    await page.getByLabel("Name of the new passkey").fill("Ada's laptop");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByText("Ada's laptop").waitFor();
  });

  it("signs in by it alone, without a name or a password", async () => {
    await seen.context.clearCookies();
    await page.goto(`${origin}/account/factors`);
    expect(new URL(page.url()).pathname).toBe("/signin");
    await page.getByRole("link", { name: "Sign in with a passkey" }).click();
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await heading("Second factors");
    await page.getByText("Ada's laptop").waitFor();
  });

  it("sets up an authenticator app there, and is told when its code is wrong", async () => {
    await page.getByRole("button", { name: "Set up an authenticator app" }).click();
    await page.getByRole("img", { name: "QR code of the key" }).waitFor();
    await page.getByLabel("The code that the app shows now").fill("000000");
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("alert").filter({ hasText: "was not that of the new authenticator app" }).waitFor();
  });

  it("removes it, and is then known by it no longer", async () => {
    await page.goto(`${origin}/account/factors`);
    await page.getByText("Change").click();
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await page.getByText("You have none yet.").waitFor();
    await seen.context.clearCookies();
    await page.goto(`${origin}/signin/passkey`);
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await heading("You are not signed in");
  });

  it("met no script, style or address that the pages' policies refuse", () => {
    expect(seen.faults).toEqual([]);
  });
});
