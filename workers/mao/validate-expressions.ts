import type { Json } from "../platform/canonical-json.ts";
import { expressionFault, stepsReadBy, stripTemplate, templatesOf } from "./expression.ts";
import type { Graph, Step } from "./graph.ts";
import type { GraphFault } from "./graph-fault.ts";

/** An expression of a graph and where it stands. */
interface Written {
  readonly expression: string;
  readonly pointer: string;
  /** True when the step itself has ended by the time that this is computed. */
  readonly isAfter: boolean;
}

/** Expressions that do not parse or are out of bounds, and reads of steps that may not have ended. */
export function expressionFaults(graph: Graph, waves: readonly (readonly string[])[]): GraphFault[] {
  const hasEnded = endedBefore(graph, waves);
  const ofSteps = Object.entries(graph.steps).flatMap(([name, step]) =>
    writtenIn(name, step).flatMap((written) => [
      ...parseFaults(written),
      ...stepsReadBy(written.expression)
        .filter((read) => !hasEnded(name, read) && !(written.isAfter && read === name))
        .map((read) => ({ pointer: written.pointer, message: readFault(graph, name, read) })),
    ]),
  );
  const ofGraph = writtenOutside(graph).flatMap((written) => [
    ...parseFaults(written),
    ...stepsReadBy(written.expression)
      .filter((read) => !Object.hasOwn(graph.steps, read))
      .map((read) => ({ pointer: written.pointer, message: `reads ${read}, which is no step` })),
  ]);
  return [...ofSteps, ...ofGraph];
}

function parseFaults({ expression, pointer }: Written): GraphFault[] {
  const fault = expressionFault(expression);
  return fault === undefined ? [] : [{ pointer, message: `\`${expression.slice(0, 200)}\` is no expression: ${fault}` }];
}

function writtenIn(name: string, step: Step): Written[] {
  const at = `/steps/${name}`;
  const bare = (expression: string | undefined, pointer: string, isAfter: boolean): Written[] =>
    expression === undefined ? [] : [{ expression: stripTemplate(expression), pointer: at + pointer, isAfter }];
  const inside = (value: Json, pointer: string, isAfter: boolean): Written[] =>
    templatesOf(value).map((expression) => ({ expression, pointer: at + pointer, isAfter }));
  return [
    ...inside(step.with, "/with", false),
    ...bare(step.when, "/when", false),
    ...step.accept.flatMap((condition, i) => bare(condition, `/accept/${i}`, false)),
    ...(typeof step.for_each === "string" ? bare(step.for_each, "/for_each", false) : inside(step.for_each ?? [], "/for_each", false)),
    ...bare(step.until, "/until", false),
    ...(step.switch?.cases ?? []).flatMap(({ when }, i) => bare(when, `/switch/cases/${i}/when`, true)),
    ...inside(step.undo?.with ?? {}, "/undo/with", true),
  ];
}

function writtenOutside(graph: Graph): Written[] {
  return [
    ...Object.entries(graph.outputs).flatMap(([name, value]) =>
      templatesOf(value).map((expression) => ({ expression, pointer: `/outputs/${name}`, isAfter: true })),
    ),
    ...Object.entries(graph.queries).map(([name, query]) => ({
      expression: stripTemplate(query),
      pointer: `/queries/${name}`,
      isAfter: true,
    })),
    ...Object.entries(graph.updates).flatMap(([name, { accept }]) =>
      accept.map((condition, i) => ({ expression: stripTemplate(condition), pointer: `/updates/${name}/accept/${i}`, isAfter: true })),
    ),
  ];
}

/**
 * For each step that can run, all steps that have ended before it begins, as a set of bits in the order of the graph: the largest
 * graph has very many needs, and lists of ancestors would be walked once for each of them.
 */
function endedBefore(graph: Graph, waves: readonly (readonly string[])[]): (step: string, read: string) => boolean {
  let known: { bits: ReadonlyMap<string, bigint>; before: ReadonlyMap<string, bigint> } | undefined;
  return (step, read) => {
    // Few graphs read much, and the largest have ten thousand steps: worked out when it is first asked for.
    known ??= ancestorsOf(graph, waves);
    return ((known.before.get(step) ?? 0n) & (known.bits.get(read) ?? 0n)) !== 0n;
  };
}

function ancestorsOf(graph: Graph, waves: readonly (readonly string[])[]) {
  const bits = new Map(Object.keys(graph.steps).map((name, i) => [name, 1n << BigInt(i)]));
  const before = new Map<string, bigint>();
  for (const name of waves.flat()) {
    let ended = 0n;
    for (const need of graph.steps[name]?.needs ?? []) ended |= (bits.get(need) ?? 0n) | (before.get(need) ?? 0n);
    before.set(name, ended);
  }
  return { bits, before };
}

function readFault(graph: Graph, name: string, read: string): string {
  return Object.hasOwn(graph.steps, read)
    ? `reads ${read}, which may not have ended; add ${read} to the needs of ${name}`
    : `reads ${read}, which is no step`;
}
