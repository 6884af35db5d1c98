import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { reviewLoop } from "../unit/graphs/drawings.ts";
import { newTenant, type TestTenant } from "./tenant.ts";

const importedSchema = z.object({
  framework: z.string(),
  templates: z.array(z.object({ name: z.string(), isNew: z.boolean() })).min(1),
  mapped: z.array(z.object({ what: z.string(), to: z.string() })),
  unmapped: z.array(z.object({ what: z.string() })),
});
const runSchema = z.object({
  id: z.string(),
  state: z.string(),
  waits: z.array(z.object({ step: z.string(), prompt: z.string().optional() })),
  output: z.record(z.string(), z.json()).optional(),
  problem: z.object({ detail: z.string() }).optional(),
});

async function imported(tenant: TestTenant, files: { path: string; text: string }[], binding?: string) {
  const answer = await tenant.post("/v1/templates/import", {
    files,
    ...(binding === undefined ? {} : { binding: { path: "binding.yaml", text: binding } }),
  });
  const told = await answer.json();
  expect(answer.status, JSON.stringify(told)).toBe(200);
  return importedSchema.parse(told);
}

async function ran(tenant: TestTenant, template: string, inputs: Record<string, unknown> = {}) {
  const answer = await tenant.post("/v1/mao/runs", { template: { name: template }, inputs }, { Prefer: "wait=20" });
  const told = await answer.json();
  expect(answer.status, JSON.stringify(told)).toBe(201);
  return runSchema.parse(told);
}

/** A node with what follows it: all of `always`, or `low` while it ran fewer than `times` times, and then `high`. */
type Drawn = { readonly always: readonly number[] } | { readonly times: number; readonly low: number; readonly high: number | undefined };

/** What LangGraph does: all nodes that are due run, then those they lead to are due. @returns how often each ran, undefined when the limit ended it */
function supersteps(nodes: readonly Drawn[], limit: number): number[] | undefined {
  const counts = nodes.map(() => 0);
  let due = new Set([0]);
  for (let round = 0; due.size > 0; round += 1) {
    if (round === limit) return undefined;
    const next = new Set<number>();
    for (const n of due) counts[n] = (counts[n] ?? 0) + 1;
    for (const n of due) {
      const node = nodes[n];
      if (node === undefined) continue;
      const to = "always" in node ? node.always : [(counts[n] ?? 0) < node.times ? node.low : node.high];
      for (const one of to) if (one !== undefined) next.add(one);
    }
    due = next;
  }
  return counts;
}

function drawingOf(nodes: readonly Drawn[]): string {
  const edges = nodes.flatMap((node, i) =>
    "always" in node
      ? node.always.map((to) => ({ source: `n${i}`, target: `n${to}` }))
      : [
          { source: `n${i}`, target: `n${node.low}`, data: "low", conditional: true },
          { source: `n${i}`, target: node.high === undefined ? "__end__" : `n${node.high}`, data: "high", conditional: true },
        ],
  );
  return JSON.stringify({
    nodes: [{ id: "__start__" }, ...nodes.map((_, i) => ({ id: `n${i}` })), { id: "__end__" }],
    edges: [{ source: "__start__", target: "n0" }, ...edges],
  });
}

function bindingOf(nodes: readonly Drawn[], limit: number): string {
  const names = nodes.map((_, i) => `n${i}`);
  return JSON.stringify({
    langgraph: 1,
    recursion_limit: limit,
    inputs: {},
    nodes: Object.fromEntries(
      names.map((name) => [
        name,
        { uses: "tool:value.set", with: { value: `\${steps.${name}.output == null ? 1.0 : steps.${name}.output + 1.0}` } },
      ]),
    ),
    edges: Object.fromEntries(
      nodes.flatMap((node, i) => ("always" in node ? [] : [[`n${i}`, { cases: { low: `output < ${node.times}.0` }, otherwise: "high" }]])),
    ),
    outputs: Object.fromEntries(names.map((name) => [name, `\${steps.${name}.output}`])),
  });
}

/** Nodes of a cycle with parallel ways and choices in it, which always ends or always hits the limit. */
const cyclic = fc.integer({ min: 2, max: 5 }).chain((size) => {
  const node = fc.nat(size - 1);
  const times = fc.integer({ min: 1, max: 3 });
  const drawn: fc.Arbitrary<Drawn> = fc.oneof(
    fc.record({ always: fc.uniqueArray(node, { minLength: 0, maxLength: 2 }) }),
    fc.record({ times, low: node, high: fc.option(node, { nil: undefined }) }),
  );
  return fc.tuple(
    fc.record({ times, low: node, high: fc.option(node, { nil: undefined }) }),
    ...Array.from({ length: size - 1 }, () => drawn),
  );
});

