import { z } from "zod";
import type { Plan } from "../kamachiq/plan.ts";
import { planBrief } from "../kamachiq/planner.ts";
import { memoryWish } from "../memory/wish.ts";
import type { Json } from "../platform/canonical-json.ts";
import { analysisSchema } from "../tools/data/analysis.ts";
import { fetchedSchema } from "../tools/http/tools.ts";
import { fetchWish } from "../tools/http/wish.ts";
import { recalledSchema, rememberedSchema } from "../tools/memory/tools.ts";
import type { Assignment } from "./assignment.ts";
import type { ModelClient, ModelPart, ModelRequest } from "./client.ts";
import { closest } from "./closeness.ts";
import { digestOf } from "./digest.ts";
import { extracted } from "./extract.ts";

/** Questions answered in one turn. */
const MAX_CALLS = 5;
/** Of a page that was fetched: its beginning. */
const MAX_TOLD_CHARACTERS = 2_000;
/** An address that an assignment names: the signs that end a sentence or a bracket are not part of it. */
const ADDRESS = /https?:\/\/[^\s<>"'`)\]}]*[^\s<>"'`)\]}.,;:!?]/;
const NO_COST = { inputTokens: 0, outputTokens: 0, costMicros: 0 };
const SETTINGS = "SOMA_MODEL_BASE_URL, SOMA_MODEL_API_KEY and SOMA_MODEL_NAME";

const REMEMBERED = { stored: "I will remember:", merged: "I knew that already:", corrected: "I will remember this instead:" } as const;

const resultSchema = z.object({ analysis: analysisSchema });

/**
 * The engine that needs no language model: deterministic, called what it is. It matches questions about loaded data and documents to
 * capsules, remembers, recalls and fetches when asked to, says what was found in its own words, and says plainly when a question needs a
 * language model.
 */
export const embedded: ModelClient = {
  engine: "embedded",
  isPaid: false,
  timeoutMs: 60_000,
  ceilingMicros: () => 0,
  ceilingTokens: () => 0,
  estimate: () => NO_COST,
  async *stream(request) {
    for (const part of answer(request)) yield part;
    yield { kind: "end", usage: NO_COST, isCutOff: false };
  },
};

function answer(request: ModelRequest): ModelPart[] {
  if (request.assignment !== undefined) return carryOut(request, request.assignment);
  const last = request.messages.at(-1);
  if (last?.role === "tool") return [{ kind: "text", text: last.results.map(({ output }) => told(output)).join("\n\n") }];
  const question = last?.role === "user" ? last.text : "";
  const wish = memoryWish(question);
  if (wish?.kind === "remember") return [toolCall("memory_remember", { text: wish.text })];
  if (wish?.kind === "recall") return [toolCall("memory_recall", { query: wish.query })];
  const address = fetchWish(question);
  if (address !== undefined) return [toolCall("http_fetch", { url: address })];
  if (request.datasets.length === 0 && request.documents.length === 0)
    return [{ kind: "text", text: needsModel("There is no data and no document in this session.") }];
  const outcome = plannedFor(question, request);
  if (outcome.kind === "questions") {
    const asked = outcome.questions.map(
      ({ question: ask, choices }) => `${ask}${choices.length === 0 ? "" : ` Possible: ${choices.slice(0, 20).join(", ")}.`}`,
    );
    return [{ kind: "text", text: needsModel(asked.join("\n")) }];
  }
  return capsuleCalls(outcome.plan);
}

/** The calls that a question about the data and documents at hand becomes. */
function plannedFor(question: string, request: ModelRequest) {
  const { datasets, documents } = request;
  return planBrief({ brief: question.endsWith("?") ? question : `- ${question}`, answers: [], notes: [], datasets, documents });
}

function capsuleCalls(plan: Plan): ModelPart[] {
  const steps = plan.goals.flatMap((goal) => goal.steps);
  return steps.slice(0, MAX_CALLS).flatMap((name, i) => {
    const task = z.object({ capsule: z.string(), inputs: z.record(z.string(), z.json()) }).safeParse(plan.graph.steps[name]?.with);
    return task.success ? [call(i + 1, task.data.capsule, task.data.inputs)] : [];
  });
}

/**
 * Carries out what an agent of a run was given to do, as far as that goes without a language model: it uses the tools it can match, hands over
 * to a colleague who fits better, fills a schema from what it was given, or puts together what the material says.
 */
function carryOut(request: ModelRequest, assignment: Assignment): ModelPart[] {
  const last = request.messages.at(-1);
  const found = last?.role === "tool" ? last.results.map(({ name, output }) => ({ from: name, text: told(output) })) : [];
  const calls = found.length > 0 ? [] : matchedCalls(request, assignment);
  if (calls.length > 0) return calls;
  if (assignment.hasNothingNew === true) return [{ kind: "text", text: nothingToAdd(assignment) }];
  if (assignment.schema !== undefined) {
    const filled = extracted({ ...assignment, context: [...found, ...assignment.context] });
    return [{ kind: "text", text: JSON.stringify(filled) }];
  }
  const isAnswered = found.length > 0 && assignment.context.length === 0;
  const text = [...found.map((part) => part.text), ...(isAnswered ? [] : [digestOf(assignment, SETTINGS)])].join("\n\n");
  const colleagues = assignment.colleagues ?? [];
  const next = closest(assignment.goal, colleagues, (colleague) => colleague.description) ?? colleagues[0];
  return [
    { kind: "text", text },
    ...(next === undefined ? [] : [toolCall(next.call, { message: assignment.goal.slice(0, MAX_TOLD_CHARACTERS) })]),
  ];
}

/** The calls of offered tools that an assignment asks for in words that can be matched. */
function matchedCalls(request: ModelRequest, { goal }: Assignment): ModelPart[] {
  const isOffered = (name: string) => request.tools.some((tool) => tool.name === name);
  const wish = memoryWish(goal);
  if (wish?.kind === "remember" && isOffered("memory_remember")) return [toolCall("memory_remember", { text: wish.text })];
  if (wish?.kind === "recall" && isOffered("memory_recall")) return [toolCall("memory_recall", { query: wish.query })];
  const address = fetchWish(goal) ?? ADDRESS.exec(goal)?.[0];
  if (address !== undefined && isOffered("http_fetch")) return [toolCall("http_fetch", { url: address })];
  if (request.task !== undefined || request.datasets.length + request.documents.length === 0 || !isOffered("run_capsule")) return [];
  const outcome = plannedFor(goal, request);
  return outcome.kind === "plan" ? capsuleCalls(outcome.plan) : [];
}

function nothingToAdd({ lastWord }: Assignment): string {
  return `Embedded engine: I have nothing to add to what I said.${lastWord === undefined ? "" : ` ${lastWord}`}`;
}

function call(number: number, capsule: string, inputs: Record<string, Json>): ModelPart {
  return { kind: "call", call: { id: `call_${number}`, name: "run_capsule", input: { capsule, inputs } } };
}

function toolCall(name: string, input: Record<string, Json>): ModelPart {
  return { kind: "call", call: { id: "call_1", name, input } };
}

/** What a capsule found, in its own sentences; a failure says what it was. */
function told(output: Json): string {
  const result = resultSchema.safeParse(output);
  if (result.success)
    return [...result.data.analysis.statements.map((statement) => statement.text), ...result.data.analysis.caveats].join("\n");
  const remembered = rememberedSchema.safeParse(output);
  if (remembered.success) return `${REMEMBERED[remembered.data.outcome]} “${remembered.data.text}”`;
  const recalled = recalledSchema.safeParse(output);
  if (recalled.success && recalled.data.memories.length === 0) return "I remember nothing of that.";
  if (recalled.success) return ["I remember:", ...recalled.data.memories.map(({ text }) => `- ${text}`)].join("\n");
  const fetched = fetchedSchema.safeParse(output);
  if (fetched.success) return toldOfPage(fetched.data);
  const problem = z.object({ problem: z.object({ detail: z.string() }) }).safeParse(output);
  return problem.success ? `That could not be answered: ${problem.data.problem.detail}` : JSON.stringify(output).slice(0, 2_000);
}

function toldOfPage({ url, status, text, artifact }: z.infer<typeof fetchedSchema>): string {
  const kept = artifact === undefined ? "" : `\n\nThe whole is kept as ${artifact.name} (${artifact.id}).`;
  return `${url} answered with status ${status}:\n\n${text.slice(0, MAX_TOLD_CHARACTERS)}${kept}`;
}

function needsModel(why: string): string {
  return `${why}\n\nThe embedded engine answers questions about tables and documents in this session and remembers what you tell it to; anything else needs a language model, which ${SETTINGS} connect.`;
}
