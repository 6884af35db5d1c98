import type { SomaClient } from "../../clients/sdk/client.ts";
import type { Counts } from "./counts.ts";
import { HeldStream, type Seen } from "./held-stream.ts";

const RESOURCES: Readonly<Record<string, string>> = { prj: "kamachiq/projects", run: "mao/runs", ses: "sessions" };

/**
 * Holds the events of one object with two clients until the last: one that knows nothing but `fetch`, and the SDK. Counts what they saw.
 * @returns what came over the wire
 */
export async function holdTwice(
  platform: { url: string; apiKey: string },
  client: SomaClient,
  id: string,
  isLast: (event: { type: string }) => boolean,
  counts: Counts,
): Promise<readonly Seen[]> {
  const wire = new HeldStream(() => {
    counts.progress += 1;
  });
  const told: number[] = [];
  const bySdk = (async () => {
    for await (const event of client.events(id, { isLast })) told.push(event.seq);
  })();
  const events = `${platform.url}/v1/${RESOURCES[id.slice(0, 3)]}/${id}/events`;
  await Promise.all([wire.hold(events, platform.apiKey, isLast), bySdk]);
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
