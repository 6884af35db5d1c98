import { type Graph, graphSchema } from "../mao/graph.ts";
import type { Json } from "../platform/canonical-json.ts";
import { A2aError } from "./errors.ts";
import type { Message } from "./protocol.ts";

/** The run that a message begins. */
export interface ServedRun {
  readonly graph: Graph;
  readonly inputs: Readonly<Record<string, Json>>;
  /** The template that the graph is a version of. */
  readonly template?: { readonly name: string; readonly version: number };
  /** What the client is given: the task, or a message alone. */
  readonly reply: "task" | "message";
}

/** The text of a message: its text parts, a blank line between them. */
export function textOf({ parts }: Message): string {
  return parts.flatMap((part) => (part.text === undefined ? [] : [part.text])).join("\n\n");
}

const ANALYST_GRAPH = graphSchema.parse({
  name: "Answer of the analyst",
  inputs: { goal: { type: "string" }, data: { type: "any", required: false } },
  steps: { answer: { uses: "agent:analyst", with: { goal: "${inputs.goal}", context: "${inputs.data}" } } },
  outputs: { answer: "${steps.answer.output}" },
});

/** A message to the analyst is one step of it: the text is its goal, data are what it is given to know. @throws A2aError when it says nothing */
export function analystRun(message: Message): ServedRun {
  const data = dataOf(message);
  const goal = textOf(message);
  if (goal === "") throw new A2aError("INVALID_PARAMS", "The analyst needs a text part that says what is wanted.");
  return { graph: ANALYST_GRAPH, inputs: { goal, ...(data === undefined ? {} : { data }) }, reply: "task" };
}

/**
 * A message to a template begins a run of it. A data part that is an object gives inputs by their names; the text is the first declared input of
 * type string that no data gave.
 */
export function templateRun(graph: Graph, message: Message): ServedRun {
  const data = dataOf(message);
  const given: Record<string, Json> = typeof data === "object" && data !== null && !Array.isArray(data) ? { ...data } : {};
  const text = textOf(message);
  const open = Object.entries(graph.inputs).filter(
    ([name, { type }]) => given[name] === undefined && (type === "string" || type === "any"),
  );
  const [first] = open.find(([, { required, default: standard }]) => required && standard === undefined) ?? open[0] ?? [];
  if (text !== "" && first !== undefined) given[first] = text;
  return { graph, inputs: given, reply: "task" };
}

function dataOf({ parts }: Message): Json | undefined {
  return parts.find((part) => part.data !== undefined)?.data;
}
