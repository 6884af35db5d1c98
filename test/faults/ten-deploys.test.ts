import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { must, somaClient } from "../../clients/sdk/client.ts";
import { noCounts } from "./counts.ts";
import { createOnce } from "./create-once.ts";
import { holdTwice } from "./hold-twice.ts";
import { insist } from "./insist.ts";
import { MortalPlatform } from "./mortal-platform.ts";

const DEPLOYS = 10;
/** Rounds of a wait, a call and a computation: more than a second's worth for each deploy on a machine that is not slow. */
const ROUNDS = 20;
/** How long the server takes to answer: often long enough to be in the middle of a call when a deploy comes. */
const ANSWERS_AFTER_MS = 150;

const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? "");
  setTimeout(() => response.writeHead(200, { "Content-Type": "text/plain" }).end("noted"), ANSWERS_AFTER_MS);
});
let host = "";
let platform: MortalPlatform;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host = `127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;
  platform = await MortalPlatform.begin({ SOMA_OUTBOUND_ALLOW: host });
}, 120_000);

afterAll(async () => {
  await platform?.end();
  server.close();
}, 60_000);

/** Rounds one after another, and at the end a signal, so that the run is there until the last deploy. */
function graph() {
  const steps: Record<string, unknown> = {};
  for (let i = 0; i < ROUNDS; i += 1) {
    steps[`wait_${i}`] = { uses: "timer:wait", needs: i === 0 ? [] : [`count_${i - 1}`], with: { duration: "1s" } };
    steps[`call_${i}`] = { uses: "tool:http.fetch", needs: [`wait_${i}`], with: { url: `http://${host}/${i}` } };
    steps[`count_${i}`] = { uses: "tool:value.set", needs: [`call_${i}`], with: { value: i } };
  }
  steps.end = { uses: "signal:end", needs: [`count_${ROUNDS - 1}`] };
  return { signals: { end: {} }, steps, outputs: { last: `\${steps.count_${ROUNDS - 1}.output}` } };
}

it("ten deploys one right after the other neither end a run nor repeat a step of it", async () => {
  const counts = noCounts();
  const client = somaClient(platform);
  const id = await createOnce(platform, "/v1/mao/runs", { graph: graph(), title: "Through ten deploys" });
  const held = holdTwice(platform, client, id, ({ type }) => /^run\.(completed|failed|cancelled)$/.test(type), counts);
  const begun = Date.now();
  for (let deploy = 0; deploy < DEPLOYS; deploy += 1) {
    const before = counts.progress;
    while (counts.progress === before) await sleep(5);
    await platform.deploy();
  }
  const tookMs = Date.now() - begun;
  await insist(() =>
    must(client.api.POST("/v1/mao/runs/{id}/signals/{name}", { params: { path: { id, name: "end" } }, body: { payload: null } })),
  );
  const events = await held;

  const done = events.filter(({ type }) => type === "step.done").map(({ data }) => String(data.step));
  expect(done.toSorted()).toEqual(Object.keys(graph().steps).toSorted());
  expect(events.at(-1)?.type).toBe("run.completed");
  expect(counts).toMatchObject({ missingEvents: 0, disorderedEvents: 0, eventsOnlyAtOneClient: 0, repeatedEffects: 0 });
  expect(new Set(asked).size).toBe(ROUNDS);
  // A call that a deploy cut off between the server and the record is made again; nothing else is.
  const cutOff = events.filter(({ type }) => type === "work.resumed").reduce((sum, { data }) => sum + Number(data.openSteps), 0);
  expect(asked.length - ROUNDS).toBeLessThanOrEqual(cutOff);
  console.log(`${DEPLOYS} deploys in ${tookMs} ms; ${asked.length} calls for ${ROUNDS} steps, ${cutOff} of them cut off`);
}, 300_000);
