import { type Compiled, placesOf } from "../adapter.ts";
import { type Place, pointerOf } from "../place.ts";
import { sourceProblem } from "../source.ts";
import { crewAgents, type GraphInput, type Reading } from "./agents.ts";
import { CREW_ATTRIBUTES } from "./attributes.ts";
import { type Crew, isObject } from "./crew.ts";
import { placeholders } from "./placeholders.ts";
import { type Report, readerOf } from "./report.ts";
import { crewRate, crewSteps, managerOf, type Workshop } from "./tasks.ts";

/** Tasks of a crew, and agents: each task is given what all before it said, so that their number counts twice. */
const MAX_PARTS = 200;

/** Makes a graph of a crew: its agents, a step for each task, an input for each placeholder. @throws Problem `invalid-template` for a crew that is too large */
export function compileCrew(crew: Crew, tools: ReadonlySet<string>): Compiled {
  for (const [what, parts] of Object.entries({ tasks: crew.tasks, agents: crew.agents })) {
    const first = parts[MAX_PARTS];
    if (first !== undefined)
      throw sourceProblem([
        { place: first.where, pointer: "", message: `the crew has ${parts.length} ${what}; ${MAX_PARTS} are the most` },
      ]);
  }
  const report: Report = { mapped: [], unmapped: [] };
  const reading: Reading = { crew, report, texts: placeholders(), tools };
  const rates: NonNullable<GraphInput["rates"]> = {};
  const places = new Map<string, Place>();
  const agents = crewAgents(reading, rates);
  const definitions: NonNullable<GraphInput["agents"]> = {};
  for (const { part, name, definition } of agents.values()) {
    definitions[name] = definition;
    places.set(pointerOf(["agents", name]), part.where);
  }
  const shop: Workshop = { reading, agents, definitions, rates, places, used: new Set() };
  crewRate(shop);
  const isHierarchical = processOf(reading) === "hierarchical";
  const { steps, texts, last } = crewSteps(shop, isHierarchical ? managerOf(shop) : undefined);
  noteUnused(shop);
  const options = readerOf(crew.options, report);
  if (!isHierarchical)
    for (const name of ["manager_llm", "manager_agent"])
      if (options.get(name) !== undefined) options.unmapped(name, "only a hierarchical crew has a manager");
  options.rest(CREW_ATTRIBUTES, "crew");
  const graph: GraphInput = {
    name: crew.name.slice(0, 200),
    inputs: inputsOf(reading),
    agents: definitions,
    rates,
    steps,
    outputs: {
      result: `\${steps.${last}.output.text}`,
      tasks: Object.fromEntries([...texts].map(([task, step]) => [task, `\${steps.${step}.output.text}`])),
    },
  };
  return { name: crew.name, graph, ...report, placeOf: placesOf(places, crew.where) };
}

function processOf({ crew, report }: Reading): string {
  const reader = readerOf(crew.options, report);
  const process = (reader.text("process") ?? "sequential").replace(/^Process\./, "");
  if (process !== "sequential" && process !== "hierarchical")
    reader.unmapped("process", `${process} is no process of CrewAI; the tasks run in order`);
  else if (reader.get("process") !== undefined)
    reader.mapped(
      "process",
      process === "hierarchical" ? "steps: each is a team that a manager leads" : "steps: each needs the one before it",
    );
  return process;
}

/** Each placeholder is an input; what the crew's file gives for it is its default. */
function inputsOf({ crew, texts, report }: Reading): NonNullable<GraphInput["inputs"]> {
  const reader = readerOf(crew.options, report);
  const given = reader.get("inputs")?.value;
  const defaults = isObject(given) ? given : {};
  for (const [name, where] of texts.found) report.mapped.push({ what: `{${name}}`, where, to: `inputs.${name}` });
  const unused = Object.keys(defaults).filter((name) => !texts.found.has(name));
  if (unused.length > 0) reader.unmapped("inputs", `no text of the crew has a place for ${unused.join(", ")}`);
  if (Object.keys(defaults).length > unused.length) reader.mapped("inputs", "inputs: their defaults");
  return Object.fromEntries(
    [...texts.found.keys()].map((name) => {
      const value = defaults[name];
      return [
        name,
        { type: "any" as const, description: `Takes the place of {${name}}.`, ...(value === undefined ? {} : { default: value }) },
      ];
    }),
  );
}

function noteUnused({ reading, agents, used }: Workshop): void {
  for (const { part, name } of agents.values())
    if (!used.has(name))
      readerOf(part, reading.report).unmapped("", "no task is given to this agent; it stays in the graph's agents, ready to be used");
}
