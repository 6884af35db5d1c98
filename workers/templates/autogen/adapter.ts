import { z } from "zod";
import type { Json } from "../../platform/canonical-json.ts";
import { type Adapter, type Compilation, type Compiled, type CompileOptions, placesOf, type Unmapped } from "../adapter.ts";
import { type Place, pointerOf, pointerSegments } from "../place.ts";
import { type Source, sourceProblem } from "../source.ts";
import { addAgent, isTeam, type Reading } from "./agents.ts";
import { type Component, componentAt, isComponent, type Report } from "./component.ts";
import { newNames } from "./names.ts";
import { teamOf } from "./teams.ts";
import { toolBinding } from "./tools.ts";

/** Where something that could be a template stands in a file. */
type Found = readonly PropertyKey[];

/** AutoGen: AgentChat components as JSON (`team.dump_component()`), and AutoGen Studio's galleries of them. */
export const autogen: Adapter = {
  framework: "autogen",
  title: "AutoGen AgentChat",
  looksLike: "a JSON file with `provider` and `config`, as dump_component() gives it, or a gallery with `components`",
  recognise: (files) => (files.some((file) => whatIsIn(file).length > 0) ? 0.95 : 0),
  compile: (files, options): Compilation => {
    const unmapped: Unmapped[] = [];
    const templates = files.flatMap((file) => {
      if (file === options.binding) return [];
      const found = whatIsIn(file);
      if (found.length === 0) unmapped.push({ what: file.path, where: file.place(""), why: "is no AgentChat component and no gallery" });
      if (found.some((path) => path.length > 0)) unmapped.push(...besidesTeams(file, found));
      return found.flatMap((path) => compiled(file, path, options) ?? []);
    });
    if (templates.length === 0) throw withoutTeam(files);
    return { templates, unmapped };
  },
};

/** The teams and agents of a file: itself, or those a gallery holds, newer (`components`) or older (`items`). */
function whatIsIn(file: Source): Found[] {
  if (isComponent(file.value)) return canBeTemplate(file, []) ? [[]] : [];
  const lists = ["components", "items"].flatMap((member) =>
    ["teams", "agents"].flatMap((kind) => [
      [member, kind],
      [member, "components", kind],
    ]),
  );
  const inGallery = lists.flatMap((path) => {
    const list = valueAt(file.value, path);
    return Array.isArray(list) ? list.map((_, i) => [...path, i]) : [];
  });
  const inList = Array.isArray(file.value) ? file.value.map((_, i) => [i]) : [];
  return [...inGallery, ...inList].filter((path) => canBeTemplate(file, path));
}

function canBeTemplate(file: Source, path: Found): boolean {
  const component = componentAt(file, path, valueAt(file.value, path), { mapped: [], unmapped: [] });
  if (component === undefined || !isComponent(valueAt(file.value, path))) return false;
  return isTeam(component) || /Agent$|Surfer$/.test(component.kind) || component.open("model_client") !== undefined;
}

/** One template: a step of the team or the agent, which takes the task as the run's input. */
function compiled(file: Source, path: Found, options: CompileOptions): Compiled | undefined {
  const report: Report = { mapped: [], unmapped: [] };
  const component = componentAt(file, path, valueAt(file.value, path), report);
  if (component === undefined) return undefined;
  const reading: Reading = {
    names: newNames(),
    tools: toolBinding(options),
    report,
    agents: new Map(),
    pointers: new Map(),
    signals: new Set(),
  };
  const step = stepOf(component, reading);
  component.close();
  const name = component.label ?? component.name;
  const graph = {
    name: name.slice(0, 200),
    ...(component.description === undefined ? {} : { description: component.description.slice(0, 10_000) }),
    inputs: { task: { type: "string", description: "What is to be done" } },
    agents: Object.fromEntries(reading.agents),
    ...(reading.signals.size === 0
      ? {}
      : { signals: Object.fromEntries([...reading.signals].map((signal) => [signal, { description: "Ends the team's conversation" }])) }),
    steps: { team: { title: name.slice(0, 200), ...step } },
    outputs: { text: `$\{steps.team.output.text}`, ...(isTeam(component) ? { stop_reason: `$\{steps.team.output.stop_reason}` } : {}) },
  };
  return { name, graph, ...report, placeOf: placesOf(placesIn(file, component, reading), file.place(component.pointer)) };
}

