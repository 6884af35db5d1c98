import type { Page } from "playwright-core";

/** The text that a page's frame shows. It may run no script, not a test's either, so the browser itself is asked what it has drawn. */
export async function framedText(page: Page): Promise<string> {
  const frame = page.frames().find((candidate) => candidate !== page.mainFrame());
  if (frame === undefined) return "";
  const session = await page.context().newCDPSession(frame);
  try {
    const { documents, strings } = await session.send("DOMSnapshot.captureSnapshot", { computedStyles: [] });
    return documents.flatMap((document) => document.layout.text.map((index) => strings[index] ?? "")).join(" ");
  } finally {
    await session.detach();
  }
}
