import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { must, type SomaClient, somaClient } from "../../clients/sdk/client.ts";
import { end, startOver } from "../local/processes.ts";
import { says } from "../model-server/reply.ts";
import { type ModelServer, startModelServer } from "../model-server/server.ts";
import { type ExportedEvent, type Obedience, obedienceOf, type Stop } from "./stopped-log.ts";

const MODEL = "endless";
const MODEL_KEY = "sk-of-the-proof-alone";
/** One word of an answer that has no end; half of them share a row. */
const WORD_EVERY_MS = 250;
/** Requests of this client that are under way at a time. */
const AT_ONCE = 20;
/** How long the switch stays thrown once everything has stopped: whatever would begin again by itself begins in it. */
const SILENCE_MS = 4_000;
const LOOK_EVERY_MS = 200;
/** Rounds of a run that computes: as long as the proof takes. */
const ROUNDS = 20;

export interface StoppedOptions {
  readonly sessions: number;
  readonly runs: number;
  /** From the switch's event on, everything has to have stopped after this. */
  readonly boundMs: number;
}

/** What was found. Times are milliseconds after the event of the switch, or of its release. */
export interface StoppedProof extends StoppedOptions {
  readonly streaming: number;
  readonly computing: number;
  readonly held: number;
  readonly lastSignOfWorkMs: number;
  readonly slowestCutMs: number;
  readonly begunAfterBound: number;
  readonly wentOn: number;
  readonly slowestToGoOnMs: number;
  readonly ended: number;
  readonly failedSteps: number;
  readonly isSound: boolean;
}

interface Access {
  readonly url: string;
  readonly apiKey: string;
}

interface Work {
  readonly id: string;
  readonly events: () => Promise<ExportedEvent[]>;
}

/**
 * Throws a tenant's kill switch while conversations stream and runs compute, on a platform of its own, and finds out from the exported events alone whether
 * anything began after the switch and its bound; then releases it, and looks whether everything goes on by itself to its end.
 * @param signal ends it early
 */
