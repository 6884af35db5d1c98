import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { must, somaClient } from "../../clients/sdk/client.ts";

/**
 * Kills the runtime and its host with SIGKILL at random moments of a project, starts them again over the same state, and counts
 * what came of it. Prints the counts; fails when a project does not finish, an effect was recorded twice, or an event is missing,
 * doubled or out of order at a client that comes back with the last event it has.
 *
 *   npm run faults -- --kills 50 --tasks 60 --seed 1
 */
const { values } = parseArgs({
  options: { kills: { type: "string", default: "50" }, tasks: { type: "string", default: "60" }, seed: { type: "string", default: "1" } },
});
const KILLS = Number(values.kills);
const TASKS = Number(values.tasks);
/** A platform that lives too short to do anything proves nothing, and one that lives long is finished before it is killed. */
const LIFE_MS = { shortest: 100, longest: 1_500 };
const MAX_PROJECTS = 200;
const ROOT = join(import.meta.dirname, "../..");
const readySchema = z.object({ url: z.url(), tenant: z.string(), apiKey: z.string() });

const folder = mkdtempSync(join(tmpdir(), "soma-faults-"));
let random = Number(values.seed) >>> 0;

/** Numbers that the seed determines (mulberry32), so that a run can be repeated. */
function nextRandom(): number {
  random = (random + 0x6d2b79f5) >>> 0;
  let value = Math.imul(random ^ (random >>> 15), random | 1);
  value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
  return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
}

interface Running {
  readonly host: ChildProcess;
  readonly ready: z.infer<typeof readySchema>;
}

async function start(): Promise<Running> {
  const host = spawn(process.execPath, [join(ROOT, "clients/cli/start.ts"), "--port", "0", "--state", join(folder, "state"), "--json"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const line = await new Promise<string>((resolve, reject) => {
    let errors = "";
    host.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString()));
    host.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    host.once("exit", (code) => reject(new Error(`the platform ended with ${code}: ${errors}`)));
  });
  return { host, ready: readySchema.parse(JSON.parse(line)) };
}

/** Kills the runtime first, then the process that hosts it: neither gets to say anything. */
async function kill({ host }: Running): Promise<void> {
  if (host.exitCode !== null || host.signalCode !== null) return;
  const gone = new Promise((resolve) => host.once("exit", resolve));
  for (const child of execFileSync("ps", ["-o", "pid=", "--ppid", String(host.pid)])
    .toString()
    .split("\n")) {
    if (child.trim() !== "") process.kill(Number(child), "SIGKILL");
  }
  host.kill("SIGKILL");
  await gone;
}

function brief(): string {
  return Array.from({ length: TASKS }, (_, i) => `- Compare the mean of measure ${i + 1} by team`).join("\n");
}

function table(): string {
  const header = ["team", ...Array.from({ length: TASKS }, (_, i) => `measure_${i + 1}`)].join(",");
  const rows = Array.from({ length: 40 }, (_, row) =>
    [`team ${row % 4}`, ...Array.from({ length: TASKS }, (_, i) => (row * 7 + i * 3) % 101)].join(","),
  );
  return [header, ...rows].join("\n");
}

const counts = { kills: 0, projects: 0, delivered: 0, events: 0, repeatedEffects: 0, missingEvents: 0, failedTasks: 0 };
const hashes = new Set<string>();
const data = join(folder, "data.csv");
writeFileSync(data, table());

