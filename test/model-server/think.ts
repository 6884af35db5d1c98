import { z } from "zod";
import { readPlanningPrompt } from "./plan-prompt.ts";
import { planByRules } from "./plan-rules.ts";
import type { ChatRequest } from "./published-types.ts";
import { type Answer, messagesOf } from "./reply.ts";
import { answerInTeam } from "./team-rules.ts";

const foundSchema = z.object({ analysis: z.object({ statements: z.array(z.object({ text: z.string() })) }) });
const MOST_SENTENCES = 5;

/**
 * The rule-based model: it reads what it is asked and computes its answer from it. A planning request gets a plan, what a call
 * brought is put into sentences, a team is led and taken part in by rules, and anything else is said back.
 */
export function think(request: ChatRequest): Answer {
  const messages = messagesOf(request);
  const last = messages.at(-1);
  if (last?.role === "tool") {
    const results = messages.slice(messages.findLastIndex((message) => message.role !== "tool") + 1);
    return { text: results.map((result) => sentencesOf(result.text)).join("\n") };
  }
  const text = last?.text ?? "";
  const prompt = readPlanningPrompt(text);
  if (prompt !== undefined) {
    const { title, goals, questions } = planByRules(prompt);
    return { text: JSON.stringify(questions.length > 0 ? { questions } : { title, goals }) };
  }
  return answerInTeam(request) ?? { text: `You said: ${text}` };
}

/** What a capsule found, in the words it was found in: this model adds no figure of its own. */
function sentencesOf(result: string): string {
  const found = foundSchema.safeParse(parsed(result));
  return found.success
    ? found.data.analysis.statements
        .slice(0, MOST_SENTENCES)
        .map((statement) => statement.text)
        .join(" ")
    : `The call brought: ${result.slice(0, 500)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
