import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { end, run, type StartedPlatform, startOver } from "./processes.ts";

const folder = mkdtempSync(join(tmpdir(), "soma-cli-"));
const listSchema = z.object({ items: z.array(z.object({ id: z.string(), state: z.string() })) });
let platform: StartedPlatform;

const soma = (...args: string[]) =>
  run("bin/soma.js", args, { XDG_CONFIG_HOME: folder, SOMA_URL: platform.ready.url, SOMA_API_KEY: platform.ready.apiKey });

beforeAll(async () => {
  platform = await startOver(join(folder, "state"));
});

afterAll(async () => {
  await end(platform.host, "SIGTERM");
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
    // The list follows the projects by a queue, so it may be a moment behind.
    const delivered = await vi.waitFor(
      async () => {
        const { stdout } = await soma("projects", "list", "--json");
        const found = listSchema.parse(JSON.parse(stdout)).items.find((item) => item.state === "delivered");
        return z.object({ id: z.string() }).parse(found);
      },
      { timeout: 10_000 },
    );
    const events = await soma("events", "tail", delivered.id, "--json");
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
    const ended = await run("bin/soma.js", ["projects", "list"], { SOMA_URL: platform.ready.url, SOMA_API_KEY: "soma_nonsense" });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain("credential");
  });
});
