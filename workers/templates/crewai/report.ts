import type { Mapped, Unmapped } from "../adapter.ts";
import type { Treatment } from "./attributes.ts";
import type { Attribute, Part } from "./crew.ts";

/** What became of everything, noted as it is read. */
export interface Report {
  readonly mapped: Mapped[];
  readonly unmapped: Unmapped[];
}

/** Reads the attributes of one part, and notes what becomes of each. */
export interface PartReader {
  readonly part: Part;
  /** An attribute that says something; undefined when it is not there, or null. */
  readonly get: (name: string) => Attribute | undefined;
  /** Its text, without the white space that YAML's folded text ends with; a number or truth value as it is written. */
  readonly text: (name: string) => string | undefined;
  /** True for true, and for the words that YAML 1.1, which CrewAI reads, takes for it. */
  readonly flag: (name: string) => boolean;
  /** A whole number of at least one. */
  readonly count: (name: string) => number | undefined;
  /** Names in a list, or one alone: of agents, tasks, tools. What is no name is noted. */
  readonly names: (name: string) => string[];
  readonly mapped: (name: string, to: string) => void;
  readonly unmapped: (name: string, why: string) => void;
  /** Notes what becomes of the attributes that nobody reads. @param kind what CrewAI calls the part */
  readonly rest: (treatments: Readonly<Record<string, Treatment>>, kind: string) => void;
}

export function readerOf(part: Part, report: Report): PartReader {
  const get = (name: string) => {
    const attribute = part.attributes.get(name);
    return attribute === undefined || attribute.value === null ? undefined : attribute;
  };
  const noted = (name: string) => ({
    what: part.key === "crew" || name === "" ? name || part.key : `${part.key}.${name}`,
    where: part.attributes.get(name)?.where ?? part.where,
  });
  const mapped = (name: string, to: string) => void report.mapped.push({ ...noted(name), to });
  const unmapped = (name: string, why: string) => void report.unmapped.push({ ...noted(name), why });
  return {
    part,
    get,
    text: (name) => textOf(get(name)?.value),
    flag: (name) => {
      const value = get(name)?.value;
      return value === true || (typeof value === "string" && /^(yes|on|true)$/i.test(value));
    },
    count: (name) => {
      const value = get(name)?.value;
      return typeof value === "number" && Number.isInteger(value) && value >= 1 ? value : undefined;
    },
    names: (name) => {
      const value = get(name)?.value;
      const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
      const names = list.filter((item) => typeof item === "string");
      if (names.length < list.length) unmapped(name, "holds more than names; say in a binding which of the platform's it stands for");
      return names;
    },
    mapped,
    unmapped,
    rest: (treatments, kind) => {
      for (const [name, { value }] of part.attributes) {
        const treatment = Object.hasOwn(treatments, name) ? treatments[name] : undefined;
        if (treatment === "read") continue;
        if (treatment === undefined) unmapped(name, `is no attribute of a CrewAI ${kind} that is known here`);
        else if ("to" in treatment) mapped(name, treatment.to);
        else if (isOff(value)) mapped(name, "nothing: it is off, as it is here");
        else unmapped(name, treatment.why);
      }
    },
  };
}

function textOf(value: Attribute["value"] | undefined): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" ? value.trim() : undefined;
}

function isOff(value: Attribute["value"]): boolean {
  return value === null || value === false || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}
