import { describe, expect, it } from "vitest";
import { compileFiles } from "../../../workers/templates/compile.ts";
import { drawing, reactAgent, reviewLoop } from "./drawings.ts";

const tools = new Set(["data.query", "http.fetch"]);

function imported(text: string, binding?: string) {
  const files = [{ path: "flow.json", text }];
  const { templates, unmapped, framework } = compileFiles(files, {
    tools,
    ...(binding === undefined ? {} : { binding: { path: "binding.yaml", text: binding } }),
  });
  const [template] = templates;
  return { ...template, framework, steps: template.graph.steps, left: [...template.unmapped, ...unmapped].map(({ what }) => what) };
}

describe("a LangGraph drawing", () => {
  it("is recognised by its lists of nodes and edges", () => {
    expect(imported(reactAgent)).toMatchObject({ framework: "langgraph", name: "flow" });
  });

  it("becomes steps that need what leads to them", () => {
    const { steps } = imported(
      drawing({ a: {}, b: {}, c: {}, d: {} }, [
        ["__start__", "a"],
        ["a", "b"],
        ["a", "c"],
        ["b", "d"],
        ["c", "d"],
        ["d", "__end__"],
      ]),
    );
    expect(Object.fromEntries(Object.entries(steps).map(([name, { needs }]) => [name, needs]))).toEqual({
      a: [],
      b: ["a"],
      c: ["a"],
      d: ["b", "c"],
    });
  });

  it("takes one input of any form, and hands on what its last node answered, when nobody says otherwise", () => {
    const { graph } = imported(reactAgent);
    expect(graph.inputs).toEqual({ input: { type: "any", required: false, default: null } });
    expect(graph.outputs).toEqual({ result: "${steps.agent.output}" });
  });

  it("makes one step of an agent and its tools, with as many rounds of tools as the recursion limit allows", () => {
    const { steps, graph, mapped } = imported(reactAgent, "langgraph: 1\nrecursion_limit: 40\nnodes: { tools: { tools: [data.query] } }");
    expect(Object.keys(steps)).toEqual(["agent"]);
    expect(steps.agent?.uses).toBe("agent:agent");
    expect(graph.agents.agent).toMatchObject({ tools: ["data.query"], max_tool_rounds: 20 });
    expect(mapped).toContainEqual(expect.objectContaining({ what: "node tools", to: "the tools of steps.agent" }));
  });

  it("tells of tools that are none of ours, with the place of their node", () => {
    const text = drawing({ agent: {}, tools: { kind: "ToolNode", metadata: { __tools: ["data.query", "search_flights"] } } }, [
      ["__start__", "agent"],
      ["agent", "tools", { conditional: true }],
      ["agent", "__end__", { conditional: true }],
      ["tools", "agent"],
    ]);
    const { graph, unmapped } = imported(text);
    expect(graph.agents.agent).toMatchObject({ tools: ["data.query"] });
    expect(unmapped).toContainEqual({
      what: "tool search_flights of tools",
      where: { file: "flow.json", line: text.split("\n").findIndex((line) => line.includes('"tools"')), column: 5 },
      why: expect.stringContaining("bind"),
    });
  });

  it("makes a loop of a cycle, bounded by the recursion limit of 25 when nobody says another", () => {
    const { steps } = imported(reviewLoop);
    expect(Object.keys(steps)).toEqual(["outline", "loop", "send_before", "send", "archive"]);
    expect(steps.loop).toMatchObject({
      uses: "run:inline",
      needs: ["outline"],
      max_iterations: 25,
      switch: { cases: [{ run: ["send_before"] }] },
    });
    expect(Object.keys(steps.loop?.graph?.steps ?? {})).toEqual(["draft_letter", "judge", "judge_route"]);
    expect(steps.send_before).toMatchObject({ uses: "human:approve", needs: ["loop"] });
    expect(steps.send).toMatchObject({ needs: ["send_before"], title: "send" });
  });

  it("takes conditions from its binding in place of a deciding agent", () => {
    const { steps, left } = imported(
      reviewLoop,
      "langgraph: 1\nedges: { judge: { cases: { good: 'output.text.contains(\"GOOD\")' }, otherwise: again } }",
    );
    expect(Object.keys(steps.loop?.graph?.steps ?? {})).toEqual(["draft_letter", "judge"]);
    expect(left).not.toContain("condition of judge");
    expect(JSON.stringify(steps.loop?.graph?.outputs)).toContain('steps.judge.output.text.contains(\\"GOOD\\")');
  });

  it("says of every node that nobody bound that an agent stands for it", () => {
    const { left } = imported(reviewLoop);
    for (const node of ["outline", "Draft letter", "judge", "send", "archive"]) expect(left).toContain(`node ${node}`);
    expect(left).toContain("condition of judge");
  });

  it("makes of a bound node the step that the binding says", () => {
    const { steps, left, graph } = imported(
      drawing({ fetch: {}, ask: {}, report: {} }, [
        ["__start__", "fetch"],
        ["fetch", "ask"],
        ["ask", "report"],
        ["report", "__end__"],
      ]),
      [
        "langgraph: 1",
        "name: Weekly figures",
        "inputs: { url: { type: string } }",
        "nodes:",
        '  fetch: { uses: tool:http.fetch, with: { url: "${inputs.url}" }, retry: { attempts: 3 } }',
        "  ask: { uses: human:input, with: { prompt: Anything to add? } }",
        "  report: { agent: { instructions: Write it., model: gpt-5 }, goal: Write the report }",
        'outputs: { report: "${steps.report.output.text}" }',
      ].join("\n"),
    );
    expect(left).toEqual([]);
    expect(steps.fetch).toMatchObject({ uses: "tool:http.fetch", retry: { attempts: 3 } });
    expect(steps.ask?.uses).toBe("human:input");
    expect(graph.agents.report).toMatchObject({ model: "gpt-5" });
    expect(graph.outputs).toEqual({ report: "${steps.report.output.text}" });
    expect(graph.name).toBe("Weekly figures");
  });

  it("refuses a binding with an unknown word at its line and column", () => {
    expect(() => imported(reactAgent, "langgraph: 1\nnodes:\n  agent: { gaol: x }")).toThrow(/binding\.yaml:3/);
  });

  it("refuses an edge to a node that is not drawn, at its place", () => {
    expect(() =>
      imported(
        drawing({ a: {} }, [
          ["__start__", "a"],
          ["a", "b"],
        ]),
      ),
    ).toThrow(/flow\.json:\d+:\d+: there is no node b/);
  });

  it("decides at the start by a first step, when conditional edges leave it", () => {
    const { steps } = imported(
      drawing({ left: {}, right: {} }, [
        ["__start__", "left", { label: "go-left", conditional: true }],
        ["__start__", "right", { label: "go-right", conditional: true }],
        ["left", "__end__"],
        ["right", "__end__"],
      ]),
    );
    expect(Object.keys(steps)).toEqual(["start", "start_route", "left", "right"]);
    expect(steps.start_route?.switch).toMatchObject({ cases: [{ run: ["left"] }, { run: ["right"] }], default: [] });
  });

  it("keeps the nodes of a sub-graph drawn with xray, by their own names", () => {
    const { steps } = imported(
      drawing({ "write:draft": {}, "write:polish": {} }, [
        ["__start__", "write:draft"],
        ["write:draft", "write:polish"],
        ["write:polish", "__end__"],
      ]),
    );
    expect(steps).toMatchObject({ write_draft: { title: "write:draft" }, write_polish: { needs: ["write_draft"] } });
  });

  it("takes a chain of runnables, whose ids are numbers and whose ends are schemas", () => {
    const { steps } = imported(
      JSON.stringify({
        nodes: [
          { id: 0, type: "schema", data: "PromptInput" },
          { id: 1, type: "runnable", data: { id: ["langchain", "prompts", "ChatPromptTemplate"], name: "ChatPromptTemplate" } },
          { id: 2, type: "runnable", data: { id: ["langchain", "chat_models", "ChatOpenAI"], name: "ChatOpenAI" } },
          { id: 3, type: "schema", data: { title: "ChatOpenAIOutput", type: "string" } },
        ],
        edges: [
          { source: 0, target: 1 },
          { source: 2, target: 3 },
          { source: 1, target: 2 },
        ],
      }),
    );
    expect(steps).toMatchObject({ chatprompttemplate: { needs: [] }, chatopenai: { needs: ["chatprompttemplate"] } });
  });

  it("drops a node that nothing leads to, and says so", () => {
    const { steps, left } = imported(
      drawing({ a: {}, lost: {} }, [
        ["__start__", "a"],
        ["a", "__end__"],
        ["lost", "__end__"],
      ]),
    );
    expect(Object.keys(steps)).toEqual(["a"]);
    expect(left).toContain("node lost");
  });

  it("names the code it cannot read, when it is given langgraph.json alone", () => {
    const text = '{"dependencies": ["."], "graphs": {"agent": "./agent.py:graph"}}';
    expect(() => compileFiles([{ path: "langgraph.json", text }], { tools })).toThrow(/get_graph/);
  });
});
