import { z } from "zod";
import type { Amounts } from "../../workers/billing/budget.ts";
import { pinnedPrompt } from "../../workers/constitution/pins.ts";
import { type ChatMessage, type ModelClient, type ModelRequest, type ToolCall, toolCallSchema } from "../../workers/models/client.ts";
import { type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import { assertNotHeld } from "../../workers/platform/held.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { type ConstitutionPin, type Usage, usageSchema } from "../../workers/platform/recorded.ts";
import { guard, toRecordedDecision } from "../../workers/policy/guard.ts";
import type { GraphHost, StepCall } from "../graph/graph-run.ts";
import { runCapsuleStep, runToolStep, type StepEnvironment, workOf } from "../graph/tool-step.ts";
import { recordedProblem } from "../journal/journal.ts";
import { MODEL_RETRY } from "../journal/retry.ts";
import { isModerated, moderatedConversation, moderatedJson, moderatedText } from "../moderation/moderated.ts";
import { amountsOf } from "./cost.ts";
import { spokenText } from "./spoken-text.ts";
import { CAPSULE_CALL, capsuleStep, type Handoff, handoffMessage, type TurnTools } from "./turn-tools.ts";

/** The id of the call that a task begins with: nine letters and digits, which is all that some servers take. */
const TASK_CALL_ID = "taskcall1";
/** Times the model may call tools before it has to answer, where nothing else is said. */
export const MAX_TOOL_ROUNDS = 12;
const MAX_CALLS_A_ROUND = 16;
const CUT_OFF_NOTE = "\n\n(The answer was cut off here: it reached the model's limit of length.)";

const modelOutputSchema = z.object({
  text: z.string(),
  calls: z.array(toolCallSchema),
  usage: usageSchema,
  isCutOff: z.boolean().optional(),
});
type ModelOutput = z.infer<typeof modelOutputSchema>;

/** What one turn needs of the session or run it is taken in. */
export interface TurnHost extends StepEnvironment {
  /** Its name in the journal: what the turn does is recorded as steps under it. */
  readonly turn: string;
  /** What the agent is bound by: told before anything else. */
  readonly constitution: ConstitutionPin | undefined;
  readonly model: ModelClient;
  readonly request: Omit<ModelRequest, "messages" | "tools" | "signal">;
  /** The conversation up to and with the message of this turn, within the bounds of context. */
  readonly history: readonly ChatMessage[];
  readonly tools: TurnTools;
  readonly maxToolRounds: number;
  readonly isStopped: () => boolean;
  /** Fires when the turn is ended from outside. */
  readonly stopSignal: AbortSignal;
  /** Records text that was streamed. */
  readonly delta: (text: string) => void;
  /** The model is asked anew: partial text of before is void. */
  readonly restart: () => void;
  /** A person is asked whether a call may be made. */
  readonly askApproval: (approval: { step: string; tool: string; input: Json; reason: string }) => void;
  /** Reserves what a call may cost. @throws Problem `budget-exhausted` */
  readonly reserve: (most: Amounts) => Promise<void>;
  readonly spent: (taken: Amounts) => void;
}

export interface TurnResult {
  readonly text: string;
  readonly usage: Usage;
  /** Names of the tools that were called, in order. */
  readonly called: readonly string[];
  /** Whom the word was handed to, which ended the turn. */
  readonly handoff?: Handoff & { readonly message: string };
}

/**
 * One turn: the model is asked, its calls are made under the guard, and it is asked again with what they brought, until it answers.
 * Every question and every call is a step of the journal, so that a turn goes on where it was.
 * @returns the answer, or undefined when the turn waits for a person or was ended from outside
 * @throws Problem when it cannot be answered; the platform's resets as they come
 */
export async function runTurn(host: TurnHost): Promise<TurnResult | undefined> {
  const work = await taskWork(host);
  if (work === undefined) return undefined;
  const bound = await pinnedPrompt(host, host.scope.principal.tenant, host.constitution);
  const messages: ChatMessage[] = [...(await moderatedConversation(host, host.turn, host.history)), ...work];
  let usage: Usage = { inputTokens: 0, outputTokens: 0, costMicros: 0 };
  const called: string[] = [];
  for (let round = 1; round <= host.maxToolRounds; round += 1) {
    const output = await askModel(host, `${host.turn}/m${round}`, { system: `${bound}\n\n${host.request.system}`, messages });
    if (host.isStopped()) return undefined;
    usage = addUsage(usage, output.usage);
    if (output.calls.length === 0) return { text: output.isCutOff === true ? output.text + CUT_OFF_NOTE : output.text, usage, called };
    if (output.calls.length > MAX_CALLS_A_ROUND)
      throw new Problem("limit-exceeded", `The model asked for ${output.calls.length} calls at once; ${MAX_CALLS_A_ROUND} may be made.`);
    messages.push({ role: "assistant", text: output.text, calls: output.calls });
    const results = await makeCalls(host, `${host.turn}/m${round}`, output.calls);
    if (results === undefined || host.isStopped()) return undefined;
    called.push(...output.calls.map((call) => call.name));
    const handoff = handoffIn(host, output.calls);
    if (handoff !== undefined) return { text: output.text, usage, called, handoff };
    messages.push({ role: "tool", results });
  }
  throw new Problem("limit-exceeded", `The model called tools ${host.maxToolRounds} times without coming to an answer.`);
}

/** What the calls of one round brought, all but handoffs; undefined when one of them waits for a person. */
async function makeCalls(host: TurnHost, round: string, calls: readonly ToolCall[]): Promise<CallResult[] | undefined> {
  const steps = calls
    .map((call, i) => ({ call, name: `${round}/c${i + 1}` }))
    .filter(({ call }) => host.tools.handoffOf(call) === undefined);
  const results = await Promise.all(steps.map(({ call, name }) => makeCall(host, name, call)));
  const made = results.flatMap((result) => (result === undefined ? [] : [result]));
  return made.length < results.length ? undefined : made;
}

/** The first handoff among the calls: one can get the word. */
function handoffIn(host: TurnHost, calls: readonly ToolCall[]): TurnResult["handoff"] {
  for (const call of calls) {
    const handoff = host.tools.handoffOf(call);
    if (handoff !== undefined) return { ...handoff, message: handoffMessage(call) };
  }
  return undefined;
}

/**
 * A task names its capsule and inputs, so that these are run first, whatever the model is able to do: every task has its analysis, and the
 * model has it before it writes. Nothing for a message of a conversation; undefined while the capsule waits for a person.
 */
async function taskWork(host: TurnHost): Promise<ChatMessage[] | undefined> {
  const { task } = host.request;
  if (task === undefined) return [];
  const call: ToolCall = { id: TASK_CALL_ID, name: CAPSULE_CALL, input: { capsule: task.capsule, inputs: task.inputs } };
  const result = await makeCall(host, `${host.turn}/m0/c1`, call, capsuleStep(call));
  if (result === undefined || host.isStopped()) return undefined;
  return [
    { role: "assistant", text: "", calls: [call] },
    { role: "tool", results: [result] },
  ];
}

async function askModel(host: TurnHost, step: string, said: Pick<ModelRequest, "system" | "messages">): Promise<ModelOutput> {
  const { model } = host;
  const asked = { principal: host.scope.principal, resource: { type: "model", id: model.engine }, within: workOf(host) } as const;
  const decision = await guard(host, asked);
  assertNotHeld(decision);
  if (decision.effect === "deny") throw new Problem("forbidden", `The model ${model.engine} may not be asked: ${decision.reason}.`);
  const options = {
    uses: `model:${model.engine}`,
    isOutside: true,
    onUnknown: "retry",
    retry: MODEL_RETRY,
    timeoutMs: model.timeoutMs,
    decision: toRecordedDecision(asked, decision),
    within: host.within,
  } as const;
  const wasAsked = host.journal.record(step) !== undefined;
  const output = await host.journal.step(step, options, async ({ attempt, signal }) => {
    if (wasAsked || attempt > 1) host.restart();
    const request: ModelRequest = {
      ...host.request,
      ...said,
      tools: host.tools.offered,
      signal: AbortSignal.any([signal, host.stopSignal]),
    };
    const ceiling = decision.obligations.costCeilingMicros;
    const most = model.isPaid ? model.ceilingMicros(request) : 0;
    if (ceiling !== undefined && most > ceiling)
      throw new Problem("forbidden", `The question may cost ${most} micro-dollars, and policy allows ${ceiling} for one.`);
    if (model.isPaid) await host.reserve({ micros: most, tokens: model.ceilingTokens(request) });
    return streamed(host, step, request);
  });
  return modelOutputSchema.parse(output);
}

/** Passes text on in coalesced pieces while it comes, and gathers the whole. What a broken answer took is spent all the same. */
async function streamed(host: TurnHost, step: string, request: ModelRequest): Promise<Json> {
  // Shown text cannot be taken back: under a rule that looks at answers it is shown when it is whole.
  const isHeld = await isModerated(host, "output");
  // Once the answer is broken off nobody is shown more of it.
  const spoken = spokenText((piece) => {
    if (!request.signal.aborted) host.delta(piece);
  });
  const calls: ToolCall[] = [];
  let text = "";
  let characters = 0;
  let end: { usage: Usage; isCutOff: boolean } | undefined;
  try {
    for await (const part of host.model.stream(request)) {
      request.signal.throwIfAborted();
      if (part.kind === "text") {
        text += part.text;
        characters += part.text.length;
        if (!isHeld) spoken.add(part.text);
      } else if (part.kind === "thinking") characters += part.characters;
      else if (part.kind === "call") calls.push(part.call);
      else end = part;
    }
  } catch (error) {
    if (characters > 0) host.spent(amountsOf(host.model.estimate(request, characters)));
    throw host.isStopped() ? new Problem("conflict", "The turn was ended while the model answered.") : error;
  } finally {
    spoken.end();
  }
  if (end === undefined) throw new Problem("model-failed", `The answer of ${host.model.engine} broke off before its end.`);
  host.spent(amountsOf(end.usage));
  if (text.trim() === "" && calls.length === 0 && host.request.task === undefined)
    throw new Problem("model-failed", `The model ${host.model.engine} answered with nothing.`);
  if (isHeld) return heldAnswer(host, step, { text, calls, usage: end.usage, ...(end.isCutOff ? { isCutOff: true } : {}) });
  return { text, calls, usage: end.usage, ...(end.isCutOff ? { isCutOff: true } : {}) };
}

/** An answer, and what it calls tools with, after moderation; only now it is shown. @throws Problem `content-refused` */
async function heldAnswer(host: TurnHost, step: string, output: ModelOutput): Promise<Json> {
  const text = await moderatedText(host, "output", step, output.text);
  const inputs = await moderatedJson(host, "output", `${step}/calls`, parsedJsonSchema.parse(output.calls.map(({ input }) => input)));
  const calls = output.calls.map((call, i) => ({ ...call, input: Array.isArray(inputs) ? (inputs[i] ?? null) : null }));
  if (text !== "") host.delta(text);
  return parsedJsonSchema.parse({ ...output, text, calls });
}

interface CallResult {
  readonly id: string;
  readonly name: string;
  readonly output: Json;
}

/** Makes one call. What goes wrong is told to the model as its result; undefined while a person is asked. */
async function makeCall(
  host: TurnHost,
  name: string,
  call: ToolCall,
  prepared = host.tools.stepFor(call),
): Promise<CallResult | undefined> {
  const graphHost: GraphHost = { journal: host.journal, isStopped: host.isStopped, run: (inner) => runStep(host, graphHost, inner) };
  if (prepared instanceof Problem) return told(call, { problem: { type: prepared.type, detail: prepared.detail } });
  await runStep(host, graphHost, { name, ...prepared });
  const record = host.journal.record(name);
  if (record?.state === "done") return told(call, await host.journal.output(name));
  if (record?.state === "failed" && record.final === true) {
    const problem = recordedProblem(record);
    return told(call, { problem: { type: problem.type, detail: problem.detail } });
  }
  askPerson(host, name, prepared.step.uses, call);
  return undefined;
}

/** Asks a person about each part of a call that waits for one: may it run at all, or may it run again when its outcome is unknown. */
function askPerson(host: TurnHost, name: string, uses: string, call: ToolCall): void {
  const isPart = (step: string) => step === name || step.startsWith(`${name}#`) || step.startsWith(`${name}/`);
  for (const record of host.journal.records.values()) {
    if (!isPart(record.step)) continue;
    if (record.state === "waiting" && record.on === "human")
      host.askApproval({
        step: record.step,
        tool: uses,
        input: call.input,
        reason: record.prompt ?? "Policy asks for a person's approval.",
      });
    else if (record.state === "unknown")
      host.askApproval({
        step: record.step,
        tool: uses,
        input: call.input,
        reason: `It is not known whether ${record.uses ?? uses} took effect before an interruption. Approve to run it again, refuse to go on without it.`,
      });
  }
}

async function runStep(host: TurnHost, graphHost: GraphHost, call: StepCall): Promise<void> {
  if (call.step.uses.startsWith("tool:")) await runToolStep(host, call);
  else if (call.step.uses.startsWith("capsule:")) await runCapsuleStep(host, graphHost, call);
  else host.journal.fail(call.name, new Problem("invalid-graph", `${call.step.uses} cannot be called by a model.`));
}

function told(call: ToolCall, output: Json): CallResult {
  return { id: call.id, name: call.name, output };
}

/** The sum of what two pieces of work took. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costMicros: a.costMicros + b.costMicros,
  };
}
