import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { type Graph, graphSchema } from "../../../workers/mao/graph.ts";
import { graphFaults } from "../../../workers/mao/validate.ts";
import { exportAgentSpec } from "../../../workers/templates/agent-spec/export/export.ts";
import { compileFiles } from "../../../workers/templates/compile.ts";
import { EXPORTS } from "../../../workers/templates/exports.ts";

const tools = new Set(["data.query", "http.fetch", "value.set"]);
const schema = JSON.parse(readFileSync("test/unit/graphs/agent-spec/agentspec_json_spec_26_1_2.json", "utf8"));
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);

/** The published schema allows `agentspec_version` nowhere (it refuses the examples beside it too), so that the version is looked at apart. */
function faultsOf({ agentspec_version: version, ...document }: Record<string, unknown>): unknown[] {
  const isKnown = schema.$defs.AgentSpecVersionEnum.enum.includes(version);
  return [...(isKnown ? [] : [`${String(version)} is no version`]), ...(validate(document) ? [] : (validate.errors ?? []))];
}

function reimported(text: string): Graph {
  return compileFiles([{ path: "exported", text }], { tools }).templates[0].graph;
}

const report = graphSchema.parse({
  name: "report",
  inputs: { topic: { type: "string", description: "What about" }, rows: { type: "array", required: false, default: [] } },
  agents: {
    writer: { instructions: "You write.", model: "gpt-5", temperature: 0.3, tools: ["data.query"] },
    critic: { instructions: "You judge." },
  },
  steps: {
    figures: { uses: "tool:data.query", with: { sql: "select 1", rows: "${inputs.rows}" }, retry: { attempts: 3 } },
    draft: { uses: "agent:writer", needs: ["figures"], with: { goal: "Write about ${inputs.topic} with ${steps.figures.output}." } },
    judge: {
      uses: "agent:critic",
      needs: ["draft"],
      with: {
        goal: "Judge ${steps.draft.output.text}",
        output_schema: { type: "object", properties: { next: { enum: ["send", "drop"] } } },
      },
      switch: { cases: [{ when: "output.data.next == 'send'", run: ["ask"] }], default: ["shelve"] },
    },
    ask: { uses: "human:input", needs: ["judge"], with: { prompt: "Send ${steps.draft.output.text}?" } },
    each: { uses: "agent:writer", needs: ["ask"], for_each: "inputs.rows", max_parallel: 4, with: { goal: "Say ${item}" } },
    wait: { uses: "timer:wait", needs: ["each"], with: { duration: "1h" }, when: "inputs.topic != 'now'" },
    shelve: { uses: "tool:value.set", needs: ["judge"], with: { value: "${inputs.topic}" } },
    debate: { uses: "team:swarm", needs: ["wait"], with: { agents: ["writer", "critic"], task: "Settle it" } },
  },
  outputs: { text: "${steps.draft.output.text}" },
});

