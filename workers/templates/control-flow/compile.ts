import type { z } from "zod";
import { templatesOf } from "../../mao/expression.ts";
import type { graphSchema, stepSchema } from "../../mao/graph.ts";
import type { Json } from "../../platform/canonical-json.ts";
import { member, outputsRead, type Rename, renameInTemplates, renameOutputs } from "./expressions.ts";
import { choicesOf, type Flow, type FlowNode, type StepDraft, stepsOfNode, successorsOf } from "./flow.ts";
import { type Region, regionsOf } from "./regions.ts";

type StepInput = z.input<typeof stepSchema>;
type Steps = z.input<typeof graphSchema>["steps"];

export interface CompiledFlow {
  readonly steps: Steps;
  /** Steps that are loops, with the nodes that run in them. */
  readonly loops: readonly { readonly step: string; readonly nodes: readonly string[] }[];
  /** Says where the output of a node is read from outside the flow: in the outputs of the graph. */
  readonly rename: Rename;
}

/**
 * Makes steps of a flow. What follows one after the other becomes steps with `needs`; a choice becomes a `switch`; a cycle becomes one step that runs
 * an inline graph again and again, each time with the nodes that are due (the supersteps of Pregel, Malewicz et al. 2010, as LangGraph
 * runs them), until none is due or `maxRounds` is reached, which fails it.
 */
export function compileFlow(flow: Flow): CompiledFlow {
  const regions = regionsOf(flow);
  const loopOf = new Map<string, string>();
  const loops = regions.map((region, i) => {
    const step = regions.length === 1 ? "loop" : `loop_${i + 1}`;
    const nodes = region.nodes.map(({ name }) => name);
    for (const name of nodes) loopOf.set(name, step);
    return { step, nodes };
  });
  const surelyRuns = regions.length === 1 && flow.nodes.every((node) => loopOf.has(node.name) || choicesOf(node).size === 0);
  const rename: Rename = (step) => {
    const loop = loopOf.get(step);
    if (loop === undefined) return undefined;
    const last = `steps.${loop}.output.last.${step}`;
    return surelyRuns ? last : `(steps.${loop}.output == null ? dyn(null) : ${last})`;
  };
  const outer: Outer = { flow, nodes: new Map(flow.nodes.map((node) => [node.name, node])), loopOf, rename, leading: leadingTo(flow) };
  const steps: Steps = {};
  const written = new Set<string>();
  for (const node of flow.nodes) {
    const loop = loopOf.get(node.name);
    if (loop === undefined) Object.assign(steps, outerSteps(outer, node));
    else if (!written.has(loop)) {
      written.add(loop);
      const region = regions[loops.findIndex(({ step }) => step === loop)];
      if (region !== undefined) steps[loop] = loopStep(outer, region);
    }
  }
  return { steps, loops, rename };
}

interface Outer {
  readonly flow: Flow;
  readonly nodes: ReadonlyMap<string, FlowNode>;
  /** The loop a node runs in. */
  readonly loopOf: ReadonlyMap<string, string>;
  readonly rename: Rename;
  /** The nodes that lead to each. */
  readonly leading: ReadonlyMap<string, readonly FlowNode[]>;
}

function leadingTo(flow: Flow): Map<string, FlowNode[]> {
  const leading = new Map<string, FlowNode[]>(flow.nodes.map(({ name }) => [name, []]));
  for (const node of flow.nodes) for (const to of successorsOf(node)) leading.get(to)?.push(node);
  return leading;
}

/** The last step a node becomes, which the nodes after it need and which chooses among them. */
function lastStepOf(node: FlowNode): string {
  return stepsOfNode(node).at(-1)?.name ?? node.name;
}

function outerSteps(outer: Outer, node: FlowNode): Steps {
  const chain = stepsOfNode(node);
  const steps: Steps = {};
  chain.forEach(({ name, draft }, i) => {
    const before = chain[i - 1]?.name;
    // Outside of a loop a node runs once, and sees no answer of its own.
    const seen: Rename = (step) => (step === name ? "dyn(null)" : outer.rename(step));
    steps[name] = { ...renameDraft(draft, seen), needs: before === undefined ? needsOf(outer, new Set([node.name])) : [before] };
  });
  const last = steps[lastStepOf(node)];
  const choice = switchOf(outer, node);
  if (last !== undefined && choice !== undefined) last.switch = choice;
  return steps;
}

