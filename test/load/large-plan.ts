import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import { end, startOver } from "../local/processes.ts";

/**
 * Takes a plan of many tasks in waves to its report on a platform of its own, and prints how long that took, how large the project's document and its
 * deliverables are, and how much memory the runtime held at most (Linux). When all tasks are done the platform is started anew, so that the memory of
 * reading, reviewing and delivering the project is told apart from that of the thousand sessions which worked on it: all objects of a platform on
 * one machine live in one process.
 *
 *   npm run large-plan -- --tasks 999
 */
const { values } = parseArgs({ options: { tasks: { type: "string", default: "999" }, parallel: { type: "string", default: "16" } } });
const TASKS = Number(values.tasks);
const POLL_MS = 500;
const A_WAVE = 100;
const OPEN_STATES = new Set(["planning", "running", "reviewing"]);

const projectSchema = z.object({
  id: z.string(),
  state: z.string(),
  progress: z.object({ total: z.number(), done: z.number(), failed: z.number(), wave: z.number() }),
  milestones: z.array(z.object({ reachedAt: z.string().optional() })),
  problem: z.object({ detail: z.string() }).optional(),
});
const pageSchema = z.object({
  items: z.array(z.object({ name: z.string().optional(), bytes: z.number().optional() })),
  nextCursor: z.string().optional(),
});

const folder = await mkdtemp(join(tmpdir(), "soma-large-plan-"));
let { host, ready } = await startOver(join(folder, "state"));
let peakKib = 0;
const watch = setInterval(async () => {
  peakKib = Math.max(peakKib, await runtimeMemoryKib());
}, POLL_MS);

try {
  const artifact = await upload();
  const began = Date.now();
  const created = await request("/v1/kamachiq/projects", { title: "Many tasks", attachments: [artifact], plan: plan() });
  const { id } = projectSchema.parse(await created.json());
  await rested(id, ({ progress }) => progress.done >= TASKS || progress.failed > 0);
  const workedMs = Date.now() - began;
  const workPeakKib = peakKib;
  await end(host, "SIGINT");
  ({ host, ready } = await startOver(join(folder, "state")));
  const idleKib = await runtimeMemoryKib();
  const documentBytes = (await (await request(`/v1/kamachiq/projects/${id}`)).text()).length;
  const readKib = await runtimeMemoryKib();
  peakKib = 0;
  const finishing = Date.now();
  await request(`/v1/kamachiq/projects/${id}/tasks/last/answer`, { decision: "approve" });
  const { state, progress, milestones, problem } = await rested(id, () => false);
  const finishedMs = Date.now() - finishing;
  const tasks = await items(`/v1/kamachiq/projects/${id}/tasks`);
  const files = await items(`/v1/kamachiq/projects/${id}/deliverables`);
  console.log(
    JSON.stringify({
      state,
      ...(problem === undefined ? {} : { problem: problem.detail }),
      ...progress,
      listed: tasks.length,
      milestones: milestones.filter(({ reachedAt }) => reachedAt !== undefined).length,
      deliverables: files.length,
      reportBytes: files.find(({ name }) => name === "report.html")?.bytes ?? 0,
      documentBytes,
      workedMs,
      finishedMs,
      workPeakKib,
      idleKib,
      readKib,
      finishPeakKib: peakKib,
    }),
  );
  process.exitCode = state === "delivered" && tasks.length === TASKS + 1 ? 0 : 1;
} finally {
  clearInterval(watch);
  await end(host, "SIGINT");
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Tasks that all differ, and a person's word after the last: in waves of a hundred of which each needs one of the wave before, and a milestone for each wave. */
function plan(): unknown {
  const names = Array.from({ length: TASKS }, (_, i) => `task_${i + 1}`);
  const steps = names.map((name, i) => [
    name,
    {
      uses: "agent:analyst",
      needs: i < A_WAVE ? [] : [names[i - A_WAVE]],
      accept: ["size(output.analyses) > 0"],
      with: {
        goal: `Mean weight by team above ${i}`,
        capsule: "compare-groups@^1",
        inputs: {
          table: "weights",
          measure: "weight",
          statistic: "mean",
          groups: ["team"],
          filters: [{ column: "weight", op: "gt", value: i }],
        },
      },
    },
  ]);
  const milestones = Array.from({ length: Math.ceil(TASKS / A_WAVE) }, (_, i) => ({
    name: `wave_${i + 1}`,
    title: `Wave ${i + 1}`,
    tasks: names.slice(i * A_WAVE, (i + 1) * A_WAVE),
  }));
  const last = { uses: "human:approve", title: "Go on to the report?", needs: names };
  return {
    title: "Many tasks",
    milestones,
    graph: { max_parallel: Number(values.parallel), steps: { ...Object.fromEntries(steps), last } },
  };
}

async function upload(): Promise<string> {
  const rows = Array.from({ length: 200 }, (_, i) => `team ${i % 4},${TASKS + i * 10}`);
  const response = await fetch(`${ready.url}/v1/artifacts?name=weights.csv`, {
    method: "POST",
    headers: { Authorization: `Bearer ${ready.apiKey}`, "Content-Type": "text/csv" },
    body: ["team,weight", ...rows].join("\n"),
  });
  return z.object({ id: z.string() }).parse(await response.json()).id;
}

/** Looks at the project until it is over, or this is so. */
async function rested(id: string, isEnough: (project: z.infer<typeof projectSchema>) => boolean) {
  for (;;) {
    const project = projectSchema.parse(await (await request(`/v1/kamachiq/projects/${id}`)).json());
    if (!OPEN_STATES.has(project.state) || isEnough(project)) return project;
    await sleep(POLL_MS);
  }
}

async function items(path: string) {
  const found: z.infer<typeof pageSchema>["items"] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const page = pageSchema.parse(await (await request(`${path}?limit=200${query}`)).json());
    found.push(...page.items);
    cursor = page.nextCursor;
  }
  return found;
}

async function request(path: string, body?: unknown): Promise<Response> {
  const response = await fetch(`${ready.url}${path}`, {
    headers: { Authorization: `Bearer ${ready.apiKey}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response;
}

/** What the runtime below the platform holds in memory now. */
async function runtimeMemoryKib(): Promise<number> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const sizes = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
      const isOurs = /^Name:\s+workerd$/m.test(status) && new RegExp(`^PPid:\\s+${host.pid}$`, "m").test(status);
      return isOurs ? Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) : 0;
    }),
  );
  return Math.max(0, ...sizes);
}
