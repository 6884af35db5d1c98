import { publishSummary } from "../../queues/conversation-events.ts";
import { isTerminal, type Message } from "../../workers/a2a/protocol.ts";
import type { TaskWish } from "../../workers/a2a/task-document.ts";
import { afterEvent, type PushTarget, type Thread } from "../../workers/a2a/task-thread.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import type { Clock } from "../../workers/platform/clock.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { EventLog } from "../event-log/event-log.ts";
import { type Answer, follow, followMessage, readTask, removePush, setPush, type TaskDesk, tell, untilSettled } from "./task-desk.ts";
import { TaskPush } from "./task-push.ts";
import { TaskView } from "./task-view.ts";

/** What is asked of a run as a task. */
export type TaskCall =
  /** The task as it stands or, after at most `waitMs`, once it has ended or waits for its client. */
  | { readonly kind: "read"; readonly wish: TaskWish; readonly waitMs: number }
  | { readonly kind: "tell"; readonly message: Message; readonly by: string }
  | { readonly kind: "cancel"; readonly by: string; readonly wish: TaskWish; readonly waitMs: number }
  | { readonly kind: "pushes" }
  | { readonly kind: "set-push"; readonly target: Omit<PushTarget, "through"> }
  | { readonly kind: "remove-push"; readonly id: string };

/** Which of a task's changes are followed, and how they are written. */
export interface TaskFollow {
  /** `start`: from the message that began it; `now`: from how it stands; a message: what that brings about. */
  readonly from: "start" | "now" | { readonly message: Message; readonly by: string };
  /** The id of the JSON-RPC request, as JSON, whose answers they are; undefined in the HTTP+JSON binding. */
  readonly rpcId?: string | undefined;
}

/** What of its run a task needs. */
export interface RunOfTask {
  readonly env: Env;
  readonly clock: Clock;
  log(): EventLog;
  output(): Promise<Json | undefined>;
  answer(answer: Answer): Promise<unknown>;
  cancel(by: string): Promise<unknown>;
  wake(): Promise<void>;
}

/** The side of a run that other agents see, by the Agent2Agent protocol. A run that none of them began has nothing to show here. */
export class RunTask {
  readonly view = new TaskView();
  readonly push: TaskPush;
  readonly #run: RunOfTask;
  #told: Thread["status"] | undefined;

  constructor(run: RunOfTask) {
    this.#run = run;
    this.push = new TaskPush(
      run.env,
      run.clock,
      () => this.#desk(),
      () => this.view.thread,
    );
  }

  /** @returns JSON text. @throws Problem `not-found` when the run is no task; `conflict`, `invalid-request`, `limit-exceeded` as the call has it */
  async call(call: TaskCall): Promise<string> {
    const desk = this.#desk();
    const { status, pushes } = desk.thread();
    switch (call.kind) {
      case "read":
        await this.#run.wake();
        return this.#read(call);
      case "tell":
        await tell(desk, call.message, call.by);
        return "null";
      case "cancel":
        if (isTerminal(status.state)) throw new Problem("conflict", `The task is ${status.state}; there is nothing to cancel.`);
        await this.#run.cancel(call.by);
        return this.#read(call);
      case "pushes":
        return JSON.stringify(pushes);
      case "set-push":
        setPush(desk, call.target);
        return "null";
      case "remove-push":
        removePush(desk, call.id);
        return "null";
      default:
        return call satisfies never;
    }
  }

  /** The task's changes as Server-Sent Events. @throws Problem like `call`, and `conflict` when nothing more will come */
  async follow({ from, rpcId }: TaskFollow): Promise<ReadableStream<Uint8Array>> {
    const desk = this.#desk();
    desk.thread();
    await this.#run.wake();
    if (from === "now") return follow(desk, rpcId);
    if (from !== "start") {
      const before = { thread: desk.thread(), cursor: desk.log.last };
      await tell(desk, from.message, from.by);
      return followMessage(desk, before, rpcId);
    }
    const [first] = desk.log.read(0, 1);
    const begun = first === undefined ? undefined : afterEvent(undefined, first);
    if (first === undefined || begun === undefined) return follow(desk, rpcId);
    return followMessage(desk, { thread: begun, cursor: first.seq }, rpcId);
  }

  /** Tells the index of tasks when the status has changed. */
  async summarize(tenant: string): Promise<void> {
    const { thread } = this.view;
    if (thread === undefined || thread.status === this.#told) return;
    this.#told = thread.status;
    const { id, agent, context, status } = thread;
    await publishSummary(this.#run.env, { kind: "task", row: { id, tenant, agent, context, state: status.state, statusAt: status.at } });
  }

  async #read({ wish, waitMs }: { wish: TaskWish; waitMs: number }): Promise<string> {
    const desk = this.#desk();
    if (waitMs > 0) await untilSettled(desk, waitMs);
    return readTask(desk, wish);
  }

  #desk(): TaskDesk {
    const { log, output, answer } = this.#run;
    return {
      log: log(),
      thread: () => {
        if (this.view.thread === undefined) throw new Problem("not-found", "There is no such task in this tenant.");
        return this.view.thread;
      },
      output,
      answer,
    };
  }
}
