import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolveTemplates } from "../../../workers/mao/expression.ts";
import { Problem } from "../../../workers/platform/problem.ts";
import { compileFiles, type ImportedTemplate } from "../../../workers/templates/compile.ts";
import { AGENT_ATTRIBUTES, CREW_ATTRIBUTES, TASK_ATTRIBUTES } from "../../../workers/templates/crewai/attributes.ts";

const tools = new Set(["http.fetch", "artifacts.get", "artifacts.put", "data.query"]);

const AGENTS = `gardener:
  role: >
    Head Gardener of {garden}
  goal: >
    Keep every bed healthy
  backstory: >
    You have looked after roses for thirty years.

botanist:
  role: Botanist
  goal: Name every plant and disease
  backstory: 'You teach botany. Your notation is {"genus": "Rosa"}.'
`;

const TASKS = `survey:
  description: >
    Walk through {garden} in {season} and note what grows there.
    Write {"bed": 1} for a bed and ${"$"}{not even} a word more.
  expected_output: A list of beds
  agent: gardener

diagnose:
  description: Name the diseases seen in {garden}.
  expected_output: A table of diseases
  agent: botanist

plan:
  description: Plan the work of {season}.
  expected_output: >
  agent: gardener
`;

function imported(tasks: string, { agents = AGENTS, crew }: { agents?: string; crew?: string } = {}): ImportedTemplate {
  const files = [
    { path: "garden/config/agents.yaml", text: agents },
    { path: "garden/config/tasks.yaml", text: tasks },
    ...(crew === undefined ? [] : [{ path: "garden/crew.yaml", text: crew }]),
  ];
  const { framework, templates } = compileFiles(files, { tools });
  expect(framework).toBe("crewai");
  expect(templates).toHaveLength(1);
  return templates[0];
}

const whats = (list: readonly { readonly what: string }[]) => list.map(({ what }) => what);

describe("a sequential crew", () => {
  const crew = imported(TASKS);

  it("becomes a chain of agents' steps, each given what came before", () => {
    expect(crew.name).toBe("garden");
    expect(crew.unmapped).toEqual([]);
    expect(crew.graph.steps).toMatchObject({
      survey: { uses: "agent:gardener", needs: [], with: { expected_output: "A list of beds" } },
      diagnose: { uses: "agent:botanist", needs: ["survey"], with: { context: { survey: "${steps.survey.output.text}" } } },
      plan: {
        uses: "agent:gardener",
        needs: ["diagnose"],
        with: { goal: "Plan the work of ${inputs.season}.", context: { survey: expect.any(String), diagnose: expect.any(String) } },
      },
    });
    expect(crew.graph.outputs.result).toBe("${steps.plan.output.text}");
  });

  it("takes an input for each placeholder and for nothing else in braces", () => {
    expect(Object.keys(crew.graph.inputs)).toEqual(["garden", "season"]);
    const goal = crew.graph.steps.survey?.with.goal ?? null;
    expect(resolveTemplates(goal, { inputs: { garden: "Kew", season: "May" } })).toBe(
      'Walk through Kew in May and note what grows there. Write {"bed": 1} for a bed and $' + "{not even} a word more.",
    );
  });

  it("gives the agents their role, goal and backstory, and no tools that nobody gave them", () => {
    expect(crew.graph.agents.gardener).toMatchObject({
      title: "Head Gardener of ${inputs.garden}",
      instructions: expect.stringContaining("roses for thirty years"),
      tools: [],
    });
  });

  it("says of everything what it became, and where it stands", () => {
    expect(crew.mapped).toContainEqual({
      what: "gardener.role",
      where: { file: "garden/config/agents.yaml", line: 2, column: 3 },
      to: "agents.gardener.title",
    });
    expect(crew.mapped).toContainEqual({
      what: "{season}",
      where: { file: "garden/config/tasks.yaml", line: 2, column: 3 },
      to: "inputs.season",
    });
  });
});

it("keeps any text that is not a placeholder as it stands", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("{topic}", "${", "}", "{", "$", "{}", '{"a": 1}', "{{topic}}", "text ", "{ topic }", "{1}", "\\n")),
      (parts) => {
        const text = `x ${parts.join("")} x`;
        const { graph } = imported(JSON.stringify({ write: { description: text, expected_output: "x", agent: "gardener" } }));
        const goal = graph.steps.write?.with.goal ?? null;
        expect(resolveTemplates(goal, { inputs: { topic: "T", garden: "G" } })).toBe(text.replaceAll("{topic}", "T"));
      },
    ),
    { numRuns: 200 },
  );
});

