import type { Adapter, Compilation, Compiled, CompileOptions, Unmapped } from "../adapter.ts";
import { placesOf } from "../adapter.ts";
import { member } from "../control-flow/expressions.ts";
import { agentNames } from "../control-flow/names.ts";
import type { Source } from "../source.ts";
import { sourceProblem } from "../source.ts";
import { agentOf, teamOf } from "./agents.ts";
import { type Binding, isBinding, readBinding } from "./binding.ts";
import { type Component, type ComponentReader, isComponentFile, readComponents } from "./document.ts";
import { OWN_METADATA } from "./export/export.ts";
import { flowGraph } from "./flow.ts";
import { ownGraph } from "./own-graph.ts";
import { graphInputs, objectSchema, propertiesOf } from "./properties.ts";
import type { GraphInput, Work } from "./work.ts";

/** Open Agent Specification: JSON or YAML, an agent, a flow or a team; versions 25.4.1 to 26.2.0. */
export const agentSpec: Adapter = {
  framework: "agent-spec",
  title: "Open Agent Specification",
  looksLike: "a YAML or JSON file with a `component_type`: Agent, Flow, Swarm, ManagerWorkers …",
  recognise: (files) => (files.some(isComponentFile) ? 0.95 : 0),
  compile: (files, options): Compilation => {
    const binding = options.binding ?? files.find(isBinding);
    const components = files.filter(isComponentFile);
    const reader = readComponents(components);
    const [first] = reader.roots;
    if (first === undefined) throw nothingFound(files);
    const said = readBinding(binding);
    const unread = files.filter((file) => file !== binding && !components.includes(file));
    return {
      templates: reader.roots.map((root) => compileRoot(reader, root, said, options)),
      unmapped: unread.map((file): Unmapped => ({ what: file.path, where: file.place(""), why: "holds no component" })),
    };
  },
};

function nothingFound(files: readonly Source[]) {
  const message = "holds no component that could run: an Agent, a Flow, a Swarm or ManagerWorkers";
  return sourceProblem(files.map((file) => ({ place: file.place(""), pointer: "", message })));
}

function compileRoot(reader: ComponentReader, root: Component, binding: Binding, options: CompileOptions): Compiled {
  const own = ownGraph(root);
  if (own?.isUnchanged === true) {
    const mapped = [{ what: `Flow ${root.name}`, where: root.place, to: "the graph it was exported from" }];
    return { name: binding.name ?? root.name, graph: own.graph, mapped, unmapped: [], placeOf: () => root.place };
  }
  const work: Work = {
    reader,
    binding,
    tools: options.tools,
    agents: {},
    agentNames: new Map(),
    agentName: agentNames([]),
    mapped: [],
    unmapped: [],
    places: new Map(),
    isOwn: own !== undefined,
    inputs: new Set(root.type === "Flow" ? [] : propertiesOf(root, "inputs").map(({ title }) => title)),
  };
  if (own !== undefined)
    work.unmapped.push({
      what: `metadata.${OWN_METADATA}`,
      where: root.placeOf("metadata"),
      why: "the document was changed after it was exported, so that what only our own form can say was not taken from there",
    });
  const graph = root.type === "Flow" ? flowGraph(work, root, "", []) : oneStepGraph(work, root);
  return {
    name: binding.name ?? root.name,
    graph: { ...graph, agents: work.agents },
    mapped: work.mapped,
    unmapped: work.unmapped,
    placeOf: placesOf(work.places, root.place),
  };
}

const AGENTIC = new Set(["Agent", "SpecializedAgent", "A2AAgent", "RemoteAgent", "OciAgent"]);

/** The graph of an agent or a team: it is told a message and answers. */
function oneStepGraph(work: Work, root: Component): GraphInput {
  const isTeam = root.type === "Swarm" || root.type === "ManagerWorkers";
  if (!isTeam && !AGENTIC.has(root.type)) {
    throw sourceProblem([
      {
        place: root.placeOf("component_type"),
        pointer: "/component_type",
        message: `a ${root.type} cannot run by itself; give the Agent or Flow that uses it`,
      },
    ]);
  }
  const inputs = propertiesOf(root, "inputs");
  const outputs = propertiesOf(root, "outputs");
  const context =
    inputs.length === 0 ? {} : { context: Object.fromEntries(inputs.map(({ title }) => [title, `\${inputs${member(title)}}`])) };
  const base = {
    name: root.name.slice(0, 200),
    ...(root.description === undefined ? {} : { description: root.description.slice(0, 10_000) }),
    inputs: { ...graphInputs(inputs), message: { type: "string" as const, description: "What it is asked to do." } },
  };
  work.places.set("/steps/answer", root.place);
  if (isTeam) {
    const team = teamOf(work, root);
    work.mapped.push({ what: `${root.type} ${root.name}`, where: root.place, to: "steps.answer" });
    const step = {
      uses: `team:${team.pattern}`,
      title: root.name.slice(0, 200),
      with: { ...team.with, task: "${inputs.message}", ...context },
    };
    return { ...base, steps: { answer: step }, outputs: { text: "${steps.answer.output.text}" } };
  }
  const name = agentOf(work, root);
  const isRemote = work.agents[name]?.as === "a2a";
  const schema = outputs.length === 0 || isRemote ? {} : { output_schema: objectSchema(outputs) };
  const step = {
    uses: `${isRemote ? "a2a" : "agent"}:${name}`,
    title: root.name.slice(0, 200),
    with: { goal: "${inputs.message}", ...context, ...schema },
  };
  return { ...base, steps: { answer: step }, outputs: { text: "${steps.answer.output.text}" } };
}
