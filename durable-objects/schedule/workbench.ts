import type { Json } from "../../workers/platform/canonical-json.ts";
import type { Clock } from "../../workers/platform/clock.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import type { Governance } from "../../workers/platform/governance.ts";
import { heldBy } from "../../workers/platform/held.ts";
import { describeError, log as writeLog } from "../../workers/platform/telemetry.ts";
import { EventLog, type View } from "../event-log/event-log.ts";
import { FLUSH_DELAY_MS, Outbox, type Parcel } from "../event-log/outbox.ts";
import { History } from "../journal/history.ts";
import { Journal } from "../journal/journal.ts";
import { StepRecords } from "../journal/step-records.ts";
import { valueStore } from "../journal/value-store.ts";
import { AlarmClock, type AlarmSource, HEARTBEAT_MS } from "./alarm-clock.ts";
import { Drive } from "./drive.ts";
import { Holds, nextLookAt } from "./hold.ts";
import { SwitchGate } from "./switch-gate.ts";

/** Interruptions in a row without a step finished in between, after which work counts as stalled. Interruptions with progress are not counted. */
export const MAX_FRUITLESS_RECOVERIES = 100;
const FIRST_RECOVERY_MS = 200;
const SLOWEST_RECOVERY_MS = 60_000;

export interface WorkbenchOptions {
  readonly storage: DurableObjectStorage;
  readonly bucket: R2Bucket;
  readonly clock: Clock;
  /** What the object knows by its events, besides its steps. */
  readonly view: View;
  /** Further readings of the same events. */
  readonly moreViews?: readonly View[];
  /** What else wants the object's alarm. */
  readonly moreSources?: readonly AlarmSource[];
  /** The object's own name, once it has one: part of its keys and of its large values' places. */
  readonly owner: () => { tenant: string; id: string } | undefined;
  /** False once no step may begin any more. */
  readonly mayBegin?: () => boolean;
  /** True while there is work that must go on by itself. */
  readonly isOpen: () => boolean;
  /** When the object next wants to look at its timers; undefined when it has none. */
  readonly nextTimer: () => number | undefined;
  /** Does what can be done now; returns when the rest waits. What it throws as `Held` is no failure: the work is held until the switch is released. */
  readonly work: () => Promise<void>;
  /** What governs a tenant now: which kill switches are thrown. */
  readonly governance: (tenant: string) => Promise<Pick<Governance, "switches">>;
  /** The work was interrupted too often without getting on. */
  readonly onStalled: () => void;
  /** Sends events on their way to the audit log. */
  readonly send: (parcel: Parcel) => Promise<void>;
}

/** Counts interruptions since the last progress. */
class Recoveries implements View {
  readonly name = "recoveries";
  fruitless = 0;

  apply(event: LoggedEvent): void {
    if (event.type === "work.resumed") this.fruitless += 1;
    else if (event.type === "step.done" || event.type === "step.failed") this.fruitless = 0;
  }

  snapshot(): Json {
    return this.fruitless;
  }

  restore(snapshot: unknown): void {
    this.fruitless = typeof snapshot === "number" ? snapshot : 0;
  }
}

/**
 * What every object that works is made of: its events, its journal, its way to the audit log, its one alarm, and a loop of work that
 * goes on after whatever interrupts it. Sessions and projects have one each.
 */
export class Workbench {
  readonly log: EventLog;
  readonly journal: Journal;
  readonly outbox: Outbox;
  readonly alarm: AlarmClock;
  readonly drive: Drive;
  readonly #options: WorkbenchOptions;
  readonly #recoveries = new Recoveries();
  readonly #holds = new Holds();
  readonly #gate: SwitchGate;
  #wasInterrupted: boolean;
  /** False in a new incarnation until its work was looked at: what a dead one left is due at once, also when only the alarm calls. */
  #hasLooked = false;
  #resumeAt: number | undefined;

