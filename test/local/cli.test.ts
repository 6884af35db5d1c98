import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { type Ended, end, ROOT, run, type StartedPlatform, startOver } from "./processes.ts";

const folder = mkdtempSync(join(tmpdir(), "soma-cli-"));
const sales = join(folder, "sales.csv");
const BRIEF = "Compare the mean of amount by region.";
const listSchema = z.object({ items: z.array(z.object({ id: z.string(), state: z.string() })) });
const eventSchema = z.object({ seq: z.number(), type: z.string() });
let platform: StartedPlatform;

const login = () => ({ XDG_CONFIG_HOME: folder, SOMA_URL: platform.ready.url, SOMA_API_KEY: platform.ready.apiKey });
const soma = (...args: string[]) => run("bin/soma.js", args, login());

/** The one JSON document that a command printed. */
function documentOf(ended: Ended): unknown {
  expect(ended.stderr).toBe("");
  expect(ended.stdout.trim().split("\n")).toHaveLength(1);
  return JSON.parse(ended.stdout);
}

const eventsOf = (ended: Ended) =>
  ended.stdout
    .trim()
    .split("\n")
    .map((line) => eventSchema.parse(JSON.parse(line)));

beforeAll(async () => {
  writeFileSync(sales, "region,amount\nnorth,12\nsouth,7\nnorth,9\nsouth,4\n");
  platform = await startOver(join(folder, "state"));
});

afterAll(async () => {
  await end(platform.host, "SIGTERM");
  rmSync(folder, { recursive: true, force: true });
});

