import { DurableObject } from "cloudflare:workers";
import { publishAudit } from "../../queues/agent-audit.ts";
import { publishSummary } from "../../queues/conversation-events.ts";
import { pinsOf } from "../../workers/constitution/pins.ts";
import type { Budget } from "../../workers/kamachiq/budget.ts";
import { isOver } from "../../workers/kamachiq/project-state.ts";
import { provenanceOf, statementText } from "../../workers/kamachiq/provenance.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import type { EventPage } from "../../workers/platform/event-answer.ts";
import type { Principal } from "../../workers/platform/principal.ts";
import { Problem, problemOf } from "../../workers/platform/problem.ts";
import { governanceOf } from "../../workers/policy/governance-of.ts";
import type { TaskOutcome } from "../agent-session/task-order.ts";
import { eventStream } from "../event-log/event-stream.ts";
import type { Covered, Parcel } from "../event-log/outbox.ts";
import { Workbench } from "../schedule/workbench.ts";
import { answerStep } from "./answer-step.ts";
import { deliveredManifest } from "./deliver.ts";
import { type Desk, type LoadedFile, toJson } from "./desk.ts";
import { deliverRound, recordedReview, reviewRound } from "./finish.ts";
import { loadFiles } from "./load-files.ts";
import { endTasks, nextLook, openTasks, pollWaits, retireTasks, settleTask } from "./open-tasks.ts";
import { planRound } from "./planning.ts";
import { checkTime, holdBudget, type ProjectCall, settleBudget } from "./project-budget.ts";
import { deliverableOf, type ProjectDocument, type ProjectParts, projectDocument, shownState, taskPage } from "./project-document.ts";
import type { Message, ProjectState } from "./project-state.ts";
import { ProjectView } from "./project-view.ts";
import { provisionedParallel } from "./provisioning.ts";
import { retryFailed, retryTask } from "./retry-tasks.ts";
import { reviewDocument } from "./review-document.ts";
import { newestPlan, presentPlan } from "./round-plan.ts";
import { taskRecord } from "./task-results.ts";
import { replanOrFail, runTasks } from "./tasks.ts";

/** Messages among the agents of one project. */
const MAX_MESSAGES_A_PROJECT = 5_000;

/**
 * A brief on its way to a finished project: its files are looked at, a plan is made (or questions are asked), agents work on the plan's
 * tasks side by side, the report is written and reviewed by computing it again, a person decides where the review does not, and the
 * deliverables are stored with their provenance. Each of these is a step of one journal, so that the way goes on after whatever interrupts it.
 */
