import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { end, type StartedPlatform, startOver } from "./processes.ts";

/** Two platforms, each in its own process: one works for the other by the Agent2Agent protocol. */

const INTERVIEW = `name: Interview
inputs:
  subject: { type: string }
steps:
  ask:
    uses: human:input
    with: { prompt: "Which colour for \${inputs.subject}?" }
  paint:
    uses: timer:wait
    needs: [ask]
    with: { duration: 1s }
outputs:
  answer: "\${steps.ask.output.text}"
`;

const states = ["asking", "working"].map((name) => mkdtempSync(join(tmpdir(), `soma-a2a-${name}-`)));
let asking: StartedPlatform;
let working: StartedPlatform;

const runSchema = z.object({
  id: z.string(),
  state: z.string(),
  output: z.unknown().optional(),
  waits: z.array(z.object({ step: z.string(), on: z.string(), prompt: z.string().optional() })),
  problem: z.object({ type: z.string(), detail: z.string() }).optional(),
});
const taskListSchema = z.object({ tasks: z.array(z.object({ id: z.string(), status: z.object({ state: z.string() }) })) });

beforeAll(async () => {
  working = await startOver(states[1] ?? "");
  asking = await startAsking();
  await call(working, "POST", "/v1/templates/import", { files: [{ path: "interview.yaml", text: INTERVIEW }], name: "interview" });
});

/** The platform that asks, with the credential that the other one takes. */
function startAsking(): Promise<StartedPlatform> {
  const { url, apiKey } = working.ready;
  const other = { origin: new URL(url).origin, authorization: `Bearer ${apiKey}`, tenants: ["*"] };
  return startOver(states[0] ?? "", { SOMA_OUTBOUND_ALLOW: "127.0.0.1:*", SOMA_A2A_CREDENTIALS: JSON.stringify({ other }) });
}

afterAll(async () => {
  await Promise.all([end(asking.host, "SIGTERM"), end(working.host, "SIGTERM")]);
  for (const state of states) rmSync(state, { recursive: true, force: true });
});

async function call(platform: StartedPlatform, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${platform.ready.url}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${platform.ready.apiKey}`,
      "Content-Type": "application/json",
      Accept: "application/json",
      "A2A-Version": "1.0",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** A run whose only step is one of the other platform's agents. */
async function askOther(agent: string, goal: string, more: Record<string, unknown> = {}): Promise<string> {
  const card = `${working.ready.url}/a2a/${agent}/.well-known/agent-card.json`;
  const graph = {
    agents: { other: { as: "a2a", card, credential: "other", ...more } },
    steps: { work: { uses: "a2a:other", with: { goal } } },
    outputs: { text: "${steps.work.output.text}", task: "${steps.work.output.task.id}" },
  };
  return runSchema.parse(await call(asking, "POST", "/v1/mao/runs", { graph })).id;
}

/** The run once it is as it should be: its events say when it changes. */
async function until(id: string, isReached: (run: z.infer<typeof runSchema>) => boolean): Promise<z.infer<typeof runSchema>> {
  const abort = new AbortController();
  const headers = { Authorization: `Bearer ${asking.ready.apiKey}`, Accept: "text/event-stream" };
  const stream = await fetch(`${asking.ready.url}/v1/mao/runs/${id}/events`, { headers, signal: abort.signal });
  try {
    for await (const _ of stream.body ?? []) {
      const run = runSchema.parse(await call(asking, "GET", `/v1/mao/runs/${id}`));
      if (isReached(run)) return run;
    }
  } finally {
    abort.abort();
  }
  return runSchema.parse(await call(asking, "GET", `/v1/mao/runs/${id}`));
}

const isOver = ({ state }: { state: string }) => ["completed", "failed", "cancelled"].includes(state);
const question = (run: z.infer<typeof runSchema>) => run.waits.find(({ on }) => on === "human");

describe("a run that has another platform's agent work for it", () => {
  it("passes its question on to a person, gives the answer back and takes the artifact as its output", async () => {
    const id = await askOther("interview", "the door");
    const asked = question(await until(id, (run) => question(run) !== undefined));
    expect(asked).toMatchObject({ step: "work/ask1", prompt: "Which colour for the door?" });
    await call(asking, "POST", `/v1/mao/runs/${id}/steps/${encodeURIComponent("work/ask1")}/answer`, { text: "green" });
    const done = await until(id, isOver);
    expect(done).toMatchObject({ state: "completed", output: { text: "green" } });
    const { task } = z.object({ task: z.string() }).parse(done.output);
    expect(await call(working, "GET", `/a2a/interview/tasks/${task}`)).toMatchObject({ status: { state: "TASK_STATE_COMPLETED" } });
  });

  it("goes on where it stood after its own process was killed", async () => {
    const id = await askOther("interview", "the wall");
    await until(id, (run) => question(run) !== undefined);
    await end(asking.host, "SIGKILL");
    asking = await startAsking();
    await call(asking, "POST", `/v1/mao/runs/${id}/steps/${encodeURIComponent("work/ask1")}/answer`, { text: "blue" });
    expect(await until(id, isOver)).toMatchObject({ state: "completed", output: { text: "blue" } });
    const { tasks } = taskListSchema.parse(await call(working, "GET", "/a2a/interview/tasks?pageSize=100"));
    expect(tasks).toHaveLength(2);
  });

  it("cancels the other's task when it is cancelled itself", async () => {
    const id = await askOther("interview", "the roof");
    await until(id, (run) => question(run) !== undefined);
    await call(asking, "POST", `/v1/mao/runs/${id}/cancel`, { mode: "graceful" });
    expect((await until(id, isOver)).state).toBe("cancelled");
    const { tasks } = taskListSchema.parse(await call(working, "GET", "/a2a/interview/tasks?pageSize=1"));
    expect(tasks.map(({ status }) => status.state)).toEqual(["TASK_STATE_CANCELED"]);
  });

  it("fails with the reason when the agent is not there, and when its credential is not meant for that place", async () => {
    const gone = await until(await askOther("nobody", "anything"), isOver);
    expect(gone).toMatchObject({ state: "failed", problem: { type: "not-found" } });
    const card = `${asking.ready.url}/.well-known/agent-card.json`;
    const elsewhere = await until(await askOther("interview", "anything", { card }), isOver);
    expect(elsewhere).toMatchObject({
      state: "failed",
      problem: { type: "forbidden", detail: expect.stringContaining("no credential other") },
    });
  });
});