  constructor(options: WorkbenchOptions) {
    this.#options = options;
    const steps = new StepRecords();
    const history = new History();
    this.log = new EventLog(options.storage, options.clock, [
      steps,
      history,
      this.#recoveries,
      this.#holds,
      options.view,
      ...(options.moreViews ?? []),
    ]);
    const owner = () => options.owner() ?? { tenant: "unnamed", id: "unnamed" };
    const values = {
      keep: (value: Json) => valueStore(options.bucket, `${owner().tenant}/objects/${owner().id}`).keep(value),
      load: (reference: { key: string; sha256: string }) => valueStore(options.bucket, "").load(reference),
    };
    this.#gate = new SwitchGate({
      governance: () => options.governance(owner().tenant),
      onDrill: ({ id }, uses) => this.#tellDrill(id, uses[0]),
    });
    const { clock, mayBegin } = options;
    this.journal = new Journal({ log: this.log, steps, history, values, clock, mayBegin, owner: () => owner().id, gate: this.#gate });
    this.outbox = new Outbox(this.log, options.clock, options.send);
    this.drive = new Drive(() => this.#work());
    this.alarm = new AlarmClock(options.storage, options.clock, [
      { name: "outbox", dueAt: () => this.#outboxDueAt(), onDue: () => this.outbox.flush() },
      { name: "work", dueAt: () => this.#workDueAt(), onDue: () => this.#start() },
      ...(options.moreSources ?? []),
    ]);
    this.#wasInterrupted = [...steps.open.values()].some((record) => record.state === "intended");
  }

  /**
   * Sees to it that work goes on: sets the alarm that watches over it, then starts the loop without waiting for it. Whoever looks at an
   * object calls it too, so that work which a dead process left is taken up when someone looks, and by the alarm when nobody does.
   */
  async wake(): Promise<void> {
    this.#hasLooked = true;
    await this.alarm.arm();
    this.#start();
  }

  #start(): void {
    this.#hasLooked = true;
    if (this.#options.isOpen()) void this.drive.start().then(() => this.#rest());
  }

  /** Only now that the loop rests is it known when it next has something to do: while it runs, all it wants is its watchdog. */
  async #rest(): Promise<void> {
    try {
      await this.alarm.arm();
    } catch (error) {
      writeLog("warn", "alarm.not-set", {}, { error: describeError(error) });
    }
  }

  /** The loop sends what it recorded when it comes to rest: until then only the watchdog's alarm is needed, and no earlier one is paid for. */
  #outboxDueAt(): number | undefined {
    const isOnItsWay = this.drive.isRunning || this.#options.isOpen();
    return this.outbox.dueAt(isOnItsWay ? HEARTBEAT_MS : FLUSH_DELAY_MS);
  }

  #workDueAt(): number | undefined {
    if (!this.#options.isOpen()) return undefined;
    if (!this.#hasLooked) return this.#options.clock.now();
    if (this.drive.isRunning) return this.#options.clock.now() + HEARTBEAT_MS;
    return this.#resumeAt ?? this.#options.nextTimer() ?? (this.log.last === 0 ? undefined : this.#options.clock.now() + HEARTBEAT_MS);
  }

  async #work(): Promise<void> {
    this.#resumeAt = undefined;
    if (await this.#isHeld()) return;
    if (this.#wasInterrupted) {
      this.#wasInterrupted = false;
      this.log.append({
        type: "work.resumed",
        data: { openSteps: [...this.journal.open.values()].filter((record) => record.state === "intended").length },
      });
      if (this.#recoveries.fruitless > MAX_FRUITLESS_RECOVERIES) this.#options.onStalled();
    }
    try {
      await this.#options.work();
    } catch (error) {
      const held = heldBy(error);
      if (held === undefined) this.#recoverFrom(error);
      else this.#hold(held);
    }
    await this.outbox.flush();
    await this.alarm.arm();
  }

  /** The platform's reset, or a bug: either way the record is what counts, and the work begins again from it. */
  #recoverFrom(error: unknown): void {
    this.#wasInterrupted = true;
    const wait = Math.min(SLOWEST_RECOVERY_MS, FIRST_RECOVERY_MS * 2 ** Math.min(20, this.#recoveries.fruitless));
    this.#resumeAt = this.#options.clock.now() + wait;
    writeLog("warn", "work.interrupted", {}, { error: describeError(error), retryInMs: wait });
  }

  /** Notes that the work is held, once for each switch, and when to look again whether it still is. */
  #hold(by: string): void {
    if (this.#holds.hold?.switch !== by) this.log.append({ type: "work.held", data: { switch: by, drill: false } });
    this.#lookLater();
  }

  #lookLater(): void {
    const now = this.#options.clock.now();
    this.#resumeAt = nextLookAt(this.#holds.hold ?? { at: now }, now, Math.random());
  }

  /**
   * Whether the switch that holds the work is still thrown. Such an object does nothing else: a look costs no row, and the number of looks counts towards no
   * bound on recoveries.
   */
  async #isHeld(): Promise<boolean> {
    const { hold } = this.#holds;
    if (hold === undefined) return false;
    if (await this.#isThrown(hold.switch)) {
      this.#lookLater();
      await this.alarm.arm();
      return true;
    }
    this.log.append({ type: "work.released", data: { switch: hold.switch } });
    return false;
  }

  /** What cannot be read counts as thrown. */
  async #isThrown(id: string): Promise<boolean> {
    try {
      return await this.#gate.isThrown(id);
    } catch (error) {
      writeLog("warn", "kill-switch.not-read", {}, { error: describeError(error) });
      return true;
    }
  }

  #tellDrill(id: string, uses: string | undefined): void {
    if (this.#holds.hasTold(id)) return;
    this.log.append({ type: "work.held", data: { switch: id, drill: true, ...(uses === undefined ? {} : { uses }) } });
  }
}
