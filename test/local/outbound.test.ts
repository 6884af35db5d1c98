import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { PUBLIC_NETWORK } from "../../clients/cli/platform/runtime.ts";
import { Door } from "./conversation.ts";
import { end, type StartedPlatform, startOver } from "./processes.ts";

const LARGE = `name,value\n${"row,1\n".repeat(5_000)}`;
let asked = 0;
const server = createServer((request, response) => {
  asked += 1;
  const send = (type: string, body: string) => response.writeHead(200, { "Content-Type": type }).end(body);
  if (request.url === "/page")
    send("text/html", "<html><head><title>x</title></head><body><h1>Opening hours</h1><script>steal()</script><p>Nine to five.</p>");
  else if (request.url === "/large.csv") send("text/csv", LARGE);
  else if (request.url === "/away") response.writeHead(302, { Location: "http://169.254.169.254/latest/meta-data/" }).end();
  else response.writeHead(404, { "Content-Type": "text/plain" }).end("nothing here");
});
let host = "";
let port = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = z.object({ port: z.number() }).parse(server.address()).port;
  host = `127.0.0.1:${port}`;
});

afterAll(() => server.close());

describe("the network of guarded fetches", () => {
  it("connects to no private address, also under a name that means one", async () => {
    const script = `export default { fetch: (request, env) => env.OUTBOUND.fetch(new URL(request.url).searchParams.get("to")).then(
      () => new Response("connected"), () => new Response("refused")) }`;
    const miniflare = new Miniflare({
      ...convertV4MiniflareOptions({
        cf: false,
        log: new Log(LogLevel.NONE),
        workers: [
          {
            name: "asking",
            modules: [{ type: "ESModule", path: "index.js", contents: script }],
            compatibilityDate: "2026-10-01",
            serviceBindings: { OUTBOUND: PUBLIC_NETWORK },
          },
        ],
      }),
      enableDevRegistry: false,
      // What workerd tells of each refusal is not for the test's reader.
      handleStructuredLogs: () => undefined,
    });
    const before = asked;
    for (const to of [`http://${host}/`, `http://localhost:${port}/`, `http://[::1]:${port}/`])
      expect(await (await miniflare.dispatchFetch(`http://asking/?to=${encodeURIComponent(to)}`)).text(), to).toBe("refused");
    expect(asked).toBe(before);
    await miniflare.dispose();
  });
});

describe("an agent that fetches", () => {
  const state = mkdtempSync(join(tmpdir(), "soma-outbound-"));
  let platform: StartedPlatform;
  let door: Door;

  beforeAll(async () => {
    platform = await startOver(state, { SOMA_OUTBOUND_ALLOW: host });
    door = new Door(platform.ready);
  });

  afterAll(async () => {
    await end(platform.host, "SIGTERM");
    rmSync(state, { recursive: true, force: true });
  });

  const answerTo = async (text: string) => String((await door.say(await door.newSession(), text)).at(-1)?.data.text);

  it("reads a page without its markup and its scripts", async () => {
    const answer = await answerTo(`Fetch http://${host}/page`);
    expect(answer).toContain("Opening hours");
    expect(answer).toContain("Nine to five.");
    expect(answer).not.toContain("steal");
  });

  it("keeps what is long as a file, whole", async () => {
    const answer = await answerTo(`Fetch http://${host}/large.csv`);
    const id = /art_\w+/.exec(answer)?.[0] ?? "";
    const kept = await door.get(`/v1/artifacts/${id}`, z.object({ name: z.string(), bytes: z.number(), mediaType: z.string() }));
    expect(kept).toEqual({ name: "large.csv", bytes: LARGE.length, mediaType: "text/csv" });
  });

  it("is not led away, and says why", async () => {
    expect(await answerTo(`Fetch http://${host}/away`)).toContain("This address may not be fetched");
    expect(await answerTo(`Fetch http://127.0.0.1:${port + 1}/`)).toContain("This address may not be fetched");
  });
});
