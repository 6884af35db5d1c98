import { z } from "zod";
import type { Json } from "../../platform/canonical-json.ts";
import type { Mapped, Unmapped } from "../adapter.ts";
import { pointerOf } from "../place.ts";
import type { Source } from "../source.ts";

const componentSchema = z.looseObject({
  provider: z.string(),
  component_type: z.string().nullish(),
  label: z.string().nullish(),
  description: z.string().nullish(),
  config: z.record(z.string(), z.json()),
});

/** Members that every component has, which say nothing of what it does. */
const ENVELOPE = new Set(["provider", "component_type", "version", "component_version", "label", "description", "config"]);

/** What an import reports, gathered while components are read. */
export interface Report {
  readonly mapped: Mapped[];
  readonly unmapped: Unmapped[];
}

/** One AgentChat component of a file, and which members of it have been read. What is left over at the end is reported. */
export interface Component {
  /** The class: the last part of its provider. */
  readonly kind: string;
  readonly label: string | undefined;
  readonly description: string | undefined;
  /** How reports call it. */
  readonly name: string;
  readonly pointer: string;
  readonly source: Source;
  /** The value of a member of the config, which becomes `to`; undefined when it is absent or null. */
  take(member: string, to: string): Json | undefined;
  takeText(member: string, to: string): string | undefined;
  takeNumber(member: string, to: string): number | undefined;
  /** A member that is read part by part; nothing is reported of it as a whole. */
  open(member: string): Json | undefined;
  /** Reports a member that cannot be carried over, if it says anything. */
  leave(member: string, why: string): void;
  /** Reports that a member of the file, or the component as a whole when none is named, became something else. */
  became(to: string, member?: string): void;
  /** Reports that the component as a whole could not be carried over, or not entirely. */
  lost(why: string): void;
  /** Reports whatever nobody has read. */
  close(): void;
}

/** The class of a component by its provider: `autogen_agentchat.agents.AssistantAgent` is an `AssistantAgent`. */
function kindOf(provider: string): string {
  return provider.slice(provider.lastIndexOf(".") + 1);
}

/** Whether a value has the form of a component. */
export function isComponent(value: unknown): boolean {
  const parsed = componentSchema.safeParse(value);
  return parsed.success && (parsed.data.provider.includes("autogen") || typeof parsed.data.component_type === "string");
}

/**
 * A component at a place of a file; undefined when there is none.
 * @param owner the name of the component it is part of, for what has no name of its own
 */
export function componentAt(
  source: Source,
  path: readonly PropertyKey[],
  value: unknown,
  report: Report,
  owner?: string,
): Component | undefined {
  const parsed = componentSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { provider, label, description, config, ...others } = parsed.data;
  const kind = kindOf(provider);
  const own = typeof config.name === "string" && config.name !== "" ? config.name : undefined;
  const name = own ?? (owner === undefined ? (label ?? kind) : `${owner}: ${label ?? kind}`);
  const whole = name.endsWith(kind) ? name : `${name} (${kind})`;
  const pointer = pointerOf(path);
  const seen = new Set<string>();
  const memberPointer = (member: string) => `${pointer}${pointerOf(["config", member])}`;
  const take = (member: string, to: string) => {
    const found = open(member);
    if (found !== undefined) report.mapped.push({ what: `${name}.${member}`, where: source.place(memberPointer(member)), to });
    return found;
  };
  const open = (member: string): Json | undefined => {
    seen.add(member);
    return config[member] ?? undefined;
  };
  const leave = (member: string, why: string) => {
    seen.add(member);
    if (saysSomething(config[member]))
      report.unmapped.push({ what: `${name}.${member}`, where: source.namePlace(memberPointer(member)), why });
  };
  return {
    ...{ kind, name, pointer, source, take, open, leave },
    label: label ?? undefined,
    description: description ?? undefined,
    takeText: (member, to) => z.string().safeParse(take(member, to)).data,
    takeNumber: (member, to) => z.number().safeParse(take(member, to)).data,
    became: (to, member) =>
      void report.mapped.push({
        what: member === undefined ? whole : `${name}.${member}`,
        where: source.place(member === undefined ? pointer : memberPointer(member)),
        to,
      }),
    lost: (why) => void report.unmapped.push({ what: whole, where: source.place(pointer), why }),
    close: () => {
      for (const member of Object.keys(config)) if (!seen.has(member)) leave(member, `${kind}.${member} has no counterpart here`);
      for (const member of Object.keys(others))
        if (!ENVELOPE.has(member) && saysSomething(others[member]))
          report.unmapped.push({
            what: `${name}: ${member}`,
            where: source.namePlace(`${pointer}${pointerOf([member])}`),
            why: "is no part of a component",
          });
    },
  };
}

/** False for what is absent or empty: leaving it out changes nothing. */
function saysSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

/** The components in a member that holds one or a list of them. */
export function componentsIn(owner: Component, member: string, report: Report): Component[] {
  const value = owner.open(member);
  const list: Json[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const base = [...segments(owner.pointer), "config", member];
  return list.flatMap((item, i) => {
    const path = Array.isArray(value) ? [...base, i] : base;
    const found = componentAt(owner.source, path, item, report, owner.name);
    if (found !== undefined) return [found];
    report.unmapped.push({ what: `${owner.name}.${member}`, where: owner.source.place(pointerOf(path)), why: "is no component" });
    return [];
  });
}

function segments(pointer: string): string[] {
  return pointer === ""
    ? []
    : pointer
        .slice(1)
        .split("/")
        .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}
