import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Reply, says } from "../model-server/reply.ts";
import { type ModelServer, startModelServer } from "../model-server/server.ts";
import { Door } from "./conversation.ts";
import { end, run, type StartedPlatform, startOver } from "./processes.ts";

const KEY = "sk-test-0123456789abcdef";
const ROOT = join(import.meta.dirname, "../..");
const PENGUINS = join(ROOT, "examples/penguins/penguins.csv");

const folder = mkdtempSync(join(tmpdir(), "soma-model-projects-"));
const budgetSchema = z.object({ spent: z.number(), leased: z.number() });
const projectSchema = z.object({
  id: z.string(),
  state: z.string(),
  engine: z.string().optional(),
  goals: z.array(z.object({ text: z.string() })),
  tasks: z.array(z.object({ step: z.string(), state: z.string() })),
  questions: z.array(z.object({ question: z.string(), choices: z.array(z.string()) })),
  review: z.object({ score: z.number(), passed: z.boolean() }).optional(),
  usage: z.object({ inputTokens: z.number(), outputTokens: z.number(), costMicros: z.number() }),
  deliverables: z.array(z.object({ name: z.string() })),
  problem: z.object({ type: z.string(), detail: z.string() }).optional(),
});
let server: ModelServer;
let settings: Record<string, string>;
let platform: StartedPlatform;
let door: Door;

beforeAll(async () => {
  server = await startModelServer({ apiKey: KEY, model: "rule-based" });
  settings = {
    SOMA_MODEL_BASE_URL: server.url,
    SOMA_MODEL_API_KEY: KEY,
    SOMA_MODEL_NAME: "rule-based",
    SOMA_MODEL_INPUT_PRICE: "1000000",
    SOMA_MODEL_OUTPUT_PRICE: "2000000",
  };
  platform = await startOver(join(folder, "state"), settings);
  door = new Door(platform.ready);
});

