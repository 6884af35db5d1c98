import { DurableObject } from "cloudflare:workers";
import { publishAudit } from "../../queues/agent-audit.ts";
import { type Firing, start } from "../../workers/mao/schedules/decide.ts";
import type { OrderedDefinition } from "../../workers/mao/schedules/definition.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import type { Principal } from "../../workers/platform/principal.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { EventLog } from "../event-log/event-log.ts";
import { type Covered, FLUSH_DELAY_MS, Outbox } from "../event-log/outbox.ts";
import { AlarmClock } from "../schedule/alarm-clock.ts";
import { Drive } from "../schedule/drive.ts";
import { type Ending, Firings } from "./firings.ts";
import { keptDefinition, orderedDefinition } from "./kept-definition.ts";
import { type ScheduleDocument, scheduleDocument } from "./schedule-document.ts";
import { type ScheduleState, ScheduleView } from "./schedule-view.ts";
import { scheduledRuns } from "./scheduled-runs.ts";

/**
 * A schedule: at its times it starts runs of a template or graph, each once. What it decides is an event before it is done, so that a doubled alarm, a
 * death in between and a long downtime lead to the runs that its policies say, and to no other.
 */
export class MaoSchedule extends DurableObject<Env> {
  readonly #view = new ScheduleView();
  readonly #log: EventLog;
  readonly #outbox: Outbox;
  readonly #firings: Firings;
  readonly #drive: Drive;
  readonly #alarm: AlarmClock;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#log = new EventLog(state.storage, systemClock, [this.#view]);
    this.#outbox = new Outbox(this.#log, systemClock, async (parcel) => {
      const name = state.id.name ?? "";
      await publishAudit(env, { binding: "MAO_SCHEDULE", name }, name.slice(0, name.indexOf("/")), parcel);
    });
    this.#firings = new Firings({
      clock: systemClock,
      standing: () => this.#view.state,
      append: (event) => void this.#log.append(event),
      runs: scheduledRuns(env, () => this.#state()),
    });
    this.#drive = new Drive(() => this.#firings.work());
    this.#alarm = new AlarmClock(state.storage, systemClock, [
      { name: "outbox", dueAt: () => this.#outbox.dueAt(FLUSH_DELAY_MS), onDue: () => this.#outbox.flush() },
      { name: "firings", dueAt: () => this.#firings.dueAt(), onDue: () => this.#drive.start() },
    ]);
  }

  /** Begins the schedule. Creating it twice is creating it once. */
  async create(order: { principal: Principal; id: string; definition: OrderedDefinition }): Promise<ScheduleDocument> {
    if (this.#view.state === undefined) {
      const { principal, id } = order;
      const definition = await keptDefinition(this.env, principal.tenant, id, order.definition);
      if (this.#view.state === undefined) this.#log.append({ type: "schedule.created", data: { id, principal, definition } });
    }
    return this.#woken();
  }

  /** The schedule as the API shows it; a look takes up what an interruption left. @throws Problem `not-found` */
  async read(): Promise<ScheduleDocument> {
    this.#state();
    return this.#woken();
  }

  /** The definition that is in force, for those who change a part of it. @throws Problem `not-found` */
  async definition(): Promise<OrderedDefinition> {
    return orderedDefinition(this.env, this.#state().definition);
  }

  /** Puts another definition in force; its times count from now. @throws Problem `not-found` */
  async change(order: { by: string; definition: OrderedDefinition }): Promise<ScheduleDocument> {
    const { principal, id } = this.#state();
    await this.#drive.start();
    const definition = await keptDefinition(this.env, principal.tenant, id, order.definition);
    this.#log.append({ type: "schedule.changed", data: { by: order.by, definition } });
    return this.#woken();
  }

  async pause(by: string): Promise<ScheduleDocument> {
    if (!this.#state().isPaused) this.#log.append({ type: "schedule.paused", data: { by } });
    return this.#woken();
  }

  /** Goes on from now: what fell into the pause is not made up for. */
  async resume(by: string): Promise<ScheduleDocument> {
    if (this.#state().isPaused) this.#log.append({ type: "schedule.continued", data: { by } });
    return this.#woken();
  }

  /**
   * Starts a run now, also while the schedule is paused. The overlap policy holds for it. Asking twice for the same run is asking once.
   * @throws Problem `conflict` when the policy skips it
   */
  async runNow(run: string): Promise<ScheduleDocument> {
    const state = this.#state();
    if (state.history.some((entry) => entry.run === run)) return this.#woken();
    const firing: Firing = { run, due: systemClock.now(), cause: "person" };
    const event = start(state, firing);
    if (event.type === "schedule.skipped")
      throw new Problem(
        "conflict",
        "A run of this schedule still goes on, and its overlap policy starts no other beside it; wait for it, or cancel it.",
      );
    this.#log.append(event);
    return this.#woken();
  }

  /** Ends the schedule; runs that go on are left to their end. Deleting it twice is deleting it once. @throws Problem `not-found` */
  async delete(by: string): Promise<void> {
    if (this.#view.state?.isDeleted === true) return;
    this.#state();
    this.#log.append({ type: "schedule.deleted", data: { by } });
    await this.#outbox.flush();
    await this.#alarm.arm();
  }

  /** One of its runs tells how it ended. Telling it twice, or too late, changes nothing. */
  async runEnded(run: string, state: Ending): Promise<void> {
    this.#firings.ended(run, state);
    await this.#alarm.arm();
    void this.#drive.start();
  }

  /** The audit log has the events of this part of the log. */
  acknowledgeEvents(covered: Covered): void {
    this.#outbox.acknowledge(covered);
  }

  override async alarm(): Promise<void> {
    await this.#alarm.ring();
  }

  /** Does what is due, and shows how the schedule then stands. */
  async #woken(): Promise<ScheduleDocument> {
    await this.#alarm.arm();
    await this.#drive.start();
    await this.#alarm.arm();
    return scheduleDocument(this.#state(), systemClock.now());
  }

  #state(): ScheduleState {
    if (this.#view.state === undefined || this.#view.state.isDeleted)
      throw new Problem("not-found", "There is no such schedule in this tenant.");
    return this.#view.state;
  }
}
