import { z } from "zod";
import { modelAgent } from "../../workers/mao/agents.ts";
import { durationMs } from "../../workers/mao/duration.ts";
import { type Assignment, contextParts } from "../../workers/models/assignment.ts";
import { type Task, taskSchema } from "../../workers/models/client.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { assertNotHeld } from "../../workers/platform/held.ts";
import { isPlatformReset } from "../../workers/platform/platform-reset.ts";
import { Problem, problemOf } from "../../workers/platform/problem.ts";
import { guard, toRecordedDecision } from "../../workers/policy/guard.ts";
import type { StepCall } from "../graph/graph-run.ts";
import { unmetCondition } from "../graph/interpreter.ts";
import { workOf } from "../graph/tool-step.ts";
import { NO_RETRY } from "../journal/retry.ts";
import type { AgentHost } from "./agent-host.ts";
import { type Spoken, speak } from "./speak.ts";

/** What an agent step takes. Whatever else it is given is context under that name. */
const inputSchema = z
  .object({
    goal: z.string().min(1).max(100_000),
    context: z.json().optional(),
    expected_output: z.string().max(20_000).optional(),
    output_schema: z.record(z.string(), z.json()).optional(),
    /** A capsule that is run first, so that the agent has its result before it answers. */
    capsule: z.string().max(200).optional(),
    inputs: z.record(z.string(), z.json()).optional(),
  })
  .catchall(z.json());

/**
 * Runs an `agent:<name>` step: the agent's model is asked with the step's goal and what it is given, calls its tools under the guard, and what it
 * answers is the step's output `{text, data?, agent, engine, usage}`. Settled when it returns; while a call of it waits for a person (as
 * `<step>/m<n>/c<n>#approval`), or when the run is stopped, the step is left as it is, and calling this again goes on where it was.
 * @throws the platform's own resets
 */
export async function runAgentStep(host: AgentHost, call: StepCall): Promise<void> {
  const name = call.step.uses.slice("agent:".length);
  const asked = { principal: host.scope.principal, resource: { type: "agent", id: name }, within: workOf(host) } as const;
  const decision = await guard(host, asked);
  assertNotHeld(decision);
  const recorded = toRecordedDecision(asked, decision);
  try {
    if (decision.effect === "deny") throw new Problem("forbidden", `The agent ${name} may not run: ${decision.reason}.`);
    const output = await answered(host, call, name);
    if (output === undefined) return;
    const options = {
      uses: call.step.uses,
      title: call.step.title,
      isOutside: false,
      onUnknown: "retry",
      retry: NO_RETRY,
      timeoutMs: 60_000,
    } as const;
    await host.journal.step(call.name, { ...options, decision: recorded }, async () => output);
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined || isPlatformReset(error)) throw error;
    host.journal.fail(call.name, problem, recorded);
  }
}

/** The step's output, after as many attempts as it may have; each is recorded under its own name, so that none is made twice. */
async function answered(host: AgentHost, call: StepCall, name: string): Promise<Json | undefined> {
  const agent = modelAgent(host.agents, name);
  const { assignment, task } = orderOf(call);
  const attempts = call.step.retry?.attempts ?? 1;
  for (let attempt = 1; ; attempt += 1) {
    const step = attempt === 1 ? call.name : `${call.name}/a${attempt}`;
    try {
      const spoken = await speak(host, { step, name, agent, assignment, task });
      if (spoken === undefined) return undefined;
      const output = outputOf(name, spoken);
      const unmet = unmetCondition(call.step, output);
      if (unmet !== undefined) throw new Problem("tool-failed", `What ${name} answered does not meet its condition: ${unmet}.`);
      return output;
    } catch (error) {
      const problem = problemOf(error);
      if (problem === undefined || isPlatformReset(error)) throw error;
      if (attempt >= attempts || call.step.retry?.final.includes(problem.type) === true || host.isStopped()) throw problem;
      await scheduler.wait(call.step.retry === undefined ? 0 : durationMs(call.step.retry.delay));
    }
  }
}

function outputOf(agent: string, { text, data, engine, usage }: Spoken): Json {
  return { text, agent, engine, usage, ...(data === undefined ? {} : { data }) };
}

/** What a step asks of its agent. @throws Problem `invalid-request` */
function orderOf(call: StepCall): { assignment: Assignment; task: Task | undefined } {
  const parsed = inputSchema.safeParse(call.input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Problem(
      "invalid-request",
      `Step ${call.name} cannot be given to an agent: ${issue?.path.join(".") ?? "with"}: ${issue?.message ?? "it does not fit"}.`,
    );
  }
  const { goal, context, expected_output, output_schema, capsule, inputs, ...rest } = parsed.data;
  const others = Object.entries(rest).flatMap(([from, value]) => contextParts(value, from));
  return {
    assignment: {
      goal,
      expectedOutput: expected_output,
      context: [...(context === undefined ? [] : contextParts(context, "context")), ...others],
      schema: output_schema,
    },
    task: capsule === undefined ? undefined : taskSchema.parse({ goal, goalId: call.name, capsule, inputs: inputs ?? {} }),
  };
}
