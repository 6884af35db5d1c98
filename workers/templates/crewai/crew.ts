import type { Json } from "../../platform/canonical-json.ts";
import { type Place, pointerOf } from "../place.ts";
import type { Source } from "../source.ts";

/** One attribute of an agent, a task or a crew, as some file says it. */
export interface Attribute {
  readonly value: Json;
  /** Where its name stands. */
  readonly where: Place;
}

/** An agent, a task, or the crew itself. */
export interface Part {
  /** What the files call it. */
  readonly key: string;
  readonly where: Place;
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** The files of one crew, put together. */
export interface Crew {
  readonly name: string;
  readonly where: Place;
  readonly agents: readonly Part[];
  readonly tasks: readonly Part[];
  readonly options: Part;
}

type FileKind = "agents" | "tasks" | "crew" | "agent" | "binding" | undefined;
export type JsonObject = { [key: string]: Json };

/** What a file is to a crew, by what it holds: its name decides only where the content leaves it open. */
export function kindOf({ value, name }: Source): FileKind {
  if (!isObject(value)) return undefined;
  if ("crewai" in value) return "binding";
  if (isCollection(value.tasks) && (isCollection(value.agents) || "process" in value || hasTasks(Object.values(value.tasks))))
    return "crew";
  if (typeof value.role === "string" && ("goal" in value || "backstory" in value)) return "agent";
  const parts = Object.values(value).filter(isObject);
  if (parts.length === 0 || parts.length < Object.keys(value).length) return undefined;
  if (hasTasks(parts)) return "tasks";
  if (parts.some((part) => typeof part.role === "string" || ("goal" in part && "backstory" in part))) return "agents";
  return /^(agents|tasks)\.ya?ml$/.test(name) && parts.some((part) => "config" in part)
    ? name.startsWith("agents")
      ? "agents"
      : "tasks"
    : undefined;
}

function hasTasks(parts: readonly Json[]): boolean {
  return parts.some((part) => isObject(part) && typeof part.description === "string" && !("uses" in part) && !("role" in part));
}

function isCollection(value: Json | undefined): value is JsonObject | Json[] {
  return typeof value === "object" && value !== null;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Puts files together into crews: those of one folder are one crew, with what a binding adds to it or says otherwise. */
export function readCrews(files: readonly Source[], binding: Source | undefined): { crews: Crew[]; others: Source[] } {
  const folders = Map.groupBy(
    files.filter((file) => file !== binding && kindOf(file) !== undefined && kindOf(file) !== "binding"),
    folderOf,
  );
  const crews = [...folders].map(([folder, members]) => crewOf(folder, members, binding));
  return { crews, others: files.filter((file) => file !== binding && (kindOf(file) === undefined || kindOf(file) === "binding")) };
}

/** Agents in files of their own lie in a folder beside their crew; tables of agents and tasks in `config`. */
function folderOf(file: Source): string {
  const segments = file.path.split(/[\\/]/).slice(0, -1);
  if (kindOf(file) === "agent" && segments.at(-1) === "agents") segments.pop();
  if (segments.at(-1) === "config") segments.pop();
  return segments.join("/");
}

function crewOf(folder: string, files: readonly Source[], binding: Source | undefined): Crew {
  const agents = new Map<string, Part>();
  const tasks = new Map<string, Part>();
  const options = new Map<string, Attribute>();
  for (const file of [...files, ...(binding === undefined ? [] : [binding])]) {
    const kind = kindOf(file);
    if (kind === "agents") addParts(agents, file, "");
    else if (kind === "tasks") addParts(tasks, file, "");
    else if (kind === "agent") addPart(agents, partOf(file, file.name.replace(/\.[a-z]+$/, ""), ""));
    else {
      addParts(agents, file, "/agents");
      addParts(tasks, file, "/tasks");
      for (const [name, attribute] of partOf(file, "", "").attributes) options.set(name, attribute);
    }
  }
  const where = (files[0] ?? binding)?.place("") ?? { file: folder, line: 1, column: 1 };
  const given = options.get("name")?.value;
  const name = typeof given === "string" ? given : (folder.split("/").at(-1) ?? "");
  return {
    name: name === "" || name === "." ? "crew" : name,
    where,
    agents: [...agents.values()],
    tasks: [...tasks.values()],
    options: { key: "crew", where, attributes: options },
  };
}

/** A table of parts by their names, or a list of parts that say their names; a list of names alone says nothing new. */
function addParts(parts: Map<string, Part>, file: Source, pointer: string): void {
  const value = pointer === "" ? file.value : isObject(file.value) ? file.value[pointer.slice(1)] : undefined;
  if (!isCollection(value)) return;
  for (const [at, member] of Object.entries(value)) {
    if (!isObject(member) && !(member === null && !Array.isArray(value))) continue;
    const own = isObject(member) && typeof member.name === "string" ? member.name : undefined;
    addPart(parts, partOf(file, Array.isArray(value) ? (own ?? `task_${Number(at) + 1}`) : at, pointer + pointerOf([at])));
  }
}

/** What is said of a part later is added to it, or takes the place of what was said. */
function addPart(parts: Map<string, Part>, part: Part): void {
  const known = parts.get(part.key);
  parts.set(part.key, known === undefined ? part : { ...known, attributes: new Map([...known.attributes, ...part.attributes]) });
}

function partOf(file: Source, key: string, pointer: string): Part {
  const segments = pointer === "" ? [] : pointer.slice(1).split("/");
  let value: Json | undefined = file.value;
  for (const segment of segments) value = memberOf(value, segment.replaceAll("~1", "/").replaceAll("~0", "~"));
  const attributes = new Map<string, Attribute>();
  const add = (from: Json | undefined, around: string) => {
    if (!isObject(from)) return;
    for (const [name, member] of Object.entries(from)) {
      // What stands under `settings` or `config` is said of the part itself.
      if ((name === "settings" || name === "config") && around === pointer && key !== "") add(member, pointer + pointerOf([name]));
      else attributes.set(name, { value: member, where: file.namePlace(around + pointerOf([name])) });
    }
  };
  add(value, pointer);
  return { key, where: file.namePlace(pointer), attributes };
}

function memberOf(value: Json | undefined, segment: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(segment)];
  return isObject(value) ? value[segment] : undefined;
}
