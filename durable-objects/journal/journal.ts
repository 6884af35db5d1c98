import type { Json } from "../../workers/platform/canonical-json.ts";
import type { Clock } from "../../workers/platform/clock.ts";
import type { NewEvent } from "../../workers/platform/events.ts";
import { heldBy } from "../../workers/platform/held.ts";
import { isPlatformReset } from "../../workers/platform/platform-reset.ts";
import { isProblemType, Problem, problemOf } from "../../workers/platform/problem.ts";
import type { RecordedDecision, WaitingOn } from "../../workers/platform/recorded.ts";
import { describeError } from "../../workers/platform/telemetry.ts";
import type { OnUnknown } from "../../workers/tools/tool.ts";
import type { EventLog } from "../event-log/event-log.ts";
import { giveWay } from "../schedule/give-way.ts";
import type { Gate } from "./gate.ts";
import type { History } from "./history.ts";
import { mayTryAgain, type RetryPolicy, retryDelayMs } from "./retry.ts";
import { isSettled, type StepRecord } from "./step-record.ts";
import { type EventListener, outersOf, type StepRecords } from "./step-records.ts";
import type { ValueStore } from "./value-store.ts";

/** Steps one object may record: the largest graph, as many items and what takes them back. Without their outputs they fit its memory. */
export const MAX_STEPS_PER_OBJECT = 30_000;
/** The list that a `for_each` returned is put together when it is read; a longer one is read item by item, for the sake of memory. */
const MAX_LIST_CHARACTERS = 8_388_608;

export interface StepOptions {
  /** What runs: `tool:data.query`, `model:call` … */
  readonly uses: string;
  readonly title?: string | undefined;
  /**
   * True when the effect leaves this object. Its intent is then recorded first, so that an unknown outcome can be known as one;
   * `onUnknown` says what happens with it. A step inside the object costs one row, this one two.
   */
  readonly isOutside: boolean;
  readonly onUnknown: OnUnknown;
  readonly retry: RetryPolicy;
  readonly timeoutMs: number;
  readonly decision?: RecordedDecision | undefined;
  /** What the step is part of, named as `uses` is: what stops one of these stops the step. */
  readonly within?: readonly string[] | undefined;
  /** What a result is, in words that policies know. */
  readonly labelsOf?: (output: Json) => readonly string[];
}

export interface Attempt {
  readonly attempt: number;
  /** The same for every try of this step: pass it on as `Idempotency-Key`. */
  readonly key: string;
  /** Fires at the step's time limit and when the work is stopped. */
  readonly signal: AbortSignal;
}

export type Outcome = { readonly kind: "done"; readonly output: Json } | { readonly kind: "failed"; readonly problem: Problem };

export interface JournalParts {
  readonly log: EventLog;
  readonly steps: StepRecords;
  /** Undefined where no policy looks back. */
  readonly history?: History | undefined;
  readonly values: ValueStore;
  readonly clock: Clock;
  /** False once no step may begin any more, also none that was about to: what it is part of was cancelled. */
  readonly mayBegin?: (() => boolean) | undefined;
  /** Part of every idempotency key: the object's own id. */
  readonly owner: () => string;
  /** Undefined where no kill switch reaches. */
  readonly gate?: Gate | undefined;
}

/**
 * Durable steps: an effect runs, its outcome is recorded, and from then on the record is the answer. What it promises:
 *
 * - a finished step never runs again, whatever happens to the object;
 * - an outcome is recorded before anyone sees it (the output gate holds whatever leaves the object after the record);
 * - an effect outside whose outcome is unknown after a crash is tried again under the same key, failed, or left to a person, as the step says;
 * - the platform's own resets count as no attempt and are no outcome;
 * - no attempt begins while a kill switch stops it; one that is broken off for that counts as none and is no outcome;
 * - a late outcome of an attempt that was given up changes nothing.
 */
export class Journal {
  readonly #parts: JournalParts;
  readonly #running = new Map<string, { readonly work: Promise<Json>; readonly stop: AbortController }>();

  constructor(parts: JournalParts) {
    this.#parts = parts;
  }

  record(step: string): StepRecord | undefined {
    return this.#parts.steps.records.get(step);
  }

