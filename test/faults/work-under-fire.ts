import { must, type SomaClient, somaClient } from "../../clients/sdk/client.ts";
import { HeldStream, type Seen } from "./held-stream.ts";
import type { MortalPlatform } from "./mortal-platform.ts";

/** Rows of the table that everything is computed over. */
const ROWS = 40;
const PROJECT_ENDS = /^project\.(delivered|failed|cancelled)$/;
/** Tries of one request while the platform dies under it. */
const MAX_TRIES = 400;
const TRY_AGAIN_MS = 100;

/** What came of the work, counted over all projects and sessions. */
export interface Counts {
  /** Events that have come so far, over every stream that is held: how a killer sees that work goes on. */
  progress: number;
  projects: number;
  delivered: number;
  sessions: number;
  turns: number;
  completedTurns: number;
  events: number;
  reattached: number;
  missingEvents: number;
  disorderedEvents: number;
  eventsOnlyAtOneClient: number;
  repeatedEffects: number;
  failedTasks: number;
}

export function noCounts(): Counts {
  return {
    progress: 0,
    projects: 0,
    delivered: 0,
    sessions: 0,
    turns: 0,
    completedTurns: 0,
    events: 0,
    reattached: 0,
    missingEvents: 0,
    disorderedEvents: 0,
    eventsOnlyAtOneClient: 0,
    repeatedEffects: 0,
    failedTasks: 0,
  };
}

/**
 * Takes one brief of many tasks to its end, whatever happens to the platform meanwhile. Two clients hold the project's events all the
 * while: one that knows nothing but `fetch`, and the SDK.
 * @returns the hash of every figure it delivered, or the state it ended in
 */
export async function projectUnderFire(platform: MortalPlatform, tasks: number, counts: Counts): Promise<string> {
  const client = somaClient(platform);
  counts.projects += 1;
  const title = `project ${counts.projects}`;
  const artifact = await insist(() => client.upload("data.csv", table(tasks)));
  const brief = Array.from({ length: tasks }, (_, i) => `- Compare the mean of measure ${i + 1} by team`).join("\n");
  const id = await insist(async () => {
    // It may have been made by a request that was cut off before it was answered.
    const { items } = await must(client.api.GET("/v1/kamachiq/projects", { params: { query: {} } }));
    const known = items.find((item) => item.title === title);
    if (known !== undefined) return known.id;
    const made = await must(client.api.POST("/v1/kamachiq/projects", { body: { brief, title, attachments: [artifact.id] } }));
    return made.id;
  });
  const wire = await holdTwice(platform, client, id, (event) => PROJECT_ENDS.test(event.type), counts);
  const analyzed = new Set(wire.filter((event) => event.type === "step.done").map((event) => String(event.data.step)));
  counts.failedTasks += tasks - [...analyzed].filter((step) => /^r1\/analyze_\d+$/.test(step)).length;
  const project = await insist(() => must(client.api.GET("/v1/kamachiq/projects/{id}", { params: { path: { id } } })));
  if (project.state === "delivered") counts.delivered += 1;
  return project.deliverables.find((deliverable) => deliverable.name === "evidence.json")?.sha256 ?? project.state;
}

/** Asks one session question after question until it is told to stop; every question must be answered once. */
export async function sessionUnderFire(platform: MortalPlatform, tasks: number, counts: Counts, isOver: () => boolean): Promise<void> {
  const client = somaClient(platform);
  counts.sessions += 1;
  const artifact = await insist(() => client.upload("data.csv", table(tasks)));
  const { id } = await insist(() => must(client.api.POST("/v1/sessions", { body: { title: "questions", agent: "analyst" } })));
  const held = holdTwice(platform, client, id, (event) => event.type === "session.closed", counts);
  held.catch(() => undefined); // Told when it is awaited, after the last question.
  const asked: string[] = [];
  while (!isOver()) {
    const text = `Compare the mean of measure ${(asked.length % tasks) + 1} by team, question ${asked.length + 1}?`;
    await insist(() => askOnce(client, id, text, asked.length === 0 ? [artifact.id] : []));
    asked.push(text);
  }
  const answered = await insist(() => conversation(client, id));
  await insist(() => must(client.api.POST("/v1/sessions/{id}/close", { params: { path: { id } } })));
  const wire = await held;
  counts.turns += asked.length;
  counts.completedTurns += asked.filter((text) => answered.filter((message) => message.text === text).length === 1).length;
  counts.failedTasks += wire.filter((event) => event.type === "turn.failed").length;
}

