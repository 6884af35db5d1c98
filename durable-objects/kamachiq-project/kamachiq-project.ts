import { DurableObject } from "cloudflare:workers";
import { publishAudit } from "../../queues/agent-audit.ts";
import { publishSummary } from "../../queues/conversation-events.ts";
import { isOver } from "../../workers/kamachiq/project-state.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import type { EventPage } from "../../workers/platform/event-answer.ts";
import type { Principal } from "../../workers/platform/principal.ts";
import { Problem, problemOf } from "../../workers/platform/problem.ts";
import { currentPolicyHash } from "../../workers/policy/guard.ts";
import type { TaskOutcome } from "../agent-session/task-order.ts";
import { eventStream } from "../event-log/event-stream.ts";
import type { Covered, Parcel } from "../event-log/outbox.ts";
import { Workbench } from "../schedule/workbench.ts";
import { endTasks, nextPoll, openTasks, pollWaits, settleTask } from "./agent-tasks.ts";
import type { Desk } from "./desk.ts";
import { deliverRound, presentReview, reviewRound } from "./finish.ts";
import { loadFiles } from "./load-files.ts";
import { newestPlan, planningUsage, planRound, presentPlan } from "./planning.ts";
import { type ProjectDocument, projectDocument } from "./project-document.ts";
import { type ProjectState, ProjectView } from "./project-view.ts";
import { taskResultSchema } from "./results.ts";
import { retryFailed, retryTask } from "./retry-tasks.ts";
import { runTasks } from "./tasks.ts";

/**
 * A brief on its way to a finished project: its files are looked at, a plan is made (or questions are asked), agents work on the plan's
 * tasks side by side, the report is written and reviewed by computing it again, a person decides where the review does not, and the
 * deliverables are stored with their provenance. Each of these is a step of one journal, so that the way goes on after whatever interrupts it.
 */
