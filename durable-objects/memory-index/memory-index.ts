import { DurableObject } from "cloudflare:workers";
import { publishAudit } from "../../queues/agent-audit.ts";
import { cleanText, MAX_MEMORIES_A_NAMESPACE, type Memory, type Recalled, type Remembered } from "../../workers/memory/memory.ts";
import { memoryIndexName } from "../../workers/memory/namespace.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { newId } from "../../workers/platform/ids.ts";
import type { Principal } from "../../workers/platform/principal.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { RecordedDecision } from "../../workers/platform/recorded.ts";
import { EventLog } from "../event-log/event-log.ts";
import { type Covered, FLUSH_DELAY_MS, Outbox } from "../event-log/outbox.ts";
import { AlarmClock } from "../schedule/alarm-clock.ts";
import { MemoryTable } from "./memory-table.ts";

/** Who changes something, and the decision of the guard that let them; a tool's decision is recorded with its step. */
interface Order {
  readonly principal: Principal;
  readonly decision?: RecordedDecision | undefined;
}

/**
 * What the agents of one principal remember. Each thing is remembered once: told again it is counted, corrected it is replaced, and what was forgotten is
 * gone, which is looked for before anyone is told so. Every change is an event, which holds ids and never what was remembered.
 */
export class MemoryIndex extends DurableObject<Env> {
  readonly #table: MemoryTable;
  readonly #log: EventLog;
  readonly #outbox: Outbox;
  readonly #alarm: AlarmClock;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#table = new MemoryTable(state.storage.sql);
    this.#log = new EventLog(state.storage, systemClock, []);
    this.#outbox = new Outbox(this.#log, systemClock, async (parcel) => {
      const name = state.id.name ?? "";
      await publishAudit(env, { binding: "MEMORY_INDEX", name }, name.slice(0, name.indexOf("/")), parcel);
    });
    this.#alarm = new AlarmClock(state.storage, systemClock, [
      { name: "outbox", dueAt: () => this.#outbox.dueAt(FLUSH_DELAY_MS), onDue: () => this.#outbox.flush() },
    ]);
  }

  /**
   * Remembers a text. The same words again change nothing but the count; with `corrects` or the same `about` it takes the place of what it corrects.
   * @throws Problem `not-found` when there is nothing to correct under that id, `limit-exceeded`, `invalid-request`
   */
  async remember(order: Order & { text: string; about?: string | undefined; corrects?: string | undefined }): Promise<Remembered> {
    this.#checkOwner(order.principal);
    const text = cleanText(order.text);
    const about = order.about === undefined ? undefined : cleanText(order.about);
    const remembered = this.ctx.storage.transactionSync(() => this.#keep({ text, about, corrects: order.corrects }));
    await this.#tell({
      type: "memory.remembered",
      data: { id: remembered.memory.id, outcome: remembered.outcome, replaced: remembered.replaced, ...byWhom(order) },
    });
    return remembered;
  }

  /** What is remembered that fits the query best, best first: by words (BM25) and by likeness of spelling (vectors), fused by reciprocal rank. */
  recall(order: { principal: Principal; query: string; limit: number }): Recalled[] {
    this.#checkOwner(order.principal);
    const found = this.#table.search(order.query.toWellFormed()).slice(0, order.limit);
    return found.map(({ number, score }) => ({ memory: this.#table.read(number), score }));
  }

  list(order: { principal: Principal; before: string | undefined; limit: number }): Memory[] {
    this.#checkOwner(order.principal);
    return this.#table.list(order.before, order.limit);
  }

  /** @throws Problem `not-found` */
  read(order: { principal: Principal; id: string }): Memory {
    this.#checkOwner(order.principal);
    const memory = this.#table.find(order.id);
    if (memory === undefined) throw noMemory(order.id);
    return memory;
  }

  /** Forgets a memory, then looks whether anything of it is left. @throws Problem `not-found`; `internal` when something is left */
  async forget(order: Order & { id: string }): Promise<void> {
    this.#checkOwner(order.principal);
    const number = this.#table.numberOf(order.id);
    if (number === undefined || !this.#table.remove(order.id)) throw noMemory(order.id);
    if (this.#table.holds(order.id, number))
      throw new Problem("internal", `Parts of ${order.id} are still stored after it was deleted; tell the operator of the platform.`);
    await this.#tell({ type: "memory.forgotten", data: { id: order.id, ...byWhom(order) } });
  }

  /** The audit log has the events of this part of the log. */
  acknowledgeEvents(covered: Covered): void {
    this.#outbox.acknowledge(covered);
  }

  override async alarm(): Promise<void> {
    await this.#alarm.ring();
  }

  #keep(told: { text: string; about: string | undefined; corrects: string | undefined }): Remembered {
    const at = systemClock.now();
    const same = this.#table.findSame(told.text);
    const corrected = told.corrects === undefined ? undefined : this.#table.find(told.corrects);
    if (told.corrects !== undefined && corrected === undefined && same === undefined) throw noMemory(told.corrects);
    const about = told.about ?? same?.about ?? corrected?.about;
    const outdated = [corrected, about === undefined ? undefined : this.#table.findAbout(about)];
    const replaced = [...new Set(outdated.flatMap((memory) => (memory === undefined || memory.id === same?.id ? [] : [memory.id])))];
    for (const id of replaced) this.#table.remove(id);
    const outcome = replaced.length > 0 ? "corrected" : same === undefined ? "stored" : "merged";
    if (same !== undefined && same.about === about) {
      this.#table.tellAgain(same.id, at);
      return { memory: { ...same, updatedAt: at, timesTold: same.timesTold + 1 }, outcome, replaced };
    }
    if (same !== undefined) this.#table.remove(same.id);
    else if (this.#table.count() >= MAX_MEMORIES_A_NAMESPACE)
      throw new Problem("limit-exceeded", `${MAX_MEMORIES_A_NAMESPACE} memories are kept, which is all there may be; delete some first.`);
    const memory: Memory = {
      id: same?.id ?? newId("memory", at),
      text: told.text,
      ...(about === undefined ? {} : { about }),
      createdAt: same?.createdAt ?? at,
      updatedAt: at,
      timesTold: (same?.timesTold ?? 0) + 1,
    };
    this.#table.insert(memory);
    return { memory, outcome, replaced };
  }

  async #tell(event: Parameters<EventLog["append"]>[0]): Promise<void> {
    this.#log.append(event);
    await this.#alarm.arm();
  }

  /** The object's name is made from the principal; one that does not fit is a bug, and is stopped here. */
  #checkOwner(principal: Principal): void {
    if (this.ctx.id.name !== memoryIndexName(principal)) throw new Problem("not-found", "There is no such memory here.");
  }
}

function byWhom({ principal, decision }: Order) {
  return { by: principal.subject, ...(decision === undefined ? {} : { decision }) };
}

function noMemory(id: string): Problem {
  return new Problem("not-found", `Nothing is remembered under ${id}; it may have been corrected or deleted.`);
}