afterAll(async () => {
  await end(platform.host, "SIGTERM");
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Takes a brief as far as it goes by itself. */
async function project(brief: string): Promise<z.infer<typeof projectSchema>> {
  const attachments = [await door.upload(PENGUINS)];
  const { id } = await door.send("POST", "/v1/kamachiq/projects", { brief, attachments }, z.object({ id: z.string() }));
  for (;;) {
    const read = await door.get(`/v1/kamachiq/projects/${id}`, projectSchema);
    if (!["planning", "running", "reviewing"].includes(read.state)) return read;
    await pause(100);
  }
}

const plan = (...goals: readonly unknown[]): Reply => says(JSON.stringify({ title: "Penguins", goals }));
const SPECIES = { text: "Compare body mass by species", capsule: "compare-groups@^1" };

describe("a brief, planned and worked on by a model", () => {
  it("becomes a reviewed and delivered report, whose cost is what the model reported", async () => {
    const before = await door.get("/v1/budgets/tenant", budgetSchema);
    const done = await project(readFileSync(join(ROOT, "examples/penguins/brief.md"), "utf8"));
    expect(done.problem).toBeUndefined();
    expect(done).toMatchObject({ state: "delivered", engine: "rule-based", review: { passed: true, score: 1 } });
    expect(done.goals).toHaveLength(7);
    expect(done.deliverables.map((file) => file.name)).toContain("report.html");
    const after = await door.get("/v1/budgets/tenant", budgetSchema);
    expect(after.leased).toBe(0);
    expect(after.spent - before.spent).toBe(done.usage.costMicros);
    expect(done.usage.costMicros).toBe(done.usage.inputTokens + 2 * done.usage.outputTokens);
  });

  it.each([
    ["no JSON", says("I would compare the species.")],
    ["another form", says('{"plan": ["compare"]}')],
    ["a capsule that is not there", plan({ ...SPECIES, capsule: "divine@^1", inputs: {} })],
    ["a column that is not there", plan({ ...SPECIES, inputs: { table: "penguins", measure: "shoe_size", groups: ["species"] } })],
    [
      "a filter on such a column",
      plan({ ...SPECIES, inputs: { table: "penguins", groups: ["species"], filters: [{ column: "x", op: "eq", value: 1 }] } }),
    ],
    ["a table that is not there", plan({ ...SPECIES, inputs: { table: "sqlite_master", measure: "body_mass_g", groups: ["species"] } })],
    [
      "an input that no tool takes",
      plan({ ...SPECIES, inputs: { table: "penguins", measure: "body_mass_g", statistic: "magic", groups: ["species"] } }),
    ],
    ["an input that nobody declared", plan({ ...SPECIES, inputs: { table: "penguins", workspace: "prj_another" } })],
  ])("is mended when the first plan has %s", async (what, wrong) => {
    const marker = `m-plan ${what}`;
    server.script(marker, wrong);
    const done = await project(`${marker}\n\n- Compare the body mass of the species.\n`);
    expect(done.problem).toBeUndefined();
    expect(done).toMatchObject({ state: "delivered", engine: "rule-based" });
    const planning = server
      .asked(marker)
      .filter((received) =>
        received.body.messages.some((message) => message.role === "system" && String(message.content).startsWith("You plan")),
      );
    expect(planning).toHaveLength(2);
    expect(JSON.stringify(planning[1]?.body.messages)).toContain("Your last plan was not valid");
  });

  it("asks the person when the plan cannot be mended, and plans anew with the answer", async () => {
    const wrong = plan({ ...SPECIES, inputs: { table: "penguins", measure: "shoe_size", groups: ["species"] } });
    server.script("m-unmended", wrong, wrong);
    const asked = await project("m-unmended\n\n- Compare the shoe size of the species.\n");
    expect(asked.state).toBe("questions");
    expect(asked.questions[0]?.question).toContain("shoe_size");
    expect(asked.questions[0]?.choices).toContain("body_mass_g");
    await door.send("POST", `/v1/kamachiq/projects/${asked.id}/answers`, { text: "I mean body_mass_g." }, z.unknown());
    await expect
      .poll(() => door.get(`/v1/kamachiq/projects/${asked.id}`, projectSchema), { timeout: 60_000 })
      .toMatchObject({ state: "delivered" });
  });

  it("has its analyses whatever the model is able to say about them", async () => {
    const inputs = { table: "penguins", measure: "body_mass_g", groups: ["species"] };
    server.script("m-mute", plan({ ...SPECIES, text: "Compare body mass (m-mute)", inputs }), says(""));
    const done = await project("m-mute\n\n- Compare body mass (m-mute)\n");
    expect(done).toMatchObject({ state: "delivered", review: { passed: true } });
    expect(server.asked("m-mute")).toHaveLength(2);
  });

  it("passes on the questions of a model that cannot know", async () => {
    server.script("m-asks", says('{"questions": [{"question": "Which year?"}]}'));
    const asked = await project("m-asks\n\n- Compare the body mass of the species.\n");
    expect(asked).toMatchObject({ state: "questions", questions: [{ question: "Which year?" }] });
  });
});

describe("the demo with a language model set", () => {
  it("takes both examples to delivered reports on it", async () => {
    const before = server.requests.length;
    const ended = await run(
      "bin/soma.js",
      ["demo", "--json", "--port", "0", "--state", join(folder, "demo"), "--out", join(folder, "out")],
      settings,
    );
    expect(ended.stderr).toBe("");
    expect(ended.code).toBe(0);
    for (const example of ["penguins", "handbook"])
      expect(readFileSync(join(folder, "out", example, "report.md"), "utf8")).toContain("rule-based");
    // A plan for each of the two, and one answer for each of their tasks.
    expect(server.requests.length - before).toBe(2 + 7 + 4);
  });
});

describe("all that went over the socket", () => {
  it("was as OpenAI's description says", () => {
    expect(server.faults).toEqual([]);
  });
});