export class KamachiqProject extends DurableObject<Env> {
  readonly #view = new ProjectView();
  readonly #bench: Workbench;
  readonly #desk: Desk;
  #toldState = "";

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    const polled = { at: 0 };
    this.#bench = new Workbench({
      storage: state.storage,
      bucket: env.ARTIFACTS,
      clock: systemClock,
      view: this.#view,
      owner: () => (this.#view.state === undefined ? undefined : { tenant: this.#view.state.principal.tenant, id: this.#view.state.id }),
      isOpen: () => this.#isWorking(),
      nextTimer: () => nextPoll(this.#desk),
      work: () => this.#work(),
      onStalled: () => this.#fail(new Problem("unavailable", "The project was interrupted again and again without getting on.")),
      send: (parcel) => this.#publish(parcel),
    });
    this.#desk = { env, bench: this.#bench, state: () => this.#state(), polled };
  }

  /** Begins the project. Creating it twice is creating it once. */
  async create(order: {
    principal: Principal;
    id: string;
    title: string;
    brief: string;
    attachments: { id: string; name: string; sha256: string }[];
  }): Promise<ProjectDocument> {
    if (this.#view.state === undefined)
      this.#bench.log.append({ type: "project.created", data: { ...order, policyHash: currentPolicyHash() } });
    return this.#woken();
  }

  /** The project as the API shows it. @throws Problem `not-found` */
  async read(): Promise<ProjectDocument> {
    const state = this.#state();
    await this.#bench.wake();
    return projectDocument({
      state,
      records: this.#bench.journal.records,
      plan: await newestPlan(this.#desk),
      review: await presentReview(this.#desk),
      manifest: await this.#manifest(state),
      planning: await planningUsage(this.#desk),
      results: await this.#findings(state),
    });
  }

  async events(options: { after: number }): Promise<ReadableStream<Uint8Array>> {
    this.#state();
    await this.#bench.wake();
    return eventStream(this.#bench.log, { after: options.after, isOver: () => isOver(this.#state().phase) && !this.#isWorking() });
  }

  readEvents(after: number, limit: number): EventPage {
    this.#state();
    const events = this.#bench.log.read(after, limit);
    return { events: events.map((event) => JSON.stringify(event)), last: events.at(-1)?.seq ?? after };
  }

  async pause(by: string): Promise<ProjectDocument> {
    if (!this.#state().isPaused && this.#isWorking()) this.#bench.log.append({ type: "project.paused", data: { by } });
    return this.#woken();
  }

  /** Goes on with a project that is paused, or tries again what has failed. */
  async resume(by: string): Promise<ProjectDocument> {
    const { isPaused, phase } = this.#state();
    if (isPaused) this.#bench.log.append({ type: "project.continued", data: { by } });
    else if (phase === "failed") retryFailed(this.#desk, by);
    return this.#woken();
  }

  /** Stops the project for good; tasks that run are told to end. */
  async cancel(by: string): Promise<ProjectDocument> {
    const { phase } = this.#state();
    if (isOver(phase) && phase !== "failed") throw new Problem("conflict", `The project is ${phase}; there is nothing to cancel.`);
    this.#bench.log.append({ type: "project.cancelled", data: { by } });
    await endTasks(this.#desk);
    return this.#woken();
  }

  /** Lets a failed task run again. @throws Problem `not-found`, `conflict` */
  async retryTask(step: string, by: string): Promise<ProjectDocument> {
    retryTask(this.#desk, step, by);
    return this.#woken();
  }

  /** A person's answer to the planner's questions. @throws Problem `conflict` when none are open */
  async answer(text: string, by: string): Promise<ProjectDocument> {
    if (this.#state().phase !== "questions") throw new Problem("conflict", "The project has no open questions.");
    this.#bench.log.append({ type: "project.answered", data: { text, by } });
    return this.#woken();
  }

  /** A person's decision at the gate. @throws Problem `conflict` when the gate is not open */
  async decideGate(order: { decision: "approve" | "refuse" | "revise"; notes: string; by: string }): Promise<ProjectDocument> {
    const state = this.#state();
    if (state.phase !== "gate") throw new Problem("conflict", `The project is ${state.phase}; a decision is only asked for at the gate.`);
    if (order.decision === "revise" && order.notes.trim() === "")
      throw new Problem("invalid-request", "Say in the notes what should be different.");
    this.#bench.log.append({ type: "gate.decided", data: { round: state.round, ...order } });
    return this.#woken();
  }

  /** An agent's session tells how its task ended. Telling it twice, or too late, changes nothing. */
  async taskSettled(told: { step: string; key: string; outcome: TaskOutcome }): Promise<void> {
    await settleTask(this.#desk, told.step, told.key, told.outcome);
    await this.#bench.wake();
  }

  /** The audit log has the events of this part of the log. */
  acknowledgeEvents(covered: Covered): void {
    this.#bench.outbox.acknowledge(covered);
  }

  override async alarm(): Promise<void> {
    await this.#bench.alarm.ring();
  }

  async #work(): Promise<void> {
    try {
      await this.#advance();
    } catch (error) {
      const problem = problemOf(error);
      if (problem === undefined) throw error;
      this.#fail(problem);
    }
    await this.#summarize();
  }

  /** The way of a project, from where it stands as far as it goes now. */
  async #advance(): Promise<void> {
    const desk = this.#desk;
    if (this.#state().phase === "cancelled") return endTasks(desk);
    const loaded = await loadFiles(desk);
    if (this.#state().phase === "planning") await planRound(desk, loaded);
    if (this.#state().phase === "running") {
      const plan = await presentPlan(desk);
      await pollWaits(desk);
      if ((await runTasks(desk, plan)) === "done" && this.#state().phase === "running") await reviewRound(desk, plan, loaded);
    }
    if (this.#state().phase === "reviewing" && this.#state().isApproved) await deliverRound(desk, loaded);
  }

  #isWorking(): boolean {
    const state = this.#view.state;
    if (state === undefined) return false;
    if (state.phase === "cancelled") return openTasks(this.#desk).length > 0;
    if (state.isPaused) return false;
    return state.phase === "planning" || state.phase === "running" || (state.phase === "reviewing" && state.isApproved);
  }

  #fail(problem: Problem): void {
    if (this.#isWorking())
      this.#bench.log.append({ type: "project.failed", data: { problem: { type: problem.type, detail: problem.detail } } });
  }

  async #manifest(state: ProjectState): Promise<string | undefined> {
    if (state.manifest === undefined) return undefined;
    const object = await this.env.ARTIFACTS.get(state.manifest.key);
    return object === null ? undefined : object.text();
  }

  /** What the tasks of the present round that are done have found. */
  async #findings(state: ProjectState) {
    const { journal } = this.#bench;
    const done = [...journal.records.values()].filter((record) => record.state === "done" && record.step.startsWith(`r${state.round}/`));
    return Promise.all(done.map(async ({ step }) => ({ step, result: taskResultSchema.safeParse(await journal.output(step)).data })));
  }

  #state(): ProjectState {
    if (this.#view.state === undefined) throw new Problem("not-found", "There is no such project in this tenant.");
    return this.#view.state;
  }

  async #woken(): Promise<ProjectDocument> {
    await this.#bench.wake();
    if (!this.#isWorking()) {
      await this.#summarize();
      await this.#bench.outbox.flush();
      await this.#bench.alarm.arm();
    }
    return this.read();
  }

  async #publish(parcel: Parcel): Promise<void> {
    const { principal, id } = this.#state();
    await publishAudit(this.env, { binding: "KAMACHIQ_PROJECT", name: `${principal.tenant}/${id}` }, principal.tenant, parcel);
  }

  /** Tells the index when the state has changed. */
  async #summarize(): Promise<void> {
    const { id, title, principal, createdAt, updatedAt, phase, isPaused } = this.#state();
    const state = isPaused ? "paused" : phase;
    if (this.#toldState === state) return;
    this.#toldState = state;
    await publishSummary(this.env, {
      kind: "project",
      row: { id, tenant: principal.tenant, title, state, createdBy: principal.subject, createdAt, updatedAt, seq: this.#bench.log.last },
    });
  }
}
