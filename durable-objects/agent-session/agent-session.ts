import { DurableObject } from "cloudflare:workers";
import { auditMessage, publishAudit } from "../../queues/agent-audit.ts";
import { publishSummary } from "../../queues/conversation-events.ts";
import { publishTraining } from "../../queues/training-audit.ts";
import { pinsOf } from "../../workers/constitution/pins.ts";
import { modelFor } from "../../workers/models/model-for.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import type { EventPage } from "../../workers/platform/event-answer.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import { assertNotHeld } from "../../workers/platform/held.ts";
import { newId } from "../../workers/platform/ids.ts";
import type { Principal } from "../../workers/platform/principal.ts";
import { Problem, problemOf } from "../../workers/platform/problem.ts";
import type { RecordedDecision } from "../../workers/platform/recorded.ts";
import { governanceOf } from "../../workers/policy/governance-of.ts";

import { guard } from "../../workers/policy/guard.ts";
import { type FrontEndOrder, frontEnd } from "../../workers/streams/front-end.ts";
import type { Analysis } from "../../workers/tools/data/analysis.ts";
import { spentAfterRound } from "../agent-turn/cost.ts";
import { MAX_TOOL_ROUNDS, runTurn } from "../agent-turn/turn.ts";
import { turnTools } from "../agent-turn/turn-tools.ts";
import { eventStream } from "../event-log/event-stream.ts";
import type { Covered, Parcel } from "../event-log/outbox.ts";
import { toldStream } from "../event-log/told-stream.ts";
import { Workbench } from "../schedule/workbench.ts";
import { Spending } from "../tenant-ledger/spending.ts";
import { attachFiles, materialOf } from "./attached-files.ts";
import { contextOf, SYSTEM_PROMPT } from "./context.ts";
import { onProjectAccount } from "./project-account.ts";
import { exchangesOf, type SessionDocument, sessionDocument } from "./session-document.ts";
import { type SessionState, SessionView, type Turn } from "./session-view.ts";
import type { TaskOrder, TaskOutcome } from "./task-order.ts";
import { Training } from "./training.ts";
import { analysesOfRecords, failureOfCalls } from "./turn-results.ts";

/** Turns of one session; a longer conversation is a new one. */
const MAX_TURNS = 5_000;
/** How long a task's outcome is offered to its project before the next try. */
const REPORT_RETRY_MS = 5_000;

/**
 * A conversation with an agent. Its life: it is created, takes one turn after another, each recorded step by step and streamed as it
 * happens, asks a person where policy says so, and is closed. A session may also work on one task of a project, and then tells the project.
 */