/** Puts a question, unless an earlier try already has, and waits until no turn runs. */
async function askOnce(client: SomaClient, id: string, text: string, attachments: string[]): Promise<void> {
  const session = await must(client.api.GET("/v1/sessions/{id}", { params: { path: { id } } }));
  if (!session.isBusy) {
    const messages = await conversation(client, id);
    if (messages.some((message) => message.text === text)) return;
    const kept = session.files.length > 0 ? [] : attachments;
    await must(client.api.POST("/v1/sessions/{id}/messages", { params: { path: { id } }, body: { text, attachments: kept } }));
  }
  throw new Error("the turn still runs");
}

async function conversation(client: SomaClient, id: string) {
  const messages = [];
  for (let cursor: string | undefined; ; ) {
    const query = cursor === undefined ? { limit: 200 } : { limit: 200, cursor };
    const page = await must(client.api.GET("/v1/sessions/{id}/messages", { params: { path: { id }, query } }));
    messages.push(...page.items.filter((message) => message.role === "user"));
    if (page.nextCursor === undefined) return messages;
    cursor = page.nextCursor;
  }
}

/** Holds the events of one object with two clients until the last, and counts what they saw. @returns what came over the wire */
async function holdTwice(
  platform: MortalPlatform,
  client: SomaClient,
  id: string,
  isLast: (event: { type: string }) => boolean,
  counts: Counts,
): Promise<readonly Seen[]> {
  const wire = new HeldStream(() => {
    counts.progress += 1;
  });
  const resource = id.startsWith("prj_") ? "kamachiq/projects" : "sessions";
  const told: number[] = [];
  const bySdk = (async () => {
    for await (const event of client.events(id, { isLast })) told.push(event.seq);
  })();
  await Promise.all([wire.hold(`${platform.url}/v1/${resource}/${id}/events`, platform.apiKey, isLast), bySdk]);
  counts.events += wire.events.length;
  counts.reattached += wire.reattached;
  counts.missingEvents += wire.missing;
  counts.disorderedEvents += wire.disordered;
  const seen = wire.events.map((event) => event.seq);
  counts.eventsOnlyAtOneClient += Math.abs(seen.length - told.length) + told.filter((seq, i) => seq !== seen[i]).length;
  counts.repeatedEffects += repeated(wire.events);
  return wire.events;
}

/** Steps and turns whose outcome was recorded more than once. */
function repeated(events: readonly Seen[]): number {
  const outcomes = events
    .filter((event) => event.type === "step.done" || event.type === "turn.completed" || event.type === "turn.started")
    .map((event) => `${event.type} ${String(event.data.step ?? event.data.turn)}`);
  return outcomes.length - new Set(outcomes).size;
}

/** Asks again until it succeeds: what a client does while its server is away. */
async function insist<T>(request: () => Promise<T>): Promise<T> {
  let last: unknown;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    try {
      return await request();
    } catch (error) {
      last = error;
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
    }
  }
  throw last;
}

function table(measures: number): string {
  const header = ["team", ...Array.from({ length: measures }, (_, i) => `measure_${i + 1}`)].join(",");
  const rows = Array.from({ length: ROWS }, (_, row) =>
    [`team ${row % 4}`, ...Array.from({ length: measures }, (_, i) => (row * 7 + i * 3) % 101)].join(","),
  );
  return [header, ...rows].join("\n");
}
