import { DurableObject } from "cloudflare:workers";
import { z } from "zod";
import { publishAudit } from "../../queues/agent-audit.ts";
import { publishSummary } from "../../queues/conversation-events.ts";
import { pinsOf } from "../../workers/constitution/pins.ts";
import { agentsWith } from "../../workers/mao/agents.ts";
import { graphSchema } from "../../workers/mao/graph.ts";
import { isOver, type RunPhase } from "../../workers/mao/run-state.ts";
import { type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import type { EventPage } from "../../workers/platform/event-answer.ts";
import type { EventData } from "../../workers/platform/events.ts";
import { isPlatformReset } from "../../workers/platform/platform-reset.ts";
import { Problem, problemOf } from "../../workers/platform/problem.ts";
import { governanceOf } from "../../workers/policy/governance-of.ts";
import { type FrontEndOrder, frontEnd } from "../../workers/streams/front-end.ts";
import type { AgentHost } from "../agent-turn/agent-host.ts";
import { eventStream } from "../event-log/event-stream.ts";
import type { Covered, Parcel } from "../event-log/outbox.ts";
import { toldStream } from "../event-log/told-stream.ts";
import { cancelA2aSteps } from "../graph/a2a-step.ts";
import type { GraphHost, GraphRun } from "../graph/graph-run.ts";
import { firstFailure, graphOutputs, runGraph } from "../graph/interpreter.ts";
import { hasUndo, runUndo } from "../graph/undo.ts";
import type { StepRecord } from "../journal/step-record.ts";
import { type KeptValue, valueStore } from "../journal/value-store.ts";
import { Workbench } from "../schedule/workbench.ts";
import { Spending } from "../tenant-ledger/spending.ts";
import { ChildRuns } from "./child-runs.ts";
import { type OutcomePage, outcomesIn, outcomesOf } from "./fork.ts";
import { replayRun } from "./replay-run.ts";
import { resetFrom } from "./retry-step.ts";
import { runDocument, stateOf, stepsDocument } from "./run-document.ts";
import { remoteAgentOf, runStep } from "./run-steps.ts";
import { answerQuery, deliverSignals, makeUpdate, type TalkDesk, takeSignal, toldScope } from "./run-talk.ts";
import { RunTask, type TaskCall, type TaskFollow } from "./run-task.ts";
import { type RunRecord, RunView } from "./run-view.ts";
import type { Answer } from "./task-desk.ts";
import { hasToReport, outcomeText, REPORT_RETRY_MS, tellStarter } from "./tell-starter.ts";
import { ToldView } from "./told-view.ts";

/** A run that is over sooner tells the index once; one that takes longer is listed after this. */
const LISTED_AFTER_MS = 300;

const inputsSchema = z.record(z.string(), parsedJsonSchema);

/** What begins a run. Graph and inputs are JSON texts that the route has checked. */
export interface RunOrder extends Omit<EventData["run.created"], "graph" | "inputs" | "history" | "policyHash" | "constitution"> {
  readonly graph: string;
  readonly inputs: string;
  /** What happened in the work that starts it, as policies see it. */
  readonly history?: readonly string[];
}

/**
 * A graph on its way from its first step to its end. The run keeps the graph it started with; where it stands is in its journal and
 * nowhere else, so that it goes on after whatever interrupts it, and lives as long as its timers and its people need.
 */
export class MaoRun extends DurableObject<Env> {
  readonly #view = new RunView();
  readonly #told = new ToldView();
  readonly #bench: Workbench;
  /** What other agents may do with the run, when one of them began it. */
  readonly #task: RunTask;
  readonly #children: ChildRuns;
  #loaded: Promise<GraphRun> | undefined;
  /** All that could be done was done: the rest waits for a time, a person or another object. Forgotten with the memory, and found out again. */
  #isResting = false;
  #reportAt: number | undefined;
  /** When the run can go on by itself; undefined while it cannot. */
  #wakeAt: number | undefined;
  #toldState = "";
  /** Fires when what runs is to be broken off. */
  readonly #stop = new AbortController();

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#children = new ChildRuns({
      env,
      clock: systemClock,
      journal: () => this.#bench.journal,
      state: () => this.#state(),
      append: (event) => void this.#bench.log.append(event),
    });
    this.#task = new RunTask({
      env,
      clock: systemClock,
      log: () => this.#bench.log,
      output: async () => (this.#view.state?.output === undefined ? undefined : this.#value(this.#view.state.output)),
      answer: (answer) => this.answer(answer),
      cancel: (by) => this.cancel({ mode: "hard", by }),
      wake: () => this.#bench.wake(),
    });
    this.#bench = new Workbench({
      storage: state.storage,
      bucket: env.ARTIFACTS,
      clock: systemClock,
      view: this.#view,
      moreViews: [this.#task.view, this.#told],
      moreSources: [this.#task.push],
      owner: () => (this.#view.state === undefined ? undefined : { tenant: this.#view.state.principal.tenant, id: this.#view.state.id }),
      mayBegin: () => this.#view.state?.phase !== "cancelling" && this.#view.state?.phase !== "cancelled",
      isOpen: () => this.#isWorking() || this.#hasToReport(),
      nextTimer: () => this.#reportAt ?? (this.#isResting ? this.#wakeAt : undefined),
      work: () => this.#work(),
      governance: (tenant) => governanceOf(env, systemClock, tenant),
      onStalled: () => this.#fail(new Problem("unavailable", "The run was interrupted again and again without getting on.")),
      send: (parcel) => this.#publish(parcel),
    });
  }

  /**
   * Begins the run. Creating it twice is creating it once.
   * @param waitMs how long to wait for its end before answering
   * @returns the run's document as JSON text
   */
  async create(order: RunOrder, waitMs: number): Promise<string> {
    if (this.#view.state === undefined) {
      const { graph, inputs, history = [], ...rest } = order;
      const told = history.length === 0 ? {} : { history: [...history] };
      const values = valueStore(this.env.ARTIFACTS, `${order.principal.tenant}/objects/${order.id}`);
      const kept = { graph: await values.keep(fromText(graph)), inputs: await values.keep(fromText(inputs)) };
      const pins = await pinsOf({ env: this.env, clock: systemClock }, order.principal.tenant);
      if (this.#view.state === undefined) this.#bench.log.append({ type: "run.created", data: { ...rest, ...kept, ...pins, ...told } });
    }
    await this.#bench.wake();
    if (waitMs > 0) await this.#untilOver(waitMs);
    return this.#document();
  }

  /** The run as the API shows it, as JSON text; a look takes up what an interruption left. @throws Problem `not-found` */
  async read(): Promise<string> {
    this.#state();
    await this.#bench.wake();
    return this.#document();
  }

  /** A page of the run's steps, as JSON text. */
  async steps(offset: number, limit: number): Promise<string> {
    this.#state();
    const { graph } = await this.#run();
    return JSON.stringify(stepsDocument(graph, this.#bench.journal.records, offset, limit));
  }

  /** The run's events as a stream. */
  async events(options: { after: number }): Promise<ReadableStream<Uint8Array>> {
    this.#state();
    await this.#bench.wake();
    return eventStream(this.#bench.log, { after: options.after, isOver: () => isOver(this.#state().phase) && !this.#isWorking() });
  }

  /** The run as a front end's own stream; it ends with the run, or where that waits for people and for nothing else. @throws Problem `not-found` */
  async tellFrontEnd(order: FrontEndOrder): Promise<ReadableStream<Uint8Array>> {
    const { id } = this.#state();
    await this.#bench.wake();
    return toldStream(this.#bench.log, {
      stream: frontEnd(order, id),
      after: 0,
      known: order.known,
      isResting: () => this.#isResting && !this.#bench.drive.isRunning,
      isOver: () => isOver(this.#state().phase) && !this.#isWorking(),
    });
  }

  /** A page of events, oldest first. */
  readEvents(after: number, limit: number): EventPage {
    this.#state();
    const events = this.#bench.log.read(after, limit);
    return { events: events.map((event) => JSON.stringify(event)), last: events.at(-1)?.seq ?? after };
  }

  async pause(by: string): Promise<string> {
    const { phase, isPaused } = this.#state();
    if (phase !== "running") throw new Problem("conflict", `The run is ${phase}; only a running one can be paused.`);
    if (!isPaused) this.#bench.log.append({ type: "run.paused", data: { by } });
    return this.#woken();
  }

  async resume(by: string): Promise<string> {
    const { phase, isPaused } = this.#state();
    if (phase !== "running") throw new Problem("conflict", `The run is ${phase}; only a paused one can be resumed.`);
    if (isPaused) this.#bench.log.append({ type: "run.continued", data: { by } });
    return this.#woken();
  }

  /** Ends the run. Cancelling it twice is cancelling it once; `hard` after `graceful` breaks off what still runs. */
  async cancel(order: { mode: "graceful" | "hard"; by: string }): Promise<string> {
    const { phase, cancelMode } = this.#state();
    if (isOver(phase) && phase !== "cancelled") throw new Problem("conflict", `The run is ${phase}; there is nothing to cancel.`);
    const isEnding = isOver(phase) || phase === "compensating";
    if (!isEnding && (cancelMode === undefined || (cancelMode === "graceful" && order.mode === "hard")))
      this.#bench.log.append({ type: "run.cancelling", data: order });
    if (!isEnding && order.mode === "hard") {
      await this.#children.cancelAll("hard");
      this.#stop.abort(new Problem("conflict", "The run was cancelled."));
      this.#bench.journal.end(undefined, endedByCancelling);
    }
    return this.#woken();
  }

  /** A signal from outside, for the step that waits for it or will. @throws Problem `not-found`, `conflict`, `invalid-request` */
  async signal(order: { name: string; payload: string; by: string }): Promise<string> {
    await takeSignal(await this.#talk(), { ...order, payload: fromText(order.payload) });
    return this.#woken();
  }

  /** The answer to a query of the graph, as JSON text. @throws Problem `not-found` */
  async query(name: string): Promise<string> {
    const run = await this.#run();
    const desk = { run, host: this.#host(run, this.#phase()), told: this.#told, append: () => undefined };
    return JSON.stringify(await answerQuery(desk, name));
  }

  /** Changes a value that steps read, if the graph accepts it. @throws Problem `not-found`, `conflict`, `invalid-request` */
  async update(order: { name: string; payload: string; by: string }): Promise<string> {
    await makeUpdate(await this.#talk(), { ...order, payload: fromText(order.payload) });
    return this.#woken();
  }

  /** Lets a step and all that needs it run again. @throws Problem `not-found`, `conflict` */
  async retryStep(order: { step: string; by: string }): Promise<string> {
    const { phase, isReported } = this.#state();
    if (phase !== "running" && phase !== "failed" && phase !== "completed")
      throw new Problem("conflict", `The run is ${phase}; a step of it cannot be tried again.`);
    if (isReported) throw new Problem("conflict", "The run has told who started it how it ended; start it again there, or fork it.");
    const { graph } = await this.#run();
    resetFrom(this.#bench.journal, graph, order.step, order.by);
    this.#bench.log.append({ type: "run.retried", data: order });
    return this.#woken();
  }

  /** Where the finished run would have gone another way by this graph (JSON text); as JSON text. @throws Problem `conflict` while it is not over */
  async replay(graph: string): Promise<string> {
    const { phase } = this.#state();
    if (!isOver(phase)) throw new Problem("conflict", `The run is ${phase}; it can be replayed when it is over.`);
    const run = await this.#run();
    return JSON.stringify(await replayRun(this.#host(run, phase), run, graph));
  }

  /** What a fork of this run begins with: what was ordered, with the graph and inputs as JSON texts. */
  async forkOrder(): Promise<Pick<RunOrder, "title" | "graph" | "inputs" | "template">> {
    const { title, template, graph, inputs } = this.#state();
    const texts = { graph: JSON.stringify(await this.#value(graph)), inputs: JSON.stringify(await this.#value(inputs)) };
    return { title, ...texts, ...(template === undefined ? {} : { template }) };
  }

  /** What this run had come to as of event `at`, a page of it. @throws Problem `conflict`, `invalid-request`, `events-compacted` */
  outcomes(at: number, after: number): OutcomePage {
    this.#state();
    return outcomesOf(this.#bench.log, at, after);
  }

  /**
   * A person's answer to a step that waits for one.
   * @throws Problem `not-found` when nothing waits under this name, `conflict` when it was answered before
   */
  async answer(order: Answer): Promise<string> {
    const { journal } = this.#bench;
    this.#state();
    const record = journal.record(order.step);
    if (record === undefined) throw new Problem("not-found", `The run has no step ${order.step} that waits for an answer.`);
    if (record.state !== "waiting" || record.on !== "human") throw new Problem("conflict", `${order.step} does not wait for an answer.`);
    const key = journal.keyOf(order.step);
    if (record.uses === "human:input") {
      if (order.text === undefined) throw new Problem("invalid-request", `${order.step} asks for a text; say it in \`text\`.`);
      await journal.settle(order.step, key, { kind: "done", output: saidIn(order, order.text) });
    } else {
      if (order.decision === undefined) throw new Problem("invalid-request", `${order.step} asks for a decision: approve or refuse.`);
      const isQuestionOfCall = order.step.endsWith("#approval");
      if (order.decision === "refuse" && !isQuestionOfCall)
        await journal.settle(order.step, key, { kind: "failed", problem: new Problem("forbidden", "A person refused this step.") });
      else await journal.settle(order.step, key, { kind: "done", output: isQuestionOfCall ? order.decision : decisionOf(order) });
    }
    return this.#woken();
  }

  /** How the run has ended, for the run that started it: JSON text; undefined while it goes on. @throws Problem `not-found` */
  async outcome(): Promise<string | undefined> {
    const { output } = this.#state();
    await this.#bench.wake();
    return outcomeText(this.#state(), output === undefined ? null : await this.#value(output), this.#bench.journal.history);
  }

  /** A run that a step of this one has started tells how it ended. Told twice, or too late, it changes nothing. */
  async childEnded(told: { step: string; key: string; outcome: string }): Promise<void> {
    this.#state();
    await this.#children.ended(told);
    this.#isResting = false;
    await this.#bench.wake();
  }

  /** Counts a run below this one, the first of their tree. @throws Problem `limit-exceeded` when there are too many */
  admitRun(order: { run: string; place: string }): void {
    this.#children.admit(order);
  }

  /** What other agents ask of the run as their task (see run-task.ts); as JSON text. */
  task(call: TaskCall): Promise<string> {
    return this.#task.call(call);
  }

  /** The changes of the run as a task of other agents. */
  followTask(order: TaskFollow): Promise<ReadableStream<Uint8Array>> {
    return this.#task.follow(order);
  }

  /** The audit log has the events of this part of the log. */
  acknowledgeEvents(covered: Covered): void {
    this.#bench.outbox.acknowledge(covered);
  }

  override async alarm(): Promise<void> {
    await this.#bench.alarm.ring();
  }

  async #work(): Promise<void> {
    const listing = setTimeout(() => void this.#summarize(), LISTED_AFTER_MS);
    try {
      await this.#advance();
    } catch (error) {
      const problem = problemOf(error);
      if (problem === undefined) throw error;
      this.#fail(problem);
    } finally {
      clearTimeout(listing);
    }
    await this.#summarize();
    if (this.#hasToReport()) await this.#report();
  }

  #hasToReport(): boolean {
    return this.#view.state !== undefined && hasToReport(this.#view.state);
  }

  /** Tells who started the run how it ended, until they have taken it. */
  async #report(): Promise<void> {
    this.#reportAt = undefined;
    try {
      const { output } = this.#state();
      await tellStarter(this.env, this.#state(), output === undefined ? null : await this.#value(output), this.#bench.journal.history);
      this.#bench.log.append({ type: "run.reported", data: {} });
    } catch (error) {
      if (isPlatformReset(error)) throw error;
      this.#reportAt = systemClock.now() + REPORT_RETRY_MS;
    }
  }

  /** The way of a run, from where it stands as far as it goes now. */
  async #advance(): Promise<void> {
    const { journal, log } = this.#bench;
    this.#isResting = false;
    this.#wakeAt = undefined;
    const run = await this.#run();
    await this.#copyOutcomes(run);
    await deliverSignals({ host: this.#host(run, "running"), told: this.#told });
    if (this.#phase() === "running") await this.#runSteps(run);
    // Whoever still works for a run that has failed works for nobody.
    if (this.#phase() === "failed" || this.#phase() === "compensating") await this.#children.cancelAll("graceful");
    if (this.#phase() === "cancelling") {
      const { principal, id } = this.#state();
      const shared = { env: this.env, clock: systemClock, journal, scope: { principal, workspace: id } };
      await cancelA2aSteps(shared, (uses) => remoteAgentOf(run.graph.agents, uses));
      await this.#children.cancelAll(this.#state().cancelMode ?? "graceful");
      journal.end(undefined, endedByCancelling);
      log.append(hasUndo(run.graph) ? { type: "run.compensating", data: {} } : { type: "run.cancelled", data: {} });
    }
    if (this.#phase() === "compensating" && (await runUndo(this.#host(run, "compensating"), run)) === "over") {
      const { cancelMode, problem } = this.#state();
      if (cancelMode === undefined && problem !== undefined) log.append({ type: "run.failed", data: { problem } });
      else log.append({ type: "run.cancelled", data: {} });
    }
    const pollAt = isOver(this.#phase()) ? undefined : await this.#children.poll();
    if (pollAt !== undefined) this.#wakeAt = Math.min(this.#wakeAt ?? pollAt, pollAt);
    this.#isResting = true;
  }

  /** Takes over what the run that this one is a fork of had come to. A page and the word that it is here are written together. */
  async #copyOutcomes({ graph }: GraphRun): Promise<void> {
    const { forkedFrom, principal } = this.#state();
    if (forkedFrom === undefined) return;
    const source = this.env.MAO_RUN.getByName(`${principal.tenant}/${forkedFrom.run}`);
    for (let after = this.#state().copiedThrough; after !== undefined; after = this.#state().copiedThrough) {
      const page = await source.outcomes(forkedFrom.at, after);
      for (const event of outcomesIn(page, graph)) this.#bench.log.append(event);
      this.#bench.log.append({ type: "run.copied", data: { through: page.through, isLast: page.isLast } });
    }
  }

  /** @throws Problem `conflict` when the run is over */
  async #talk(): Promise<TalkDesk> {
    const { phase } = this.#state();
    if (isOver(phase)) throw new Problem("conflict", `The run is ${phase}; it cannot be told anything.`);
    const run = await this.#run();
    return { run, host: this.#host(run, phase), told: this.#told, append: (event) => void this.#bench.log.append(event) };
  }

  async #runSteps(run: GraphRun): Promise<void> {
    const host = this.#host(run, "running");
    try {
      const status = await runGraph(host, run);
      if (this.#phase() !== "running") return;
      if (status === "done") this.#bench.log.append({ type: "run.completed", data: await this.#output(run) });
      else if (status === "failed") this.#failAfter(run, failureOf(host, run));
    } catch (error) {
      const problem = problemOf(error);
      if (problem === undefined) throw error;
      this.#failAfter(run, problem);
    }
  }

  /** Ends the run with a problem, once what can be taken back has been. */
  #failAfter(run: GraphRun, problem: Problem): void {
    const { type, detail } = problem;
    if (this.#phase() === "running" && hasUndo(run.graph))
      this.#bench.log.append({ type: "run.compensating", data: { problem: { type, detail } } });
    else this.#fail(problem);
  }

  #phase(): RunPhase {
    return this.#state().phase;
  }

  /** What steps run with while the run is in this phase. */
  #host({ graph }: GraphRun, phase: RunPhase): GraphHost {
    const { principal, id } = this.#state();
    const { journal, log } = this.#bench;
    const isStopped = () => this.#state().isPaused || this.#state().phase !== phase;
    const ledger = this.env.TENANT_LEDGER.getByName(principal.tenant);
    const host: GraphHost = {
      journal,
      isStopped,
      run: (call) => runStep(agents, host, this.#children, call),
      onExpired: (record) => this.#children.expired(record),
      scope: () => ({ ...toldScope(this.#told, graph), run: { id } }),
      onSignalWait: () => deliverSignals({ host, told: this.#told }),
      wakeAt: (at) => {
        this.#wakeAt = Math.min(this.#wakeAt ?? at, at);
      },
    };
    const agents: AgentHost = {
      ...{ env: this.env, clock: systemClock, journal, scope: { principal, workspace: id }, agents: graph.agents, isStopped },
      stopSignal: phase === "running" ? this.#stop.signal : new AbortController().signal,
      constitution: this.#state().constitution,
      emit: (event) => void log.append(event),
      run: host.run,
      hasSignal: (name) => this.#state().signals.includes(name),
      spendingOf: (step, purpose, spent) => new Spending(ledger, `${id}/${step}`, { user: principal.subject, ...purpose }, spent),
    };
    return host;
  }

  /** The graph and inputs that the run started with. */
  #run(): Promise<GraphRun> {
    this.#loaded ??= this.#load().catch((error: unknown) => {
      this.#loaded = undefined;
      throw error;
    });
    return this.#loaded;
  }

  async #load(): Promise<GraphRun> {
    const { graph, inputs } = this.#state();
    const given = inputsSchema.parse(await this.#value(inputs));
    const parsed = graphSchema.parse(await this.#value(graph));
    return { graph: { ...parsed, agents: agentsWith(parsed.agents, given) }, inputs: given, prefix: "" };
  }

  async #value({ output, reference }: RunRecord["graph"]): Promise<Json> {
    return reference === undefined ? (output ?? null) : valueStore(this.env.ARTIFACTS, "").load(reference);
  }

  async #output(run: GraphRun): Promise<KeptValue> {
    const { principal, id } = this.#state();
    return valueStore(this.env.ARTIFACTS, `${principal.tenant}/objects/${id}`).keep(await graphOutputs(this.#host(run, "running"), run));
  }

  #isWorking(): boolean {
    const { state } = this.#view;
    if (state === undefined || state.isPaused || isOver(state.phase)) return false;
    return !this.#isResting || this.#wakeAt !== undefined;
  }

  #fail({ type, detail }: Problem): void {
    if (!isOver(this.#state().phase)) this.#bench.log.append({ type: "run.failed", data: { problem: { type, detail } } });
  }

  async #untilOver(waitMs: number): Promise<void> {
    const { signal, abort } = abortAfter(waitMs);
    while (!isOver(this.#state().phase) && !signal.aborted) await this.#bench.log.after(this.#bench.log.last, signal);
    abort();
  }

  async #woken(): Promise<string> {
    this.#isResting = false;
    await this.#bench.wake();
    if (!this.#isWorking()) {
      await this.#summarize();
      await this.#bench.outbox.flush();
      await this.#bench.alarm.arm();
    }
    return this.#document();
  }

  async #document(): Promise<string> {
    const state = this.#state();
    const { graph } = await this.#run();
    const output = state.output === undefined ? undefined : await this.#value(state.output);
    return JSON.stringify(runDocument(state, graph, this.#bench.journal.records, output));
  }

  #state(): RunRecord {
    if (this.#view.state === undefined) throw new Problem("not-found", "There is no such run in this tenant.");
    return this.#view.state;
  }

  async #publish(parcel: Parcel): Promise<void> {
    const { principal, id } = this.#state();
    await publishAudit(this.env, { binding: "MAO_RUN", name: `${principal.tenant}/${id}` }, principal.tenant, parcel);
  }

  /** Tells the index when the state has changed. */
  async #summarize(): Promise<void> {
    await this.#task.summarize(this.#state().principal.tenant);
    const record = this.#state();
    const { id, title, principal, createdAt, updatedAt, template, schedule, parent } = record;
    const state = stateOf(record, this.#bench.journal.open.values());
    if (this.#toldState === state) return;
    this.#toldState = state;
    const startedBy = { template: template?.name ?? null, schedule: schedule ?? null, parent: parent?.run ?? null };
    const row = {
      id,
      tenant: principal.tenant,
      title,
      state,
      createdBy: principal.subject,
      createdAt,
      updatedAt,
      seq: this.#bench.log.last,
    };
    await publishSummary(this.env, { kind: "run", row: { ...row, ...startedBy } });
  }
}

/** What a person, or another agent, has answered. */
function saidIn({ data, message, by }: Answer, text: string): Json {
  return { text, by, ...(data === undefined ? {} : { data }), ...(message === undefined ? {} : { message }) };
}

/** What becomes of a step that was cut short: an effect that may have gone out is said to be unknown. */
function endedByCancelling(record: StepRecord | undefined): Problem {
  return record?.state === "intended"
    ? new Problem("outcome-unknown", "The run was cancelled while this ran; it may have taken effect.")
    : new Problem("conflict", "The run was cancelled.");
}

function failureOf(host: GraphHost, run: GraphRun): Problem {
  const failure = firstFailure(host, run);
  if (failure === undefined) return new Problem("tool-failed", "A step failed.");
  return new Problem(failure.problem.type, `Step ${failure.step} failed: ${failure.problem.detail}`);
}

function decisionOf({ text, by }: { text?: string | undefined; by: string }): Json {
  return { decision: "approve", by, ...(text === undefined ? {} : { text }) };
}

function fromText(text: string): Json {
  return parsedJsonSchema.parse(JSON.parse(text));
}

function abortAfter(ms: number): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  return {
    signal: controller.signal,
    abort: () => {
      clearTimeout(timer);
      controller.abort();
    },
  };
}