/** Reads what is new of a project's events, from the last one that is known. */
async function readOn(
  client: ReturnType<typeof somaClient>,
  id: string,
  known: { seq: number; type: string; step: string }[],
): Promise<boolean> {
  const rest = new AbortController();
  const timer = setTimeout(() => rest.abort(), 20_000);
  try {
    for await (const event of client.events(id, {
      after: known.at(-1)?.seq ?? 0,
      signal: rest.signal,
      isLast: (last) => /^project\.(delivered|failed)$/.test(last.type),
    })) {
      if (event.seq !== known.length + 1) counts.missingEvents += 1;
      known.push({ seq: event.seq, type: event.type, step: String(event.data.step ?? "") });
      if (/^project\.(delivered|failed)$/.test(event.type)) return true;
    }
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function account(known: readonly { type: string; step: string }[]): void {
  const done = new Map<string, number>();
  for (const event of known) if (event.type === "step.done") done.set(event.step, (done.get(event.step) ?? 0) + 1);
  counts.repeatedEffects += [...done.values()].filter((times) => times > 1).length;
  counts.failedTasks += known.filter((event) => event.type === "step.failed").length;
  counts.events += known.length;
  if ([...done.keys()].filter((step) => /^r1\/analyze_\d+$/.test(step)).length !== TASKS) counts.failedTasks += 1;
}

/** Kills the platform, starts it again over the same state, and counts. */
async function killAndRestart(where: string): Promise<void> {
  await kill(platform);
  counts.kills += 1;
  console.error(`kill ${counts.kills} of ${KILLS}: project ${counts.projects} ${where}`);
  platform = await start();
}

/** A random while that the platform may live. */
function lifetime(): Promise<"kill"> {
  const life = LIFE_MS.shortest + nextRandom() * (LIFE_MS.longest - LIFE_MS.shortest);
  return new Promise((resolve) => setTimeout(() => resolve("kill"), life));
}

/** Creates a project with one Idempotency-Key, again and again when the platform is killed under it: one project comes of it. */
async function createUnderFire(artifact: string): Promise<string> {
  const key = `project-${counts.projects}`;
  for (;;) {
    const { api } = somaClient(platform.ready);
    const request = api.POST("/v1/kamachiq/projects", {
      body: { brief: brief(), attachments: [artifact] },
      headers: { "Idempotency-Key": key },
    });
    const created = must(request).then(
      (project) => project.id,
      () => undefined,
    );
    const ended = counts.kills < KILLS ? await Promise.race([created, lifetime()]) : await created;
    if (ended === "kill") {
      await killAndRestart("while it was created");
      const { items } = await must(somaClient(platform.ready).api.GET("/v1/kamachiq/projects", { params: { query: {} } }));
      const known = items.length >= counts.projects ? items[0]?.id : undefined;
      if (known !== undefined) return known;
    } else if (ended !== undefined) return ended;
    else throw new Error("the project could not be created");
  }
}

let platform = await start();
try {
  while (counts.kills < KILLS && counts.projects < MAX_PROJECTS) {
    counts.projects += 1;
    let client = somaClient(platform.ready);
    const artifact = await client.upload("data.csv", table());
    const id = await createUnderFire(artifact.id);
    client = somaClient(platform.ready);
    const known: { seq: number; type: string; step: string }[] = [];
    for (let isOver = false; !isOver; ) {
      const following = readOn(client, id, known).catch(() => false);
      const ended = counts.kills < KILLS ? await Promise.race([following, lifetime()]) : await following;
      if (ended === "kill") {
        await killAndRestart(`at event ${known.length}`);
        client = somaClient(platform.ready);
      }
      isOver = ended === true;
      if (!isOver && ended !== "kill")
        console.error(`project ${counts.projects} rests at event ${known.length} (${known.at(-1)?.type ?? "nothing"})`);
    }
    account(known);
    const project = await must(client.api.GET("/v1/kamachiq/projects/{id}", { params: { path: { id } } }));
    if (project.state === "delivered") counts.delivered += 1;
    hashes.add(
      project.deliverables
        .filter((deliverable) => deliverable.name === "report.html")
        .map((deliverable) => deliverable.sha256)
        .join(),
    );
  }
} finally {
  await kill(platform);
  rmSync(folder, { recursive: true, force: true });
}

console.log(JSON.stringify({ seed: Number(values.seed), tasks: TASKS, ...counts, differentReports: hashes.size }));
const isSound =
  counts.delivered === counts.projects &&
  counts.repeatedEffects === 0 &&
  counts.missingEvents === 0 &&
  counts.failedTasks === 0 &&
  hashes.size === 1;
process.exitCode = isSound ? 0 : 1;