export class AgentSession extends DurableObject<Env> {
  readonly #view = new SessionView();
  readonly #bench: Workbench;
  readonly #training: Training;
  #reportAt: number | undefined;
  /** The running turn can do nothing until a person decides; forgotten with the memory, and then found out again. */
  #isWaiting = false;
  #stop = new AbortController();

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#training = new Training({
      env,
      clock: systemClock,
      state: () => this.#view.state,
      append: (event) => void this.#bench.log.append(event),
    });
    this.#bench = new Workbench({
      storage: state.storage,
      bucket: env.ARTIFACTS,
      clock: systemClock,
      view: this.#view,
      owner: () => (this.#view.state === undefined ? undefined : { tenant: this.#view.state.principal.tenant, id: this.#view.state.id }),
      isOpen: () => (this.#runningTurn() !== undefined && !this.#isWaiting) || this.#unreported() !== undefined,
      nextTimer: () => this.#reportAt,
      work: () => this.#work(),
      governance: (tenant) => governanceOf(env, systemClock, tenant),
      onStalled: () =>
        this.#failTurn(new Problem("unavailable", "The turn was interrupted again and again without getting on; send the message again.")),
      moreSources: [this.#training],
      send: (parcel) => this.#publish(parcel),
    });
  }

  /** Begins the session. Creating it twice is creating it once. */
  async create(order: {
    principal: Principal;
    id: string;
    title: string;
    agent: string;
    workspace?: string | undefined;
    parent?: string | undefined;
    history?: readonly string[] | undefined;
  }): Promise<SessionDocument> {
    const { principal, id, title, agent, parent } = order;
    const pins = await pinsOf({ env: this.env, clock: systemClock }, principal.tenant);
    if (this.#view.state === undefined) {
      this.#bench.log.append({
        type: "session.created",
        data: {
          id,
          title,
          agent,
          principal,
          workspace: order.workspace ?? id,
          ...pins,
          ...(parent === undefined ? {} : { parent }),
          ...(order.history === undefined || order.history.length === 0 ? {} : { history: [...order.history] }),
        },
      });
      await this.#bench.alarm.arm();
    }
    return sessionDocument(this.#state());
  }

  /** The session as the API shows it; a look takes up what an interruption left. @throws Problem `not-found` */
  async read(): Promise<SessionDocument> {
    const state = this.#state();
    await this.#bench.wake();
    return sessionDocument(state);
  }

  /** A page of the conversation, oldest first, after the exchange that began with this event. */
  exchanges(after: number, limit: number): ReturnType<typeof exchangesOf> {
    return exchangesOf(this.#state(), after, limit);
  }

  /** Takes a message in and starts to answer it. @throws Problem `session-closed`, `turn-in-progress`, `not-found`, `limit-exceeded` */
  async startTurn(order: {
    principal: Principal;
    turn: string;
    text: string;
    attachments: string[];
  }): Promise<{ turn: string; seq: number }> {
    const state = this.#state();
    const known = this.#turn(order.turn);
    if (known !== undefined) return { turn: known.turn, seq: known.seq };
    if (state.isClosed) throw new Problem("session-closed", "The session is closed; start a new one.");
    if (this.#runningTurn() !== undefined)
      throw new Problem("turn-in-progress", "The session is still answering; wait for the turn to end, or follow its events.", {
        retryAfterSeconds: 1,
      });
    if (state.turns.length >= MAX_TURNS)
      throw new Problem("limit-exceeded", `The session has had ${MAX_TURNS} turns, which is all it may have; start a new one.`);
    await attachFiles(this.env, state, order, (file) => this.#bench.log.append({ type: "file.added", data: file }));
    if (this.#runningTurn() !== undefined)
      throw new Problem("turn-in-progress", "The session is still answering; wait for the turn to end.", { retryAfterSeconds: 1 });
    const { turn } = order;
    const event = this.#bench.log.append({ type: "turn.started", data: { turn, message: order.text, by: order.principal.subject } });
    await this.#bench.wake();
    return { turn, seq: event.seq };
  }

  /** The session's events as a stream; only those of one turn when that is named. */
  async events(options: { after: number; turn?: string | undefined }): Promise<ReadableStream<Uint8Array>> {
    this.#state();
    await this.#bench.wake();
    const { turn } = options;
    const isLast = (event: LoggedEvent) => (event.type === "turn.completed" || event.type === "turn.failed") && event.data.turn === turn;
    return eventStream(this.#bench.log, {
      after: options.after,
      isOver: () => this.#view.state?.isClosed === true || (turn !== undefined && this.#turn(turn)?.state !== "running"),
      ...(turn === undefined ? {} : { isLast }),
    });
  }

  /** The turn that is being answered, or waits for people; undefined when there is none. */
  runningTurn(): string | undefined {
    this.#state();
    return this.#runningTurn()?.turn;
  }

  /** A turn as a front end's own stream; it ends with the turn, or where that waits for people. @throws Problem `not-found` */
  async tellFrontEnd(order: FrontEndOrder & { turn: string }): Promise<ReadableStream<Uint8Array>> {
    this.#state();
    const turn = this.#turn(order.turn);
    if (turn === undefined) throw new Problem("not-found", `The session has no turn ${order.turn}.`);
    await this.#bench.wake();
    const after = turn.seq - 1;
    return toldStream(this.#bench.log, {
      stream: frontEnd(order, turn.turn),
      after,
      known: Math.max(after, order.known),
      isResting: () => this.#isWaiting,
      isOver: () => this.#turn(order.turn)?.state !== "running",
    });
  }

  /** A page of events, oldest first. */
  readEvents(after: number, limit: number): EventPage {
    this.#state();
    const events = this.#bench.log.read(after, limit);
    return { events: events.map((event) => JSON.stringify(event)), last: events.at(-1)?.seq ?? after };
  }

  /**
   * A person's word on a call that waits for it. The first word counts.
   * @throws Problem `not-found` when nothing waits under this name, `conflict` when it was decided before
   */
  async decide(order: { principal: Principal; step: string; decision: "approve" | "refuse"; note?: string | undefined }): Promise<void> {
    const { step, decision, note, principal } = order;
    const approval = this.#state().approvals.find((candidate) => candidate.step === step);
    if (approval === undefined) {
      if (this.#bench.journal.record(step) !== undefined) throw new Problem("conflict", `${step} does not wait for a decision any more.`);
      throw new Problem("not-found", `Nothing waits for approval as ${step}.`);
    }
    this.#bench.log.append({
      type: "approval.decided",
      data: { step, decision, by: principal.subject, ...(note === undefined ? {} : { note }) },
    });
    await this.#carryOut(step, decision, principal);
    this.#isWaiting = false;
    await this.#bench.wake();
  }

  /** What a decision does to its step: a question is answered; an effect whose outcome is unknown runs again, or is given up. */
  async #carryOut(step: string, decision: "approve" | "refuse", principal: Principal): Promise<void> {
    const { journal } = this.#bench;
    if (journal.record(step)?.state !== "unknown") await journal.settle(step, journal.keyOf(step), { kind: "done", output: decision });
    else if (decision === "approve") journal.reset(step, principal.subject);
    else
      journal.fail(step, new Problem("outcome-unknown", "It is not known whether this took effect; a person chose to go on without it."));
  }

  /** Puts the session into training mode: it alone may train its agent. @throws Problem `not-found`, `session-closed`, `conflict` while another does */
  async startTraining(principal: Principal, decision: RecordedDecision): Promise<SessionDocument> {
    const state = this.#state();
    await this.#training.start(principal, decision);
    return this.#told(state);
  }

  /** Ends the training. @throws Problem `not-found`, `conflict` when there is none */
  async endTraining(by: string): Promise<SessionDocument> {
    const state = this.#state();
    await this.#training.release(by);
    return this.#told(state);
  }

  /** Ends the session; a turn that runs is ended with it. */
  async close(principal: Principal): Promise<SessionDocument> {
    const state = this.#state();
    if (!state.isClosed) {
      this.#failTurn(new Problem("session-closed", "The session was closed while it answered."));
      this.#bench.log.append({ type: "session.closed", data: { by: principal.subject } });
      await this.#training.onDue();
      await this.#summarize();
      await this.#bench.outbox.flush();
      await this.#bench.alarm.arm();
      await this.#summarize();
    }
    return sessionDocument(this.#state());
  }

  /** Works on a task of a project: one turn, whose outcome the project is told. The same order twice is one task. */
  async runTask(order: TaskOrder): Promise<void> {
    const { principal, session, title, workspace, parent } = order;
    await this.create({ principal, id: session, title, agent: "analyst", workspace, parent: parent.name, history: order.history });
    this.#bench.journal.tellHistory(order.history ?? [], parent.name);
    if (this.#view.state?.turns.some((turn) => turn.task?.key === parent.key) !== true) {
      const { goal, goalId, capsule, inputs, context, isBudgeted, isPeer } = order;
      const told = {
        ...(context === undefined ? {} : { context }),
        ...(isBudgeted === undefined ? {} : { isBudgeted }),
        ...(isPeer === undefined ? {} : { isPeer }),
      };
      this.#bench.log.append({
        type: "turn.started",
        data: {
          turn: newId("turn", systemClock.now()),
          message: goal,
          by: principal.subject,
          task: { parent: parent.name, step: parent.step, key: parent.key, goal, goalId, capsule, inputs, ...told },
        },
      });
    }
    await this.#bench.wake();
  }

  /** How a task stands: undefined while it is worked on, or when it is not known here. */
  async taskOutcome(key: string): Promise<TaskOutcome | undefined> {
    await this.#bench.wake();
    const turn = this.#view.state?.turns.find((candidate) => candidate.task?.key === key);
    return turn === undefined || turn.state === "running" ? undefined : this.#outcomeOf(turn);
  }

  /** Ends a task that is not wanted any more. */
  async cancelTask(key: string): Promise<void> {
    if (this.#runningTurn()?.task?.key === key) this.#failTurn(new Problem("conflict", "The project was cancelled."));
  }

  /** The audit log has the events of this part of the log. */
  acknowledgeEvents(covered: Covered): void {
    this.#bench.outbox.acknowledge(covered);
  }

  override async alarm(): Promise<void> {
    await this.#bench.alarm.ring();
  }

  async #work(): Promise<void> {
    const turn = this.#runningTurn();
    if (turn !== undefined) await this.#answer(turn);
    const ended = this.#unreported();
    if (ended !== undefined) await this.#report(ended);
  }

  async #answer(turn: Turn): Promise<void> {
    const state = this.#state();
    const model = onProjectAccount(this.env, modelFor(this.env), turn);
    const spending = await this.#spendingOf(state, turn, model.engine);
    try {
      const allowed = await guard(
        { env: this.env, clock: systemClock },
        {
          principal: state.principal,
          resource: { type: "agent", id: state.agent },
          within: { channel: "session", agent: state.agent, history: this.#bench.journal.history },
        },
      );
      assertNotHeld(allowed);
      if (allowed.effect === "deny") throw new Problem("forbidden", `The agent ${state.agent} may not run: ${allowed.reason}.`);
      const result = await runTurn({
        env: this.env,
        clock: systemClock,
        journal: this.#bench.journal,
        scope: { principal: state.principal, workspace: state.workspace },
        within: [`agent:${state.agent}`],
        turn: turn.turn,
        constitution: state.constitution,
        model,
        request: { system: SYSTEM_PROMPT, task: turn.task, ...(await materialOf(this.env, state, turn)) },
        history: contextOf(state, turn),
        tools: turnTools(undefined),
        maxToolRounds: MAX_TOOL_ROUNDS,
        isStopped: () => this.#turn(turn.turn)?.state !== "running",
        stopSignal: this.#stop.signal,
        delta: (text) => this.#ifRunning(turn, () => this.#bench.log.append({ type: "turn.delta", data: { turn: turn.turn, text } })),
        restart: () => {
          if (hasPartialText(this.#turn(turn.turn))) this.#bench.log.append({ type: "turn.restarted", data: { turn: turn.turn } });
        },
        askApproval: (approval) => {
          if (!this.#state().approvals.some((known) => known.step === approval.step))
            this.#bench.log.append({ type: "approval.requested", data: { turn: turn.turn, ...approval } });
        },
        reserve: (most) => spending.reserve(most),
        spent: (taken) => spending.spent(taken),
      });
      if (result === undefined) this.#isWaiting = this.#state().approvals.some((approval) => approval.turn === turn.turn);
      else
        this.#ifRunning(turn, () =>
          this.#bench.log.append({
            type: "turn.completed",
            data: { turn: turn.turn, text: result.text, engine: model.engine, usage: result.usage },
          }),
        );
    } catch (error) {
      const problem = problemOf(error);
      if (problem === undefined) throw error;
      this.#ifRunning(turn, () => this.#failTurn(problem));
    }
    if (model.isPaid) await spending.settle();
    await this.#summarize();
  }

  /** What the turn may spend and has spent since a person was last asked, when all was settled. */
  async #spendingOf(state: SessionState, { turn, askedInRound, task }: Turn, model: string): Promise<Spending> {
    const { principal, id, agent } = state;
    const spent = await spentAfterRound(this.#bench.journal, turn, askedInRound);
    // A project's name begins with its tenant.
    const ofTask = task === undefined ? {} : { project: task.parent.slice(principal.tenant.length + 1), capsule: task.capsule };
    const purpose = { user: principal.subject, agent, model, ...ofTask };
    return new Spending(this.env.TENANT_LEDGER.getByName(principal.tenant), `${id}/${turn}/m${askedInRound}`, purpose, spent);
  }

  /** Tells the project how its task ended, until it has taken it. */
  async #report(turn: Turn): Promise<void> {
    const { task } = turn;
    if (task === undefined) return;
    this.#reportAt = systemClock.now() + REPORT_RETRY_MS;
    await this.env.KAMACHIQ_PROJECT.getByName(task.parent).taskSettled({
      step: task.step,
      key: task.key,
      outcome: await this.#outcomeOf(turn),
    });
    this.#bench.log.append({ type: "task.reported", data: { key: task.key } });
    this.#reportAt = undefined;
  }

  async #outcomeOf(turn: Turn): Promise<TaskOutcome> {
    return { ...(await this.#resultOf(turn)), history: this.#bench.journal.history };
  }

  async #resultOf(turn: Turn): Promise<TaskOutcome> {
    if (turn.state !== "completed")
      return { kind: "failed", problem: turn.problem ?? { type: "internal", detail: "The task has no outcome." } };
    const analyses = await this.#analysesOf(turn);
    // What an agent says without having found anything out is not the result of its task.
    if (analyses.length === 0) {
      const nothing = { type: "tool-failed", detail: `The agent came to no result: ${(turn.text ?? "").slice(0, 300)}` };
      return { kind: "failed", problem: failureOfCalls(this.#bench.journal, turn.turn) ?? nothing };
    }
    return {
      kind: "done",
      result: {
        text: turn.text ?? "",
        analyses,
        engine: turn.engine ?? "",
        session: this.#state().id,
        capsule: turn.task?.capsule ?? "",
        usage: turn.usage ?? { inputTokens: 0, outputTokens: 0, costMicros: 0 },
      },
    };
  }

  /** The analyses of a turn, from the recorded results of its calls. */
  async #analysesOf(turn: Turn): Promise<Analysis[]> {
    return analysesOfRecords(this.#bench.journal, turn.turn);
  }

  #failTurn(problem: Problem): void {
    const turn = this.#runningTurn();
    this.#isWaiting = false;
    this.#stop.abort(problem);
    this.#stop = new AbortController();
    if (turn !== undefined)
      this.#bench.log.append({ type: "turn.failed", data: { turn: turn.turn, problem: { type: problem.type, detail: problem.detail } } });
  }

  #ifRunning(turn: Turn, then: () => void): void {
    if (this.#turn(turn.turn)?.state === "running") then();
  }

  #runningTurn(): Turn | undefined {
    const last = this.#view.state?.turns.at(-1);
    return last?.state === "running" ? last : undefined;
  }

  #unreported(): Turn | undefined {
    return this.#view.state?.turns.find((turn) => turn.task !== undefined && !turn.task.isReported && turn.state !== "running");
  }

  #turn(id: string): Turn | undefined {
    return this.#view.state?.turns.find((turn) => turn.turn === id);
  }

  #state(): SessionState {
    if (this.#view.state === undefined) throw new Problem("not-found", "There is no such session in this tenant.");
    return this.#view.state;
  }

  /** The session's document, after the alarm was set for what has changed. */
  async #told(state: SessionState): Promise<SessionDocument> {
    await this.#bench.alarm.arm();
    return sessionDocument(state);
  }

  /** What was done in training is told to the training audit too, and first: the log lets go of nothing that only one of them was told. */
  async #publish(parcel: Parcel): Promise<void> {
    const { principal, id } = this.#state();
    const object = { binding: "AGENT_SESSION", name: `${principal.tenant}/${id}` } as const;
    const trained = parcel.events.filter((event) => this.#training.covers(event.seq));
    if (trained.length > 0) await publishTraining(this.env, auditMessage(object, principal.tenant, { ...parcel, events: trained }));
    await publishAudit(this.env, object, principal.tenant, parcel);
  }

  async #summarize(): Promise<void> {
    const state = this.#state();
    const { id, title, createdAt, updatedAt, principal } = state;
    if (state.parent !== undefined) return;
    await publishSummary(this.env, {
      kind: "session",
      row: {
        id,
        tenant: principal.tenant,
        title,
        state: state.isClosed ? "closed" : "open",
        createdBy: principal.subject,
        createdAt,
        updatedAt,
        seq: this.#bench.log.last,
      },
    });
  }
}

/** True when text was streamed that no finished step stands behind. */
function hasPartialText(turn: Turn | undefined): boolean {
  return turn !== undefined && turn.shown.length > turn.settledCharacters;
}
