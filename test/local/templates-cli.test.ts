import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { definitionFiles } from "../../clients/cli/definition-files.ts";
import { type Ended, end, ROOT, run, type StartedPlatform, startOver } from "./processes.ts";

const CREW = join(ROOT, "examples/teams/garden-crew");
let folder: string;
let platform: StartedPlatform;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "soma-templates-"));
  platform = await startOver(join(folder, "state"));
});
afterAll(async () => {
  await end(platform.host, "SIGTERM");
  rmSync(folder, { recursive: true, force: true });
});

function soma(...args: string[]): Promise<Ended> {
  return run("clients/cli/main.ts", args, { SOMA_URL: platform.ready.url, SOMA_API_KEY: platform.ready.apiKey });
}

const importSchema = z.object({
  framework: z.string(),
  templates: z.array(z.object({ name: z.string(), version: z.number(), isNew: z.boolean() })),
  mapped: z.array(z.object({ what: z.string(), where: z.object({ file: z.string(), line: z.number(), column: z.number() }) })),
  unmapped: z.array(z.object({ what: z.string() })),
});

describe("soma templates import", () => {
  it("takes a folder, recognises whose it is, and prints what was mapped and what was not", async () => {
    const { code, stdout } = await soma("templates", "import", CREW);
    expect(stdout).toContain("garden-crew version 1 imported (crewai)");
    expect(stdout).toContain("garden-crew/tasks.yaml:2:3  survey_beds.description → ");
    expect(stdout).toContain("Not mapped: nothing");
    expect(code).toBe(0);
    const again = importSchema.parse(JSON.parse((await soma("templates", "import", CREW, "--json")).stdout));
    expect(again).toMatchObject({ framework: "crewai", templates: [{ name: "garden-crew", version: 1, isNew: false }], unmapped: [] });
    expect(again.mapped.map(({ where }) => where.file)).toContain("garden-crew/agents.yaml");
  });

  it("succeeds when some things cannot be carried over, and lists them; and fails when nothing can", async () => {
    const crew = join(folder, "odd");
    cpSync(CREW, crew, { recursive: true });
    writeFileSync(
      join(crew, "tasks.yaml"),
      "water:\n  description: Water it.\n  expected_output: Wet soil\n  callback: tell_me\n  agent: planner\n",
    );
    const { code, stdout } = await soma("templates", "import", crew);
    expect(stdout).toContain("! odd/tasks.yaml:4:3  water.callback — names code of your own");
    expect(code).toBe(0);
    writeFileSync(join(crew, "tasks.yaml"), "water:\n  description: [\n");
    rmSync(join(crew, "agents.yaml"));
    const refused = await soma("templates", "import", crew);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("odd/tasks.yaml:");
    expect((await soma("templates", "import", join(folder, "nowhere"))).code).toBe(2);
  });

  it("keeps versions, which are listed, shown, compared, written out and deleted", async () => {
    const graph = join(folder, "wait.yaml");
    writeFileSync(
      graph,
      'name: wait\nsteps:\n  a: { uses: "tool:value.set", with: { value: 1 } }\noutputs: { result: "${steps.a.output}" }\n',
    );
    await soma("templates", "import", graph);
    writeFileSync(
      graph,
      'name: wait\nsteps:\n  a: { uses: "tool:value.set", with: { value: 2 } }\noutputs: { result: "${steps.a.output}" }\n',
    );
    await soma("templates", "import", graph);
    expect((await soma("templates", "list")).stdout).toMatch(/wait +version 2 +soma/);
    expect((await soma("templates", "versions", "wait")).stdout).toMatch(/^2 .*\n1 /);
    expect((await soma("templates", "show", "wait@1")).stdout).toMatch(/a +tool:value\.set/);
    expect((await soma("templates", "diff", "wait")).stdout).toMatch(/Steps changed: a[\s\S]*-\s+value: 1\n\+\s+value: 2/);
    expect((await soma("templates", "export", "wait@1")).stdout).toContain("value: 1");
    expect((await soma("templates", "delete", "wait")).code).toBe(0);
    expect((await soma("templates", "show", "wait")).code).toBe(1);
  });
});

describe("soma runs", () => {
  it("start runs a crew to its end with the engine that is embedded", async () => {
    await soma("templates", "import", CREW);
    const inputs = ["garden=Kew", "season=spring", "notes=The north bed has roses with black spot. The pond bed has iris."];
    const { code, stdout } = await soma("runs", "start", "garden-crew", ...inputs.flatMap((input) => ["--input", input]), "--json");
    const ended = z.object({ id: z.string(), state: z.string(), output: z.object({ result: z.string() }) }).parse(JSON.parse(stdout));
    expect(ended).toMatchObject({ state: "completed" });
    expect(ended.output.result.length).toBeGreaterThan(0);
    expect(code).toBe(0);
    expect((await soma("runs", "show", ended.id)).stdout).toContain("✓ survey beds agent:surveyor");
    expect((await soma("artifacts", "list")).stdout).toContain("plan.md");
  });

  it("start follows to a question, answer answers it, and follow goes on to the end", async () => {
    const graph = join(folder, "ask.yaml");
    writeFileSync(
      graph,
      'steps:\n  ask: { uses: "human:input", with: { prompt: "Which bed?" } }\noutputs: { result: "${steps.ask.output.text}" }\n',
    );
    const started = await soma("runs", "start", graph);
    expect(started.code).toBe(3);
    const id = /run_[0-9A-Z]{26}/.exec(started.stdout)?.[0] ?? "";
    expect((await soma("runs", "show", id)).stdout).toContain("Which bed?");
    expect((await soma("runs", "answer", id, "ask", "The pond bed")).code).toBe(0);
    const followed = await soma("runs", "follow", id);
    expect(followed.stdout).toContain("The pond bed");
    expect(followed.code).toBe(0);
    expect((await soma("runs", "cancel", id)).code).toBe(1);
  });
});

describe("a folder of definitions", () => {
  it("gives its YAML and JSON with the folder's name before them, and nothing of programs", () => {
    const root = join(folder, "project");
    mkdirSync(join(root, "src/config"), { recursive: true });
    mkdirSync(join(root, "node_modules/x"), { recursive: true });
    for (const path of ["src/config/agents.yaml", "src/config/tasks.yml", "crew.jsonc", "package.json", "node_modules/x/a.yaml", "main.py"])
      writeFileSync(join(root, path), "{}");
    expect(definitionFiles(root).map(({ path }) => path)).toEqual([
      "project/crew.jsonc",
      "project/src/config/agents.yaml",
      "project/src/config/tasks.yml",
    ]);
  });

  it("that is empty, or too full, is refused", () => {
    const root = join(folder, "full");
    mkdirSync(root);
    expect(() => definitionFiles(root)).toThrow("There is no YAML or JSON file");
    for (let i = 0; i <= 64; i += 1) writeFileSync(join(root, `${i}.yaml`), "a: 1");
    expect(() => definitionFiles(root)).toThrow("one import takes 64");
  });
});
