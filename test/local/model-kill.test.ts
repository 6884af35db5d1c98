import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { says } from "../model-server/reply.ts";
import { type ModelServer, startModelServer } from "../model-server/server.ts";
import { Door } from "./conversation.ts";
import { end, type StartedPlatform, startOver } from "./processes.ts";

const KEY = "sk-test-0123456789abcdef";
const folder = mkdtempSync(join(tmpdir(), "soma-model-kill-"));
const pageSchema = z.object({ items: z.array(z.object({ seq: z.number(), type: z.string(), data: z.record(z.string(), z.unknown()) })) });
let server: ModelServer;
let platform: StartedPlatform;

beforeAll(async () => {
  server = await startModelServer({ apiKey: KEY, model: "rule-based" });
});

afterAll(async () => {
  await end(platform.host, "SIGTERM");
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = () =>
  startOver(join(folder, "state"), { SOMA_MODEL_BASE_URL: server.url, SOMA_MODEL_API_KEY: KEY, SOMA_MODEL_NAME: "rule-based" });

it("a turn whose platform is killed while the model speaks goes on when the platform is back: each event once, no attempt counted", async () => {
  platform = await start();
  const door = new Door(platform.ready);
  server.script("m-kill", { kind: "endless", word: "and ", everyMs: 50 }, says("It goes on."));
  const session = await door.newSession();
  const events = async () => {
    const headers = { Authorization: `Bearer ${platform.ready.apiKey}`, Accept: "application/json" };
    return pageSchema.parse(await (await fetch(`${platform.ready.url}/v1/sessions/${session}/events`, { headers })).json()).items;
  };
  await door.send("POST", `/v1/sessions/${session}/messages`, { text: "Hello (m-kill)" }, z.object({ turn: z.string() }));
  await expect
    .poll(async () => (await events()).filter((event) => event.type === "turn.delta").length, { timeout: 20_000 })
    .toBeGreaterThan(1);
  const before = await events();
  await end(platform.host, "SIGKILL");
  platform = await start();
  await expect
    .poll(async () => (await events()).at(-1), { timeout: 60_000 })
    .toMatchObject({ type: "turn.completed", data: { text: "It goes on." } });
  const after = await events();
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after.map((event) => event.seq)).toEqual(after.map((_, i) => i + 1));
  expect(after.filter((event) => event.type === "step.failed")).toEqual([]);
  expect(after.filter((event) => event.type === "step.done")).toMatchObject([{ data: { attempt: 1 } }]);
  expect(after.filter((event) => event.type === "turn.restarted")).toHaveLength(1);
  expect(server.asked("m-kill")).toHaveLength(2);
  expect(server.faults).toEqual([]);
});
