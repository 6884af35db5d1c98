import { problemOf } from "../platform/problem.ts";
import { decodeCursor, encodeCursor } from "../platform/route.ts";
import { type Caller, invalid, runOf } from "./caller.ts";
import { taskAnswerSchema } from "./index-task.ts";
import type { ListTasksRequest, Task } from "./protocol.ts";
import { listTaskRows, type TaskPlace, type TaskRow } from "./store.ts";

export interface TaskPage {
  readonly tasks: readonly Task[];
  /** Empty on the last page (§3.1.4). */
  readonly nextPageToken: string;
  readonly pageSize: number;
  readonly totalSize: number;
}

/**
 * ListTasks (§3.1.4): the tenant's tasks, of the agent that was asked when one was, the one whose status changed last first. The index says which,
 * the tasks themselves say how they stand: one that has gone on since may show a newer state than was asked for.
 */
export async function listTasks(caller: Caller, request: ListTasksRequest): Promise<TaskPage> {
  const { env, principal, agentName } = caller;
  const { contextId, status, pageSize, pageToken, statusTimestampAfter, historyLength, includeArtifacts = false } = request;
  const filter = {
    agent: agentName,
    context: contextId,
    state: status,
    since: statusTimestampAfter === undefined ? undefined : Date.parse(statusTimestampAfter),
  };
  const place = pageToken === undefined ? undefined : placeOf(pageToken);
  const { rows, total } = await listTaskRows(env, principal.tenant, filter, place, pageSize + 1);
  const shown = rows.slice(0, pageSize);
  const last = rows.length > pageSize ? shown.at(-1) : undefined;
  const tasks = await Promise.all(shown.map((row) => readRow(caller, row, { historyLength, includeArtifacts })));
  return {
    tasks: tasks.flatMap((task) => (task === undefined ? [] : [task])),
    nextPageToken: last === undefined ? "" : encodeCursor(`${last.statusAt}/${last.id}`),
    pageSize,
    totalSize: total,
  };
}

/** The task of a row; undefined when its run is gone, which the index hears of later. */
async function readRow(
  caller: Caller,
  { id }: TaskRow,
  wish: { historyLength: number | undefined; includeArtifacts: boolean },
): Promise<Task | undefined> {
  try {
    const answer = taskAnswerSchema.parse(JSON.parse(await runOf(caller, id).task({ kind: "read", wish, waitMs: 0 })));
    return "task" in answer ? answer.task : undefined;
  } catch (error) {
    if (problemOf(error)?.type === "not-found") return undefined;
    throw error;
  }
}

/** @throws A2aError `INVALID_PARAMS` for a token that is none of ours */
function placeOf(token: string): TaskPlace {
  const match = /^(\d{1,15})\/(run_[0-9A-Z]{26})$/.exec(safelyDecoded(token));
  const [, statusAt = "", id = ""] = match ?? [];
  if (match === null) throw invalid("pageToken", "This is no page token of this platform; leave it out to begin with the first page.");
  return { statusAt: Number(statusAt), id };
}

function safelyDecoded(token: string): string {
  try {
    return decodeCursor(token);
  } catch {
    return "";
  }
}
