import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { end, type StartedPlatform, startOver } from "../../local/processes.ts";
import { OfficialAgent } from "./official-agent.ts";

/** Our steps against an agent made with the protocol's official server, each case named by the clause of A2A 1.0 that it holds us to. */

const state = mkdtempSync(join(tmpdir(), "soma-a2a-step-"));
let platform: StartedPlatform;
let agent: OfficialAgent;

beforeAll(async () => {
  agent = await OfficialAgent.listen();
  platform = await startOver(state, { SOMA_OUTBOUND_ALLOW: "127.0.0.1:*" });
});

afterAll(async () => {
  agent.close();
  await end(platform.host, "SIGTERM");
  rmSync(state, { recursive: true, force: true });
});

const runSchema = z.object({
  id: z.string(),
  state: z.string(),
  output: z.unknown().optional(),
  waits: z.array(z.object({ step: z.string(), on: z.string(), prompt: z.string().optional() })),
  problem: z.object({ type: z.string(), detail: z.string() }).optional(),
});
type Run = z.infer<typeof runSchema>;

async function call(path: string, body?: unknown): Promise<Run> {
  const response = await fetch(`${platform.ready.url}/v1/mao/runs${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { Authorization: `Bearer ${platform.ready.apiKey}`, "Content-Type": "application/json", Prefer: "wait=20" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return runSchema.parse(await response.json());
}

const graphFor = (goal: string, card = agent.card) => ({
  graph: {
    agents: { carpenter: { as: "a2a", card } },
    steps: { work: { uses: "a2a:carpenter", with: { goal } } },
    outputs: { all: "${steps.work.output}" },
  },
});

/** The run once it asks a person: found in its events, which say when it does. */
async function asked(id: string): Promise<Run> {
  const headers = { Authorization: `Bearer ${platform.ready.apiKey}`, Accept: "text/event-stream" };
  const stream = await fetch(`${platform.ready.url}/v1/mao/runs/${id}/events`, { headers });
  for await (const _ of stream.body ?? []) {
    const run = await call(`/${id}`);
    if (run.waits.some(({ on }) => on === "human") || run.state === "failed") return run;
  }
  throw new Error("the run ended without a question");
}

async function begun(goal: string): Promise<string> {
  const response = await fetch(`${platform.ready.url}/v1/mao/runs`, {
    method: "POST",
    headers: { Authorization: `Bearer ${platform.ready.apiKey}`, "Content-Type": "application/json" },
    body: JSON.stringify(graphFor(goal)),
  });
  return runSchema.parse(await response.json()).id;
}

describe("a step on an agent of the official server", () => {
  it("§3.1.1 takes a message for an answer", async () => {
    const run = await call("", graphFor("reply, please"));
    expect(run).toMatchObject({ state: "completed", output: { all: { text: "At once.", agent: "Official", task: null } } });
  });

  it("§3.4.3 INPUT_REQUIRED becomes a question, its answer a message of the same task, the artifact the step's output", async () => {
    const id = await begun("A chair");
    expect((await asked(id)).waits).toMatchObject([{ step: "work/ask1", prompt: "Which size?" }]);
    const before = agent.messages.length;
    await call(`/${id}/steps/${encodeURIComponent("work/ask1")}/answer`, { text: "90 cm" });
    let run = await call(`/${id}`);
    while (run.state !== "completed" && run.state !== "failed") run = await call(`/${id}`);
    expect(run).toMatchObject({
      state: "completed",
      output: { all: { text: "A chair of 90 cm", data: { legs: 4 }, artifacts: [{ id: "chair", name: "chair" }] } },
    });
    expect(agent.messages.slice(before)).toHaveLength(1);
  });

  it("§4.1.3 a failed task fails the step with what the agent says of it", async () => {
    const run = await call("", graphFor("fail, please"));
    expect(run).toMatchObject({ state: "failed", problem: { type: "tool-failed", detail: expect.stringContaining("No wood.") } });
  });

  it("§3.1.5 cancelling the run cancels the task", async () => {
    const id = await begun("A table");
    await asked(id);
    await call(`/${id}/cancel`, { mode: "graceful" });
    let run = await call(`/${id}`);
    while (run.state !== "cancelled") run = await call(`/${id}`);
    expect(agent.cancelled).toHaveLength(1);
  });

  it("§8.3.2 a card without an interface that is spoken here is refused", async () => {
    const run = await call("", graphFor("anything", `${agent.origin}/rpc`));
    expect(run.state).toBe("failed");
  });
});
