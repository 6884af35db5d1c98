import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { z } from "zod";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** The narrowest screen that the pages are made for, in CSS pixels. */
const NARROWEST = 360;

const resultSchema = z.object({
  violations: z.array(
    z.object({ id: z.string(), help: z.string(), nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })) }),
  ),
});

/** What axe finds against WCAG 2.2 AA and its own best practices in what is shown now; a report in its frame is a page of its own. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(`axe.run(document, ${JSON.stringify({ iframes: false, runOnly: TAGS })})`);
  return resultSchema
    .parse(found)
    .violations.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}\n${nodes.map((node) => `  ${node.html.slice(0, 200)}\n  ${node.failureSummary ?? ""}`).join("\n")}`,
    );
}

/** Looks at a view as different people see it: in light and in dark by axe, and on the narrowest screen, where nothing scrolls sideways. */
export async function lookAtView(page: Page): Promise<void> {
  const size = page.viewportSize() ?? { width: 1280, height: 900 };
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violationsOf(page)).toEqual([]);
  }
  await page.setViewportSize({ width: NARROWEST, height: 740 });
  await expect.poll(() => page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(NARROWEST);
  expect(await violationsOf(page)).toEqual([]);
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: "light" });
}
