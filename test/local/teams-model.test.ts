import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { says } from "../model-server/reply.ts";
import { type ModelServer, startModelServer } from "../model-server/server.ts";
import { assistant, condition, model, team } from "../unit/teams/autogen-components.ts";
import { end, type StartedPlatform, startOver } from "./processes.ts";

const KEY = "sk-test-0123456789abcdef";
const folder = mkdtempSync(join(tmpdir(), "soma-teams-"));
const importSchema = z.object({ framework: z.string(), templates: z.array(z.object({ name: z.string() })).min(1) });
const runSchema = z.object({ id: z.string(), state: z.string(), output: z.json().optional() });
const pageSchema = z.object({ items: z.array(z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) })) });
let server: ModelServer;
let platform: StartedPlatform;

const start = () =>
  startOver(join(folder, "state"), { SOMA_MODEL_BASE_URL: server.url, SOMA_MODEL_API_KEY: KEY, SOMA_MODEL_NAME: "rule-based" });

beforeAll(async () => {
  server = await startModelServer({ apiKey: KEY, model: "rule-based" });
  platform = await start();
});

afterAll(async () => {
  await end(platform.host, "SIGTERM");
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function call(method: "GET" | "POST", path: string, body?: unknown, wait = 0): Promise<unknown> {
  const headers = { Authorization: `Bearer ${platform.ready.apiKey}`, Accept: "application/json", "Content-Type": "application/json" };
  const response = await fetch(`${platform.ready.url}${path}`, {
    method,
    headers: wait === 0 ? headers : { ...headers, Prefer: `wait=${wait}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.json();
}

async function imported(path: string, text: string, ...others: { path: string; text: string }[]): Promise<string> {
  const { templates } = importSchema.parse(await call("POST", "/v1/templates/import", { files: [{ path, text }, ...others] }));
  return templates[0]?.name ?? "";
}

const messages = async (run: string) =>
  pageSchema.parse(await call("GET", `/v1/mao/runs/${run}/events?limit=1000`)).items.filter((event) => event.type === "team.message");

it("a team of AutoGen, as it was published, is chosen through by a language model until it says that it is done", async () => {
  const value = team("SelectorGroupChat", [assistant("finder"), assistant("judge")], {
    model_client: model(),
    selector_prompt: "Of {roles} select from {participants}. Only the name.\n\n{history}",
    termination_condition: condition("TextMentionTermination", { text: "TERMINATE" }),
  });
  const name = await imported("team.json", JSON.stringify({ ...value, label: "Chosen" }));
  const run = runSchema.parse(await call("POST", "/v1/mao/runs", { template: { name }, inputs: { task: "Tell of owls." } }, 60));
  expect(run).toMatchObject({ state: "completed", output: { stop_reason: expect.stringContaining("said TERMINATE") } });
  expect(new Set((await messages(run.id)).map((event) => event.data.speaker))).toEqual(new Set(["finder", "judge"]));
});

it("a crew of CrewAI, as it was published, hands each task's answer to the next", async () => {
  const agents =
    "finder:\n  role: Finder of {topic}\n  goal: Find\n  backstory: Old\nteller:\n  role: Teller\n  goal: Tell\n  backstory: Older\n";
  const tasks =
    "find:\n  description: Find what is known of {topic}.\n  expected_output: A list\n  agent: finder\ntell:\n  description: Tell it.\n  expected_output: A story\n  agent: teller\n  context: [find]\n";
  const name = await imported("agents.yaml", agents, { path: "tasks.yaml", text: tasks });
  const run = runSchema.parse(await call("POST", "/v1/mao/runs", { template: { name }, inputs: { topic: "tawny owls" } }, 60));
  expect(run.state).toBe("completed");
  expect(JSON.stringify(run.output)).toContain("Find what is known of tawny owls.");
});

it("a team goes on after its platform was killed in the middle, and takes no turn twice", async () => {
  const agents = { a: { instructions: "(m-team-kill)", tools: [] }, b: { instructions: "(m-team-kill)", tools: [] } };
  const input = { agents: ["a", "b"], task: "Talk.", until: { max_messages: 7 } };
  const graph = {
    agents,
    steps: { talk: { uses: "team:round-robin", with: input } },
    outputs: { said: "$" + "{steps.talk.output.messages}" },
  };
  const slow = { kind: "endless", word: "and ", everyMs: 50 } as const;
  server.script("m-team-kill", says("one"), says("two"), slow, says("three"), says("four"), says("five"), says("six"));
  const run = runSchema.parse(await call("POST", "/v1/mao/runs", { graph }));
  await expect.poll(async () => (await messages(run.id)).length, { timeout: 60_000 }).toBe(2);
  await end(platform.host, "SIGKILL");
  platform = await start();
  await expect.poll(async () => runSchema.parse(await call("GET", `/v1/mao/runs/${run.id}`)).state, { timeout: 60_000 }).toBe("completed");
  const said = await messages(run.id);
  expect(said.map((event) => event.data.turn)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(said.map((event) => event.data.text)).toEqual(["one", "two", "three", "four", "five", "six"]);
  expect(server.faults).toEqual([]);
});
