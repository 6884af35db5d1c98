import { mkdtempSync, openAsBlob, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { somaClient } from "../../clients/sdk/client.ts";
import { end, type StartedPlatform, startOver } from "../local/processes.ts";
import { calls, says } from "../model-server/reply.ts";
import { type ModelServer, startModelServer } from "../model-server/server.ts";
import { openBrowser, type Visit, visit } from "./browser.ts";
import { lookAtView } from "./look.ts";

/** A model that says when and what it likes: what takes time, goes wrong or wants a person can be looked at. */
const KEY = "sk-test-0123456789abcdef";
/** How long a silent model is waited for, and so how long a task of these tests that is told to hang does. */
const PATIENCE_MS = 6_000;
const PENGUINS = join(import.meta.dirname, "../../examples/penguins/penguins.csv");
const WISH = "Compare the mean body mass of the species.";
const COMPARISON = {
  capsule: "compare-groups@^1",
  inputs: { table: "penguins", measure: "body_mass_g", statistic: "mean", groups: ["species"] },
};
const folder = mkdtempSync(join(tmpdir(), "soma-console-model-"));

let server: ModelServer;
let platform: StartedPlatform;
let browser: Browser;
let visits: Visit[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  server = await startModelServer({ apiKey: KEY, model: "rule-based" });
  platform = await startOver(join(folder, "state"), {
    SOMA_MODEL_BASE_URL: server.url,
    SOMA_MODEL_API_KEY: KEY,
    SOMA_MODEL_NAME: "rule-based",
    SOMA_MODEL_INPUT_PRICE: "1000000",
    SOMA_MODEL_OUTPUT_PRICE: "2000000",
    SOMA_MODEL_FIRST_TOKEN_MS: String(PATIENCE_MS),
  });
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
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(path: string): Promise<Visit> {
  const opened = await visit(browser, platform.ready.console.replace("/console", `/console/${path}`));
  visits.push(opened);
  return opened;
}

const client = () => somaClient({ url: platform.ready.url, apiKey: platform.ready.apiKey });
const stands = (page: Page, word: string) =>
  page
    .getByRole("status")
    .filter({ hasText: `Project ${word}.` })
    .waitFor({ state: "attached" });
/** What of a task's prompt is only there and not in the planning. */
const taskOf = (goal: string) => `<data>${goal}</data>`;

/** A project over the penguins, made by the API. */
async function newProject(...wishes: readonly string[]): Promise<string> {
  const { id } = await client().upload("penguins.csv", await openAsBlob(PENGUINS));
  const brief = wishes.map((wish) => `- ${wish}`).join("\n");
  // What fails is not planned in another way here: people are to see what failed.
  const made = await client().api.POST("/v1/kamachiq/projects", { body: { brief, attachments: [id], maxReplans: 0 } });
  return made.data?.id ?? "";
}

async function newSession(): Promise<string> {
  const made = await client().api.POST("/v1/sessions", { body: { title: "Talk" } });
  return made.data?.id ?? "";
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel("Message").fill(text);
  await page.getByLabel("Message").press("Enter");
}

describe("an answer", () => {
  it("is read while it comes, also by who comes late", async () => {
    const words = Array.from({ length: 40 }, (_, i) => `word${i + 1}`).join(" ");
    server.script("b-stream", { kind: "answer", answer: { text: words }, everyMs: 150 });
    const { page } = await open(`sessions/${await newSession()}`);
    await say(page, "Say something long (b-stream).");
    const answer = page.getByRole("article", { name: "The agent answered" });
    await answer.getByText("word5").waitFor();
    expect(await answer.getAttribute("aria-busy")).toBe("true");
    expect(await answer.textContent()).not.toContain("word40");
    await lookAtView(page);
    await page.reload();
    await answer.getByText("word5").waitFor();
    await answer.getByText("tokens").waitFor();
    await answer.getByText(words).waitFor();
    expect(await answer.getAttribute("aria-busy")).toBe("false");
  });

  it("shows the calls it needed, and that one of them could not be made", async () => {
    server.script(
      "b-calls",
      calls(["artifacts_nowhere", { text: "<script>document.title='broken'</script>" }]),
      says("That tool is not there."),
    );
    const { page } = await open(`sessions/${await newSession()}`);
    await say(page, "Call something (b-calls).");
    await page.getByText("That tool is not there.").first().waitFor();
    await page.getByText("artifacts_nowhere").click();
    await page.getByLabel("Called with").getByText("<script>document.title='broken'</script>").waitFor();
    await page.getByText("not-made").waitFor();
    expect(await page.title()).toBe("Talk · SomaAgent");
    await lookAtView(page);
  });

  it("that fails says why", async () => {
    server.script("b-refused", { kind: "error", status: 400, code: "content_policy", message: "no" });
    const { page } = await open(`sessions/${await newSession()}`);
    await say(page, "This is refused (b-refused).");
    await page.getByRole("article", { name: "The agent answered" }).getByRole("alert").waitFor();
    await lookAtView(page);
  });
});

describe("a project", () => {
  it("whose report claims what the data does not say wants a decision: it is sent back, and then approved", async () => {
    server.script(taskOf(WISH), calls(["run_capsule", COMPARISON]), says("The Gentoo weigh 987,654 g on average."));
    const { page } = await open(`projects/${await newProject(WISH)}`);
    await page.getByRole("heading", { name: "The report wants your decision" }).waitFor();
    await page
      .getByText(/987,654 in/)
      .first()
      .waitFor();
    expect(await page.getByRole("button", { name: "Send back" }).getAttribute("aria-disabled")).toBe("true");
    await lookAtView(page);
    await page.getByLabel("Notes").fill("Say only what the data says.");
    await page.getByRole("button", { name: "Send back" }).click();
    await page.getByText(/round 2/).waitFor();
    await page.getByRole("button", { name: "Approve" }).click();
    await stands(page, "delivered");
    await page.getByText("Approved by a person.").waitFor();
    await lookAtView(page);
  });

  it("is refused", async () => {
    const wish = "Compare the mean bill length of the species.";
    server.script(
      taskOf(wish),
      calls(["run_capsule", { ...COMPARISON, inputs: { ...COMPARISON.inputs, measure: "bill_length_mm" } }]),
      says("It is 987,654 mm."),
    );
    const { page } = await open(`projects/${await newProject(wish)}`);
    await page.getByRole("button", { name: "Refuse" }).click();
    await stands(page, "refused");
    await lookAtView(page);
  });

  it("is paused while an agent works, goes on, and is cancelled", async () => {
    const [first, second] = ["What are the 3 heaviest penguins?", "What are the 4 heaviest penguins?"];
    server.script(taskOf(first), { kind: "silent" });
    server.script(taskOf(second), { kind: "silent" });
    const { page } = await open(`projects/${await newProject(first)}`);
    await stands(page, "running");
    await page.getByRole("button", { name: "Pause" }).click();
    await stands(page, "paused");
    await lookAtView(page);
    await page.getByRole("button", { name: "Go on" }).click();
    await stands(page, "delivered");
    const { page: other } = await open(`projects/${await newProject(second)}`);
    await stands(other, "running");
    await other.getByRole("button", { name: "Cancel" }).click();
    await lookAtView(other);
    await other.getByRole("button", { name: "Keep it" }).click();
    await other.getByRole("button", { name: "Cancel" }).click();
    await other.getByRole("button", { name: "Cancel the project" }).click();
    await stands(other, "cancelled");
    await lookAtView(other);
  });

  it("that failed says why, and its task is tried again", async () => {
    const wish = "What are the 5 heaviest penguins?";
    server.script(taskOf(wish), { kind: "error", status: 400, code: "content_policy", message: "no" });
    const { page } = await open(`projects/${await newProject(wish)}`);
    await stands(page, "failed");
    await lookAtView(page);
    await page.getByRole("button", { name: /heaviest/ }).click();
    await lookAtView(page);
    await page.getByRole("button", { name: "Try this task again" }).click();
    await stands(page, "delivered");
  });

  it("misses no event when the connection is lost while it works", async () => {
    const wishes = Array.from({ length: 12 }, (_, i) => `What are the ${i + 20} heaviest penguins?`);
    for (const wish of wishes.slice(0, 6)) server.script(taskOf(wish), { kind: "silent" });
    const id = await newProject(...wishes);
    const { page, context } = await open(`projects/${id}`);
    await stands(page, "running");
    await context.setOffline(true);
    await page.getByText("The platform cannot be reached.").waitFor();
    await lookAtView(page);
    await expect.poll(() => stateOf(id), { timeout: 60_000 }).toBe("delivered");
    await stands(page, "running");
    await context.setOffline(false);
    await stands(page, "delivered");
    await page.getByText("The platform cannot be reached.").waitFor({ state: "detached" });
    const count = await eventsOf(id);
    await expect.poll(() => page.getByTestId("event-count").textContent()).toBe(String(count));
    const more = page.getByRole("button", { name: /^Show \d+ more$/ });
    while (await more.isVisible()) await more.click();
    const shown = z
      .array(z.string())
      .parse(await page.evaluate("[...document.querySelectorAll('[data-seq]')].map((item) => item.dataset.seq)"));
    expect(shown.map(Number)).toEqual(Array.from({ length: count }, (_, i) => count - i));
  });
});

async function stateOf(id: string): Promise<string | undefined> {
  return (await client().api.GET("/v1/kamachiq/projects/{id}", { params: { path: { id } } })).data?.state;
}

/** How many events the platform has of a project. */
async function eventsOf(id: string): Promise<number> {
  const response = await fetch(`${platform.ready.url}/v1/kamachiq/projects/${id}/events?limit=1000`, {
    headers: { Authorization: `Bearer ${platform.ready.apiKey}`, Accept: "application/json" },
  });
  return z.object({ items: z.array(z.unknown()) }).parse(await response.json()).items.length;
}
