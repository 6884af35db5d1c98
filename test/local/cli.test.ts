import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "soma-cli-"));
const readySchema = z.object({ url: z.url(), console: z.url(), tenant: z.string(), apiKey: z.string() });
let server: ChildProcess;
let ready: z.infer<typeof readySchema>;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the project as its own process. */
function run(script: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [join(ROOT, script), ...args], {
    cwd: ROOT,
    env: { ...process.env, XDG_CONFIG_HOME: folder, ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}

const soma = (...args: string[]) => run("bin/soma.js", args, { SOMA_URL: ready.url, SOMA_API_KEY: ready.apiKey });

beforeAll(async () => {
  server = spawn(process.execPath, [join(ROOT, "clients/cli/start.ts"), "--port", "0", "--state", join(folder, "state"), "--json"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve, reject) => {
    server.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString()));
    server.once("exit", (code) => reject(new Error(`the platform ended with ${code}`)));
  });
  ready = readySchema.parse(JSON.parse(line));
});

afterAll(async () => {
  server.kill("SIGTERM");
  await new Promise((resolve) => server.once("exit", resolve));
  rmSync(folder, { recursive: true, force: true });
});

describe("soma projects run", () => {
  it("delivers a report into a folder", async () => {
    const out = join(folder, "out");
    const ended = await soma(
      "projects",
      "run",
      "examples/penguins/brief.md",
      "--attach",
      "examples/penguins/penguins.csv",
      "--out",
      out,
      "--json",
    );
    expect(ended.stderr).toBe("");
    expect(ended.code).toBe(0);
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("<svg");
    expect(existsSync(join(out, "manifest.json"))).toBe(true);
  });

  it("asks, with its own exit code, when a brief cannot be planned", async () => {
    const brief = join(folder, "brief.md");
    const { writeFileSync } = await import("node:fs");
    writeFileSync(brief, "- Compare the shoe size by species.\n");
    const ended = await soma("projects", "run", brief, "--attach", "examples/penguins/penguins.csv", "--json");
    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain("Which number is meant?");
  });

  it("says which file is missing", async () => {
    const ended = await soma("projects", "run", "nowhere.md");
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain("nowhere.md");
  });
});

describe("soma", () => {
  it("lists, shows and follows what there is", async () => {
    const list = await soma("projects", "list", "--json");
    const { items } = z.object({ items: z.array(z.object({ id: z.string(), state: z.string() })) }).parse(JSON.parse(list.stdout));
    const delivered = items.find((item) => item.state === "delivered");
    expect(delivered).toBeDefined();
    const events = await soma("events", "tail", delivered?.id ?? "", "--json");
    const numbers = events.stdout
      .trim()
      .split("\n")
      .map((line) => z.object({ seq: z.number() }).parse(JSON.parse(line)).seq);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });

  it("chats about a file", async () => {
    const ended = await soma(
      "chat",
      "--attach",
      "examples/penguins/penguins.csv",
      "--message",
      "Which species is the heaviest on average?",
    );
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain("Gentoo");
  });

  it("says that a key is wrong", async () => {
    const ended = await run("bin/soma.js", ["projects", "list"], { SOMA_URL: ready.url, SOMA_API_KEY: "soma_nonsense" });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain("credential");
  });
});

describe("npm start", () => {
  it("refuses a busy port, a wrong port and a folder in use, and says what to do", async () => {
    const blocker = createServer();
    const port = await new Promise<number>((resolve) =>
      blocker.listen(0, "127.0.0.1", () => resolve(z.object({ port: z.number() }).parse(blocker.address()).port)),
    );
    const busy = await run("clients/cli/start.ts", ["--port", String(port), "--state", join(folder, "other")]);
    blocker.close();
    expect(busy.code).toBe(2);
    expect(busy.stderr).toContain(`Port ${port} is in use`);
    const wrong = await run("clients/cli/start.ts", ["--port", "99999", "--state", join(folder, "other")]);
    expect(wrong.stderr).toContain("is no port");
    const taken = await run("clients/cli/start.ts", ["--port", "0", "--state", join(folder, "state")]);
    expect(taken.code).toBe(2);
    expect(taken.stderr).toContain("Another platform");
  });
});