/** The steps outside that lead to one of these nodes, each once. */
function needsOf(outer: Outer, group: ReadonlySet<string>): string[] {
  const before = [...group].flatMap((name) => outer.leading.get(name) ?? []).filter(({ name }) => !group.has(name));
  const needs = before.map((node) => outer.loopOf.get(node.name) ?? lastStepOf(node));
  return [...new Set(needs)];
}

/** The choice a node makes among the steps after it; what always follows is in every case of it. */
function switchOf(outer: Outer, node: FlowNode): StepInput["switch"] {
  const choices = [...choicesOf(node)];
  if (choices.length === 0) return undefined;
  const stepFor = (name: string): string => outer.loopOf.get(name) ?? firstStepOf(outer, name);
  const always = node.always.map(stepFor);
  const cases = choices.map(([to, when]) => ({
    when: ownOutput(when, lastStepOf(node), outer.rename),
    run: [...new Set([stepFor(to), ...always])],
  }));
  return { cases, default: always };
}

function firstStepOf(outer: Outer, name: string): string {
  const node = outer.nodes.get(name);
  return node === undefined ? name : (stepsOfNode(node)[0]?.name ?? name);
}

/** An expression of a switch reads its own step's output as `output`. */
function ownOutput(expression: string, step: string, rename: Rename): string {
  return renameOutputs(expression, (name) => (name === step ? "output" : rename(name)));
}

function renameDraft(draft: StepDraft, rename: Rename): StepDraft {
  const { with: inputs, for_each, when, ...rest } = draft;
  return {
    ...rest,
    ...(inputs === undefined ? {} : { with: renameMembers(inputs, rename) }),
    ...(typeof for_each === "string" ? { for_each: renameOutputs(for_each, rename) } : for_each === undefined ? {} : { for_each }),
    ...(when === undefined ? {} : { when: renameOutputs(when, rename) }),
  };
}

function renameMembers(members: Readonly<Record<string, Json>>, rename: Rename): Record<string, Json> {
  return Object.fromEntries(Object.entries(members).map(([key, value]) => [key, renameInTemplates(value, rename)]));
}

/**
 * The step a cycle becomes. Its iterations hand on three records by node: `active` (due now), `last` (what each answered last) and, at the end,
 * `exits` (where to go on).
 */
function loopStep(outer: Outer, region: Region): StepInput {
  const names = new Set(region.nodes.map(({ name }) => name));
  const earlier = earlierOutputs(region, names);
  const carried = (record: string, first: (name: string) => string): Record<string, Json> =>
    Object.fromEntries([...names].map((name) => [name, `\${iteration == 1 ? ${first(name)} : previous.${record}.${name}}`]));
  const exits = region.exits.map((name) => ({
    when: `output.exits.${name} == true`,
    run: [outer.loopOf.get(name) ?? firstStepOf(outer, name)],
  }));
  return {
    uses: "run:inline",
    title: `Repeats ${[...names].join(", ")}`.slice(0, 200),
    needs: needsOf(outer, names),
    with: {
      ...Object.fromEntries(outer.flow.inputs.map((name) => [name, `\${inputs${member(name)}}`])),
      loop_active: carried("next", (name) => entryCondition(outer, region, name)),
      loop_last: carried("last", () => "null"),
      ...(earlier.length === 0
        ? {}
        : { loop_before: Object.fromEntries(earlier.map((name) => [name, `\${${outer.rename(name) ?? `steps.${name}.output`}}`])) }),
    },
    graph: loopGraph(outer, region, names),
    until: "!output.next.exists(name, output.next[name])",
    max_iterations: outer.flow.maxRounds,
    ...(exits.length === 0 ? {} : { switch: { cases: exits, default: [] } }),
  };
}