describe("soma projects run", () => {
  it("delivers a report into a folder, and a second run replaces it", async () => {
    const out = join(folder, "out");
    const args = ["projects", "run", "examples/penguins/brief.md", "--attach", "examples/penguins/penguins.csv", "--out", out, "--json"];
    const first = documentOf(await soma(...args));
    expect(first).toMatchObject({ project: { state: "delivered" }, files: expect.arrayContaining([join(out, "report.html")]) });
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("<svg");
    expect(existsSync(join(out, "manifest.json"))).toBe(true);
    expect(documentOf(await soma(...args))).toMatchObject({ project: { state: "delivered" } });
  });

  it("takes the brief from standard input, from @file and as words, and files after --attach in any place", async () => {
    const brief = join(folder, "brief.txt");
    writeFileSync(brief, `- ${BRIEF}\n`);
    const out = (name: string) => ["--out", join(folder, name)];
    const piped = await run("bin/soma.js", ["projects", "run", "-", "--attach", sales, ...out("a")], login(), BRIEF);
    expect(piped).toMatchObject({ code: 0, stderr: "" });
    expect((await soma("projects", "run", "--attach", sales, `@${brief}`, ...out("b"))).code).toBe(0);
    expect((await soma("projects", "run", BRIEF, "--attach", sales, "examples/penguins/penguins.csv", ...out("c"))).code).toBe(0);
    expect(readFileSync(join(folder, "a/report.md"), "utf8")).toContain("10.5");
  });

  it("asks, with its own exit code, when a brief cannot be planned, and takes the answer", async () => {
    const asked = await soma("projects", "run", "Compare the mean of shoe size by region.", "--attach", sales, "--json");
    expect(asked.code).toBe(3);
    const { project } = z.object({ project: z.object({ id: z.string(), questions: z.array(z.unknown()) }) }).parse(documentOf(asked));
    expect(project.questions).not.toHaveLength(0);
    expect(documentOf(await soma("projects", "answer", project.id, "By shoe size I mean amount.", "--json"))).toMatchObject({
      id: project.id,
    });
    expect([0, 3]).toContain((await soma("projects", "watch", project.id)).code);
    expect((await soma("projects", "cancel", project.id)).stderr).not.toMatch(/^\s+at /m);
  });

  it("says what is wrong with a file or a folder before anything is begun", async () => {
    for (const [args, words] of [
      [["nowhere.md"], "There is no file nowhere.md"],
      [[BRIEF, "--attach", folder], "is a folder"],
      [[BRIEF, "--attach", sales, "--out", folder], "is kept as it is"],
    ] satisfies [string[], string][]) {
      const ended = await soma("projects", "run", ...args);
      expect(ended).toMatchObject({ code: 2, stdout: "" });
      expect(ended.stderr).toContain(words);
      expect(ended.stderr.trim().split("\n")).toHaveLength(1);
    }
  });

  it("keeps a delivery that was changed since", async () => {
    const out = join(folder, "changed");
    const again = () => soma("projects", "run", BRIEF, "--attach", sales, "--out", out);
    expect((await again()).code).toBe(0);
    writeFileSync(join(out, "report.md"), "my notes");
    expect((await again()).stderr).toContain("report.md, which was changed since it was delivered");
    expect(readFileSync(join(out, "report.md"), "utf8")).toBe("my notes");
  });

  it("starts a platform when there is none, and leaves none behind, also when it is interrupted", async () => {
    const env = { ...process.env, XDG_CONFIG_HOME: folder, SOMA_URL: "", SOMA_API_KEY: "" };
    const args = [join(ROOT, "bin/soma.js"), "projects", "run", BRIEF, "--attach", sales, "--port", "0", "--state", join(folder, "own")];
    const whole = await run("bin/soma.js", [...args.slice(1), "--out", join(folder, "local")], { ...env });
    expect(whole).toMatchObject({ code: 0, stderr: "" });
    const child = spawn(process.execPath, [...args, "--out", join(folder, "cut")], { cwd: ROOT, env });
    let told = "";
    child.stdout.on("data", (chunk: Buffer) => (told += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (told += chunk.toString()));
    await vi.waitFor(() => expect(told).toContain("Project prj_"), { timeout: 60_000, interval: 1 });
    child.kill("SIGINT");
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect([0, 130]).toContain(code);
    if (code === 130) expect(told).toContain("soma projects watch prj_");
    const again = await startOver(join(folder, "own"));
    expect(await end(again.host, "SIGTERM")).toBe(0);
  });
});

describe("soma demo", () => {
  it("takes both examples to delivered reports, and leaves nothing but them", async () => {
    const tmp = join(folder, "tmp");
    mkdirSync(tmp);
    const ended = await run("bin/soma.js", ["demo", "--port", "0", "--out", join(folder, "demo"), "--json"], { TMPDIR: tmp });
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    const examples = ended.stdout.trim().split("\n");
    expect(examples.map((line) => z.object({ state: z.string() }).parse(JSON.parse(line)).state)).toEqual(["delivered", "delivered"]);
    for (const name of ["penguins", "handbook"]) expect(existsSync(join(folder, "demo", name, "report.html"))).toBe(true);
    expect(readdirSync(tmp).filter((name) => name.startsWith("soma") || name.startsWith("miniflare"))).toEqual([]);
  });
});

describe("soma chat", () => {
  it("answers about a file, shows its calls, and goes on with the session", async () => {
    const ended = await soma("chat", "--attach", sales, "--message", "Which region has the largest mean amount?");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toContain("north");
    expect(ended.stdout).toMatch(/▸ \S+ \{/);
    const session = /ses_\w+/.exec(ended.stdout)?.[0] ?? "";
    const more = await soma("chat", "--session", session, "--message", "Compare the mean of amount by region", "--json");
    expect(more.code).toBe(0);
    expect(eventsOf(more).map((event) => event.type)).toEqual(expect.arrayContaining(["turn.started", "turn.completed"]));
    const shown = documentOf(await soma("sessions", "show", session, "--json"));
    expect(shown).toMatchObject({ id: session, state: "open", messages: expect.arrayContaining([]) });
    expect((await soma("sessions", "show", session)).stdout).toContain("> Which region");
    expect(documentOf(await soma("sessions", "close", session, "--json"))).toMatchObject({ state: "closed" });
    const closed = await soma("chat", "--session", session, "--message", "And now?");
    expect(closed.code).toBe(1);
    expect(closed.stderr).toContain("closed");
  });

  it("takes the message from standard input", async () => {
    const ended = await run("bin/soma.js", ["chat", "--attach", sales], login(), "Compare the mean of amount by region");
    expect(ended.stdout).toContain("10.5");
  });
});

describe("soma", () => {
  it("lists, shows and follows projects, each event once and in order", async () => {
    // The list follows the projects by a queue, so it may be a moment behind.
    const delivered = await vi.waitFor(
      async () => {
        const { items } = listSchema.parse(documentOf(await soma("projects", "list", "--json")));
        return z.object({ id: z.string() }).parse(items.find((item) => item.state === "delivered"));
      },
      { timeout: 10_000 },
    );
    expect((await soma("projects", "show", delivered.id)).stdout).toContain("✓");
    expect((await soma("projects", "deliverables", delivered.id)).stdout).toContain("report.html");
    const numbers = eventsOf(await soma("events", "tail", delivered.id, "--json")).map((event) => event.seq);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    const rest = eventsOf(await soma("events", "tail", delivered.id, "--json", "--after", "3"));
    expect(rest[0]?.seq).toBe(4);
    expect((await soma("projects", "approve", delivered.id)).code).toBe(1);
  });

  it("keeps files: puts, lists, gets and deletes them", async () => {
    const put = z
      .object({ items: z.array(z.object({ id: z.string() })) })
      .parse(documentOf(await soma("artifacts", "put", sales, "--json")));
    const id = put.items[0]?.id ?? "";
    expect((await soma("artifacts", "list")).stdout).toContain(id);
    expect((await soma("artifacts", "get", id, "--out", "-")).stdout).toBe(readFileSync(sales, "utf8"));
    const copy = join(folder, "copy.csv");
    expect(documentOf(await soma("artifacts", "get", id, "--out", copy, "--json"))).toMatchObject({ path: copy, name: "sales.csv" });
    expect((await soma("artifacts", "get", id, "--out", copy)).stderr).toContain("is there already");
    expect((await soma("artifacts", "delete", id)).code).toBe(0);
    expect(await soma("artifacts", "get", id, "--out", "-", "--json")).toMatchObject({ code: 2 });
    expect(await soma("artifacts", "get", id)).toMatchObject({ code: 1, stdout: "" });
  });

  it("keeps keys and the budget", async () => {
    const key = z
      .object({ id: z.string(), secret: z.string() })
      .parse(documentOf(await soma("keys", "create", "viewing", "--role", "viewer", "--json")));
    expect((await soma("keys", "list")).stdout).toContain(key.id);
    const asViewer = { ...login(), SOMA_API_KEY: key.secret };
    expect((await run("bin/soma.js", ["projects", "list"], asViewer)).code).toBe(0);
    const refused = await run("bin/soma.js", ["keys", "create", "more"], asViewer);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("another role");
    expect((await soma("keys", "revoke", key.id)).code).toBe(0);
    expect(documentOf(await soma("budget", "set", "2.50", "--json"))).toMatchObject({ limit: 2_500_000 });
    expect((await soma("budget", "show")).stdout).toContain("of $2.50");
    expect((await soma("budget", "set", "lots")).code).toBe(2);
  });

  it("remembers, recalls and forgets", async () => {
    const told = await soma("memory", "remember", "Reports go to Ada on Mondays.", "--about", "recipient of reports", "--json");
    const { memory } = z.object({ memory: z.object({ id: z.string() }) }).parse(documentOf(told));
    expect((await soma("memory", "recall", "Who gets the reports?")).stdout).toContain("Ada");
    expect((await soma("memory", "list")).stdout).toContain(memory.id);
    expect((await soma("memory", "forget", memory.id)).code).toBe(0);
    expect((await soma("memory", "list")).stdout).toContain("Nothing is remembered yet");
  });

  it("shows what there is: capsules, tools, the audit log, dead letters", async () => {
    for (const args of [
      ["capsules", "list"],
      ["tools", "list"],
      ["audit", "search"],
      ["dead-letters", "list"],
      ["sessions", "list"],
    ])
      expect(documentOf(await soma(...args, "--json"))).toHaveProperty("items");
    expect(documentOf(await soma("capsules", "show", "rank", "--json"))).toMatchObject({ name: "rank", version: "1.0.0" });
    expect((await soma("capsules", "show", "nonesuch")).code).toBe(2);
    expect((await soma("audit", "search", "--limit", "2")).stdout).toContain("see --limit");
  });

  it("tells what there is, its version, and what may have been meant", async () => {
    expect(await soma("--help")).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("  projects run ") });
    expect(await soma("projects", "run", "--help")).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringContaining("--attach FILE…"),
    });
    expect(documentOf(await soma("--version", "--json"))).toHaveProperty("version");
    const wrong = await soma("projekts", "list");
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect(wrong.stderr).toContain("Is soma projects meant?");
  });

  it("tells a problem on standard error alone, with --json as the document, and never with a stack", async () => {
    const missing = "prj_01KAJ2M3N4P5Q6R7S8T9V0W1X2";
    const words = await soma("projects", "show", missing);
    expect(words).toMatchObject({ code: 1, stdout: "" });
    expect(words.stderr).toMatch(/There is no such thing here: .*\nRequest req_/);
    const { error } = z
      .object({ error: z.object({ type: z.string() }) })
      .parse(JSON.parse((await soma("projects", "show", missing, "--json")).stderr));
    expect(error.type).toBe("urn:soma:problem:not-found");
    const away = await run("bin/soma.js", ["projects", "list"], { ...login(), SOMA_URL: "http://127.0.0.1:9" });
    expect(away).toMatchObject({ code: 1, stdout: "" });
    expect(away.stderr).toContain("Nothing answers at http://127.0.0.1:9");
    expect(away.stderr).not.toMatch(/^\s+at /m);
  });
});

