import type { Json } from "../../platform/canonical-json.ts";
import { type Place, pointerOf } from "../place.ts";
import { type Source, sourceProblem } from "../source.ts";

/** Components inside components: flows in flows in agents. */
const MAX_DEPTH = 64;
/** Everything a document holds, references followed: a shared component counts each time it is met. */
const MAX_COMPONENTS = 20_000;

type JsonObject = { [key: string]: Json };

/** One component of Open Agent Specification, its references followed as they are asked for. */
export interface Component {
  /** `Agent`, `Flow`, `LlmNode` … */
  readonly type: string;
  /** Two mentions of one component have one id. */
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly fields: Readonly<JsonObject>;
  readonly place: Place;
  /** Where a field of it stands. */
  readonly placeOf: (field: string) => Place;
}

/** Reads the components of some files, which may refer to each other's `$referenced_components`. */
export interface ComponentReader {
  /** The outermost component of each file that has one. */
  readonly roots: readonly Component[];
  /** The component that a field holds or refers to. */
  readonly one: (owner: Component, field: string) => Component | undefined;
  /** Those of a list, or of a list of lists (`relationships` of a Swarm). */
  readonly many: (owner: Component, field: string) => readonly Component[];
  readonly pairs: (owner: Component, field: string) => readonly (readonly Component[])[];
}

interface Found {
  readonly value: JsonObject;
  readonly file: Source;
  readonly pointer: string;
}

/** True for a file that is a component, or holds components that others refer to. */
export function isComponentFile({ value }: Source): boolean {
  return isObject(value) && (typeof value.component_type === "string" || isObject(value.$referenced_components));
}

/**
 * @throws Problem `invalid-template` with the place of a reference that leads nowhere or to itself, of an id that two files give to different
 *   components, and of more components or deeper ones than a person writes
 */
export function readComponents(files: readonly Source[]): ComponentReader {
  const shared = new Map<string, Found>();
  for (const file of files) collectShared(file, file.value, [], shared);
  let met = 0;
  const follow = (value: Json | undefined, at: Omit<Found, "value">, chain: readonly string[]): Component | undefined => {
    if (!isObject(value)) return undefined;
    met += 1;
    if (met > MAX_COMPONENTS) throw fault(at, `the document holds more than ${MAX_COMPONENTS} components, references followed`);
    const reference = value.$component_ref;
    if (typeof reference !== "string") return componentAt({ ...at, value });
    const found = shared.get(reference);
    if (found === undefined) throw fault(at, `there is no component ${reference} among the referenced ones`);
    if (chain.includes(reference) || chain.length > MAX_DEPTH) throw fault(at, `the component ${reference} refers to itself`);
    return follow(found.value, found, [...chain, reference]);
  };
  const where = new WeakMap<Component, Omit<Found, "value">>();
  const componentAt = ({ value, file, pointer }: Found): Component | undefined => {
    if (typeof value.component_type !== "string") return undefined;
    const name = typeof value.name === "string" ? value.name : value.component_type;
    const component: Component = {
      type: value.component_type,
      id: typeof value.id === "string" ? value.id : `${file.path}${pointer}`,
      name,
      description: typeof value.description === "string" && value.description !== "" ? value.description : undefined,
      fields: value,
      place: file.place(pointer),
      placeOf: (field) => file.place(pointer + pointerOf([field])),
    };
    where.set(component, { file, pointer });
    return component;
  };
  const at = (owner: Component, path: readonly PropertyKey[]): Omit<Found, "value"> => {
    const found = where.get(owner);
    if (found === undefined) throw new RangeError(`${owner.name} is of another document`);
    return { file: found.file, pointer: found.pointer + pointerOf(path) };
  };
  const many = (owner: Component, value: Json | undefined, path: readonly PropertyKey[]): readonly Component[] =>
    Array.isArray(value) ? value.flatMap((item, i) => follow(item, at(owner, [...path, i]), []) ?? []) : [];
  return {
    roots: files.flatMap((file) => rootOf(file, follow) ?? []),
    one: (owner, field) => follow(owner.fields[field], at(owner, [field]), []),
    many: (owner, field) => many(owner, owner.fields[field], [field]),
    pairs: (owner, field) => {
      const list = owner.fields[field];
      return Array.isArray(list) ? list.map((pair, i) => many(owner, pair, [field, i])) : [];
    },
  };
}

function rootOf(
  file: Source,
  follow: (value: Json, at: Omit<Found, "value">, chain: readonly string[]) => Component | undefined,
): Component | undefined {
  const { value } = file;
  const isRoot = isObject(value) && (typeof value.component_type === "string" || typeof value.$component_ref === "string");
  return isRoot ? follow(value, { file, pointer: "" }, []) : undefined;
}

/** Every component may carry components that others refer to; an id means one component in the whole document. */
function collectShared(file: Source, value: Json, path: readonly PropertyKey[], shared: Map<string, Found>): void {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) collectShared(file, item, [...path, i], shared);
    return;
  }
  if (!isObject(value)) return;
  const { $referenced_components: referenced } = value;
  if (isObject(referenced)) {
    for (const [id, component] of Object.entries(referenced)) {
      const pointer = pointerOf([...path, "$referenced_components", id]);
      if (!isObject(component)) continue;
      const known = shared.get(id);
      if (known !== undefined) throw fault({ file, pointer }, `there are two components ${id}, the other at ${known.pointer}`);
      shared.set(id, { value: component, file, pointer });
    }
  }
  for (const [key, member] of Object.entries(value)) collectShared(file, member, [...path, key], shared);
}

function fault({ file, pointer }: Omit<Found, "value">, message: string) {
  return sourceProblem([{ place: file.place(pointer), pointer, message }]);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