export async function proveStopped(options: StoppedOptions, signal: AbortSignal, tell: (words: string) => void): Promise<StoppedProof> {
  const folder = mkdtempSync(join(tmpdir(), "soma-stopped-"));
  const model = await startModelServer({ apiKey: MODEL_KEY, model: MODEL });
  const platform = await startOver(join(folder, "state"), {
    SOMA_MODEL_BASE_URL: model.url,
    SOMA_MODEL_API_KEY: MODEL_KEY,
    SOMA_MODEL_NAME: MODEL,
  });
  try {
    return await prove(platform.ready, model, options, signal, tell);
  } finally {
    await end(platform.host, "SIGTERM");
    await model.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function prove(
  platform: Access,
  model: ModelServer,
  options: StoppedOptions,
  signal: AbortSignal,
  tell: (words: string) => void,
): Promise<StoppedProof> {
  const client = somaClient(platform);
  const conversations = await begun(options.sessions, (i) => converse(platform, client, model, i));
  const computations = await begun(options.runs, () => compute(platform, client));
  const works = [...conversations, ...computations];
  const hasBegun = (events: readonly ExportedEvent[]) => events.some(({ type }) => type === "turn.delta" || type === "step.done");
  await allOf(works, hasBegun, signal);
  tell(`${conversations.length} conversations stream, ${computations.length} runs compute: the switch is thrown`);

  const { id: switchId } = await must(client.api.POST("/v1/kill-switch", { body: { scope: "tenant", reason: "proof", drill: false } }));
  await allOf(works, (events) => events.some(({ type }) => type === "work.held"), signal);
  await sleep(SILENCE_MS, undefined, { signal });
  tell("everything is held: the switch is released");
  await must(client.api.POST("/v1/kill-switch/{id}/release", { params: { path: { id: switchId } } }));
  const isEnd = ({ type }: ExportedEvent) => type === "turn.completed" || type === "run.completed";
  await allOf(works, (events) => events.some(isEnd), signal);

  const stop: Stop = { switchId, ...(await timesOf(client, switchId)), boundMs: options.boundMs };
  const logs = await Promise.all(works.map(({ events }) => events()));
  return summary(options, stop, logs, conversations.length);
}

function summary(options: StoppedOptions, stop: Stop, logs: readonly (readonly ExportedEvent[])[], conversations: number): StoppedProof {
  const found = logs.map((events) => obedienceOf(events, stop));
  const released = stop.releasedAt ?? Number.NaN;
  const latest = (times: readonly (number | undefined)[], since: number) =>
    Math.max(0, ...times.flatMap((at) => (at === undefined ? [] : [at - since])));
  const counted = {
    ...options,
    streaming: conversations,
    computing: logs.length - conversations,
    held: found.filter(({ isHeld }) => isHeld).length,
    lastSignOfWorkMs: latest(
      found.map(({ lastSignAt }) => lastSignAt),
      stop.thrownAt,
    ),
    slowestCutMs: latest(
      found.map(({ cutAt }) => cutAt),
      stop.thrownAt,
    ),
    begunAfterBound: found.reduce((sum, { violations }: Obedience) => sum + violations.length, 0),
    wentOn: found.filter(({ wentOnAt }) => wentOnAt !== undefined).length,
    slowestToGoOnMs: latest(
      found.map(({ wentOnAt }) => wentOnAt),
      released,
    ),
    ended: logs.filter((events) => events.some(({ type }) => type === "turn.completed" || type === "run.completed")).length,
    failedSteps: logs.flat().filter(({ type }) => type === "step.failed").length,
  };
  const { held, wentOn, ended, begunAfterBound, failedSteps, slowestCutMs } = counted;
  const isComplete = [held, wentOn, ended].every((count) => count === logs.length);
  return { ...counted, isSound: isComplete && begunAfterBound === 0 && failedSteps === 0 && slowestCutMs <= options.boundMs };
}

/** Has a conversation whose first answer never ends, and whose next one does. */
async function converse(platform: Access, client: SomaClient, model: ModelServer, i: number): Promise<Work> {
  const marker = `(conversation ${i})`;
  model.script(marker, { kind: "endless", word: "on", everyMs: WORD_EVERY_MS }, says("That is all."));
  const { id } = await must(client.api.POST("/v1/sessions", { body: {} }));
  await must(client.api.POST("/v1/sessions/{id}/messages", { params: { path: { id } }, body: { text: `Go on ${marker}` } }));
  return { id, events: () => exported(platform, `/v1/sessions/${id}/events`) };
}

/** Has a run take one step after another. */
async function compute(platform: Access, client: SomaClient): Promise<Work> {
  const graph = {
    steps: {
      tick: {
        uses: "tool:value.set",
        with: { value: "${iteration}" },
        until: "${iteration >= " + ROUNDS + "}",
        max_iterations: ROUNDS,
        every: "1s",
      },
    },
  };
  const { id } = await must(client.api.POST("/v1/mao/runs", { body: { graph } }));
  return { id, events: () => exported(platform, `/v1/mao/runs/${id}/events`) };
}

const pageSchema = z.object({
  items: z.array(z.object({ seq: z.number(), at: z.number(), type: z.string(), data: z.record(z.string(), z.unknown()) })),
  nextCursor: z.string().optional(),
});

/** An object's whole log, as it is exported. */
async function exported({ url, apiKey }: Access, path: string): Promise<ExportedEvent[]> {
  const headers = { Authorization: `Bearer ${apiKey}`, Accept: "application/json" };
  const events: ExportedEvent[] = [];
  for (let cursor = ""; ; ) {
    const response = await fetch(`${url}${path}?limit=200${cursor}`, { headers });
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
    const page = pageSchema.parse(await response.json());
    events.push(...page.items);
    if (page.nextCursor === undefined) return events;
    cursor = `&cursor=${page.nextCursor}`;
  }
}

/** When the switch was thrown and released, by the audit log. */
async function timesOf(client: SomaClient, switchId: string): Promise<Pick<Stop, "thrownAt" | "releasedAt">> {
  const { items } = await must(client.api.GET("/v1/audit/events", { params: { query: { type: "resource.changed", limit: 200 } } }));
  const timeOf = (action: string) => {
    const told = items.find(({ data }) => JSON.stringify(data).includes(switchId) && JSON.stringify(data).includes(action));
    if (told === undefined) throw new Error(`the audit log does not tell of ${action} for ${switchId}`);
    return Date.parse(told.time);
  };
  return { thrownAt: timeOf("kill-switch.thrown"), releasedAt: timeOf("kill-switch.released") };
}

async function begun(count: number, begin: (i: number) => Promise<Work>): Promise<Work[]> {
  const works: Work[] = [];
  for (let first = 0; first < count; first += AT_ONCE) {
    const many = Math.min(AT_ONCE, count - first);
    works.push(...(await Promise.all(Array.from({ length: many }, (_, i) => begin(first + i)))));
  }
  return works;
}

/** Waits until the log of every work says so; each is asked until it does. */
async function allOf(works: readonly Work[], isSo: (events: readonly ExportedEvent[]) => boolean, signal: AbortSignal): Promise<void> {
  let open = [...works];
  while (open.length > 0) {
    const still: Work[] = [];
    for (let first = 0; first < open.length; first += AT_ONCE) {
      const looked = open.slice(first, first + AT_ONCE);
      const found = await Promise.all(looked.map(async (work) => isSo(await work.events())));
      still.push(...looked.filter((_, i) => found[i] !== true));
    }
    open = still;
    if (open.length > 0) await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}
