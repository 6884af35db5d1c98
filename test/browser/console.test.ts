import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { somaClient } from "../../clients/sdk/client.ts";
import { end, type StartedPlatform, startOver } from "../local/processes.ts";
import { openBrowser, type Visit, visit } from "./browser.ts";
import { framedText } from "./framed-text.ts";
import { lookAtView } from "./look.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples");
const PENGUINS = join(EXAMPLES, "penguins/penguins.csv");
const BRIEF = readFileSync(join(EXAMPLES, "penguins/brief.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "soma-console-"));

let platform: StartedPlatform;
let browser: Browser;
let visits: Visit[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  platform = await startOver(join(folder, "state"));
});

/** Whatever a test did: no page may have broken its policy, thrown, or asked another host. */
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

async function open(address = platform.ready.console): Promise<Page> {
  const opened = await visit(browser, address);
  visits.push(opened);
  return opened.page;
}

/** Gives a brief as a person does. */
async function giveBrief(page: Page, brief: string, files: readonly string[] = [PENGUINS]): Promise<string> {
  await page.getByRole("link", { name: "Projects", exact: true }).click();
  await page.getByRole("link", { name: "New project" }).click();
  await page.getByLabel("Brief").fill(brief);
  await page.getByLabel("Files", { exact: true }).setInputFiles([...files]);
  await page.getByRole("button", { name: "Start the project" }).click();
  await page.waitForURL(/\/console\/projects\/prj_/);
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}

const stands = (page: Page, word: string) =>
  page
    .getByRole("status")
    .filter({ hasText: `Project ${word}.` })
    .waitFor({ state: "attached" });
const api = () => somaClient({ url: platform.ready.url, apiKey: platform.ready.apiKey });

describe("signing in", () => {
  it("happens by the address that npm start prints, which then holds no key any more", async () => {
    const page = await open();
    await page.getByText("Local", { exact: true }).waitFor();
    expect(page.url()).toBe(`${platform.ready.url}/console/projects`);
    await page.reload();
    await page.getByText("Local", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("API key").waitFor();
    expect(await page.evaluate("sessionStorage.length + localStorage.length")).toBe(0);
  });

  it("says that a key is wrong, and takes a right one", async () => {
    const page = await open(`${platform.ready.url}/console`);
    await lookAtView(page);
    await page.getByLabel("API key").fill("soma_key_wrong");
    await page.getByLabel("API key").press("Enter");
    await page.getByRole("alert").getByText("The credential is not valid", { exact: true }).waitFor();
    expect(await page.getByRole("alert").textContent()).toMatch(/req_[0-9A-Z]{26}/);
    await lookAtView(page);
    await page.getByLabel("API key").fill(platform.ready.apiKey);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Projects" }).waitFor();
  });

  it("is asked for again when the key is no longer known", async () => {
    const page = await open(`${platform.ready.url}/console#key=soma_key_old`);
    await page.getByRole("alert").getByText("The credential is not valid", { exact: true }).waitFor();
    await page.getByLabel("API key").waitFor();
  });
});

describe("a project", () => {
  it("goes from a brief with a file to a report that is read in the page", async () => {
    const page = await open();
    await page.getByText("There are no projects yet.").waitFor();
    await lookAtView(page);
    await page.getByRole("link", { name: "New project" }).click();
    await lookAtView(page);
    const id = await giveBrief(page, BRIEF);
    await stands(page, "delivered");
    await page.getByRole("heading", { name: "Penguins of the Palmer Archipelago" }).waitFor();
    expect(await page.getByRole("button", { name: /Done/ }).count()).toBe(7);
    await page.getByText("Its SHA-256 is the one in the manifest").waitFor();
    await expect.poll(() => framedText(page)).toContain("The table has 344 rows");
    const frame = page.getByTitle("Preview of report.html");
    expect(await frame.getAttribute("sandbox")).toBe("");
    await lookAtView(page);
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download report.md" }).click();
    const downloaded = readFileSync(await (await downloading).path(), "utf8");
    expect(downloaded).toBe(await new Response(await api().deliverable(id, "report.md")).text());
    await page.getByRole("link", { name: "report.md" }).click();
    await page.getByLabel("Text of report.md").getByText("# Penguins of the Palmer Archipelago").waitFor();
    await page.getByRole("link", { name: "Projects", exact: true }).click();
    await page.getByRole("listitem").filter({ hasText: "Penguins of the Palmer" }).getByText("Delivered").waitFor();
    await lookAtView(page);
  });

  it("shows what a task used, found and said, down to the agent's conversation", async () => {
    const page = await open();
    await page.getByRole("link", { name: /Penguins of the Palmer/ }).click();
    await page.getByRole("button", { name: /Compare the mean body mass/ }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("The mean body mass g is highest for Gentoo").waitFor();
    await lookAtView(page);
    await page.getByRole("link", { name: "Read the agent's conversation" }).click();
    await page.getByRole("heading", { name: "Compare the mean body mass of the species." }).waitFor();
    await page.getByText("compare-groups@1.0.0").click();
    await page.getByLabel("Called with").getByText("body_mass_g").waitFor();
    await page.getByLabel("Brought").getByText("Gentoo: 5,076").waitFor();
    await lookAtView(page);
  });

  it("asks what it does not know, and goes on with the answer", async () => {
    const page = await open();
    await giveBrief(page, "- Compare the shoe size by species.\n");
    await page.getByRole("heading", { name: "The planner asks" }).waitFor();
    await lookAtView(page);
    await page.getByRole("button", { name: "body_mass_g", exact: true }).click();
    await page.getByRole("button", { name: "Answer and plan again" }).click();
    await stands(page, "delivered");
  });

  it("of sixty tasks stays readable", async () => {
    const page = await open();
    await giveBrief(page, Array.from({ length: 60 }, (_, i) => `- What are the ${i + 2} heaviest penguins?`).join("\n"));
    await stands(page, "delivered");
    expect(await page.getByRole("button", { name: /Done/ }).count()).toBe(60);
    await lookAtView(page);
  });

  it("shows text that means to be more than text as text", async () => {
    const page = await open();
    const hostile = `<img src=x onerror="document.title='broken'"><script>document.title='broken'</script>`;
    const data = `species,body_mass_g\n"<script>document.title='broken'</script>",10\nAdelie,20\nGentoo,30\n`;
    const id = await giveBrief(page, `# ${hostile}\n\n- Compare the mean body mass by species.\n- ${hostile}\n`, []);
    await stands(page, "questions");
    await page.getByRole("group", { name: "Text of the brief" }).getByText(hostile).waitFor();
    const name = `a"onmouseover="x.csv`;
    const artifact = await api().upload(name, data, { mediaType: "text/csv" });
    const made = await api().api.POST("/v1/kamachiq/projects", {
      body: { brief: "- Compare the mean body mass by species.", title: hostile, attachments: [artifact.id] },
    });
    await page.goto(`${platform.ready.url}/console/projects/${made.data?.id ?? id}`);
    await stands(page, "delivered");
    await page.getByText("Its SHA-256 is the one in the manifest").waitFor();
    await expect.poll(() => framedText(page)).toContain("<script>document.title='broken'</script>");
    await page.getByRole("link", { name: "Projects", exact: true }).click();
    await page.getByRole("heading", { name: "Projects" }).waitFor();
    expect(await page.title()).toBe("Projects · SomaAgent");
  });

  it("that is not there is a problem with its request id", async () => {
    const page = await open();
    await page.getByRole("heading", { name: "Projects" }).waitFor();
    await page.goto(`${platform.ready.url}/console/projects/prj_00000000000000000000000000`);
    await page.getByRole("alert").getByText("There is no such thing here", { exact: true }).waitFor();
    expect(await page.getByRole("alert").textContent()).toMatch(/req_[0-9A-Z]{26}/);
    await lookAtView(page);
    await page.goto(`${platform.ready.url}/console/nowhere`);
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    await lookAtView(page);
  });
});

describe("a session", () => {
  it("asks whether a call may be made, and sends the decision to its step", async () => {
    const made = await api().api.POST("/v1/sessions", { body: { title: "Cleaning up" } });
    const id = made.data?.id ?? "";
    const page = await open(`${platform.ready.url}/console#key=${platform.ready.apiKey}`);
    await page.getByRole("heading", { name: "Projects" }).waitFor();
    // No tool of this platform needs a person's word yet, so the page is told of such a call in the API's own form.
    const asked = {
      turn: "trn_1",
      step: "trn_1/m1/c1",
      tool: "tool:files.remove",
      input: { name: "<b>all</b>" },
      reason: "It destroys something.",
    };
    const events = [
      { type: "session.created", data: { title: "Cleaning up", agent: "analyst" } },
      { type: "turn.started", data: { turn: "trn_1", message: "Remove the files.", by: "someone" } },
      {
        type: "step.done",
        data: {
          step: "trn_1/m1",
          attempt: 1,
          durationMs: 1,
          output: { text: "", calls: [{ id: "1", name: "files_remove", input: asked.input }] },
        },
      },
      { type: "step.waiting", data: { step: asked.step, uses: asked.tool, attempt: 1, on: "human" } },
      { type: "approval.requested", data: asked },
    ].map((event, i) => `id: ${i + 1}\nevent: ${event.type}\ndata: ${JSON.stringify({ seq: i + 1, at: 1, ...event })}\n\n`);
    await page.route(`**/v1/sessions/${id}/events`, (route) => {
      const isFirst = route.request().headers()["last-event-id"] === "0";
      return route.fulfill({ contentType: "text/event-stream", body: isFirst ? events.join("") : ": still here\n\n" });
    });
    await page.goto(`${platform.ready.url}/console/sessions/${id}`);
    const card = page.getByRole("region", { name: "A call waits for you" });
    await card.getByText("It destroys something.").waitFor();
    await card.getByText("<b>all</b>").waitFor();
    await lookAtView(page);
    await card.getByLabel("Note").fill("Yes, all of them.");
    const deciding = page.waitForRequest((request) => request.method() === "POST");
    await card.getByRole("button", { name: "Approve" }).click();
    const request = await deciding;
    expect(new URL(request.url()).pathname).toBe(`/v1/sessions/${id}/approvals/${encodeURIComponent(asked.step)}`);
    expect(request.postDataJSON()).toEqual({ decision: "approve", note: "Yes, all of them." });
    // This platform knows of no such step, and says so where the decision was made.
    await card.getByRole("alert").waitFor();
  });

  it("too long to be kept event by event shows what was said", async () => {
    const made = await api().api.POST("/v1/sessions", { body: { title: "Long" } });
    const id = made.data?.id ?? "";
    await api().api.POST("/v1/sessions/{id}/messages", { params: { path: { id } }, body: { text: "Hello there." } });
    const page = await open();
    await page.getByRole("heading", { name: "Projects" }).waitFor();
    await page.route(`**/v1/sessions/${id}/events`, (route) =>
      route.fulfill({
        status: 410,
        contentType: "application/problem+json",
        json: {
          type: "urn:soma:problem:events-compacted",
          title: "The events asked for are no longer kept one by one",
          status: 410,
          detail: "Folded.",
        },
      }),
    );
    await page.goto(`${platform.ready.url}/console/sessions/${id}`);
    await page.getByRole("list", { name: "Messages" }).getByText("Hello there.").waitFor();
    await lookAtView(page);
  });

  it("answers about a file, and is closed", async () => {
    const page = await open();
    await page.getByRole("link", { name: "Sessions", exact: true }).click();
    await page.getByRole("button", { name: "New session" }).click();
    await page.getByText("Nothing has been said yet.").waitFor();
    await lookAtView(page);
    await page.getByLabel("Files to speak about").setInputFiles(PENGUINS);
    await page.getByLabel("Message").fill("Which species is the heaviest on average?");
    await page.getByLabel("Message").press("Enter");
    await page.getByRole("article", { name: "The agent answered" }).getByText("Gentoo").waitFor();
    await page.getByText("With penguins.csv").waitFor();
    expect(await page.getByLabel("Message").inputValue()).toBe("");
    await lookAtView(page);
    await page.getByRole("button", { name: "Close session" }).click();
    await page.getByText("This session is closed").waitFor();
    expect(await page.getByRole("button", { name: "Send" }).count()).toBe(0);
    await lookAtView(page);
    await page.getByRole("link", { name: "Sessions", exact: true }).click();
    await page.getByRole("listitem").filter({ hasText: "Conversation" }).getByText("Closed").waitFor();
    await lookAtView(page);
  });
});