describe("a login", () => {
  const own = join(folder, "login");
  const bare = { XDG_CONFIG_HOME: own, SOMA_URL: "", SOMA_API_KEY: "" };
  const file = join(own, "somaagent/login.json");

  it("is kept for its owner alone, used, and forgotten", async () => {
    const kept = await run("bin/soma.js", ["login", "--url", platform.ready.url, "--key", "-"], bare, `${platform.ready.apiKey}\n`);
    expect(kept).toMatchObject({ code: 0, stderr: "" });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await run("bin/soma.js", ["whoami"], bare)).stdout).toContain(platform.ready.tenant);
    expect((await run("bin/soma.js", ["projects", "list"], bare)).code).toBe(0);
    expect((await run("bin/soma.js", ["logout"], bare)).code).toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  it("is not kept when the key is wrong, and the key is never told", async () => {
    const ended = await run("bin/soma.js", ["login", "--url", platform.ready.url, "--key", "soma_nonsense"], bare);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain("credential");
    expect(ended.stderr).not.toContain("soma_nonsense");
    expect(existsSync(file)).toBe(false);
  });

  it("is asked for in words when there is none, half of one, or a broken one", async () => {
    const elsewhere = mkdtempSync(join(folder, "nowhere-"));
    expect((await run("bin/soma.js", ["projects", "list"], bare, "", elsewhere)).stderr).toContain("soma login --url URL");
    expect((await run("bin/soma.js", ["projects", "list"], { ...bare, SOMA_URL: "http://127.0.0.1:9" })).stderr).toContain(
      "SOMA_API_KEY is not set",
    );
    expect((await run("bin/soma.js", ["whoami"], { ...bare, SOMA_URL: "nonsense", SOMA_API_KEY: "k" })).stderr).toContain("is no address");
    mkdirSync(join(own, "somaagent"), { recursive: true });
    writeFileSync(file, "{broken");
    expect(await run("bin/soma.js", ["whoami"], bare)).toMatchObject({ code: 2, stdout: "" });
    rmSync(file);
  });

  it("is not needed where a platform runs over the state folder at hand", async () => {
    const here = mkdtempSync(join(folder, "here-"));
    const local = await startOver(join(here, ".soma"));
    const told = await run("bin/soma.js", ["whoami", "--json"], bare, "", here);
    await end(local.host, "SIGTERM");
    expect(documentOf(told)).toMatchObject({ url: local.ready.url, tenant: { id: local.ready.tenant } });
  });
});