/** Steps outside whose output the nodes of a region read. */
function earlierOutputs(region: Region, names: ReadonlySet<string>): string[] {
  const own = new Set(region.nodes.flatMap((node) => stepsOfNode(node).map(({ name }) => name)));
  const expressions = region.nodes.flatMap((node) => [
    ...node.cases.map(({ when }) => when),
    ...stepsOfNode(node).flatMap(({ draft }) => expressionsOf(draft)),
  ]);
  return [...outputsRead(expressions)].filter((name) => !own.has(name) && !names.has(name));
}

function expressionsOf(draft: StepDraft): string[] {
  return [...templatesOf(draft.with ?? {}), ...(typeof draft.for_each === "string" ? [draft.for_each] : []), draft.when ?? ""];
}

function entryCondition(outer: Outer, region: Region, name: string): string {
  if (!region.entries.includes(name)) return "false";
  if (region.entries.length === 1 || outer.flow.entries.includes(name)) return "true";
  const reasons = (outer.leading.get(name) ?? []).flatMap((node) => {
    if (region.nodes.includes(node)) return [];
    const loop = outer.loopOf.get(node.name);
    if (loop !== undefined) return [`(steps.${loop}.state == "done" && steps.${loop}.output.exits.${name} == true)`];
    if (node.always.includes(name)) return [`steps.${lastStepOf(node)}.state == "done"`];
    const chosen = choicesOf(node).get(name) ?? "false";
    return [`(steps.${lastStepOf(node)}.state == "done" && (${renameOutputs(chosen, outer.rename)}))`];
  });
  return reasons.length === 0 ? "false" : reasons.join(" || ");
}

function loopGraph(outer: Outer, region: Region, names: ReadonlySet<string>): StepInput["graph"] {
  const steps: Steps = {};
  for (const node of region.nodes) {
    const chain = stepsOfNode(node);
    const own = chain.findIndex(({ name }) => name === node.name);
    chain.forEach(({ name, draft }, i) => {
      const before = chain[i - 1]?.name;
      const due = `inputs.loop_active.${node.name} == true`;
      const renamed = renameDraft(draft, seenInLoop(names, new Set(chain.slice(own, i).map((step) => step.name))));
      steps[name] = {
        ...renamed,
        when: renamed.when === undefined ? due : `${due} && (${renamed.when})`,
        needs: before === undefined ? [] : [before],
      };
    });
  }
  const next = (to: string): string => `\${${dueNext(outer, names, to)}}`;
  return {
    inputs: {
      ...Object.fromEntries(outer.flow.inputs.map((name) => [name, { type: "any", required: false, default: null }])),
      loop_active: { type: "object" },
      loop_last: { type: "object" },
      loop_before: { type: "object", required: false, default: {} },
    },
    steps,
    outputs: {
      next: Object.fromEntries([...names].map((name) => [name, next(name)])),
      last: Object.fromEntries(
        [...names].map((name) => [name, `\${inputs.loop_active.${name} == true ? steps.${name}.output : inputs.loop_last.${name}}`]),
      ),
      exits: Object.fromEntries(region.exits.map((name) => [name, next(name)])),
    },
  };
}

/** What is read inside a loop: steps of the same node in this round, what nodes answered last, and what was before the loop. */
function seenInLoop(names: ReadonlySet<string>, thisRound: ReadonlySet<string>): Rename {
  return (step) => {
    if (thisRound.has(step)) return undefined;
    return names.has(step) ? `inputs.loop_last.${step}` : `inputs.loop_before.${step}`;
  };
}

/** True when some node of this round leads on to that one. */
function dueNext(outer: Outer, names: ReadonlySet<string>, to: string): string {
  const reasons = (outer.leading.get(to) ?? []).flatMap((node) => {
    if (!names.has(node.name)) return [];
    const due = `inputs.loop_active.${node.name} == true`;
    if (node.always.includes(to)) return [due];
    const chosen = choicesOf(node).get(to);
    if (chosen === undefined) return [];
    const own = new Set(stepsOfNode(node).map(({ name }) => name));
    return [`(${due} && (${renameOutputs(chosen, seenInLoop(names, own))}))`];
  });
  return reasons.length === 0 ? "false" : reasons.join(" || ");
}
