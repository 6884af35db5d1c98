import type { Purpose } from "../../workers/billing/budget.ts";
import type { ModelAgent } from "../../workers/mao/agent-definition.ts";
import { systemPromptOf } from "../../workers/mao/agents.ts";
import { type Assignment, assignmentMessage } from "../../workers/models/assignment.ts";
import type { ChatMessage, Task } from "../../workers/models/client.ts";
import { checkedAnswer } from "../../workers/models/json-answer.ts";
import { modelFor } from "../../workers/models/model-for.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { Usage } from "../../workers/platform/recorded.ts";
import type { AgentHost } from "./agent-host.ts";
import { spentAfterRound } from "./cost.ts";
import { materialFor } from "./material.ts";
import { addUsage, MAX_TOOL_ROUNDS, runTurn, type TurnResult } from "./turn.ts";
import { type Handoff, turnTools } from "./turn-tools.ts";

/** What an agent is to say once. */
export interface Speech {
  /** The name of the step; what the agent does is recorded under it. */
  readonly step: string;
  readonly name: string;
  readonly agent: ModelAgent;
  readonly assignment: Assignment;
  /** The conversation that it answers, where it is more than the assignment alone. */
  readonly history?: readonly ChatMessage[];
  readonly handoffs?: readonly Handoff[];
  /** A capsule that is run first. */
  readonly task?: Task | undefined;
}

export interface Spoken {
  readonly text: string;
  /** The answer as the assignment's schema has it. */
  readonly data?: Json;
  /** The engine that answered. */
  readonly engine: string;
  readonly usage: Usage;
  readonly called: readonly string[];
  readonly handoff?: TurnResult["handoff"];
}

/**
 * Lets an agent speak: one turn of its model with its own tools under the guard, what it says streamed as `step.delta`. An answer that has to
 * fit a schema and does not is sent back once.
 * @returns undefined when a call of it waits for a person, or the run was stopped
 * @throws Problem when it cannot answer; the platform's resets as they come
 */
export async function speak(host: AgentHost, speech: Speech): Promise<Spoken | undefined> {
  const history: readonly ChatMessage[] = speech.history ?? [{ role: "user", text: assignmentMessage(speech.assignment) }];
  const first = await turn(host, speech, speech.step, history);
  const { schema } = speech.assignment;
  if (first === undefined || schema === undefined || first.handoff !== undefined) return first;
  const checked = checkedAnswer(first.text, schema);
  if ("data" in checked) return { ...first, data: checked.data };
  const repair = `That does not fit the schema: ${checked.fault}. Answer again with the corrected JSON object alone.`;
  const again = [...history, { role: "assistant", text: first.text, calls: [] }, { role: "user", text: repair }] satisfies ChatMessage[];
  const second = await turn(host, speech, `${speech.step}/repair`, again);
  if (second === undefined) return undefined;
  const mended = checkedAnswer(second.text, schema);
  if ("fault" in mended)
    throw new Problem("model-failed", `The answer of ${speech.name} (${second.engine}) does not fit its output_schema: ${mended.fault}.`);
  return { ...second, data: mended.data, usage: addUsage(first.usage, second.usage), called: [...first.called, ...second.called] };
}

async function turn(host: AgentHost, speech: Speech, step: string, history: readonly ChatMessage[]): Promise<Spoken | undefined> {
  const { agent, name, assignment, task } = speech;
  const model = modelFor(host.env, agent.model);
  const spending = host.spendingOf(step, purposeOf(host, speech, model.engine), await spentAfterRound(host.journal, step, 0));
  try {
    const result = await runTurn({
      env: host.env,
      clock: host.clock,
      journal: host.journal,
      scope: host.scope,
      within: [...(host.within ?? []), `agent:${name}`],
      turn: step,
      constitution: host.constitution,
      model,
      request: {
        system: systemPromptOf(name, agent),
        task,
        assignment,
        temperature: agent.temperature,
        ...(await materialFor(host, agent.tools)),
      },
      history,
      tools: turnTools(agent.tools, speech.handoffs),
      maxToolRounds: agent.max_tool_rounds ?? MAX_TOOL_ROUNDS,
      isStopped: () => host.isStopped(),
      stopSignal: host.stopSignal,
      delta: (text) => {
        if (!host.isStopped()) host.emit({ type: "step.delta", data: { step: speech.step, text } });
      },
      restart: () => host.emit({ type: "step.restarted", data: { step: speech.step } }),
      // A run shows what waits by the step that waits, whose prompt says what is asked.
      askApproval: () => undefined,
      reserve: (most) => spending.reserve(most),
      spent: (taken) => spending.spent(taken),
    });
    return result === undefined ? undefined : { ...result, engine: model.engine };
  } finally {
    if (model.isPaid) await spending.settle();
  }
}

/** What the agent's work counts for: itself, its model, and the capsule that it is part of. */
function purposeOf({ within = [] }: AgentHost, { name, task }: Speech, model: string): Purpose {
  const capsule = task?.capsule ?? within.find((uses) => uses.startsWith("capsule:"))?.slice("capsule:".length);
  return { agent: name, model, ...(capsule === undefined ? {} : { capsule }) };
}
