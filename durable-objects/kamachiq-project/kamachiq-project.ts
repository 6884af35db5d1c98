import { DurableObject } from "cloudflare:workers";
import { z } from "zod";
import { publishAudit } from "../../queues/agent-audit.ts";
import { publishSummary } from "../../queues/conversation-events.ts";
import { makePlan } from "../../workers/kamachiq/make-plan.ts";
import { type Plan, planningOutcomeSchema } from "../../workers/kamachiq/plan.ts";
import { type TaskResult, writeReport } from "../../workers/kamachiq/report.ts";
import { type Review, reviewReport, reviewSchema } from "../../workers/kamachiq/review.ts";
import { durationMs } from "../../workers/mao/duration.ts";
import { type Step, stepSchema } from "../../workers/mao/graph.ts";
import { modelFor } from "../../workers/models/model-for.ts";
import { canonicalJson, type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import type { EventPage } from "../../workers/platform/event-routes.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import { newId } from "../../workers/platform/ids.ts";
import type { Principal } from "../../workers/platform/principal.ts";
import { isProblemType, Problem, problemOf } from "../../workers/platform/problem.ts";
import { currentPolicyHash, guard, toRecordedDecision } from "../../workers/policy/guard.ts";
import { datasetProfileSchema } from "../../workers/tools/data/profile.ts";
import type { TaskOutcome } from "../agent-session/agent-session.ts";
import { eventStream } from "../event-log/event-stream.ts";
import { type GraphHost, type GraphRun, runGraph, type StepCall } from "../graph/interpreter.ts";
import { runCapsuleStep, runToolStep, type StepEnvironment } from "../graph/tool-step.ts";
import { recordedProblem } from "../journal/journal.ts";
import { DEFAULT_RETRY, NO_RETRY } from "../journal/retry.ts";
import { Workbench } from "../schedule/workbench.ts";
import { type Delivery, deliver } from "./deliver.ts";
import { type ProjectDocument, projectDocument } from "./project-document.ts";
import { type ProjectState, ProjectView } from "./project-view.ts";
import { loadedSchema, taskResultSchema } from "./results.ts";

/** Plans of one project: questions answered, reports sent back. */
const MAX_ROUNDS = 20;
const TASK_TIMEOUT_MS = 3_600_000;
/** An agent's session that has not reported is asked this often. */
const POLL_TASKS_MS = 60_000;
const LOCAL_STEP_MS = 300_000;

/**
 * A brief on its way to a finished project: its files are looked at, a plan is made (or questions are asked), agents work on the plan's
 * tasks side by side, the report is written and reviewed by computing it again, a person decides where the review does not, and the
 * deliverables are stored with their provenance. Each of these is a step of one journal, so that the way goes on after whatever interrupts it.
 */
export class KamachiqProject extends DurableObject<Env> {
  readonly #view = new ProjectView();
  readonly #bench: Workbench;
  #polledAt = 0;
  #toldState = "";

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#bench = new Workbench({
      storage: state.storage,
      bucket: env.ARTIFACTS,
      clock: systemClock,
      view: this.#view,
      owner: () => (this.#view.state === undefined ? undefined : { tenant: this.#view.state.principal.tenant, id: this.#view.state.id }),
      isOpen: () => this.#isWorking(),
      nextTimer: () => this.#nextTimer(),
      work: () => this.#work(),
      onStalled: () => this.#fail(new Problem("unavailable", "The project was interrupted again and again without getting on.")),
      send: (events) => this.#publish(events),
    });
  }

  /** Begins the project. Creating it twice is creating it once. */
  async create(order: {
    principal: Principal;
    id: string;
    title: string;
    brief: string;
    attachments: { id: string; name: string }[];
  }): Promise<ProjectDocument> {
    if (this.#view.state === undefined) {
      this.#bench.log.append({ type: "project.created", data: { ...order, policyHash: currentPolicyHash() } });
      await this.#bench.wake();
    }
    return this.read();
  }

  /** The project as the API shows it. @throws Problem `not-found` */
  async read(): Promise<ProjectDocument> {
    const state = this.#state();
    await this.#bench.wake();
    return projectDocument({
      state,
      records: this.#bench.journal.records,
      plan: await this.#knownPlan(state),
      review: await this.#knownReview(state),
      manifest: await this.#manifest(state),
      results: await this.#usage(state),
    });
  }

  async events(options: { after: number }): Promise<ReadableStream<Uint8Array>> {
    this.#state();
    await this.#bench.wake();
    return eventStream(this.#bench.log, {
      after: options.after,
      isOver: () => ["delivered", "failed", "cancelled", "refused"].includes(this.#state().phase),
    });
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

  async resume(by: string): Promise<ProjectDocument> {
    if (this.#state().isPaused) this.#bench.log.append({ type: "project.continued", data: { by } });
    return this.#woken();
  }

  /** Stops the project for good; tasks that run are told to end. */
  async cancel(by: string): Promise<ProjectDocument> {
    const { phase } = this.#state();
    if (["delivered", "cancelled", "refused"].includes(phase))
      throw new Problem("conflict", `The project is ${phase}; there is nothing to cancel.`);
    this.#bench.log.append({ type: "project.cancelled", data: { by } });
    await this.#endTasks();
    return this.#woken();
  }

  /** Lets a failed task run again. @throws Problem `not-found`, `conflict` */
  async retryTask(step: string, by: string): Promise<ProjectDocument> {
    const state = this.#state();
    const name = this.#taskName(state, step);
    const record = this.#bench.journal.record(name);
    if (record === undefined) throw new Problem("not-found", `The project has no task ${step}.`);
    if (record.state !== "failed" || record.final !== true)
      throw new Problem("conflict", `Task ${step} is ${record.state}; only a task that has failed can be tried again.`);
    for (const blocked of this.#bench.journal.records.values())
      if (blocked.state === "skipped" && blocked.step.startsWith(`r${state.round}/`)) this.#bench.journal.reset(blocked.step, by);
    this.#bench.journal.reset(name, by);
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
    const { step, key, outcome } = told;
    if (outcome.kind === "done") {
      await this.#bench.journal.settle(step, key, {
        kind: "done",
        output: parsedJsonSchema.parse(JSON.parse(JSON.stringify(outcome.result))),
      });
    } else {
      const { type, detail } = outcome.problem;
      await this.#bench.journal.settle(step, key, {
        kind: "failed",
        problem: new Problem(isProblemType(type) ? type : "tool-failed", detail),
      });
    }
    await this.#bench.wake();
  }

  /** The audit log has every event up to this one. */
  acknowledgeEvents(upTo: number): void {
    this.#bench.outbox.acknowledge(upTo);
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
    const loaded = await this.#loadFiles();
    if (this.#state().phase === "planning") await this.#plan(loaded);
    if (this.#state().phase === "running") await this.#runTasks(loaded);
    if (this.#state().phase === "reviewing") await this.#deliver(loaded);
  }

  async #loadFiles(): Promise<z.infer<typeof loadedSchema>[]> {
    const shared = this.#shared();
    const { attachments } = this.#state();
    await Promise.all(
      attachments.map(async (file, i) => {
        const isDocument = /\.(md|markdown|txt|html?)$/i.test(file.name);
        const step = stepSchema.parse({ uses: isDocument ? "tool:documents.load" : "tool:data.load", title: `Load ${file.name}` });
        await runToolStep(shared, { name: `load_${i + 1}`, step, input: { artifact: file.id } });
      }),
    );
    return Promise.all(
      attachments.map(async (_, i) => {
        const record = this.#bench.journal.record(`load_${i + 1}`);
        if (record?.state === "failed") throw recordedProblem(record);
        return loadedSchema.parse(await this.#bench.journal.output(`load_${i + 1}`));
      }),
    );
  }

  async #plan(loaded: readonly z.infer<typeof loadedSchema>[]): Promise<void> {
    const state = this.#state();
    if (state.round > MAX_ROUNDS)
      throw new Problem("limit-exceeded", `The project was planned ${MAX_ROUNDS} times; start another with a clearer brief.`);
    const input = {
      brief: state.brief,
      title: state.title === "" ? undefined : state.title,
      answers: state.answers,
      notes: state.notes,
      datasets: datasetsOf(loaded),
      documents: documentsOf(loaded),
    };
    const model = modelFor(this.env);
    const options = {
      uses: `model:${model.engine}`,
      title: "Plan",
      isOutside: model.engine !== "embedded",
      onUnknown: "retry",
      retry: DEFAULT_RETRY,
      timeoutMs: LOCAL_STEP_MS,
    } as const;
    const outcome = planningOutcomeSchema.parse(
      await this.#bench.journal.step(`plan_${state.round}`, options, async ({ signal }) => toJson(await makePlan(model, input, signal))),
    );
    if (this.#state().phase !== "planning") return;
    if (outcome.kind === "questions") this.#bench.log.append({ type: "project.questioned", data: { questions: outcome.questions } });
    else
      this.#bench.log.append({
        type: "project.planned",
        data: {
          engine: outcome.engine,
          title: outcome.plan.title,
          goals: outcome.plan.goals.length,
          steps: Object.keys(outcome.plan.graph.steps).length,
          round: state.round,
        },
      });
  }

  async #runTasks(loaded: readonly z.infer<typeof loadedSchema>[]): Promise<void> {
    const state = this.#state();
    const plan = await this.#mustKnowPlan(state);
    const run: GraphRun = { graph: plan.graph, inputs: {}, prefix: `r${state.round}/` };
    await this.#pollTasks();
    const status = await runGraph(this.#host(), run);
    if (status === "failed") throw this.#firstFailure(run);
    if (status !== "done" || this.#state().phase !== "running") return;
    const results = await this.#results(plan, state.round);
    const review = await this.#review(plan, results, loaded);
    this.#bench.log.append({
      type: "review.completed",
      data: {
        round: state.round,
        score: review.score,
        passed: review.passed,
        findings: review.checks.filter((check) => !check.passed).length,
      },
    });
    if (!review.passed)
      this.#bench.log.append({
        type: "gate.opened",
        data: { round: state.round, score: review.score, reason: review.notes.slice(0, 2_000) },
      });
  }

  async #review(plan: Plan, results: readonly TaskResult[], loaded: readonly z.infer<typeof loadedSchema>[]): Promise<Review> {
    const state = this.#state();
    const workspace = this.env.DATA_WORKSPACE.getByName(`${state.principal.tenant}/${state.id}`);
    const input = { plan, brief: state.brief, datasets: datasetsOf(loaded), documents: documentsOf(loaded), results };
    const options = {
      uses: "reviewer",
      title: "Review",
      isOutside: false,
      onUnknown: "retry",
      retry: NO_RETRY,
      timeoutMs: LOCAL_STEP_MS,
    } as const;
    const reviewed = await this.#bench.journal.step(`review_${state.round}`, options, async () =>
      toJson(
        await reviewReport({
          ...input,
          report: writeReport(input),
          requery: (sql) => workspace.query(sql),
          documentText: (name) => workspace.documentText(name),
        }),
      ),
    );
    return reviewSchema.parse(reviewed);
  }

  async #deliver(loaded: readonly z.infer<typeof loadedSchema>[]): Promise<void> {
    const state = this.#state();
    if (!state.isApproved) return;
    const plan = await this.#mustKnowPlan(state);
    const results = await this.#results(plan, state.round);
    const review = reviewSchema.parse(await this.#bench.journal.output(`review_${state.round}`));
    const input = { plan, brief: state.brief, datasets: datasetsOf(loaded), documents: documentsOf(loaded), results };
    const sources = state.attachments.map((file) => ({
      artifact: file.id,
      name: file.name,
      sha256: datasetsOf(loaded).find((dataset) => dataset.source === file.name)?.sha256 ?? "",
    }));
    const delivery: Delivery = {
      state,
      plan,
      results,
      report: writeReport(input),
      sources,
      score: review.score,
      approvedBy: review.passed ? "review" : "person",
    };
    const options = {
      uses: "tool:artifacts.put",
      title: "Deliver",
      isOutside: true,
      onUnknown: "retry",
      retry: DEFAULT_RETRY,
      timeoutMs: LOCAL_STEP_MS,
    } as const;
    const delivered = z.object({ deliverables: z.number(), key: z.string(), sha256: z.string() }).parse(
      await this.#bench.journal.step(`deliver_${state.round}`, options, async () => {
        const { manifest, key, sha256 } = await deliver(this.env.ARTIFACTS, delivery);
        return { deliverables: manifest.deliverables.length, key, sha256 };
      }),
    );
    if (this.#state().phase !== "reviewing") return;
    this.#bench.log.append({
      type: "project.delivered",
      data: { score: review.score, deliverables: delivered.deliverables, manifest: delivered.key, sha256: delivered.sha256 },
    });
  }

  #host(): GraphHost {
    const shared = this.#shared();
    const host: GraphHost = {
      journal: this.#bench.journal,
      isStopped: () => this.#state().isPaused || this.#state().phase !== "running",
      onWave: (steps) =>
        this.#bench.log.append({ type: "wave.started", data: { wave: this.#state().waves.length + 1, steps: [...steps] } }),
      run: (call) => this.#runStep(shared, host, call),
    };
    return host;
  }

  async #runStep(shared: StepEnvironment, host: GraphHost, call: StepCall): Promise<void> {
    const [kind] = call.step.uses.split(":");
    if (kind === "tool") await runToolStep(shared, call);
    else if (kind === "capsule") await runCapsuleStep(shared, host, call);
    else if (kind === "agent") await this.#startAgent(call);
    else if (kind === "human")
      this.#bench.journal.wait(call.name, { uses: call.step.uses, title: call.step.title, on: "human", ...until(call.step) });
    else
      this.#bench.journal.wait(call.name, {
        uses: call.step.uses,
        title: call.step.title,
        on: "timer",
        until: systemClock.now() + durationMs(z.string().parse(call.input.duration)),
      });
  }

  /** Gives a task to an agent in a session of its own, unless an earlier round has done the very same. */
  async #startAgent(call: StepCall): Promise<void> {
    const state = this.#state();
    const { journal } = this.#bench;
    const order = z
      .object({ goal: z.string(), goal_id: z.string(), capsule: z.string(), inputs: z.record(z.string(), parsedJsonSchema) })
      .parse(call.input);
    const earlier = await this.#sameTaskBefore(state, call);
    const agent = call.step.uses.slice("agent:".length);
    const request = { principal: state.principal, resource: { type: "agent", id: agent } } as const;
    const decision = guard(request);
    if (decision.effect === "deny")
      return journal.fail(
        call.name,
        new Problem("forbidden", `The agent ${agent} may not run: ${decision.reason}.`),
        toRecordedDecision(request, decision),
      );
    const known = journal.record(call.name);
    const child = known?.state === "intended" ? known.child : undefined;
    const session = child ?? newId("session", systemClock.now());
    if (child === undefined)
      journal.intend(call.name, {
        uses: call.step.uses,
        title: call.step.title,
        child: session,
        decision: toRecordedDecision(request, decision),
      });
    const key = journal.keyOf(call.name);
    if (earlier !== undefined) {
      await journal.settle(call.name, key, { kind: "done", output: earlier });
      return;
    }
    const { principal } = state;
    await this.env.AGENT_SESSION.getByName(`${principal.tenant}/${session}`).runTask({
      principal: { ...principal, kind: "agent" },
      session,
      workspace: state.id,
      title: order.goal.slice(0, 200),
      goal: order.goal,
      goalId: order.goal_id,
      capsule: order.capsule,
      inputs: order.inputs,
      parent: { name: `${principal.tenant}/${state.id}`, step: call.name, key },
    });
    if (journal.record(call.name)?.state === "intended")
      journal.wait(call.name, { uses: call.step.uses, title: call.step.title, on: "agent", until: systemClock.now() + TASK_TIMEOUT_MS });
  }

  /** The result of an equal task of an earlier round: what was not asked to change is not done again. */
  async #sameTaskBefore(state: ProjectState, call: StepCall): Promise<Json | undefined> {
    for (let round = state.round - 1; round >= 1; round -= 1) {
      const plan = await this.#planOf(round);
      const wanted = canonicalJson({ capsule: call.input.capsule ?? null, inputs: call.input.inputs ?? null });
      for (const [name, step] of Object.entries(plan?.graph.steps ?? {})) {
        if (canonicalJson({ capsule: step.with.capsule ?? null, inputs: step.with.inputs ?? null }) !== wanted) continue;
        if (this.#bench.journal.record(`r${round}/${name}`)?.state === "done") return this.#bench.journal.output(`r${round}/${name}`);
      }
    }
    return undefined;
  }

  /** Asks sessions that have been silent for long, and ends waits whose time is over. */
  async #pollTasks(): Promise<void> {
    const now = systemClock.now();
    const { journal } = this.#bench;
    const { tenant } = this.#state().principal;
    const isPollDue = now - this.#polledAt >= POLL_TASKS_MS;
    if (isPollDue) this.#polledAt = now;
    for (const record of [...journal.records.values()].filter((candidate) => candidate.state === "waiting")) {
      const key = journal.keyOf(record.step);
      if (record.on === "agent" && record.child !== undefined && isPollDue) {
        const outcome = await this.env.AGENT_SESSION.getByName(`${tenant}/${record.child}`).taskOutcome(key);
        if (outcome !== undefined) await this.taskSettled({ step: record.step, key, outcome: parsedOutcome(outcome) });
      }
      if ((record.until ?? Number.POSITIVE_INFINITY) > now) continue;
      if (record.on === "timer") await journal.settle(record.step, key, { kind: "done", output: null });
      else await journal.settle(record.step, key, { kind: "failed", problem: new Problem("timeout", "Nobody answered in time.") });
    }
  }

  async #endTasks(): Promise<void> {
    const { tenant } = this.#state().principal;
    for (const record of this.#bench.journal.records.values()) {
      if (record.state !== "waiting") continue;
      if (record.child !== undefined)
        await this.env.AGENT_SESSION.getByName(`${tenant}/${record.child}`).cancelTask(this.#bench.journal.keyOf(record.step));
      this.#bench.journal.fail(record.step, new Problem("conflict", "The project was cancelled."));
    }
  }

  async #results(plan: Plan, round: number): Promise<TaskResult[]> {
    const results = await Promise.all(
      plan.goals.flatMap((goal) =>
        goal.steps.map(async (step): Promise<TaskResult> => {
          const { text, analyses, engine } = taskResultSchema.parse(await this.#bench.journal.output(`r${round}/${step}`));
          return { step, goalId: goal.id, text, analyses, engine };
        }),
      ),
    );
    return results;
  }

  #isWorking(): boolean {
    const state = this.#view.state;
    if (state === undefined) return false;
    if (state.phase === "planning" || state.phase === "running") return !state.isPaused;
    return state.phase === "reviewing" && state.isApproved && !state.isPaused;
  }

  #nextTimer(): number | undefined {
    const waiting = [...this.#bench.journal.records.values()].filter((record) => record.state === "waiting");
    const times = waiting.flatMap((record) =>
      record.on === "agent"
        ? [this.#polledAt === 0 ? systemClock.now() + POLL_TASKS_MS : this.#polledAt + POLL_TASKS_MS]
        : record.until === undefined
          ? []
          : [record.until],
    );
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #shared(): StepEnvironment {
    const { principal, id } = this.#state();
    return {
      env: this.env,
      clock: systemClock,
      journal: this.#bench.journal,
      scope: { principal, workspace: id, memoryNamespace: `${principal.subject}/analyst` },
    };
  }

  #firstFailure(run: GraphRun): Problem {
    const failed = Object.keys(run.graph.steps)
      .map((name) => ({ name, record: this.#bench.journal.record(run.prefix + name) }))
      .find(({ record }) => record?.state === "failed");
    if (failed?.record === undefined) return new Problem("tool-failed", "A task failed.");
    const problem = recordedProblem(failed.record);
    return new Problem(problem.type, `Task ${failed.name} failed: ${problem.detail} Retry it, or cancel the project.`);
  }

  #fail(problem: Problem): void {
    if (this.#isWorking())
      this.#bench.log.append({ type: "project.failed", data: { problem: { type: problem.type, detail: problem.detail } } });
  }

  #taskName(state: ProjectState, step: string): string {
    return this.#bench.journal.record(step) === undefined ? `r${state.round}/${step}` : step;
  }

  async #knownPlan(state: ProjectState): Promise<Plan | undefined> {
    for (let round = state.round; round >= 1; round -= 1) {
      const plan = await this.#planOf(round);
      if (plan !== undefined) return plan;
    }
    return undefined;
  }

  async #planOf(round: number): Promise<Plan | undefined> {
    if (this.#bench.journal.record(`plan_${round}`)?.state !== "done") return undefined;
    const outcome = planningOutcomeSchema.parse(await this.#bench.journal.output(`plan_${round}`));
    return outcome.kind === "plan" ? outcome.plan : undefined;
  }

  async #mustKnowPlan(state: ProjectState): Promise<Plan> {
    const plan = await this.#planOf(state.round);
    if (plan === undefined) throw new Problem("internal", "The project has no plan.");
    return plan;
  }

  async #knownReview(state: ProjectState): Promise<Review | undefined> {
    if (this.#bench.journal.record(`review_${state.round}`)?.state !== "done") return undefined;
    return reviewSchema.parse(await this.#bench.journal.output(`review_${state.round}`));
  }

  async #manifest(state: ProjectState) {
    if (state.manifest === undefined) return undefined;
    const object = await this.env.ARTIFACTS.get(state.manifest.key);
    return object === null ? undefined : object.text();
  }

  async #usage(state: ProjectState) {
    const done = [...this.#bench.journal.records.values()].filter(
      (record) => record.state === "done" && record.step.startsWith(`r${state.round}/`),
    );
    return Promise.all(
      done.map(async (record) => ({
        step: record.step,
        result: taskResultSchema.safeParse(await this.#bench.journal.output(record.step)).data,
      })),
    );
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

  async #publish(events: readonly LoggedEvent[]): Promise<void> {
    const { principal, id } = this.#state();
    await publishAudit(this.env, { binding: "KAMACHIQ_PROJECT", name: `${principal.tenant}/${id}` }, principal.tenant, events);
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

function until(step: Step): { until?: number } {
  return step.timeout === undefined ? {} : { until: systemClock.now() + durationMs(step.timeout) };
}

function toJson(value: unknown): Json {
  return parsedJsonSchema.parse(JSON.parse(JSON.stringify(value)));
}

function parsedOutcome(outcome: unknown): TaskOutcome {
  return z
    .union([
      z.object({ kind: z.literal("done"), result: taskResultSchema }),
      z.object({ kind: z.literal("failed"), problem: z.object({ type: z.string(), detail: z.string() }) }),
    ])
    .parse(outcome);
}

function datasetsOf(loaded: readonly z.infer<typeof loadedSchema>[]) {
  return loaded.flatMap((item) => ("table" in item ? [datasetProfileSchema.parse(item)] : []));
}

function documentsOf(loaded: readonly z.infer<typeof loadedSchema>[]) {
  return loaded.flatMap((item) => ("headings" in item ? [item] : []));
}