describe("a LangGraph that was imported", () => {
  it("runs its cycles as LangGraph does: as often, at the same time, and no longer than its limit", async () => {
    const tenant = await newTenant();
    let drawn = 0;
    await fc.assert(
      fc.asyncProperty(cyclic, async (nodes) => {
        drawn += 1;
        const expected = supersteps(nodes, 8);
        const { templates, mapped } = await imported(tenant, [{ path: `g${drawn}.json`, text: drawingOf(nodes) }], bindingOf(nodes, 8));
        // Outside of cycles a node that several lead to waits for all of them and runs once, where supersteps may run it again.
        const once = mapped.filter(({ to }) => !to.includes("loop")).map(({ what }) => Number(what.replace("node n", "")));
        fc.pre(expected === undefined || once.every((n) => (expected[n] ?? 0) <= 1));
        const run = await ran(tenant, templates[0]?.name ?? "");
        expect(run.state, run.problem?.detail).toBe(expected === undefined ? "failed" : "completed");
        if (expected === undefined) return;
        // A node that nothing leads to is no step; one that never ran has answered nothing.
        const counts = nodes.map((_, i) => run.output?.[`n${i}`] ?? 0);
        expect(counts).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  }, 60_000);
});

const LETTER = `
component_type: Flow
agentspec_version: 26.1.2
name: Greeting
inputs: [{ title: language, type: string }, { title: words, type: array }]
outputs: [{ title: greeting, type: string }, { title: said, type: array }]
start_node: { $component_ref: start }
nodes: [{ $component_ref: start }, { $component_ref: pick }, { $component_ref: french }, { $component_ref: other }, { $component_ref: each }, { $component_ref: end }]
control_flow_connections:
  - { component_type: ControlFlowEdge, name: e1, from_node: { $component_ref: start }, to_node: { $component_ref: pick } }
  - { component_type: ControlFlowEdge, name: e2, from_node: { $component_ref: pick }, from_branch: french, to_node: { $component_ref: french } }
  - { component_type: ControlFlowEdge, name: e3, from_node: { $component_ref: pick }, from_branch: default, to_node: { $component_ref: other } }
  - { component_type: ControlFlowEdge, name: e4, from_node: { $component_ref: french }, to_node: { $component_ref: each } }
  - { component_type: ControlFlowEdge, name: e5, from_node: { $component_ref: other }, to_node: { $component_ref: each } }
  - { component_type: ControlFlowEdge, name: e6, from_node: { $component_ref: each }, to_node: { $component_ref: end } }
data_flow_connections: null
$referenced_components:
  start: { component_type: StartNode, id: start, name: start, inputs: [{ title: language, type: string }, { title: words, type: array }] }
  pick: { component_type: BranchingNode, id: pick, name: pick, inputs: [{ title: language, type: string }], mapping: { fr: french } }
  french: { component_type: ToolNode, id: french, name: french, inputs: [{ title: value, type: string, default: Bonjour }], outputs: [{ title: greeting, type: string }], tool: { $component_ref: set } }
  other: { component_type: ToolNode, id: other, name: other, inputs: [{ title: value, type: string, default: Hello }], outputs: [{ title: greeting, type: string }], tool: { $component_ref: set } }
  each: { component_type: ParallelMapNode, id: each, name: each, inputs: [{ title: iterated_word, type: array }, { title: iterated_greeting, type: string }], outputs: [{ title: collected_line, type: array }], subflow: { $component_ref: say } }
  end: { component_type: EndNode, id: end, name: end, outputs: [{ title: greeting, type: string }, { title: said, type: array }] }
  set: { component_type: ServerTool, id: set, name: value.set, inputs: [{ title: value, type: string }], outputs: [{ title: greeting, type: string }] }
  say:
    component_type: Flow
    id: say
    name: say
    inputs: [{ title: word, type: string }, { title: greeting, type: string }]
    outputs: [{ title: line, type: string }]
    start_node: { component_type: StartNode, id: s2, name: start, inputs: [{ title: word, type: string }, { title: greeting, type: string }] }
    nodes: [{ $component_ref: line }, { $component_ref: end2 }]
    control_flow_connections:
      - { component_type: ControlFlowEdge, name: i1, from_node: { component_type: StartNode, id: s2, name: start }, to_node: { $component_ref: line } }
      - { component_type: ControlFlowEdge, name: i2, from_node: { $component_ref: line }, to_node: { $component_ref: end2 } }
    data_flow_connections: null
  line: { component_type: ToolNode, id: line, name: line, inputs: [{ title: value, type: string, default: "!" }], outputs: [{ title: line, type: string }], tool: { $component_ref: set } }
  end2: { component_type: EndNode, id: end2, name: end, outputs: [{ title: line, type: string }] }
`;

describe("a LangGraph of which nothing is bound", () => {
  it("runs to its end with agents of its nodes' names, and stops where it is interrupted", async () => {
    const tenant = await newTenant();
    const { templates, unmapped } = await imported(tenant, [{ path: "letter.json", text: reviewLoop }]);
    expect(unmapped.map(({ what }) => what)).toContain("condition of judge");
    const order = { template: { name: templates[0]?.name ?? "" }, inputs: { input: "A letter about the spring sale. It is good." } };
    const { id } = runSchema.parse(await (await tenant.post("/v1/mao/runs", order)).json());
    const inState = (state: string) =>
      vi.waitFor(
        async () => {
          const told = runSchema.parse(await (await tenant.fetch(`/v1/mao/runs/${id}`)).json());
          expect(told.state, told.problem?.detail).toBe(state);
          return told;
        },
        { timeout: 15_000 },
      );
    expect((await inState("waiting")).waits).toEqual([{ step: "send_before", prompt: "May send run?" }]);
    const answer = await tenant.post(`/v1/mao/runs/${id}/steps/send_before/answer`, { decision: "approve" });
    expect(answer.status).toBe(200);
    const ended = await inState("completed");
    expect(ended.output).toMatchObject({ result: { agent: "archive", engine: "embedded" } });
  });
});

describe("a flow of Open Agent Specification that was imported", () => {
  it("takes the branch that its input says, and maps a flow over a list", async () => {
    const tenant = await newTenant();
    // Data edges by name: the list is called as the map's input.
    const text = LETTER.replaceAll("title: words", "title: iterated_word")
      .replaceAll("title: iterated_greeting", "title: greeting")
      .replaceAll("title: said", "title: collected_line");
    const { templates, framework } = await imported(tenant, [{ path: "greeting.yaml", text }]);
    expect(framework).toBe("agent-spec");
    const french = await ran(tenant, templates[0]?.name ?? "", { language: "fr", iterated_word: ["a", "b"] });
    expect(french).toMatchObject({ state: "completed", output: { greeting: "Bonjour", collected_line: ["!", "!"] } });
    const other = await ran(tenant, templates[0]?.name ?? "", { language: "de", iterated_word: [] });
    expect(other).toMatchObject({ state: "completed", output: { greeting: "Hello", collected_line: [] } });
  });

  it("is written out again as it was, so that importing what was exported makes no new version", async () => {
    const tenant = await newTenant();
    const { templates } = await imported(tenant, [{ path: "greeting.yaml", text: LETTER }]);
    const name = templates[0]?.name ?? "";
    for (const format of ["agent-spec", "agent-spec-yaml"]) {
      const exported = await tenant.fetch(`/v1/templates/${name}/export?format=${format}`);
      expect(exported.status).toBe(200);
      const again = await imported(tenant, [{ path: "again", text: await exported.text() }]);
      expect(again.templates).toEqual([expect.objectContaining({ name, isNew: false })]);
    }
  });
});

describe("a request in words", () => {
  it("is told its pattern, the words that decided, and a graph", async () => {
    const tenant = await newTenant();
    const answer = await tenant.post("/v1/mao/route", { request: "Debate the four-day week.", agents: [{ name: "ann" }, { name: "bob" }] });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      pattern: "debate",
      adapter: "autogen",
      decidedBy: "rules",
      graph: { steps: { debate: { uses: "team:round-robin" } } },
    });
  });

  it("is run as the graph that it was told", async () => {
    const tenant = await newTenant();
    const answer = await tenant.post(
      "/v1/mao/runs",
      { request: "First name the colour of the sky, then repeat it." },
      { Prefer: "wait=20" },
    );
    expect(answer.status).toBe(201);
    const run = runSchema.parse(await answer.json());
    expect(run.state, run.problem?.detail).toBe("completed");
  });

  it("is refused as a run when it names times, with the times", async () => {
    const tenant = await newTenant();
    const answer = await tenant.post("/v1/mao/runs", { request: "Every Monday at 9 write a haiku." });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining("0 9 * * 1") });
  });

  it("gives way to the files of a framework", async () => {
    const tenant = await newTenant();
    const text = drawingOf([{ always: [1] }, { always: [] }]);
    const answer = await tenant.post("/v1/mao/route", { request: "Run this.", files: [{ path: "flow.json", text }] });
    expect(await answer.json()).toMatchObject({ pattern: "imported", adapter: "langgraph", graph: { steps: { n1: { needs: ["n0"] } } } });
  });
});
