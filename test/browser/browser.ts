import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Where Debian's package puts it; another place can be named. */
const CHROMIUM = process.env.SOMA_CHROMIUM ?? "/usr/bin/chromium";

/** Starts Chromium. @throws Error when there is none, which fails the tests: nothing of a page is shown without a browser */
export function openBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM))
    throw new Error(`There is no Chromium at ${CHROMIUM}; install Debian's package chromium, or name another by SOMA_CHROMIUM.`);
  // Its own sandbox cannot be had in most containers; what it opens here is this platform's pages alone.
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
}

/** A page of its own, as a person would open it, and everything that went wrong on it. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors on the console, exceptions, violations of the page's policy, and requests to other hosts. */
  readonly faults: string[];
  close(): Promise<void>;
}

/** What the browser itself says on the console when a request fails: the page is to handle it, and is looked at for that. */
const FAILED_REQUEST = /^Failed to load resource: (the server responded with a status of [45]\d\d|net::ERR_INTERNET_DISCONNECTED)/;

/** What the browser says when something, a test's own scripts among it, was kept from running in the frame of a report: that is the frame's duty. */
const SANDBOXED = /^Blocked script execution in 'blob:.* sandboxed and the 'allow-scripts' permission is not set/;

/** Opens a page at an address and watches it. */
export async function visit(browser: Browser, address: string, options: { width?: number; height?: number } = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (error) => faults.push(`exception: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !FAILED_REQUEST.test(text) && !SANDBOXED.test(text)) faults.push(`console: ${text}`);
  });
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "blob:" && protocol !== "data:" && origin !== new URL(address).origin) faults.push(`another host: ${request.url()}`);
  });
  await page.exposeFunction("tellViolation", (violation: string) => faults.push(`policy: ${violation}`));
  await page.addInitScript(
    "addEventListener('securitypolicyviolation', (event) => tellViolation(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile))",
  );
  await page.goto(address);
  return { page, context, faults, close: () => context.close() };
}
