import { A2A_MEDIA_TYPE, isTerminal, type StreamResponse } from "../../workers/a2a/protocol.ts";
import { pushPlace } from "../../workers/a2a/push-config.ts";
import { statusDocument, taskDocument } from "../../workers/a2a/task-document.ts";
import type { PushTarget, Thread } from "../../workers/a2a/task-thread.ts";
import type { Clock } from "../../workers/platform/clock.ts";
import { outboundFetch, wayOut } from "../../workers/platform/outbound.ts";
import { Problem, problemOf } from "../../workers/platform/problem.ts";
import { describeError } from "../../workers/platform/telemetry.ts";
import { open } from "../../workers/secrets/envelope.ts";
import type { AlarmSource } from "../schedule/alarm-clock.ts";
import type { TaskDesk } from "./task-desk.ts";

/** §13.2 recommends 10 to 30 seconds. */
const PUSH_TIMEOUT_MS = 15_000;
/** Nobody reads what a receiver answers; its status counts. */
const MAX_ANSWER_BYTES = 65_536;
/** Offers of one change, from a second apart to ten minutes: about an hour in all, after which a receiver counts as gone. */
const MAX_OFFERS = 14;
const FIRST_RETRY_MS = 1_000;
const SLOWEST_RETRY_MS = 600_000;

/** What a configuration keeps sealed. */
export interface PushSecret {
  readonly token?: string | undefined;
  readonly credentials?: string | undefined;
}

/**
 * Sends a task's changes to those who asked for it (§3.5.3, §4.3.3): each change of status, in order, and when the task has ended the whole task.
 * What a receiver has taken is an event of the run, so that every change is offered at least once whatever happens to the object; one that
 * does not take it is asked again, ever more seldom, and given up in the end. Addresses go by the guarded way out like any other.
 */
export class TaskPush implements AlarmSource {
  readonly name = "push";
  readonly #env: Env;
  readonly #clock: Clock;
  readonly #desk: () => TaskDesk;
  readonly #thread: () => Thread | undefined;
  /** Failed offers of each receiver in a row, and when the next is due; forgotten with the memory, and then begun anew. */
  readonly #failures = new Map<string, { count: number; retryAt: number }>();

  constructor(env: Env, clock: Clock, desk: () => TaskDesk, thread: () => Thread | undefined) {
    this.#env = env;
    this.#clock = clock;
    this.#desk = desk;
    this.#thread = thread;
  }

  dueAt(): number | undefined {
    const times = this.#waiting().map(({ id }) => this.#failures.get(id)?.retryAt ?? this.#clock.now());
    return times.length === 0 ? undefined : Math.min(...times);
  }

  async onDue(): Promise<void> {
    const due = this.#waiting().filter(({ id }) => (this.#failures.get(id)?.retryAt ?? 0) <= this.#clock.now());
    await Promise.all(due.map((push) => this.#offerAll(push.id)));
  }

  /** Receivers that have not taken the last change. */
  #waiting(): PushTarget[] {
    const thread = this.#thread();
    const last = thread?.changes.at(-1)?.seq ?? 0;
    return thread?.pushes.filter(({ through }) => through < last) ?? [];
  }

  /** Offers one receiver what it has not taken, oldest first, until it has all or does not take one. */
  async #offerAll(id: string): Promise<void> {
    for (;;) {
      const push = this.#thread()?.pushes.find((candidate) => candidate.id === id);
      const change = push === undefined ? undefined : this.#thread()?.changes.find(({ seq }) => seq > push.through);
      if (push === undefined || change === undefined) return;
      try {
        await this.#offer(push, change);
      } catch (error) {
        return this.#failed(id, error);
      }
      this.#failures.delete(id);
      if (this.#isStill(push)) this.#desk().log.append({ type: "task.pushed", data: { id, through: change.seq } });
    }
  }

  async #offer(push: PushTarget, { status }: Thread["changes"][number]): Promise<void> {
    const thread = this.#desk().thread();
    const word: StreamResponse = isTerminal(status.state)
      ? { task: taskDocument(thread, await this.#desk().output(), { historyLength: 0, includeArtifacts: true }) }
      : { statusUpdate: { taskId: thread.id, contextId: thread.context, status: statusDocument(status) } };
    const answer = await outboundFetch(wayOut(this.#env), {
      url: push.url,
      method: "POST",
      headers: { "Content-Type": A2A_MEDIA_TYPE, ...(await this.#credentialsOf(push)) },
      body: JSON.stringify(word),
      maxBytes: MAX_ANSWER_BYTES,
      timeoutMs: PUSH_TIMEOUT_MS,
      mediaTypes: "any",
    });
    if (answer.status < 200 || answer.status > 299) throw new Problem("unavailable", `The receiver answered ${answer.status}.`);
  }

  async #credentialsOf({ id, url, scheme, sealed }: PushTarget): Promise<Record<string, string>> {
    const secret: PushSecret = sealed === undefined ? {} : JSON.parse(await open(this.#env, pushPlace(id, url), sealed));
    return {
      ...(secret.token === undefined ? {} : { "X-A2A-Notification-Token": secret.token }),
      ...(scheme === undefined ? {} : { Authorization: `${scheme} ${secret.credentials ?? ""}`.trimEnd() }),
    };
  }

  #failed(id: string, error: unknown): void {
    const count = (this.#failures.get(id)?.count ?? 0) + 1;
    const problem = problemOf(error) ?? new Problem("unavailable", describeError(error));
    if (count >= MAX_OFFERS || problem.type === "address-not-allowed") {
      this.#failures.delete(id);
      const { type, detail } = problem;
      this.#desk().log.append({ type: "task.push-abandoned", data: { id, problem: { type, detail } } });
      return;
    }
    const wait = Math.min(SLOWEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (count - 1));
    this.#failures.set(id, { count, retryAt: this.#clock.now() + wait });
  }

  /** False when the configuration was taken away, or replaced, while it was being used. */
  #isStill(push: PushTarget): boolean {
    return this.#thread()?.pushes.some(({ id, url, sealed }) => id === push.id && url === push.url && sealed === push.sealed) === true;
  }
}
