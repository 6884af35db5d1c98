import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { problemOf } from "../../../workers/platform/problem.ts";
import { compileFiles } from "../../../workers/templates/compile.ts";
import { listTools } from "../../../workers/tools/registry.ts";
import {
  assistant,
  condition,
  model,
  other,
  person,
  societyOfMind,
  type TestComponent,
  team,
  tool,
  workbench,
} from "./autogen-components.ts";

const tools = new Set(listTools().map(({ id }) => id));

function imported(value: unknown, binding?: string) {
  const text = JSON.stringify(value, null, 2);
  return compileFiles([{ path: "team.json", text }], {
    tools,
    ...(binding === undefined ? {} : { binding: { path: "binding.yaml", text: binding } }),
  });
}

function stepOf(value: unknown) {
  const [template] = imported(value).templates;
  return { ...template, step: template.graph.steps.team, with: template.graph.steps.team?.with };
}

const until = (value: TestComponent) => stepOf(team("RoundRobinGroupChat", [assistant("a")], { termination_condition: value })).with?.until;

describe("a team of AutoGen", () => {
  it("becomes one step with its agents, and the task as the run's input", () => {
    const made = stepOf({
      ...team("RoundRobinGroupChat", [assistant("fact_finder"), person("Boss")], { max_turns: 7 }),
      label: "Fact Team",
    });
    expect(made.name).toBe("fact-team");
    expect(made.step).toMatchObject({
      uses: "team:round-robin",
      with: { agents: ["fact-finder", "boss"], max_turns: 7, task: "$" + "{inputs.task}" },
    });
    expect(made.graph.agents).toMatchObject({
      "fact-finder": {
        as: "model",
        title: "fact_finder",
        model: "gpt-4.1-nano",
        tools: [],
        instructions: expect.stringContaining("You are fact_finder."),
      },
      boss: { as: "human", title: "Boss" },
    });
  });

  it("says of every part what it became or why not, at its line and column", () => {
    const value = team("RoundRobinGroupChat", [
      assistant("a", { workbench: [workbench(tool("calculator"), tool("fetch_webpage"))], memory: [other("x.ListMemory", "memory", {})] }),
    ]);
    const text = JSON.stringify(value, null, 2).split("\n");
    const made = stepOf(value);
    expect(made.graph.agents.a).toMatchObject({ tools: ["http.fetch"] });
    const lost = made.unmapped.find(({ what }) => what.startsWith("calculator"));
    expect(lost?.why).toContain("Python source does not run here");
    expect(text.slice((lost?.where.line ?? 0) - 1).join("\n")).toMatch(/^\s*\{\s*"provider": "autogen_core.tools.FunctionTool"/);
    expect(made.unmapped.find(({ what }) => what === "a.memory")?.where).toMatchObject({ file: "team.json" });
    expect(made.mapped.find(({ what }) => what === "a.system_message")).toMatchObject({ to: "agents.a.instructions" });
  });

  it("drops nothing in silence: a member that nobody knows is reported wherever it stands", () => {
    const member = fc.stringMatching(/^zz_[a-z]{1,8}$/);
    fc.assert(
      fc.property(member, fc.constantFrom("team", "agent", "model", "tool", "end"), (name, at) => {
        const extra = { [name]: 1 };
        const value = team(
          "SelectorGroupChat",
          [
            assistant("a", { model_client: model("m", at === "model" ? extra : {}), ...(at === "agent" ? extra : {}) }),
            assistant("b", { workbench: [{ ...workbench(), config: { tools: [], ...(at === "tool" ? extra : {}) } }] }),
          ],
          {
            model_client: model(),
            selector_prompt: "{roles}",
            termination_condition: condition("MaxMessageTermination", { max_messages: 3, ...(at === "end" ? extra : {}) }),
            ...(at === "team" ? extra : {}),
          },
        );
        expect(stepOf(value).unmapped.filter(({ what }) => what.endsWith(`.${name}`))).toHaveLength(1);
      }),
      { numRuns: 40 },
    );
  });

  it("keeps no credential of a model client, and says where it stood", () => {
    const made = stepOf(
      team("RoundRobinGroupChat", [assistant("a", { model_client: model("m", { api_key: "sk-secret", base_url: "http://x" }) })]),
    );
    expect(JSON.stringify(made)).not.toContain("sk-secret");
    expect(made.unmapped.map(({ what }) => what)).toEqual(expect.arrayContaining(["a: OpenAIChatCompletionClient.api_key"]));
  });

  it("has its words taken as they stand, also where they look like an expression", () => {
    const made = stepOf(team("RoundRobinGroupChat", [assistant("a", { system_message: "Write $" + "{x} {y}." })]));
    expect(made.graph.agents.a).toMatchObject({ instructions: `Write $${"{"}"$"}{x} {y}.` });
  });
});

describe("the patterns of AutoGen", () => {
  it("selector keeps its prompt, its model and who may repeat", () => {
    const prompt = "Of {roles} choose from {participants}: {history}";
    expect(
      stepOf(
        team("SelectorGroupChat", [assistant("a"), assistant("b")], {
          model_client: model("o9"),
          selector_prompt: prompt,
          allow_repeated_speaker: true,
          max_selector_attempts: 2,
        }),
      ).step,
    ).toMatchObject({
      uses: "team:selector",
      with: { selector_prompt: prompt, allow_repeated_speaker: true, max_selector_attempts: 2, model: "o9" },
    });
  });

  it("swarm keeps whom each may hand over to, also to one outside the team", () => {
    const made = stepOf(
      team(
        "Swarm",
        [
          assistant("Alice", { handoffs: ["Bob", { target: "user", description: "Ask the user.", name: "", message: "" }] }),
          assistant("Bob"),
        ],
        {
          termination_condition: condition("HandoffTermination", { target: "user" }),
        },
      ),
    );
    expect(made.graph.agents.alice).toMatchObject({ handoffs: ["bob", "user"] });
    expect(made.with).toMatchObject({ until: { handoff: "user" } });
    expect(made.unmapped.filter(({ what }) => what.includes("handoffs[1]"))).toHaveLength(1);
  });

  it("magentic keeps its stalls and its last question", () => {
    expect(
      stepOf(
        team("MagenticOneGroupChat", [assistant("a")], { model_client: model("m"), max_stalls: 2, final_answer_prompt: "Answer {task}." }),
      ).step,
    ).toMatchObject({ uses: "team:magentic", with: { max_stalls: 2, final_answer_prompt: "Answer {task}.", model: "m" } });
  });

  it("a flow keeps its nodes, its conditions as expressions, and how edges start a node", () => {
    const graph = {
      nodes: {
        A: { name: "A", edges: [{ target: "B", condition: null, activation_group: "", activation_condition: "all" }], activation: "all" },
        B: {
          name: "B",
          edges: [
            { target: "A", condition: 'say "again"', activation_group: "loop", activation_condition: "any" },
            { target: "C", condition: "APPROVE" },
          ],
          activation: "all",
        },
        C: { name: "C", edges: [], activation: "any" },
      },
      default_start_node: "A",
    };
    const made = stepOf(team("GraphFlow", [assistant("A"), assistant("B"), assistant("C")], { graph }));
    expect(made.step?.uses).toBe("team:graph");
    expect(made.with).toMatchObject({
      start: "A",
      nodes: {
        A: { agent: "a", edges: [{ to: "B", activation: "all" }] },
        B: {
          edges: [
            { to: "A", when: 'text.contains("say \\"again\\"")', group: "loop", activation: "any" },
            { to: "C", when: 'text.contains("APPROVE")', activation: "any" },
          ],
        },
      },
    });
  });

  it("a society of mind is an agent that is a team, with its members among the agents", () => {
    const inner = team("RoundRobinGroupChat", [assistant("x"), assistant("y")], {
      termination_condition: condition("MaxMessageTermination", { max_messages: 3 }),
    });
    const made = stepOf(team("RoundRobinGroupChat", [societyOfMind("Minds", inner), assistant("z")]));
    expect(made.graph.agents.minds).toMatchObject({
      as: "team",
      pattern: "round-robin",
      with: { agents: ["x", "y"] },
      until: { max_messages: 3 },
      response_prompt: "Answer without naming the discussion.",
    });
    expect(Object.keys(made.graph.agents).sort()).toEqual(["minds", "x", "y", "z"]);
  });
});

describe("the ends of AutoGen", () => {
  it.each([
    ["MaxMessageTermination", { max_messages: 5, include_agent_event: true }, { max_messages: 5 }],
    ["TextMentionTermination", { text: "STOP" }, { text: "STOP" }],
    ["TextMentionTermination", { text: "STOP", sources: ["Some_One"] }, { text: "STOP", sources: ["some-one"] }],
    ["HandoffTermination", { target: "user" }, { handoff: "user" }],
    ["TimeoutTermination", { timeout_seconds: 90 }, { timeout: "90s" }],
    ["TimeoutTermination", { timeout_seconds: 0.5 }, { timeout: "500ms" }],
    [
      "TokenUsageTermination",
      { max_total_token: 9, max_prompt_token: null, max_completion_token: 4 },
      {
        any: [
          { tokens: 9, of: "total" },
          { tokens: 4, of: "output" },
        ],
      },
    ],
    ["SourceMatchTermination", { sources: ["a"] }, { source: ["a"] }],
    ["TextMessageTermination", { source: "a" }, { source: ["a"] }],
    ["ExternalTermination", {}, { external: "stop" }],
    ["FunctionCallTermination", { function_name: "done" }, { function_call: "done" }],
  ])("%s %j is %j", (kind, config, expected) => {
    expect(until(condition(kind, config))).toEqual(expected);
  });

  it("join by and and or, in each other", () => {
    const text = condition("TextMentionTermination", { text: "X" });
    const max = condition("MaxMessageTermination", { max_messages: 4 });
    const both = condition("AndTerminationCondition", { conditions: [text, max] });
    expect(until(condition("OrTerminationCondition", { conditions: [both, condition("ExternalTermination", {})] }))).toEqual({
      any: [{ all: [{ text: "X" }, { max_messages: 4 }] }, { external: "stop" }],
    });
  });

  it("that have no counterpart are reported, and the others stand", () => {
    const stop = condition("StopMessageTermination", {});
    const made = stepOf(
      team("RoundRobinGroupChat", [assistant("a")], {
        termination_condition: condition("OrTerminationCondition", {
          conditions: [stop, condition("MaxMessageTermination", { max_messages: 4 })],
        }),
      }),
    );
    expect(made.with).toMatchObject({ until: { max_messages: 4 } });
    expect(made.unmapped.some(({ what }) => what.includes("StopMessageTermination"))).toBe(true);
  });
});

describe("what is not a team", () => {
  it("a gallery gives a template for each team and each agent, and says of the rest that it is none", () => {
    const gallery = {
      id: "g",
      name: "Gallery",
      metadata: { author: "us" },
      components: {
        agents: [assistant("solo"), person("someone")],
        models: [model()],
        tools: [tool("calculator")],
        terminations: [condition("TextMentionTermination", { text: "X" })],
        teams: [
          { ...team("RoundRobinGroupChat", [assistant("a")]), label: "First" },
          { ...team("Swarm", [assistant("b")]), label: "Second" },
        ],
        workbenches: [other("autogen_ext.tools.mcp.McpWorkbench", "workbench", { server_params: { command: "npx" } })],
      },
    };
    const { templates, unmapped } = imported(gallery);
    expect(templates.map(({ graph }) => graph.steps.team?.uses)).toEqual(["team:round-robin", "team:swarm", "agent:solo", "human:input"]);
    expect(unmapped.filter(({ why }) => why.includes("no template by itself"))).toHaveLength(4);
    expect(unmapped.map(({ what }) => what)).toEqual(expect.arrayContaining(["gallery.id", "gallery.name", "gallery.metadata"]));
  });

  it("an agent alone is a step of its own, and a web surfer reads pages", () => {
    const surfer = other("autogen_ext.agents.web_surfer.MultimodalWebSurfer", "agent", {
      name: "surfer",
      model_client: model(),
      start_page: "https://x.test",
    });
    const made = stepOf(surfer);
    expect(made.step).toMatchObject({ uses: "agent:surfer", with: { goal: "$" + "{inputs.task}" } });
    expect(made.graph.agents.surfer).toMatchObject({ tools: ["http.fetch"] });
    expect(made.unmapped.map(({ what }) => what)).toEqual(["surfer (MultimodalWebSurfer)", "surfer.start_page"]);
  });

  it("an agent of a kind that nobody knows speaks by its description, and is reported", () => {
    const made = stepOf(team("RoundRobinGroupChat", [other("my_package.OddAgent", "agent", { name: "odd", description: "Odd." })]));
    expect(made.graph.agents.odd).toMatchObject({ as: "model", description: "Odd.", tools: [] });
    expect(made.unmapped.some(({ what }) => what === "odd (OddAgent)")).toBe(true);
  });

  it("a tool becomes what the binding says, if that is a tool", () => {
    const value = team("RoundRobinGroupChat", [assistant("a", { workbench: null, tools: [tool("search"), tool("draw")] })]);
    const [template] = imported(value, "tools:\n  search: http.fetch\n  draw: no.such\n").templates;
    expect(template.graph.agents.a).toMatchObject({ tools: ["http.fetch"] });
    expect(template.unmapped.find(({ what }) => what.startsWith("draw"))?.why).toContain("no.such, which is no tool here");
  });

  it("is refused with its place when it holds nothing of AutoGen", () => {
    const refused = () => compileFiles([{ path: "x.json", text: '{"a": 1}' }], { tools, framework: "autogen" });
    try {
      refused();
      expect.unreachable();
    } catch (error) {
      expect(problemOf(error)).toMatchObject({ type: "invalid-template", errors: [{ file: "x.json", line: 1, column: 1 }] });
    }
  });
});
