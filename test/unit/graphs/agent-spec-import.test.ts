import { describe, expect, it } from "vitest";
import { compileFiles } from "../../../workers/templates/compile.ts";
import { letterFlow, supportSwarm } from "./agent-spec-documents.ts";

const tools = new Set(["data.query", "http.fetch", "value.set"]);

function imported(text: string, binding?: string) {
  const { templates, framework } = compileFiles([{ path: "doc.yaml", text }], {
    tools,
    ...(binding === undefined ? {} : { binding: { path: "binding.yaml", text: binding } }),
  });
  const [template] = templates;
  return { ...template, framework, steps: template.graph.steps, left: template.unmapped.map(({ what }) => what) };
}

/** A flow of one node between its start and its end. */
function flowOf(node: Record<string, unknown>, more: Record<string, unknown> = {}): string {
  const edge = (name: string, from: string, to: string, branch?: string) => ({
    component_type: "ControlFlowEdge",
    name,
    from_node: { $component_ref: from },
    to_node: { $component_ref: to },
    from_branch: branch ?? null,
  });
  return JSON.stringify({
    component_type: "Flow",
    name: "one",
    agentspec_version: "26.1.2",
    inputs: [{ title: "list", type: "array" }],
    start_node: { component_type: "StartNode", id: "s", name: "start", inputs: [{ title: "list", type: "array" }] },
    nodes: [{ $component_ref: "n" }, { $component_ref: "e" }],
    control_flow_connections: [edge("a", "s", "n"), edge("b", "n", "e")],
    data_flow_connections: null,
    $referenced_components: {
      s: {
        component_type: "StartNode",
        id: "s",
        name: "start",
        inputs: [{ title: "list", type: "array" }],
        outputs: [{ title: "list", type: "array" }],
      },
      n: { id: "n", name: "node", ...node },
      e: { component_type: "EndNode", id: "e", name: "end", outputs: [] },
      m: { component_type: "VllmConfig", id: "m", name: "m", model_id: "llama", url: "http://models.example" },
      ...more,
    },
  });
}