/** Graphs of every kind of step, with needs that lead backwards only. */
const graphs = fc
  .array(
    fc.record({
      kind: fc.constantFrom("agent", "tool", "human", "timer", "inline", "team", "capsule", "run"),
      needs: fc.array(fc.nat(20), { maxLength: 3 }),
      when: fc.option(fc.constantFrom("inputs.topic == 'a'", "size(inputs.topic) > 3"), { nil: undefined }),
      text: fc.string({ maxLength: 30 }).map((text) => text.replaceAll("$", "")),
      onError: fc.constantFrom("fail", "continue"),
      isMapped: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((drawn) => {
    const nameOf = (i: number): string => `s${i}`;
    const uses = {
      agent: { uses: "agent:writer" },
      tool: { uses: "tool:value.set" },
      human: { uses: "human:input" },
      timer: { uses: "timer:wait" },
      inline: {
        uses: "run:inline",
        graph: {
          inputs: { x: { type: "any" } },
          steps: { one: { uses: "tool:value.set", with: { value: "${inputs.x}" } } },
          outputs: { y: "${steps.one.output}" },
        },
      },
      team: { uses: "team:hierarchical" },
      capsule: { uses: "capsule:rank@^1" },
      run: { uses: "run:other@2" },
    };
    const steps = drawn.map(({ kind, needs, when, text, onError, isMapped }, i) => {
      const before = i === 0 ? [] : [...new Set(needs.map((need) => nameOf(need % i)))];
      const [first] = before;
      const goal = `${text} ${first === undefined ? "${inputs.topic}" : `\${steps.${first}.output}`}`;
      const inputs = {
        agent: { goal },
        tool: { value: goal },
        human: { prompt: goal },
        timer: { duration: "1s" },
        inline: { x: goal },
        team: { agents: ["writer", "critic"], task: goal },
        capsule: { goal },
        run: { goal },
      };
      const mapped = isMapped && kind !== "timer" && kind !== "human" ? { for_each: "inputs.list" } : {};
      return [
        nameOf(i),
        { ...uses[kind], needs: before, with: inputs[kind], on_error: onError, ...(when === undefined ? {} : { when }), ...mapped },
      ] as const;
    });
    return graphSchema.parse({
      name: "any",
      inputs: { topic: { type: "string" }, list: { type: "array" } },
      agents: { writer: { instructions: "You write." }, critic: { as: "model", description: "Judges" } },
      steps: Object.fromEntries(steps),
      outputs: { all: `\${steps.${nameOf(steps.length - 1)}.output}` },
    });
  });

describe("a template written as Open Agent Specification", () => {
  it("validates against the schema that is published for it", () => {
    const { document } = exportAgentSpec(report, "report");
    expect(faultsOf(document)).toEqual([]);
  });

  it("comes back as it was, from JSON and from YAML", () => {
    expect(reimported(EXPORTS["agent-spec"].write(report, "report"))).toEqual(report);
    expect(reimported(EXPORTS["agent-spec-yaml"].write(report, "report"))).toEqual(report);
  });

  it("validates whatever graph it is", () => {
    // The schema tries every kind of component on every component: few graphs are enough for a test's time.
    for (const graph of fc.sample(graphs, { numRuns: 4, seed: 26 })) expect(faultsOf(exportAgentSpec(graph, "any").document)).toEqual([]);
  }, 20_000);

  it("comes back as it was whatever graph it is", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        fc.pre(graphFaults(graph).length === 0);
        const { document } = exportAgentSpec(graph, "any");
        expect(reimported(stringify(document, { aliasDuplicateObjects: false }))).toEqual(graph);
      }),
      { numRuns: 30 },
    );
  }, 20_000);

  it("keeps its steps, their order and their choices when another tool drops our metadata", () => {
    const { document } = exportAgentSpec(report, "report");
    const text = JSON.stringify({ ...document, metadata: { somaagent: { graph: { steps: {} } } } });
    const { steps } = reimported(text);
    expect(steps.figures).toMatchObject({ uses: "tool:data.query", with: { sql: "select 1", rows: "${inputs.rows}" } });
    expect(steps.draft?.uses).toMatch(/^agent:/);
    expect(steps.draft?.needs).toEqual(["figures"]);
    expect(steps.each).toMatchObject({ uses: "run:inline", for_each: "inputs.rows", max_parallel: 8 });
    expect(steps.wait).toMatchObject({ uses: "timer:wait", with: { duration: "1h" } });
    expect(steps.ask).toMatchObject({ uses: "human:input" });
    expect(steps.ask_way1_1?.switch?.cases).toContainEqual({ when: '(output == "send")', run: ["ask"] });
  });

  it("takes what was changed in it over what it was written from, and says so", () => {
    const { document } = exportAgentSpec(report, "report");
    const { $referenced_components: components, ...flow } = document;
    const changed = JSON.parse(JSON.stringify(components).replace('"You write."', '"You write short."'));
    const text = JSON.stringify({ ...flow, $referenced_components: changed });
    const { templates } = compileFiles([{ path: "exported.json", text }], { tools });
    expect(JSON.stringify(templates[0].graph.agents)).toContain("You write short.");
    expect(templates[0].unmapped.map(({ what }) => what)).toContain("metadata.somaagent");
  });

  it("tells what the specification has no words for, beside the graph", () => {
    const { metadata } = parse(EXPORTS["agent-spec-yaml"].write(report, "report"));
    const told = metadata.somaagent.left.map(({ what, why }: { what: string; why: string }) => `${what}: ${why}`);
    expect(told).toContain("report.figures.retry: the specification has no retries");
    expect(told).toContainEqual(expect.stringContaining("inputs.topic != 'now'"));
  });
});