export class KamachiqProject extends DurableObject<Env> {
  readonly #view = new ProjectView();
  readonly #bench: Workbench;
  readonly #desk: Desk;
  #told = "";

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    const polled = { at: 0 };
    this.#bench = new Workbench({
      storage: state.storage,
      bucket: env.ARTIFACTS,
      clock: systemClock,
      view: this.#view,
      owner: () => (this.#view.state === undefined ? undefined : { tenant: this.#view.state.principal.tenant, id: this.#view.state.id }),
      mayBegin: () => this.#view.state?.phase !== "cancelled",
      isOpen: () => this.#isWorking(),
      nextTimer: () => nextLook(this.#desk),
      work: () => this.#work(),
      governance: (tenant) => governanceOf(env, systemClock, tenant),
      onStalled: () => this.#fail(new Problem("unavailable", "The project was interrupted again and again without getting on.")),
      send: (parcel) => this.#publish(parcel),
    });
    const atHand = { plans: new Map(), loaded: undefined, provided: undefined, manifest: undefined };
    this.#desk = { env, bench: this.#bench, state: () => this.#state(), polled, atHand };
  }

  /** Begins the project. Creating it twice is creating it once. */
  async create(order: {
    principal: Principal;
    id: string;
    title: string;
    brief: string;
    attachments: { id: string; name: string; sha256: string }[];
    options: Json;
    plan?: { key: string; sha256: string; bytes: number } | undefined;
  }): Promise<ProjectDocument> {
    const { plan, ...data } = order;
    const pins = await pinsOf({ env: this.env, clock: systemClock }, order.principal.tenant);
    if (this.#view.state === undefined)
      this.#bench.log.append({ type: "project.created", data: { ...data, ...(plan === undefined ? {} : { plan }), ...pins } });
    return this.#woken();
  }

  /** The project as the API shows it. @throws Problem `not-found` */
  async read(): Promise<ProjectDocument> {
    this.#state();
    await this.#bench.wake();
    return projectDocument(await this.#parts());
  }

  /** A page of the tasks of the present plan, after so many of them. */
  async tasks(after: number, limit: number): Promise<Awaited<ReturnType<typeof taskPage>>> {
    return taskPage(await this.#parts(), after, limit);
  }

  /** A page of what it delivered, after so many of the files. */
  async deliverables(after: number, limit: number): Promise<{ items: ReturnType<typeof deliverableOf>[]; next: number | undefined }> {
    this.#state();
    const all = (await deliveredManifest(this.#desk))?.deliverables ?? [];
    const items = all.slice(after, after + limit).map(deliverableOf);
    return { items, next: after + items.length < all.length ? after + items.length : undefined };
  }

  /** One file that it delivered. @throws Problem `not-found` */
  async deliverable(name: string): Promise<ReturnType<typeof deliverableOf>> {
    this.#state();
    const found = (await deliveredManifest(this.#desk))?.deliverables.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Problem("not-found", `The project has delivered no ${name}.`);
    return deliverableOf(found);
  }

  /** Where one file that it delivered comes from: the text that the manifest has the hash of. @throws Problem `not-found` */
  async provenance(name: string): Promise<string> {
    this.#state();
    const manifest = await deliveredManifest(this.#desk);
    const statement = manifest === undefined ? undefined : provenanceOf(manifest, name);
    if (statement === undefined) throw new Problem("not-found", `The project has delivered no ${name}.`);
    return statementText(statement).text;
  }

  /** What a person looks at before a decision: the report of the round, and how it differs from the one before; as JSON. @throws Problem `not-found` */
  async review(): Promise<string> {
    this.#state();
    return JSON.stringify(await reviewDocument(this.#desk));
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
    else if (phase === "failed" && !retryFailed(this.#desk, by)) this.#goOn(by);
    return this.#woken();
  }

  /** A project that a limit has stopped has nothing that failed. @throws Problem `conflict` when it is not that */
  #goOn(by: string): void {
    if (this.#state().failure?.problem.type !== "budget-exhausted")
      throw new Problem("conflict", "Nothing of this project can be tried again; start another.");
    this.#bench.log.append({ type: "project.continued", data: { by } });
  }

  /** Stops the project for good; tasks that run are told to end. */
  async cancel(by: string): Promise<ProjectDocument> {
    const { phase } = this.#state();
    if (isOver(phase) && phase !== "failed") throw new Problem("conflict", `The project is ${phase}; there is nothing to cancel.`);
    this.#bench.log.append({ type: "project.cancelled", data: { by } });
    await endTasks(this.#desk, cancelled());
    return this.#woken();
  }

  /** Lets a failed task run again. @throws Problem `not-found`, `conflict` */
  async retryTask(step: string, by: string): Promise<ProjectDocument> {
    retryTask(this.#desk, step, by);
    return this.#woken();
  }

  /** A person changes the brief while it is worked on. @throws Problem `conflict` when the project is over */
  async amend(text: string, by: string): Promise<ProjectDocument> {
    const { phase, isApproved } = this.#state();
    const isDelivering = phase === "reviewing" && isApproved;
    if ((isOver(phase) && phase !== "failed") || isDelivering)
      throw new Problem("conflict", `The project is ${isDelivering ? "being delivered" : phase}; start another for what is new.`);
    this.#bench.log.append({ type: "project.amended", data: { text, by } });
    return this.#woken();
  }

  /** Sets what the project may use from now on. What is spent is spent; a project that a limit has stopped is resumed by `resume`. */
  async setBudget(budget: Budget, by: string): Promise<ProjectDocument> {
    const { phase } = this.#state();
    if (isOver(phase) && phase !== "failed") throw new Problem("conflict", `The project is ${phase}; its budget means nothing any more.`);
    this.#bench.log.append({ type: "budget.changed", data: { budget: toJson(budget), by } });
    return this.#woken();
  }

  /** A person's word on a step that waits for one. @throws Problem `not-found`, `conflict` */
  async answerStep(
    step: string,
    answer: { decision?: "approve" | "refuse" | undefined; text?: string | undefined; by: string },
  ): Promise<ProjectDocument> {
    await answerStep(this.#desk, step, answer);
    return this.#woken();
  }

  /** Tells something to the agents of the project, or to one of them; under the same key once. @throws Problem `limit-exceeded` */
  postMessage({ key, ...message }: { from: string; to: string; text: string; key?: string | undefined }): Message {
    const before = key === undefined ? undefined : this.#state().messages.find((known) => known.key === key);
    if (before !== undefined) return before;
    if (this.#state().messageCount >= MAX_MESSAGES_A_PROJECT)
      throw new Problem("limit-exceeded", `The project has had ${MAX_MESSAGES_A_PROJECT} messages, which is all it may have.`);
    const event = this.#bench.log.append({ type: "collaboration.message", data: { ...message, ...(key === undefined ? {} : { key }) } });
    return this.#state().messages.at(-1) ?? { ...message, seq: event.seq, at: event.at };
  }

  /** The newest messages among its agents, oldest first. */
  readMessages(): Message[] {
    return this.#state().messages;
  }

  /** Holds part of the project's budget for a call of a model; waits while others hold what it lacks. @throws Problem `budget-exhausted` */
  async holdBudget(call: ProjectCall): Promise<void> {
    await holdBudget(this.#desk, call);
  }

  /** The call has taken this much. */
  settleBudget(taken: Omit<ProjectCall, "key">): void {
    settleBudget(this.#desk, taken);
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

  /** The way of a project, from where it stands as far as it goes now; a new round goes it from the plan on. */
  async #advance(): Promise<void> {
    const desk = this.#desk;
    if (this.#state().phase === "cancelled") return endTasks(desk, cancelled());
    const loaded = await loadFiles(desk);
    for (let round = 0; round !== this.#state().round; ) {
      round = this.#state().round;
      await pollWaits(desk);
      if (this.#state().phase === "planning" && !this.#state().isPaused) await planRound(desk, loaded);
      if (this.#state().phase === "running") await this.#runRound(loaded);
    }
    if (this.#state().phase === "reviewing" && this.#state().isApproved) await deliverRound(desk, loaded);
  }

  /** The tasks of a round and what comes after them. */
  async #runRound(loaded: readonly LoadedFile[]): Promise<void> {
    const desk = this.#desk;
    const present = await presentPlan(desk);
    checkTime(desk);
    await retireTasks(desk);
    const parallel = await provisionedParallel(desk, present);
    const status = parallel === undefined ? "waiting" : await runTasks(desk, present, parallel);
    if (this.#state().phase !== "running") return;
    await this.#stopAtLimit();
    if (status === "failed") await replanOrFail(desk, present, loaded);
    if (status === "done") await reviewRound(desk, present, loaded);
    await this.#stopAtLimit();
  }

  /** Fails a project that a limit has stopped, once what was under way has ended; when its time is over, that is ended too. */
  async #stopAtLimit(): Promise<void> {
    const { reached, phase } = this.#state();
    if (reached === undefined || phase !== "running") return;
    const problem = new Problem("budget-exhausted", reached.detail);
    if (reached.limit === "duration") await endTasks(this.#desk, problem);
    if (openTasks(this.#desk).every((record) => record.on === "human" || record.on === "timer")) throw problem;
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

  async #parts(): Promise<ProjectParts> {
    const state = this.#state();
    return {
      state,
      records: this.#bench.journal.records,
      present: await newestPlan(this.#desk),
      reviewed: await recordedReview(this.#desk, state.round),
      manifest: await deliveredManifest(this.#desk),
      found: (step) => taskRecord(this.#desk, step),
    };
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
    const { id, title, principal, createdAt, updatedAt, round, usage, findings, gateOpenedAt, account } = this.#state();
    const state = shownState(this.#state());
    const told = `${state}/${round}`;
    if (this.#told === told) return;
    this.#told = told;
    await publishSummary(this.env, {
      kind: "project",
      row: {
        id,
        tenant: principal.tenant,
        title,
        state,
        createdBy: principal.subject,
        createdAt,
        updatedAt,
        seq: this.#bench.log.last,
        round,
        costMicros: Math.max(usage.costMicros, account.spent.micros),
        tokens: Math.max(usage.inputTokens + usage.outputTokens, account.spent.tokens),
        findings,
        gateOpenedAt: gateOpenedAt ?? null,
      },
    });
  }
}

function cancelled(): Problem {
  return new Problem("conflict", "The project was cancelled.");
}