const TASK = `$\{inputs.task}`;

function stepOf(component: Component, reading: Reading): Record<string, Json> {
  const team = teamOf(component, reading, (participant) => addAgent(participant, reading));
  if (team !== undefined) {
    component.became(`steps.team: team:${team.pattern}`);
    return { uses: `team:${team.pattern}`, with: { ...team.with, task: TASK } };
  }
  const name = addAgent(component, reading);
  const agent = z.looseObject({ as: z.string() }).safeParse(reading.agents.get(name));
  if (agent.data?.as === "human") {
    reading.agents.delete(name);
    return { uses: "human:input", with: { prompt: TASK } };
  }
  if (agent.data?.as === "team") return { uses: "team:round-robin", with: { agents: [name], max_turns: 1, task: TASK } };
  return { uses: `agent:${name}`, with: { goal: TASK } };
}

function placesIn(file: Source, component: Component, reading: Reading): ReadonlyMap<string, Place> {
  const agents = [...reading.pointers].map(([name, pointer]) => [pointerOf(["agents", name]), file.place(pointer)] as const);
  const until = `${component.pointer}${pointerOf(["config", "termination_condition"])}`;
  const participants = `${component.pointer}${pointerOf(["config", "participants"])}`;
  return new Map([...agents, ["/steps/team/with/until", file.place(until)], ["/steps/team/with/agents", file.place(participants)]]);
}

/** What else a gallery holds: parts that are no template by themselves. */
function besidesTeams(file: Source, found: readonly Found[]): Unmapped[] {
  const taken = new Set(found.map(pointerOf));
  const parts = componentPointers(file.value).filter(
    (pointer) => ![...taken].some((inside) => pointer === inside || pointer.startsWith(`${inside}/`)),
  );
  const outer = parts.filter((pointer) => !parts.some((other) => pointer.startsWith(`${other}/`)));
  const catalogue = isObject(file.value) ? Object.keys(file.value).filter((member) => member !== "components" && member !== "items") : [];
  const about = catalogue.map((member) => ({
    what: `gallery.${member}`,
    where: file.namePlace(pointerOf([member])),
    why: "describes the gallery and none of its teams",
  }));
  const loose = outer.map((pointer) => {
    const component = componentAt(file, pointerSegments(pointer), valueAt(file.value, pointerSegments(pointer)), {
      mapped: [],
      unmapped: [],
    });
    const what = component === undefined ? pointer : `${component.name} (${component.kind})`;
    return {
      what,
      where: file.place(pointer),
      why: "is neither a team nor an agent, and no template by itself; where a team uses it, the team's own report says what became of it",
    };
  });
  return [...about, ...loose];
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function componentPointers(value: Json): string[] {
  const pointers: string[] = [];
  const visit = (node: Json, path: readonly PropertyKey[]) => {
    if (isComponent(node)) pointers.push(pointerOf(path));
    if (Array.isArray(node)) for (const [i, item] of node.entries()) visit(item, [...path, i]);
    else if (typeof node === "object" && node !== null) for (const [key, item] of Object.entries(node)) visit(item, [...path, key]);
  };
  visit(value, []);
  return pointers;
}

function valueAt(value: Json, path: readonly PropertyKey[]): Json | undefined {
  let at: Json | undefined = value;
  for (const segment of path) {
    if (Array.isArray(at)) at = at[Number(segment)];
    else if (typeof at === "object" && at !== null && Object.hasOwn(at, segment)) at = at[String(segment)];
    else return undefined;
  }
  return at;
}

function withoutTeam(files: readonly Source[]) {
  return sourceProblem(
    files.map((file) => ({ place: file.place(""), pointer: "", message: "holds neither a team nor an agent of AutoGen" })),
  );
}