describe("a task's attributes", () => {
  const task = (attributes: string) =>
    imported(`${TASKS}\nwrite:\n  description: Write it down.\n  expected_output: A report\n${attributes}`);

  it("context names the tasks it is given, and no others", () => {
    const { graph } = task("  agent: botanist\n  context: [survey]\n");
    expect(graph.steps.write?.with.context).toEqual({ survey: "${steps.survey.output.text}" });
    expect(graph.steps.write?.needs).toEqual(["plan", "survey"]);
    expect(task("  agent: botanist\n  context: []\n").graph.steps.write?.with).not.toHaveProperty("context");
  });

  it("context of a task that does not come before is reported with its place", () => {
    const { unmapped } = task("  agent: botanist\n  context:\n    - harvest\n");
    expect(unmapped).toEqual([
      {
        what: "write.context",
        where: expect.objectContaining({ line: 22, column: 3 }),
        why: expect.stringContaining("harvest is no task before"),
      },
    ]);
  });

  it("async_execution lets a task run beside the ones behind it, up to the next that waits", () => {
    const { graph } = imported(
      TASKS.replace("  agent: botanist", "  agent: botanist\n  async_execution: yes").replace(
        "survey:\n",
        "survey:\n  async_execution: true\n",
      ),
    );
    expect(graph.steps.survey?.needs).toEqual([]);
    expect(graph.steps.diagnose?.needs).toEqual([]);
    expect(graph.steps.plan?.needs).toEqual(["survey", "diagnose"]);
  });

  it("output_file stores the answer as an artifact", () => {
    const { graph } = task("  agent: botanist\n  output_file: out/{garden}.md\n");
    expect(graph.steps.write_file).toMatchObject({
      uses: "tool:artifacts.put",
      needs: ["write"],
      with: { name: "${inputs.garden}.md", text: "${steps.write.output.text}" },
    });
  });

  it("human_input asks a person after each answer, until the person has nothing to add", () => {
    const { graph, unmapped } = task("  agent: botanist\n  human_input: true\n");
    expect(unmapped).toEqual([]);
    expect(graph.steps.write).toMatchObject({ uses: "run:inline", needs: ["plan"], until: 'output.review == ""', max_iterations: 20 });
    expect(Object.values(graph.steps.write?.graph?.steps ?? {}).map(({ uses }) => uses)).toEqual(["agent:botanist", "human:input"]);
  });

  it("guardrails in words are checked by an agent, as often as they may be tried", () => {
    const { graph } = task('  agent: botanist\n  guardrails: ["Names are Latin", "No more than ten lines"]\n  guardrail_max_retries: 2\n');
    expect(graph.steps.write).toMatchObject({ until: 'output.check_1 == "" && output.check_2 == ""', max_iterations: 3 });
    expect(graph.agents["rule-checker"]).toBeDefined();
  });

  it("tools are ours, by name or by what they do, or are reported", () => {
    const { graph, unmapped } = task("  agent: botanist\n  tools: [ScrapeWebsiteTool, SerperDevTool, data.query]\n");
    expect(graph.agents["botanist-in-write"]).toMatchObject({ tools: ["http.fetch", "data.query"] });
    expect(graph.steps.write?.uses).toBe("agent:botanist-in-write");
    expect(unmapped).toMatchObject([{ what: "write.tools", why: expect.stringContaining("SerperDevTool") }]);
  });

  it("an agent that the files do not name is the one whose words fit best, and that is said", () => {
    const { graph, unmapped } = task("");
    expect(graph.steps.write?.uses).toMatch(/^agent:(gardener|botanist)$/);
    expect(unmapped).toMatchObject([{ what: "write.agent", why: expect.stringMatching(/do not say.*fit best/) }]);
    const diagnosing = imported("diagnose_plant_diseases:\n  description: Name the disease.\n  expected_output: Its name\n");
    expect(diagnosing.graph.steps.diagnose_plant_diseases?.uses).toBe("agent:botanist");
    expect(whats(diagnosing.unmapped)).toContain("gardener");
  });

  it.each(Object.keys(TASK_ATTRIBUTES).filter((name) => !["description", "expected_output", "config", "name"].includes(name)))(
    "%s is mapped or reported, with its place",
    (name) => {
      const { mapped, unmapped } = task(`  ${name}: something\n`);
      expect(
        [...mapped, ...unmapped].some(({ what, where }) => what === `write.${name}` && where.line >= 20) ||
          name === "config" ||
          name === "name",
      ).toBe(true);
    },
  );
});