describe("a flow of Open Agent Specification", () => {
  it("becomes steps, and a way back becomes a bounded loop", () => {
    const { steps, framework } = imported(letterFlow);
    expect(framework).toBe("agent-spec");
    expect(Object.keys(steps)).toEqual(["loop", "send_before", "send"]);
    expect(Object.keys(steps.loop?.graph?.steps ?? {})).toEqual(["write_it", "judge_it", "good"]);
    expect(steps.loop).toMatchObject({ max_iterations: 100 });
    expect(steps.send_before).toMatchObject({ uses: "human:approve", needs: ["loop"] });
    expect(steps.send).toMatchObject({ uses: "tool:value.set", needs: ["send_before"] });
  });

  it("fills prompts from the data edges, with defaults for what has not run, and leaves other text alone", () => {
    const goal = imported(letterFlow).steps.loop?.graph?.steps.write_it?.with.goal;
    expect(goal).toContain("${inputs.topic}");
    expect(goal).toContain('inputs.loop_last.judge_it != null ? inputs.loop_last.judge_it.data.remark : "none yet"');
    expect(goal).toContain('Cost ${"$"}{5}');
  });

  it("asks for structured answers where a node has several outputs", () => {
    expect(imported(letterFlow).steps.loop?.graph?.steps.judge_it?.with.output_schema).toMatchObject({ required: ["isGood", "remark"] });
  });

  it("keeps the model and the temperature, and tells of other parameters", () => {
    const { graph, left } = imported(letterFlow, "models: { gpt-5-mini: small }");
    expect(graph.agents.mini).toMatchObject({ model: "small", temperature: 0.2 });
    expect(left).toContain("mini.default_generation_parameters");
  });

  it("hands on what its end was given", () => {
    expect(imported(letterFlow).graph.outputs).toMatchObject({ letter: expect.stringContaining("steps.loop.output.last.write_it") });
  });

  it("runs a subflow for each item of a list", () => {
    const subflow = JSON.parse(
      flowOf({ component_type: "OutputMessageNode", message: "{{word}}", inputs: [{ title: "word", type: "string" }] }),
    );
    const inner = { ...subflow, id: "inner", inputs: [{ title: "word", type: "string" }], $referenced_components: undefined };
    const prefixed = JSON.parse(JSON.stringify(inner).replaceAll('"$component_ref":"', '"$component_ref":"in_'));
    const own = Object.fromEntries(
      Object.entries(subflow.$referenced_components).map(([id, value]) => [
        `in_${id}`,
        JSON.parse(JSON.stringify(value).replaceAll('"list"', '"word"')),
      ]),
    );
    const { steps } = imported(
      flowOf(
        { component_type: "ParallelMapNode", inputs: [{ title: "iterated_word", type: "array" }], subflow: prefixed },
        { ...own },
      ).replaceAll('"title":"list"', '"title":"iterated_word"'),
    );
    expect(steps.node).toMatchObject({ uses: "run:inline", for_each: "inputs.iterated_word", max_parallel: 8, with: { word: "${item}" } });
  });

  it("goes on by the branch for failures when a subflow that it watches fails", () => {
    const { steps } = imported(
      flowOf(
        { component_type: "CatchExceptionNode", subflow: { $component_ref: "sub" } },
        {
          sub: {
            component_type: "Flow",
            id: "sub",
            name: "sub",
            start_node: { $component_ref: "ss" },
            nodes: [{ $component_ref: "ss" }, { $component_ref: "ask" }],
            control_flow_connections: [
              { component_type: "ControlFlowEdge", name: "x", from_node: { $component_ref: "ss" }, to_node: { $component_ref: "ask" } },
            ],
          },
          ss: { component_type: "StartNode", id: "ss", name: "start" },
          ask: { component_type: "InputMessageNode", id: "ask", name: "ask", message: "Well?" },
        },
      ),
    );
    expect(steps.node).toMatchObject({
      on_error: "continue",
      graph: { steps: { ask: { uses: "human:input", with: { prompt: "Well?" } } } },
    });
    expect(steps.node_route?.uses).toBe("tool:value.set");
  });

  it("asks a person for the result of a tool that the platform does not have, and says so", () => {
    const { steps, left } = imported(
      flowOf({
        component_type: "ToolNode",
        tool: {
          component_type: "MCPTool",
          id: "t",
          name: "book_room",
          description: "Books a room",
          client_transport: { component_type: "StdioTransport", name: "x", command: "y" },
        },
      }),
    );
    expect(steps.node).toMatchObject({
      uses: "human:input",
      with: { prompt: "Run the tool book_room (Books a room) and give its result." },
    });
    expect(left).toContain("MCPTool book_room");
  });

  it("takes the tool that its binding names", () => {
    const tool = { component_type: "ServerTool", id: "t", name: "lookup", inputs: [{ title: "list", type: "array" }] };
    const { steps, left } = imported(
      flowOf({ component_type: "ToolNode", inputs: tool.inputs, tool }),
      "agent_spec: 1\ntools: { lookup: data.query }",
    );
    expect(steps.node).toMatchObject({ uses: "tool:data.query", with: { list: "${inputs.list}" } });
    expect(left).toEqual([]);
  });

  it("refuses a flow that holds itself, at its place", () => {
    const own = flowOf({ component_type: "FlowNode", subflow: { $component_ref: "self" } }, {});
    const { $referenced_components: shared, ...flow } = JSON.parse(own);
    const text = JSON.stringify({
      $component_ref: "self",
      agentspec_version: "26.1.2",
      $referenced_components: { ...shared, self: { ...flow, id: "self" } },
    });
    expect(() => imported(text)).toThrow(/doc\.yaml:1:\d+: the flow one holds itself/);
  });

  it("refuses a reference that leads nowhere, with line and column", () => {
    expect(() => imported(letterFlow.replace("{ $component_ref: mini }", "{ $component_ref: maxi }"))).toThrow(
      /doc\.yaml:\d+:\d+: there is no component maxi/,
    );
  });

  it("reads components that stand in a file of their own", () => {
    const [main = "", shared = ""] = supportSwarm.split("$referenced_components:");
    const { templates } = compileFiles(
      [
        { path: "main.yaml", text: main },
        { path: "shared.yaml", text: `$referenced_components:${shared}` },
      ],
      { tools },
    );
    expect(Object.keys(templates[0].graph.agents)).toEqual(["front-desk", "billing"]);
  });
});

describe("a team of Open Agent Specification", () => {
  it("becomes a swarm whose members may hand over along its relationships", () => {
    const { steps, graph, left } = imported(supportSwarm);
    expect(steps.answer).toMatchObject({ uses: "team:swarm", with: { agents: ["front-desk", "billing"] } });
    expect(graph.agents["front-desk"]).toMatchObject({
      handoffs: ["billing"],
      tools: ["data.query"],
      model: "gpt-5-mini",
      instructions: "You greet <customer>.",
    });
    expect(graph.agents.billing).toMatchObject({ handoffs: ["front-desk"] });
    expect(left).toContain("ServerTool refund of Front Desk");
  });
});
