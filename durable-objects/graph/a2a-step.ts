import { z } from "zod";
import { authorizationFor } from "../../workers/a2a/credentials.ts";
import {
  callRemoteAgent,
  type RemoteAgent,
  type RemoteCall,
  remoteAgentSchema,
  resolveRemoteAgent,
} from "../../workers/a2a/remote-agent.ts";
import {
  outputOfMessage,
  outputOfTask,
  type RemoteTask,
  type SendResult,
  sendResultSchema,
  standingOf,
  taskResultSchema,
} from "../../workers/a2a/remote-task.ts";
import type { agentDefinitionSchema } from "../../workers/mao/agent-definition.ts";
import { durationMs } from "../../workers/mao/duration.ts";
import { type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import { sha256Hex } from "../../workers/platform/crypto.ts";
import { assertNotHeld } from "../../workers/platform/held.ts";
import { wayOut } from "../../workers/platform/outbound.ts";
import { Problem, problemOf } from "../../workers/platform/problem.ts";
import { describeError, log } from "../../workers/platform/telemetry.ts";
import { guard, toRecordedDecision } from "../../workers/policy/guard.ts";
import { recordedProblem } from "../journal/journal.ts";
import { isTransient } from "../journal/retry.ts";
import { isSettled } from "../journal/step-record.ts";
import type { StepCall } from "./graph-run.ts";
import { recordingProblems, retryOf, type StepEnvironment, settleDone, workOf } from "./tool-step.ts";

/** A remote agent as a graph defines it. */
export type RemoteDefinition = Extract<z.infer<typeof agentDefinitionSchema>, { as: "a2a" }>;

/** Each call of a remote agent ends by itself sooner (see remote-agent.ts); this leaves room for its answer to be kept. */
const CALL_TIMEOUT_MS = 60_000;
/** A remote task that says nothing of an end is waited for so long, when the step names no time. */
const DEFAULT_WAIT_MS = 30 * 24 * 3_600_000;
/** How often a working task is asked about: soon at first, then ever more seldom. */
const FIRST_POLL_MS = 1_000;
const SLOWEST_POLL_MS = 60_000;
/** Questions one remote task may ask. */
const MAX_QUESTIONS = 100;

/**
 * Runs a step on a remote agent by the Agent2Agent protocol. Its parts are steps of the same journal, under the step's name: `card` (how to speak
 * with it), `send<n>` (a message, sent under the same messageId however often it is tried), `poll<n>` (the wait before it is asked
 * again), `ask<n>` (what it asks a person, whose answer is the next message). So the step goes on from where it stood, in whatever
 * incarnation of the object it is called again. Settled when it returns, or one of its waits is open.
 * @throws the platform's own resets
 */
export async function runA2aStep(shared: StepEnvironment, call: StepCall, agent: RemoteDefinition): Promise<void> {
  const { journal, scope } = shared;
  await recordingProblems(journal, call.name, async () => {
    const request = {
      principal: scope.principal,
      resource: { type: "agent", id: call.step.uses, tags: ["outgoing"] },
      within: workOf(shared),
    } as const;
    const decision = await guard(shared, request);
    assertNotHeld(decision);
    if (decision.effect === "deny") {
      const refused = new Problem("forbidden", `${call.step.uses} may not be asked: ${decision.reason}.`);
      journal.fail(call.name, refused, toRecordedDecision(request, decision));
      return;
    }
    const output = await goOn({ shared, call, agent });
    if (output !== undefined) await settleDone(journal, call, output);
  });
}

/**
 * Tells the remote agents of steps that have not ended that their tasks are not wanted any more. An agent that cannot be told goes on by
 * itself; that is logged and stops nobody.
 * @param agentOf the definition of the remote agent that a step uses
 */
export async function cancelA2aSteps(shared: StepEnvironment, agentOf: (uses: string) => RemoteDefinition | undefined): Promise<void> {
  const { journal } = shared;
  const cards = [...journal.records.values()].filter(
    ({ step, uses, state }) => step.endsWith("/card") && state === "done" && uses?.startsWith("a2a:"),
  );
  await Promise.all(
    cards.map(async ({ step, uses = "" }) => {
      const name = step.slice(0, -"/card".length);
      const outer = journal.record(name);
      const agent = agentOf(uses);
      if ((outer !== undefined && isSettled(outer)) || agent === undefined) return;
      try {
        await cancelTask(shared, name, agent);
      } catch (error) {
        log("warn", "a2a.cancel-failed", { tenant: shared.scope.principal.tenant }, { step: name, error: describeError(error) });
      }
    }),
  );
}

async function cancelTask(shared: StepEnvironment, name: string, agent: RemoteDefinition): Promise<void> {
  const { journal, env, scope } = shared;
  const sends = [...journal.records.values()].filter(({ step, state }) => step.startsWith(`${name}/send`) && state === "done");
  const last = sends.at(-1);
  if (last === undefined) return;
  const sent = sendResultSchema.parse(await journal.output(last.step));
  if (!("task" in sent)) return;
  const remote = remoteAgentSchema.parse(await journal.output(`${name}/card`));
  const authorization = authorizationFor(env, scope.principal.tenant, agent.credential, remote.url);
  await callRemoteAgent(wayOut(env), remote, { method: "CancelTask", params: { id: sent.task.id }, authorization });
}

interface Talk {
  readonly shared: StepEnvironment;
  readonly call: StepCall;
  readonly agent: RemoteDefinition;
}

/** Goes on with a step's exchange as far as it can. @returns its output; undefined while it waits. @throws Problem when the step has failed */
async function goOn(talk: Talk): Promise<Json | undefined> {
  const { journal } = talk.shared;
  const remote = await readCard(talk);
  let parts = partsOfInput(talk.call.input);
  let task: RemoteTask | undefined;
  for (let turn = 1; turn <= MAX_QUESTIONS; turn += 1) {
    const sent = await send(talk, remote, turn, { parts, task });
    if ("message" in sent) return outputOfMessage(sent.message, remote.name);
    const question = journal.record(`${talk.call.name}/ask${turn}`);
    if (question === undefined) return follow(talk, remote, turn, sent.task);
    if (question.state === "failed") throw recordedProblem(question);
    if (question.state !== "done") return undefined;
    parts = partsOfAnswer(await journal.output(question.step));
    task = sent.task;
  }
  throw new Problem("limit-exceeded", `${remote.name} has asked ${MAX_QUESTIONS} questions, which is all that one step may pass on.`);
}

/** How to speak with the agent, found out once. */
async function readCard(talk: Talk): Promise<RemoteAgent> {
  const { env, scope } = talk.shared;
  const { card, credential, tenant } = talk.agent;
  const found = await part(talk, "card", async (_, signal) => {
    const authorization = authorizationFor(env, scope.principal.tenant, credential, card);
    const remote = await resolveRemoteAgent(wayOut(env), card, { authorization, signal });
    return tenant === undefined ? remote : { ...remote, tenant };
  });
  return remoteAgentSchema.parse(found);
}

/** Sends one message, once by its record; every try of it carries the same messageId. */
async function send(
  talk: Talk,
  remote: RemoteAgent,
  turn: number,
  { parts, task }: { parts: readonly Json[]; task: RemoteTask | undefined },
): Promise<SendResult> {
  const kept = await part(talk, `send${turn}`, async (key, signal) => {
    const message = {
      // An agent that looks for messages sent twice finds them by it (§3.3.1).
      messageId: `msg-${sha256Hex(key).slice(0, 32)}`,
      role: "ROLE_USER",
      parts: [...parts],
      ...(task === undefined ? {} : { taskId: task.id, ...contextOf(task) }),
    };
    const configuration = { returnImmediately: true, acceptedOutputModes: ["text/plain", "application/json"] };
    const answer = await ask(talk, remote, { method: "SendMessage", params: { message, configuration }, key, signal });
    return parsedAnswer(sendResultSchema, answer, remote);
  });
  return sendResultSchema.parse(kept);
}

/** Where the task stands after a message: an end, a question to pass on, or a wait before it is asked again. */
async function follow(talk: Talk, remote: RemoteAgent, turn: number, sent: RemoteTask): Promise<Json | undefined> {
  const { journal, clock } = talk.shared;
  const name = `${talk.call.name}/poll${turn}`;
  const poll = journal.record(name);
  if (poll?.state === "waiting") return undefined;
  const task = poll === undefined ? sent : await present(talk, remote, sent);
  const standing = task === undefined ? ({ kind: "working" } as const) : standingOf(task, remote.name);
  switch (standing.kind) {
    case "done":
      return task === undefined ? undefined : outputOfTask(task, remote.name);
    case "ended":
      throw new Problem("tool-failed", standing.why);
    case "asks":
      journal.wait(`${talk.call.name}/ask${turn}`, {
        uses: "human:input",
        title: talk.call.step.title,
        on: "human",
        prompt: standing.prompt,
      });
      return undefined;
    case "working": {
      const waited = clock.now() - (poll?.startedAt ?? clock.now());
      const limit = talk.call.step.timeout === undefined ? DEFAULT_WAIT_MS : durationMs(talk.call.step.timeout);
      if (waited >= limit) throw new Problem("timeout", `${remote.name} has not ended its task in ${Math.round(limit / 1_000)} seconds.`);
      const until = clock.now() + Math.min(SLOWEST_POLL_MS, Math.max(FIRST_POLL_MS, waited / 4));
      journal.wait(name, { uses: "timer:wait", on: "timer", until });
      return undefined;
    }
    default:
      return standing satisfies never;
  }
}

/** The task as it stands now; undefined when the agent cannot be reached for the moment. */
async function present(talk: Talk, remote: RemoteAgent, { id }: RemoteTask): Promise<RemoteTask | undefined> {
  try {
    const answer = await ask(talk, remote, { method: "GetTask", params: { id, historyLength: 0 } });
    return parsedAnswer(taskResultSchema, answer, remote);
  } catch (error) {
    if (problemOf(error) === undefined || !isTransient(error)) throw error;
    return undefined;
  }
}

async function ask({ shared, agent }: Talk, remote: RemoteAgent, call: RemoteCall): Promise<unknown> {
  const authorization = authorizationFor(shared.env, shared.scope.principal.tenant, agent.credential, remote.url);
  return callRemoteAgent(wayOut(shared.env), remote, { ...call, authorization });
}

/** One recorded part of the step; an outcome that is not known is found out by trying again under the same key. */
function part({ shared, call }: Talk, name: string, effect: (key: string, signal: AbortSignal) => Promise<unknown>): Promise<Json> {
  const options = {
    uses: call.step.uses,
    isOutside: true,
    onUnknown: call.step.on_unknown ?? "retry",
    retry: retryOf(call),
    timeoutMs: CALL_TIMEOUT_MS,
  };
  return shared.journal.step(`${call.name}/${name}`, options, async ({ key, signal }) => asJson(await effect(key, signal)));
}

/** What an agent answers, as far as it is read. @throws Problem `tool-failed`: an answer of another form will not get better */
function parsedAnswer<T extends z.ZodType>(schema: T, answer: unknown, remote: RemoteAgent): z.infer<T> {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new Problem("invalid-data", `What ${remote.name} answers is not of A2A's form.`);
  return parsed.data;
}

/** A parsed value as what JSON makes of it: absent members are absent. */
function asJson(value: unknown): Json {
  return parsedJsonSchema.parse(JSON.parse(JSON.stringify(value)));
}

function contextOf({ contextId }: RemoteTask): { contextId?: string } {
  return contextId === null || contextId === undefined || contextId === "" ? {} : { contextId };
}

const inputSchema = z.object({
  goal: z.string().optional(),
  context: parsedJsonSchema.optional(),
  expected_output: z.string().optional(),
  data: parsedJsonSchema.optional(),
});

/** The first message: the goal with what helps to reach it, and data as data. */
function partsOfInput(input: StepCall["input"]): Json[] {
  const { goal = "", context, expected_output, data } = inputSchema.parse(input);
  const known = typeof context === "string" ? context : JSON.stringify(context);
  const text = [
    goal,
    ...(context === undefined ? [] : [`What is known:\n${known}`]),
    ...(expected_output === undefined ? [] : [`What is expected:\n${expected_output}`]),
  ].join("\n\n");
  return [...(text === "" ? [] : [{ text }]), ...(data === undefined ? [] : [{ data }])];
}

const answerSchema = z.object({ text: z.string().optional(), data: parsedJsonSchema.optional() });

/** A person's answer as the next message. */
function partsOfAnswer(answer: Json): Json[] {
  const { text = "", data } = answerSchema.parse(answer);
  return [...(text === "" && data !== undefined ? [] : [{ text }]), ...(data === undefined ? [] : [{ data }])];
}
