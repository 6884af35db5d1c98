import type { StepCall } from "../graph/graph-run.ts";
import type { Desk } from "./desk.ts";
import { taskRecord } from "./task-results.ts";

/** What an agent is told of the tasks that it builds on: so many of them, each so much. */
const MAX_HANDED_OVER = 20;
const HANDED_OVER_CHARACTERS = 2_000;

/**
 * What the agents of the tasks that a step needs found, for the agent that takes the step; undefined when there is nothing. Each hand-over is an event, once.
 */
export async function handOver(desk: Desk, call: StepCall, session: string, isFirst: boolean): Promise<string | undefined> {
  const prefix = call.name.slice(0, call.name.lastIndexOf("/") + 1);
  const parts: string[] = [];
  for (const need of call.step.needs.slice(0, MAX_HANDED_OVER)) {
    const found = (await taskRecord(desk, prefix + need))?.findings.slice(0, HANDED_OVER_CHARACTERS);
    if (found === undefined || found === "") continue;
    const title = desk.bench.journal.record(prefix + need)?.title ?? need;
    parts.push(`${title}:\n${found}`);
    if (isFirst)
      desk.bench.log.append({
        type: "collaboration.handover",
        data: { from: prefix + need, to: call.name, session, characters: found.length },
      });
  }
  return parts.length === 0 ? undefined : parts.join("\n\n");
}
