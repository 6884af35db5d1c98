import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { must, somaClient } from "../../clients/sdk/client.ts";
import { end, type StartedPlatform, startOver } from "../local/processes.ts";

/** How long the slowed disk takes; far more than anything else on the way to a client. */
const DISK_MS = 400;

const folder = mkdtempSync(join(tmpdir(), "soma-disk-"));
const slow = join(folder, "slow");
let platform: StartedPlatform;

beforeAll(async () => {
  const shim = join(folder, "slow-disk.so");
  execFileSync("cc", ["-shared", "-fPIC", "-O1", "-o", shim, join(import.meta.dirname, "slow-disk.c"), "-ldl"]);
  platform = await startOver(join(folder, "state"), { LD_PRELOAD: shim, SOMA_SLOW_DISK: slow, SOMA_SLOW_DISK_MS: String(DISK_MS) });
}, 120_000);

afterAll(async () => {
  if (platform !== undefined) await end(platform.host, "SIGTERM");
  rmSync(folder, { recursive: true, force: true });
});

/** How long each event of one turn in a new session was under way, from its record to this client. */
async function delaysOfOneTurn(): Promise<number[]> {
  const client = somaClient(platform.ready);
  const { id } = await must(client.api.POST("/v1/sessions", { body: {} }));
  const asked = must(client.api.POST("/v1/sessions/{id}/messages", { params: { path: { id } }, body: { text: "What is durable?" } }));
  const delays: number[] = [];
  for await (const event of client.events(id, { after: 0, isLast: (last) => last.type === "turn.completed" }))
    if (event.type !== "session.created") delays.push(Date.now() - event.at);
  await asked;
  return delays;
}

it("no event reaches a client before the disk has it", async () => {
  const quick = await delaysOfOneTurn();
  expect(Math.min(...quick)).toBeLessThan(DISK_MS / 2);
  writeFileSync(slow, "");
  const held = await delaysOfOneTurn().finally(() => rmSync(slow));
  expect(held).toHaveLength(quick.length);
  expect(held.length).toBeGreaterThan(2);
  expect(Math.min(...held)).toBeGreaterThanOrEqual(DISK_MS);
  console.log(`a disk of ${DISK_MS} ms: ${held.join(", ")} ms; without: ${quick.join(", ")} ms`);
}, 120_000);