  get records(): ReadonlyMap<string, StepRecord> {
    return this.#parts.steps.records;
  }

  /** What happened here, as policies see it. */
  get history(): readonly string[] {
    return this.#parts.history?.labels ?? [];
  }

  /** Takes what happened in other work as this work's own history; what is known already changes nothing. */
  tellHistory(labels: readonly string[], from: string): void {
    const missing = this.#parts.history?.missing(labels) ?? [];
    if (missing.length > 0) this.#parts.log.append({ type: "history.told", data: { labels: missing, from } });
  }

  /** The records that are not settled. */
  get open(): ReadonlyMap<string, StepRecord> {
    return this.#parts.steps.open;
  }

  get clock(): Clock {
    return this.#parts.clock;
  }

  /** Calls `listener` at every event of the object until what it returns is called. */
  listen(listener: EventListener): () => void {
    return this.#parts.steps.listen(listener);
  }

  /** True when a step inside this one has a record. */
  hasInner(step: string): boolean {
    return this.#parts.steps.hasInner(step);
  }

  /** True while the effect runs in this incarnation of the object. */
  isRunning(step: string): boolean {
    return this.#running.has(step);
  }

  /** Asks whether something that uses these may begin. @throws Held while a kill switch stops it */
  async admit(uses: readonly string[]): Promise<void> {
    await this.#parts.gate?.admit(uses);
  }

  /** The key under which every try of a step goes out. */
  keyOf(step: string): string {
    return `${this.#parts.owner()}:${step}:${this.record(step)?.resets ?? 0}`;
  }

  /** What a finished step returned. @throws Problem when it is not finished */
  async output(step: string): Promise<Json> {
    const record = this.record(step);
    if (record?.state !== "done") throw new Problem("conflict", `Step ${step} has no result yet.`);
    if (record.reference !== undefined) return this.#parts.values.load(record.reference);
    if (record.items !== undefined) return this.#listOf(step, record.items);
    return record.rowCharacters === undefined ? (record.output ?? null) : this.#outputInRow(record);
  }