describe("an agent's attributes", () => {
  it.each(Object.keys(AGENT_ATTRIBUTES).filter((name) => !["settings", "config", "name"].includes(name)))(
    "%s is mapped or reported, with its place",
    (name) => {
      const value = /max_|retries/.test(name) ? "3" : "something";
      const text = name in { role: 1, goal: 1, backstory: 1 } ? AGENTS : `${AGENTS}  ${name}: ${value}\n`;
      const { mapped, unmapped } = imported(TASKS, { agents: text });
      const noted = [...mapped, ...unmapped].filter(({ what }) => what === `botanist.${name}`);
      expect(noted.map(({ where }) => where.file)).toContain("garden/config/agents.yaml");
    },
  );

  it("that nobody publishes are reported", () => {
    expect(imported(TASKS, { agents: `${AGENTS}  mood: sunny\n` }).unmapped).toMatchObject([
      { what: "botanist.mood", where: { line: 13, column: 3 }, why: expect.stringContaining("no attribute") },
    ]);
  });

  it("say its model, how often it may call tools, how long and how often it may try", () => {
    const { graph } = imported(TASKS, {
      agents: `${AGENTS}  llm: openai/gpt-4o\n  max_iter: 7\n  max_execution_time: 90\n  max_retry_limit: 2\n  max_rpm: 30\n`,
    });
    expect(graph.agents.botanist).toMatchObject({ model: "gpt-4o", max_tool_rounds: 7 });
    expect(graph.steps.diagnose).toMatchObject({ timeout: "90s", retry: { attempts: 3 }, rate: "agent_botanist" });
    expect(graph.rates.agent_botanist).toEqual({ limit: 30, per: "1m" });
  });

  it("allow_delegation makes its tasks a team that it leads", () => {
    const { graph } = imported(TASKS, { agents: `${AGENTS}  allow_delegation: true\n` });
    expect(graph.steps.diagnose).toMatchObject({ uses: "team:hierarchical", with: { manager: "botanist", agents: ["gardener"] } });
    expect(graph.steps.plan?.uses).toBe("agent:gardener");
  });

  it("behind anchors and merge keys are its own", () => {
    const agents = `common: &common\n  backstory: You are calm.\n  goal: Help\ngardener:\n  <<: *common\n  role: Gardener\nbotanist:\n  <<: *common\n  role: Botanist\n`;
    const { graph } = imported(TASKS, { agents });
    expect(graph.agents.botanist).toMatchObject({ title: "Botanist", instructions: expect.stringContaining("calm") });
  });
});

