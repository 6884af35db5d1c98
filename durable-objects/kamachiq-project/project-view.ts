import { budgetSchema, closed, emptyAccount, held, settled } from "../../workers/kamachiq/budget.ts";
import { projectOptionsSchema } from "../../workers/kamachiq/options.ts";
import { type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import type { EventData, LoggedEvent } from "../../workers/platform/events.ts";
import type { Usage } from "../../workers/platform/recorded.ts";
import type { View } from "../event-log/event-log.ts";
import { type ProjectState, stateSchema } from "./project-state.ts";
import { taskRecordSchema } from "./results.ts";

/** Messages among agents that a project has at hand; all of them are in its events. */
const MAX_MESSAGES_AT_HAND = 200;

/** What a project knows by its events; nothing before it was created. */
export class ProjectView implements View {
  readonly name = "project";
  state: ProjectState | undefined;

  apply(event: LoggedEvent): void {
    if (event.type === "project.created") {
      this.state = created(event.data, event.at);
      return;
    }
    if (this.state === undefined) return;
    this.state.updatedAt = event.at;
    applyToProject(this.state, event);
  }

  snapshot(): Json {
    return parsedJsonSchema.parse(JSON.parse(JSON.stringify(this.state ?? null)));
  }

  restore(snapshot: unknown): void {
    this.state = snapshot === null ? undefined : stateSchema.parse(snapshot);
  }
}

function created({ plan, options, policyHash: _, ...data }: EventData["project.created"], at: number): ProjectState {
  return {
    ...data,
    options: projectOptionsSchema.parse(options ?? {}),
    ...(plan === undefined ? {} : { givenPlan: plan }),
    phase: "planning",
    isPaused: false,
    createdAt: at,
    updatedAt: at,
    round: 1,
    questions: [],
    answers: [],
    notes: [],
    rejected: [],
    failures: [],
    keepsPlan: false,
    replans: 0,
    reworks: 0,
    waves: 0,
    milestones: [],
    usage: { inputTokens: 0, outputTokens: 0, costMicros: 0 },
    account: emptyAccount(),
    agents: [],
    findings: 0,
    messages: [],
    messageCount: 0,
    isApproved: false,
  };
}

function applyToProject(state: ProjectState, event: LoggedEvent): void {
  switch (event.type) {
    case "project.questioned":
      state.phase = "questions";
      state.questions = event.data.questions;
      use(state, event.data.usage);
      return;
    case "project.answered":
      state.questions = [];
      state.answers.push(event.data.text);
      planAgain(state);
      return;
    case "project.amended":
      state.questions = [];
      state.notes.push(event.data.text);
      planAgain(state);
      return;
    case "project.planned":
      state.phase = "running";
      state.engine = event.data.engine;
      state.title = event.data.title;
      state.waves = 0;
      use(state, event.data.usage);
      return;
    case "project.replanned":
      state.replans += 1;
      planAgain(state);
      state.failures = event.data.failed;
      return;
    case "wave.started":
      state.waves = event.data.wave;
      return;
    case "milestone.reached":
      state.milestones.push({ name: event.data.milestone, round: event.data.round, at: event.at });
      return;
    case "step.intended":
      if (event.data.child !== undefined && !state.agents.includes(event.data.child)) state.agents.push(event.data.child);
      return;
    case "step.done":
      use(state, taskRecordSchema.safeParse(event.data.output).data?.usage);
      state.account = closed(state.account, event.data.step);
      return;
    case "step.failed":
      if (event.data.final) state.account = closed(state.account, event.data.step);
      return;
    case "collaboration.message":
      state.messages.push({ seq: event.seq, at: event.at, ...event.data });
      state.messageCount += 1;
      state.messages = state.messages.slice(-MAX_MESSAGES_AT_HAND);
      return;
    case "step.reset":
      if (state.phase !== "failed" || state.failure === undefined) return;
      goOn(state, state.failure.phase);
      return;
    default:
      applyBudget(state, event);
      applyEnding(state, event);
  }
}

function applyBudget(state: ProjectState, event: LoggedEvent): void {
  switch (event.type) {
    case "budget.reserved": {
      const { call, ...hold } = event.data;
      state.account = held(state.account, call, hold);
      return;
    }
    case "budget.settled": {
      const { call, ...taken } = event.data;
      state.account = settled(state.account, call, taken);
      return;
    }
    case "budget.reached":
      state.reached = event.data;
      return;
    case "budget.changed":
      state.options = { ...state.options, budget: budgetSchema.parse(event.data.budget) };
      delete state.reached;
      return;
    default:
      return;
  }
}

function applyEnding(state: ProjectState, event: LoggedEvent): void {
  switch (event.type) {
    case "review.completed":
      state.phase = "reviewing";
      state.isApproved = event.data.passed;
      state.findings = event.data.findings;
      return;
    case "review.reworked":
      state.reworks += 1;
      state.rejected.push(...event.data.tasks);
      planAgain(state);
      state.keepsPlan = true;
      return;
    case "peer.reviewed":
      state.findings += event.data.disagreed;
      return;
    case "gate.opened":
      state.phase = "gate";
      state.isApproved = false;
      state.gateOpenedAt = event.at;
      return;
    case "gate.decided":
      applyGate(state, event.data);
      return;
    case "project.paused":
      state.isPaused = true;
      return;
    case "project.continued":
      state.isPaused = false;
      if (state.phase === "failed" && state.failure !== undefined) goOn(state, state.failure.phase);
      return;
    case "project.cancelled":
      state.phase = "cancelled";
      delete state.gateOpenedAt;
      return;
    case "project.delivered":
      state.phase = "delivered";
      state.manifest = { key: event.data.manifest, sha256: event.data.sha256 };
      return;
    case "project.failed":
      state.failure = { problem: event.data.problem, phase: state.phase };
      state.phase = "failed";
      return;
    default:
      return;
  }
}

function applyGate(state: ProjectState, data: EventData["gate.decided"]): void {
  delete state.gateOpenedAt;
  switch (data.decision) {
    case "approve":
      state.phase = "reviewing";
      state.isApproved = true;
      return;
    case "refuse":
      state.phase = "refused";
      return;
    case "revise":
      state.notes.push(data.notes);
      planAgain(state);
      return;
    default:
      data.decision satisfies never;
  }
}

/** Begins the next round with a plan of its own. */
function planAgain(state: ProjectState): void {
  state.phase = "planning";
  state.round += 1;
  state.failures = [];
  state.keepsPlan = false;
  state.isApproved = false;
  delete state.gateOpenedAt;
  delete state.failure;
}

/** A failed project goes on where it failed. */
function goOn(state: ProjectState, phase: ProjectState["phase"]): void {
  state.phase = phase;
  delete state.failure;
  delete state.reached;
}

function use(state: ProjectState, usage: Usage | undefined): void {
  if (usage === undefined) return;
  state.usage = {
    inputTokens: state.usage.inputTokens + usage.inputTokens,
    outputTokens: state.usage.outputTokens + usage.outputTokens,
    costMicros: state.usage.costMicros + usage.costMicros,
  };
}