  #outputInRow(record: StepRecord): Json {
    const event = this.#parts.log.at(record.seq);
    if (event?.type !== "step.done") throw new Problem("internal", `The result of step ${record.step} is not where it was recorded.`);
    return event.data.output ?? null;
  }

  /** What the items of a step returned, null for each that has no result. @throws Problem `limit-exceeded` when that is too much at once */
  async #listOf(step: string, items: number): Promise<Json> {
    const list: Json[] = [];
    let characters = 0;
    for (let i = 0; i < items; i += 1) {
      const item = this.record(`${step}/${i}`)?.state === "done" ? await this.output(`${step}/${i}`) : null;
      characters += JSON.stringify(item).length;
      if (characters > MAX_LIST_CHARACTERS)
        throw new Problem(
          "limit-exceeded",
          `The results of ${step} together are longer than ${MAX_LIST_CHARACTERS} characters; let its items return less, or ids of artifacts.`,
        );
      list.push(item);
    }
    return list;
  }

  /**
   * Runs `effect` until it has an outcome, and returns what it returned; from the record, if it has one already.
   * @throws Problem when the step has failed for good, or its outcome is unknown and left to a person; and the platform's own resets, as they come
   */
  async step(step: string, options: StepOptions, effect: (attempt: Attempt) => Promise<Json>): Promise<Json> {
    const running = this.#running.get(step);
    if (running !== undefined) return running.work;
    const record = this.record(step);
    if (record?.state === "done") return this.output(step);
    if (record !== undefined && isSettled(record)) throw recordedProblem(record);
    this.#assertOuterOpen(step);
    if (this.records.size >= MAX_STEPS_PER_OBJECT && record === undefined) {
      throw new Problem("limit-exceeded", `This has run ${MAX_STEPS_PER_OBJECT} steps, which is all one may; start another.`);
    }
    const stop = new AbortController();
    const work = this.#attempts(step, options, effect, stop).finally(() => this.#running.delete(step));
    this.#running.set(step, { work, stop });
    return work;
  }

  /**
   * Ends a step and all inside it, whatever they are doing (all steps of the object, when none is named): what runs is told to stop, and
   * what it still brings is late; what waits does not any more.
   * @param why the problem each of them is left with
   */
  end(step: string | undefined, why: (record: StepRecord | undefined, name: string) => Problem): void {
    const isMeant = (name: string) =>
      step === undefined || name === step || (name.startsWith(step) && (name[step.length] === "/" || name[step.length] === "#"));
    const names = new Set([...this.#running.keys(), ...this.open.keys()].filter(isMeant));
    for (const name of names) {
      const record = this.record(name);
      // One that has just ended is among those that run until whoever asked for it has its outcome.
      if (record !== undefined && isSettled(record)) continue;
      const problem = why(record, name);
      this.fail(name, problem);
      this.#running.get(name)?.stop.abort(problem);
    }
  }

  /** Records that a step has returned the list of what `items` steps inside it returned: their outputs are not written twice. */
  finishList(step: string, uses: string, items: number, startedAt: number): void {
    const durationMs = this.clock.now() - startedAt;
    this.#parts.log.append({
      type: "step.done",
      data: { step, attempt: Math.max(1, this.record(step)?.attempt ?? 1), uses, items, durationMs },
    });
  }

  /** Records something that happened in a step and is none of its outcomes. */
  tell(event: NewEvent): void {
    this.#parts.log.append(event);
  }

  /** Records which steps the switch of a finished step chose. */
  branch(step: string, chosen: string[]): void {
    this.#parts.log.append({ type: "step.branched", data: { step, chosen } });
  }

  /** Records that a step waits for something outside: a person, an agent's session, a time. */
  wait(
    step: string,
    wait: {
      uses: string;
      title?: string | undefined;
      on: WaitingOn;
      until?: number | undefined;
      prompt?: string | undefined;
      child?: string | undefined;
    },
  ): void {
    this.#assertOuterOpen(step);
    const attempt = this.record(step)?.attempt ?? 0;
    this.#parts.log.append({
      type: "step.waiting",
      data: {
        step,
        attempt: Math.max(attempt, 1),
        on: wait.on,
        uses: wait.uses,
        ...(wait.title === undefined ? {} : { title: wait.title }),
        ...(wait.until === undefined ? {} : { until: wait.until }),
        ...(wait.prompt === undefined ? {} : { prompt: wait.prompt }),
        ...(wait.child === undefined ? {} : { child: wait.child }),
      },
    });
  }

  /** Records the intent of handing a step to a child that will settle it later; the child's id is kept with it. */
  intend(
    step: string,
    intent: { uses: string; title?: string | undefined; child?: string | undefined; decision?: RecordedDecision | undefined },
  ): void {
    this.#assertOuterOpen(step);
    const { uses, title, child, decision } = intent;
    const attempt = (this.record(step)?.attempt ?? 0) + 1;
    this.#parts.log.append({
      type: "step.intended",
      data: {
        step,
        uses,
        attempt,
        key: this.keyOf(step),
        ...(title === undefined ? {} : { title }),
        ...(child === undefined ? {} : { child }),
        ...(decision === undefined ? {} : { decision }),
      },
    });
  }

  /**
   * Records the outcome of a step from outside: a person's answer, a child's result, a time that came.
   * @returns false when the step is settled already or the key is not its present one: the outcome is late and changes nothing
   */
  async settle(step: string, key: string, outcome: Outcome): Promise<boolean> {
    const isCurrent = () => {
      const record = this.record(step);
      return record !== undefined && !isSettled(record) && key === this.keyOf(step);
    };
    if (!isCurrent()) return false;
    if (outcome.kind === "failed") {
      this.fail(step, outcome.problem);
      return true;
    }
    const kept = await this.#parts.values.keep(outcome.output);
    if (!isCurrent()) return false;
    const record = this.record(step);
    this.#parts.log.append({
      type: "step.done",
      data: {
        step,
        attempt: Math.max(1, record?.attempt ?? 1),
        ...kept,
        durationMs: this.#parts.clock.now() - (record?.startedAt ?? this.#parts.clock.now()),
      },
    });
    return true;
  }

  /** Records that a step has failed for good. */
  fail(step: string, problem: Problem, decision?: RecordedDecision): void {
    this.#parts.log.append({
      type: "step.failed",
      data: {
        step,
        attempt: Math.max(1, this.record(step)?.attempt ?? 1),
        final: true,
        problem: { type: problem.type, detail: problem.detail },
        ...(decision === undefined ? {} : { decision }),
      },
    });
  }

  skip(step: string, reason: string): void {
    this.#parts.log.append({ type: "step.skipped", data: { step, reason } });
  }

  /** Lets a step run again under a new key, because a person asked for it. */
  reset(step: string, by: string): void {
    this.#parts.log.append({ type: "step.reset", data: { step, by } });
  }

  async #attempts(step: string, options: StepOptions, effect: (attempt: Attempt) => Promise<Json>, stop: AbortController): Promise<Json> {
    const uses = [options.uses, ...(options.within ?? [])];
    for (;;) {
      await giveWay();
      await this.admit(uses);
      const attempt = this.#nextAttempt(step, options);
      if (await this.#untilRetry(step, stop.signal)) await this.admit(uses);
      if (stop.signal.aborted) throw stop.signal.reason;
      if (this.#parts.mayBegin?.() === false)
        throw new Problem("conflict", `Step ${step} did not begin: what it is part of was cancelled.`);
      if (options.isOutside && this.record(step)?.state !== "intended") this.#intendAttempt(step, options, attempt);
      const startedAt = this.#parts.clock.now();
      const unwatch = options.isOutside ? this.#watch(step, attempt, options, uses, stop) : undefined;
      let failure: unknown;
      try {
        const output = await bounded(options.timeoutMs, step, stop.signal, (signal) => effect({ attempt, key: this.keyOf(step), signal }));
        const kept = await this.#parts.values.keep(output);
        this.#stillCurrent(step, attempt, options);
        const durationMs = this.#parts.clock.now() - startedAt;
        const labels = options.labelsOf?.(output) ?? [];
        const told = labels.length === 0 ? {} : { labels: [...labels] };
        this.#parts.log.append({ type: "step.done", data: { step, attempt, ...kept, durationMs, ...untold(options), ...told } });
        return output;
      } catch (error) {
        if (isPlatformReset(error) || heldBy(error) !== undefined) throw error;
        failure = error;
      } finally {
        unwatch?.();
      }
      this.#stillCurrent(step, attempt, options);
      this.#recordFailure(step, attempt, options, failure);
    }
  }

  /** Nothing begins inside a step that was ended meanwhile; the calls that a model asked for come of its answer, and begin after it. @throws Problem `conflict` */
  #assertOuterOpen(step: string): void {
    for (const outer of outersOf(step)) {
      const record = this.record(outer);
      const isAnswer = record?.uses?.startsWith("model:") === true;
      if (record !== undefined && isSettled(record) && !isAnswer)
        throw new Problem("conflict", `Step ${outer} has ended, and ${step} with it.`);
    }
  }

  /** The number of the attempt to make now; decides what becomes of an outcome that is unknown after a crash. */
  #nextAttempt(step: string, options: StepOptions): number {
    const record = this.record(step);
    if (record === undefined) return 1;
    if (record.state === "failed") return record.attempt + 1;
    if (record.state !== "unknown" && (record.state !== "intended" || options.onUnknown === "retry")) return Math.max(1, record.attempt);
    if (record.state === "unknown" || options.onUnknown === "ask") {
      if (record.state !== "unknown") this.#parts.log.append({ type: "step.unknown", data: { step, attempt: record.attempt } });
      throw new Problem(
        "outcome-unknown",
        `It is not known whether ${options.uses} took effect before an interruption; a person has to look and decide.`,
      );
    }
    const problem = new Problem("outcome-unknown", `It is not known whether ${options.uses} took effect before an interruption.`);
    this.fail(step, problem);
    throw problem;
  }

  /**
   * Marks the step when a kill switch is thrown while its effect is under way, and breaks it off if it may be repeated: an effect that may not would have an
   * unknown outcome, where its end within its own time limit gives a known one.
   */
  #watch(
    step: string,
    attempt: number,
    { onUnknown }: StepOptions,
    uses: readonly string[],
    stop: AbortController,
  ): (() => void) | undefined {
    return this.#parts.gate?.watch(uses, (held) => {
      const record = this.record(step);
      if (record?.state !== "intended" || record.attempt !== attempt) return;
      const isCut = onUnknown === "retry";
      this.#parts.log.append({ type: "step.stopped", data: { step, attempt, switch: held.switchId, isCut } });
      if (isCut) stop.abort(held);
    });
  }

  /** @returns true when there was a time to wait for */
  async #untilRetry(step: string, stop: AbortSignal): Promise<boolean> {
    const retryAt = this.record(step)?.retryAt;
    const wait = (retryAt ?? 0) - this.#parts.clock.now();
    if (wait <= 0) return false;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait);
      stop.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
    return true;
  }

  #intendAttempt(step: string, options: StepOptions, attempt: number): void {
    this.#parts.log.append({
      type: "step.intended",
      data: {
        step,
        uses: options.uses,
        attempt,
        key: this.keyOf(step),
        ...(options.title === undefined ? {} : { title: options.title }),
        ...(options.decision === undefined ? {} : { decision: options.decision }),
      },
    });
  }

  /** @throws Problem `conflict` when the step was settled, cancelled or reset while this attempt ran: what it brings is late */
  #stillCurrent(step: string, attempt: number, options: StepOptions): void {
    const record = this.record(step);
    const isCurrent = options.isOutside
      ? record?.state === "intended" && record.attempt === attempt
      : record === undefined || !isSettled(record);
    if (!isCurrent) throw new Problem("conflict", `Step ${step} was settled while it ran.`);
  }

  /** Records a failed attempt. @throws Problem when it was the last */
  #recordFailure(step: string, attempt: number, options: StepOptions, failure: unknown): void {
    const problem = problemOf(failure) ?? new Problem("internal", `Step ${step} failed: ${describeError(failure)}`);
    const isFinal = !mayTryAgain(options.retry, attempt, failure);
    const delay = isFinal ? undefined : retryDelayMs(options.retry, attempt, problem, Math.random());
    this.#parts.log.append({
      type: "step.failed",
      data: {
        step,
        attempt,
        final: isFinal,
        problem: { type: problem.type, detail: problem.detail },
        ...(options.isOutside || options.decision === undefined ? {} : { decision: options.decision }),
        ...(delay === undefined ? {} : { retryAt: this.#parts.clock.now() + delay }),
      },
    });
    if (isFinal) throw problem;
  }
}

