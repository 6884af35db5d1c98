import { afterEvent, type Thread, threadJson, threadSchema } from "../../workers/a2a/task-thread.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import type { View } from "../event-log/event-log.ts";

/** What other agents see of a run, by the run's own events. */
export class TaskView implements View {
  readonly name = "task";
  thread: Thread | undefined;

  apply(event: LoggedEvent): void {
    this.thread = afterEvent(this.thread, event);
  }

  snapshot(): Json {
    return threadJson(this.thread);
  }

  restore(snapshot: unknown): void {
    this.thread = snapshot === null ? undefined : threadSchema.parse(snapshot);
  }
}