describe("a crew's file", () => {
  it("says that a manager gives out the work", () => {
    const { graph, mapped } = imported(TASKS, { crew: "crewai: 1\nprocess: hierarchical\nmanager_llm: gpt-4o\n" });
    expect(Object.values(graph.steps).map(({ uses }) => uses)).toEqual(Array(3).fill("team:hierarchical"));
    expect(graph.steps.plan?.with).toMatchObject({
      manager: "manager",
      agents: ["gardener", "botanist"],
      context: { survey: expect.any(String) },
    });
    expect(graph.agents.manager).toMatchObject({ model: "gpt-4o" });
    expect(whats(mapped)).toEqual(expect.arrayContaining(["process", "manager_llm"]));
  });

  it("names the manager among the agents", () => {
    const { graph } = imported(TASKS, { crew: "crewai: 1\nprocess: Process.hierarchical\nmanager_agent: gardener\n" });
    expect(graph.steps.plan?.with).toMatchObject({ manager: "gardener", agents: ["botanist"] });
  });

  it("binds tools, models, schemas, agents of tasks and inputs to what is here", () => {
    const tasks = TASKS.replace("  agent: botanist", "  tools: [PlantNet]\n  output_pydantic: Diagnosis");
    const crew = `crewai: 1
tools: { PlantNet: http.fetch }
models: { openai/gpt-4o: house-model }
schemas: { Diagnosis: { type: object, properties: { name: { type: string } } } }
agents: { botanist: { llm: openai/gpt-4o } }
tasks: { diagnose: { agent: botanist } }
inputs: { season: spring }
`;
    const { graph, unmapped } = imported(tasks, { crew });
    expect(unmapped).toEqual([]);
    expect(graph.inputs.season).toMatchObject({ default: "spring" });
    expect(graph.agents.botanist).toMatchObject({ model: "house-model" });
    expect(graph.steps.diagnose).toMatchObject({ uses: "agent:botanist-in-diagnose", with: { output_schema: { type: "object" } } });
  });

  it.each(
    Object.keys(CREW_ATTRIBUTES).filter(
      (name) => !["name", "agents", "tasks", "inputs", "crewai", "tools", "models", "schemas"].includes(name),
    ),
  )("%s is mapped or reported, with its place", (name) => {
    const { mapped, unmapped } = imported(TASKS, { crew: `crewai: 1\n${name}: ${name === "max_rpm" ? 5 : "something"}\n` });
    const noted = [...mapped, ...unmapped].filter(({ what }) => what === name);
    expect(noted.map(({ where }) => where)).toContainEqual({ file: "garden/crew.yaml", line: 2, column: 1 });
  });

  it("is read as JSON with comments, with its agents in files of their own", () => {
    const files = [
      {
        path: "shop/crew.jsonc",
        text: `{
  // what it is called: "the // shop"
  "name": "Shop Crew",
  "agents": ["clerk"],
  "tasks": [
    { "name": "greet", "description": "Greet {guest} at http://shop.test", "expected_output": "A greeting", "agent": "clerk", /* later */ "callback": {"python": "a.b"} },
  ],
  "process": "sequential",
  "inputs": {"guest": "Ada"}
}`,
      },
      {
        path: "shop/agents/clerk.jsonc",
        text: '{"role": "Clerk", "goal": "Greet", "backstory": "Kind", "settings": {"allow_delegation": false, "max_iter": 5}}',
      },
    ];
    const { templates, framework } = compileFiles(files, { tools });
    expect(framework).toBe("crewai");
    expect(templates[0]).toMatchObject({
      name: "shop-crew",
      graph: {
        agents: { clerk: { max_tool_rounds: 5 } },
        steps: { greet: { uses: "agent:clerk", with: { goal: "Greet ${inputs.guest} at http://shop.test" } } },
      },
      unmapped: [{ what: "greet.callback", where: { file: "shop/crew.jsonc", line: 6 } }],
    });
  });
});

describe("files of crews", () => {
  it("in several folders are several crews", () => {
    const files = ["north", "south"].flatMap((folder) => [
      { path: `${folder}/agents.yaml`, text: AGENTS },
      { path: `${folder}/tasks.yaml`, text: TASKS },
    ]);
    expect(compileFiles(files, { tools }).templates.map(({ name }) => name)).toEqual(["north", "south"]);
  });

  it("may be called what people like, and lie beside files that are none", () => {
    const files = [
      { path: "who.yml", text: AGENTS },
      { path: "what.yml", text: TASKS },
      { path: "notes.yaml", text: "hello: world" },
    ];
    const { templates, unmapped } = compileFiles(files, { tools });
    expect(templates[0].name).toBe("crew");
    expect(unmapped).toMatchObject([{ what: "notes.yaml", where: { file: "notes.yaml", line: 1 } }]);
  });

  it("with more tasks than a crew can have are refused at the first that is too many", () => {
    const tasks = Array.from({ length: 201 }, (_, i) => `t${i}: {description: d, expected_output: e}`).join("\n");
    expect(() => imported(tasks)).toThrow(/garden\/config\/tasks\.yaml:201:1: the crew has 201 tasks; 200 are the most/);
  });

  it("without tasks are refused, with what is missing", () => {
    expect(() => compileFiles([{ path: "agents.yaml", text: AGENTS }], { tools })).toThrow(Problem);
    expect(() => compileFiles([{ path: "agents.yaml", text: AGENTS }], { tools })).toThrow(/tasks\.yaml/);
  });

  it("that cannot run are told with the place of what is wrong", () => {
    const long = `survey:\n  description: ok\n  expected_output: ok\n  agent: gardener\n  guardrail: ${"x".repeat(10)}\n`;
    expect(imported(long).graph.steps.survey?.uses).toBe("run:inline");
    const huge = JSON.stringify({ gardener: { role: "Gardener", goal: "g", backstory: "b".repeat(60_000) } });
    expect(() => imported("dig:\n  description: Dig\n  expected_output: A hole\n  agent: gardener\n", { agents: huge })).toThrow(
      /garden\/config\/agents\.yaml:1:/,
    );
  });
});