/** What the outcome of a step has to say of it because no intent has. */
function untold({ isOutside, uses, title, decision }: StepOptions) {
  if (isOutside) return {};
  return { uses, ...(title === undefined ? {} : { title }), ...(decision === undefined ? {} : { decision }) };
}

/** The problem a failed or skipped record holds. */
export function recordedProblem(record: StepRecord): Problem {
  const { type, detail } = record.problem ?? { type: "internal", detail: `Step ${record.step} has no result.` };
  return new Problem(isProblemType(type) ? type : "conflict", detail);
}

/** Runs `effect` with a signal, until `stop` fires, and no longer than `timeoutMs`. @throws Problem `timeout`, or why it was stopped */
async function bounded(timeoutMs: number, step: string, stop: AbortSignal, effect: (signal: AbortSignal) => Promise<Json>): Promise<Json> {
  const abort = new AbortController();
  const work = effect(abort.signal);
  // What an effect inside the object does is often done at once: a timer for it would cost more than the step.
  if (await isSettledAtOnce(work)) return work;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const problem = new Problem("timeout", `Step ${step} took longer than its limit of ${timeoutMs} ms.`);
      reject(problem);
      abort.abort(problem);
    }, timeoutMs);
    stop.addEventListener("abort", () => {
      reject(stop.reason);
      abort.abort(stop.reason);
    });
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether a promise is settled once what is ready to run has run. */
async function isSettledAtOnce(work: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  const settled = () => {
    isSettled = true;
  };
  work.then(settled, settled);
  await Promise.resolve();
  return isSettled;
}
