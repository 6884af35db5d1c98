import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import { end, startOver } from "../local/processes.ts";

/**
 * Takes a brief over one large file to its report on a platform of its own, and prints how long that took, how long another request had to
 * wait meanwhile at most, and how much memory the runtime held at most (Linux).
 *
 *   npm run large-file -- --megabytes 100
 */
const { values } = parseArgs({ options: { megabytes: { type: "string", default: "100" } } });
const BYTES = Number(values.megabytes) * 1_000_000;
const POLL_MS = 500;
const BRIEF = "# Orders\n- Compare units by region.\n- How did the price develop over the months?\n- Top 5 products by units.";
const OPEN_STATES = new Set(["planning", "running", "reviewing"]);

const artifactSchema = z.object({ id: z.string(), bytes: z.number() });
const projectSchema = z.object({ id: z.string(), state: z.string() });

const folder = await mkdtemp(join(tmpdir(), "soma-large-file-"));
const file = join(folder, "orders.csv");
const rows = await writeOrders(file);
const { host, ready } = await startOver(join(folder, "state"));
let peakKib = 0;
const watch = setInterval(async () => {
  peakKib = Math.max(peakKib, await runtimeMemoryKib());
}, POLL_MS);

try {
  const idleKib = await runtimeMemoryKib();
  const { uploadMs, artifact } = await upload();
  const { state, deliveredMs, slowestAnswerMs } = await deliver(artifact.id);
  console.log(JSON.stringify({ bytes: artifact.bytes, rows, state, uploadMs, deliveredMs, slowestAnswerMs, idleKib, peakKib }));
  process.exitCode = state === "delivered" ? 0 : 1;
} finally {
  clearInterval(watch);
  await end(host, "SIGINT");
  await rm(folder, { recursive: true, force: true });
}

async function writeOrders(path: string): Promise<number> {
  let written = 0;
  let count = 0;
  const lines = function* () {
    yield "order_id,order_date,region,product,units,price,customer,comment\n";
    while (written < BYTES) {
      const day = `${2015 + (count % 9)}-${String((count % 12) + 1).padStart(2, "0")}-${String((count % 28) + 1).padStart(2, "0")}`;
      const line = `${count},${day},region ${count % 11},product ${count % 97},${count % 50},${((count * 7919) % 100_000) / 100},customer ${count % 5000},"a comment, number ${count % 13}"\n`;
      written += line.length;
      count += 1;
      yield line;
    }
  };
  await pipeline(Readable.from(lines()), createWriteStream(path));
  return count;
}

function call(path: string, init: RequestInit & { duplex?: "half" } = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("Authorization", `Bearer ${ready.apiKey}`);
  return fetch(`${ready.url}${path}`, { ...init, headers });
}

async function upload() {
  const started = performance.now();
  const { size } = await stat(file);
  const response = await call("/v1/artifacts?name=orders.csv", {
    method: "POST",
    headers: { "Content-Type": "text/csv", "Content-Length": String(size) },
    body: Readable.toWeb(createReadStream(file)),
    duplex: "half",
  });
  return { artifact: artifactSchema.parse(await response.json()), uploadMs: Math.round(performance.now() - started) };
}

async function deliver(artifact: string) {
  const started = performance.now();
  const created = await call("/v1/kamachiq/projects", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ brief: BRIEF, attachments: [artifact] }),
  });
  const { id } = projectSchema.parse(await created.json());
  let slowest = 0;
  for (;;) {
    await sleep(POLL_MS);
    const asked = performance.now();
    const { state } = projectSchema.parse(await (await call(`/v1/kamachiq/projects/${id}`)).json());
    slowest = Math.max(slowest, performance.now() - asked);
    if (!OPEN_STATES.has(state))
      return { state, deliveredMs: Math.round(performance.now() - started), slowestAnswerMs: Math.round(slowest) };
  }
}

/** Resident memory of the runtime that the platform's process started. */
async function runtimeMemoryKib(): Promise<number> {
  const family = new Set([host.pid]);
  let kib = 0;
  for (const entry of (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(a) - Number(b))) {
    const status = await readFile(`/proc/${entry}/status`, "utf8").catch(() => "");
    if (!family.has(Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]))) continue;
    family.add(Number(entry));
    if (/^Name:\s+workerd/m.test(status)) kib += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return kib;
}
