import { DurableObject } from "cloudflare:workers";
import { logIdOf, logKeys, originOf } from "../../workers/audit/log/log-name.ts";
import type { AuditBatch } from "../../workers/audit/parts.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { AlarmClock } from "../schedule/alarm-clock.ts";
import { Intake } from "./intake.ts";
import { LogState } from "./log-state.ts";
import { PartsOutbox } from "./parts-outbox.ts";
import { Publication, type SignedCheckpoint } from "./publication.ts";
import { TreeStore } from "./tree-store.ts";
import { Witnesses } from "./witnesses.ts";

/** What is told of a log. */
export interface LogHead {
  readonly id: string;
  readonly origin: string;
  readonly verifierKey: string | undefined;
  /** Leaves, those included that no checkpoint covers yet. */
  readonly size: number;
  readonly checkpoint: SignedCheckpoint | undefined;
  /** What witnesses have said of that checkpoint, a line each. */
  readonly cosignatures: readonly string[];
  readonly isPublished: boolean;
}

/** Where an event is in the log, and a checkpoint that covers it. */
export interface PlacedLeaf {
  readonly logId: string;
  readonly index: number;
  readonly checkpoint: SignedCheckpoint;
}

/**
 * The transparency log of one tenant: everything that reaches its audit becomes a leaf, once and in its object's order; the tree over them is
 * published as tiles under signed checkpoints. What came is durable here before anybody is told that it may be forgotten elsewhere; the
 * database, the tiles and the checkpoint follow from it, by an alarm if this object is killed in between.
 */
export class AuditLog extends DurableObject<Env> {
  readonly #tenant: string;
  readonly #state: LogState;
  readonly #tree: TreeStore;
  readonly #intake: Intake;
  readonly #parts: PartsOutbox;
  readonly #publication: Publication;
  readonly #witnesses: Witnesses;
  readonly #alarm: AlarmClock;
  #isOpen: boolean;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { storage } = ctx;
    const name = ctx.id.name ?? "";
    this.#tenant = name.slice(0, name.indexOf("/"));
    this.#state = new LogState(storage.sql);
    this.#tree = new TreeStore(storage.sql);
    this.#intake = new Intake(storage.sql, this.#tree, systemClock, this.#tenant);
    this.#parts = new PartsOutbox(storage.sql, env, systemClock);
    this.#publication = new Publication({ storage, env, clock: systemClock, tree: this.#tree, state: this.#state, tenant: this.#tenant });
    this.#witnesses = new Witnesses(storage.sql);
    this.#alarm = new AlarmClock(storage, systemClock, [
      { name: "parts", dueAt: () => this.#parts.dueAt(), onDue: () => this.#parts.flush() },
      { name: "gaps", dueAt: () => this.#intake.parked.dueAt(), onDue: () => this.#append(() => this.#intake.giveUp()) },
      { name: "publication", dueAt: () => this.#publication.dueAt(), onDue: () => this.#publication.publishDue() },
    ]);
    this.#isOpen = this.#state.exists;
    if (this.#isOpen) this.#open();
  }

  /**
   * Takes events into the log: what is new of them, each once. They are durable when this returns, and in the database as a rule.
   * @throws Problem `limit-exceeded` when too many wait for earlier ones
   */
  async append(batches: readonly AuditBatch[]): Promise<void> {
    if (!this.#isOpen) this.#create();
    this.#append(() => this.#intake.take(batches));
    await this.#alarm.arm();
    await this.#parts.flush();
  }

  /** What there is of the log. */
  head(): LogHead {
    const id = logIdOf(this.#tenant);
    return {
      id,
      origin: (this.#isOpen ? this.#state.read("origin") : undefined) ?? originOf(this.env, id),
      verifierKey: this.#isOpen ? this.#publication.verifierKey : undefined,
      size: this.#tree.size,
      checkpoint: this.#publication.latest,
      cosignatures: this.#publication.latest === undefined ? [] : this.#witnesses.linesOf(this.#publication.latest.size),
      isPublished: this.#isOpen && this.#state.read("is_published") === "true",
    };
  }

  /** Signs a checkpoint over everything there is, without waiting for its time. @throws Problem `unavailable` without a master key */
  async publish(): Promise<LogHead> {
    if (this.#isOpen) await this.#publication.publish();
    return this.head();
  }

  /**
   * Finds the leaf of an event, and a checkpoint that covers it, which is signed now if there is none.
   * @returns undefined when the event is not in the log
   */
  async locate(object: string, seq: number): Promise<PlacedLeaf | undefined> {
    const index = this.#isOpen ? this.#intake.seen.indexOf(object, seq) : undefined;
    if (index === undefined) return undefined;
    if (index >= (this.#publication.latest?.size ?? 0)) await this.#publication.publish();
    const checkpoint = this.#publication.latest;
    return checkpoint === undefined || index >= checkpoint.size ? undefined : { logId: logIdOf(this.#tenant), index, checkpoint };
  }

  /** The records `[from, to)` that are not in R2 yet, a line each: those of the unfinished bundle. */
  newestRecords(from: number, to: number): string[] {
    return this.#isOpen ? this.#tree.lines(from, to) : [];
  }

  /**
   * Keeps what a witness says of one of the checkpoints.
   * @throws Problem `not-found` when there is no checkpoint of that size any more; `invalid-request` when the line does not verify
   */
  async addCosignature(size: number, witness: string, line: string): Promise<void> {
    const checkpoint = this.#isOpen ? this.#publication.checkpoint(size) : undefined;
    if (checkpoint === undefined) throw new Problem("not-found", `There is no checkpoint of ${size} leaves to cosign; ask for the newest.`);
    await this.#witnesses.add(checkpoint, witness, line);
    if (size === this.#publication.latest?.size) await this.#publication.putCosigned(this.#witnesses.linesOf(size));
  }

  /** Lets everybody read the log's tiles and checkpoints, or nobody. */
  async setPublished(isPublished: boolean): Promise<LogHead> {
    if (!this.#isOpen) this.#create();
    const key = logKeys.published(logIdOf(this.#tenant));
    if (isPublished) await this.env.ARTIFACTS.put(key, "");
    else await this.env.ARTIFACTS.delete(key);
    this.#state.write("is_published", String(isPublished));
    return this.head();
  }

  override async alarm(): Promise<void> {
    await this.#alarm.ring();
  }

  #append(take: () => { lines: readonly string[]; parts: Parameters<PartsOutbox["add"]>[0] }): void {
    const grown = this.ctx.storage.transactionSync(() => {
      const { lines, parts } = take();
      if (lines.length === 0) return undefined;
      const next = this.#tree.append(lines);
      this.#parts.add(parts);
      return next;
    });
    if (grown === undefined) return;
    this.#tree.commit(grown);
    this.#publication.want();
  }

  #create(): void {
    this.ctx.storage.transactionSync(() => {
      for (const part of [this.#state, this.#tree, this.#intake, this.#parts, this.#publication, this.#witnesses]) part.create();
    });
    this.#isOpen = true;
  }

  #open(): void {
    this.#tree.open();
    this.#parts.open();
    this.#publication.open();
  }
}
