import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { must, type Run, somaClient } from "../../clients/sdk/client.ts";
import { end, type StartedPlatform, startOver } from "../local/processes.ts";
import { openBrowser, type Visit, visit } from "./browser.ts";
import { lookAtView } from "./look.ts";

const folder = mkdtempSync(join(tmpdir(), "soma-console-runs-"));

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

async function open(width = 1280): Promise<Page> {
  const opened = await visit(browser, platform.ready.console, { width });
  visits.push(opened);
  await opened.page.getByText("Local", { exact: true }).waitFor();
  return opened.page;
}

interface Step {
  uses: string;
  title?: string;
  needs?: string[];
  with?: Record<string, string | number>;
}

const step = (uses: string, rest: Omit<Step, "uses"> = {}): Step => ({ uses, ...rest });

function start(title: string, steps: Record<string, Step>): Promise<Run> {
  const { api } = somaClient({ url: platform.ready.url, apiKey: platform.ready.apiKey });
  return must(api.POST("/v1/mao/runs", { body: { title, graph: { steps } } }));
}

describe("a run in the console", () => {
  it("is found in the list, asks its person, and is seen to come to its end", async () => {
    await start("Ship the release", {
      prepare: step("tool:value.set", { title: "Prepare", with: { value: 1 } }),
      ok: step("human:approve", { title: "Ship it?", needs: ["prepare"], with: { prompt: "<b>Everything</b> is ready." } }),
      why: step("human:input", { title: "Say why", needs: ["ok"] }),
    });
    const page = await open();
    await page.getByRole("link", { name: "Runs", exact: true }).click();
    await page.getByRole("link", { name: "Ship the release" }).click();
    await page.getByText("<b>Everything</b> is ready.").waitFor();
    await lookAtView(page);
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByLabel("Your answer").fill("It is time.");
    await page.getByRole("button", { name: "Answer", exact: true }).click();
    await page.getByRole("status").filter({ hasText: "Run completed. 3 steps are done." }).waitFor({ state: "attached" });
    await page.getByRole("button", { name: /^Prepare Done/ }).click();
    await page.getByText("tool:value.set").waitFor();
    await lookAtView(page);
    await page.getByRole("link", { name: "Runs", exact: true }).click();
    await page.getByRole("link", { name: "completed", exact: true }).click();
    await page.getByRole("link", { name: "Ship the release" }).waitFor();
    await page.getByRole("link", { name: "failed", exact: true }).click();
    await page.getByText("No run is failed.").waitFor();
  });

  it("of a thousand steps stays readable: waves are folded, a step is found by its name, and sizes change", async () => {
    const steps = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, i) => [
        `s${i}`,
        step("tool:value.set", { title: `Part ${i}`, with: { value: i }, needs: i < 10 ? [] : [`s${i - 10}`] }),
      ]),
    );
    const run = await start("A thousand steps", steps);
    const page = await open(900);
    await page.goto(`${platform.ready.url}/console/runs/${run.id}`);
    await page
      .getByRole("status")
      .filter({ hasText: "Run completed. 1000 steps are done." })
      .waitFor({ state: "attached", timeout: 60_000 });
    await page.getByRole("button", { name: "Waves 1–4 · 40 steps: 40 done" }).waitFor();
    expect(await page.getByRole("button", { name: /^Part \d+ Done/ }).count()).toBe(0);
    await page.getByLabel("Find").fill("part 777");
    await page.getByText("1 step found").waitFor();
    await page.getByRole("button", { name: /^Part 777 Done/ }).waitFor();
    await page.getByRole("button", { name: "Smaller" }).click();
    await lookAtView(page);
    await page.getByLabel("Find").fill("");
    await page.getByRole("button", { name: "Waves 1–4 · 40 steps: 40 done" }).click();
    expect(await page.getByRole("button", { name: /^Part \d+ Done/ }).count()).toBe(40);
  });

  it("that was cancelled says so", async () => {
    const run = await start("Never mind", { ok: step("human:approve", { title: "Go on?" }) });
    const page = await open(360);
    await page.goto(`${platform.ready.url}/console/runs/${run.id}`);
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    await page.getByRole("button", { name: "Break off now" }).click();
    await page.getByRole("status").filter({ hasText: "Run cancelled." }).waitFor({ state: "attached" });
    await lookAtView(page);
  });
});
