import { z } from "zod";
import { LABELS_OF, moderationClassSchema } from "../../workers/moderation/rule.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import type { LoggedEvent } from "../../workers/platform/events.ts";
import { listTools } from "../../workers/tools/registry.ts";
import type { View } from "../event-log/event-log.ts";

/** Labels of one object. Tools are a closed list and labels a small vocabulary; work that came to more is marked as such, so that policies can refuse it. */
const MAX_LABELS = 1_024;
export const TOO_MANY = "history:too-long";

/**
 * What happened in an object, as policies see it in `context.history`: the tools that were called with their risks and tags, the labels of what
 * they brought, what moderation found in it, and what was told of the work that this one comes from or gave away. It only grows, and is folded from the event log alone.
 */
export class History implements View {
  readonly name = "history";
  readonly #labels = new Set<string>();

  get labels(): readonly string[] {
    return [...this.#labels];
  }

  /** Those of the labels that are not known here yet. */
  missing(labels: readonly string[]): string[] {
    return labels.filter((label) => !this.#labels.has(label));
  }

  apply(event: LoggedEvent): void {
    switch (event.type) {
      case "step.intended":
        this.#addTool(event.data.uses);
        return;
      case "step.done":
        if (event.data.uses !== undefined) this.#addTool(event.data.uses);
        for (const label of event.data.labels ?? []) this.#add(`label:${label}`);
        return;
      case "moderation.found":
        for (const { class: found } of event.data.verdicts) this.#addFound(found);
        return;
      case "session.created":
      case "run.created":
        for (const label of event.data.history ?? []) this.#add(label);
        return;
      case "history.told":
        for (const label of event.data.labels) this.#add(label);
        return;
      default:
        return;
    }
  }

  snapshot(): Json {
    return [...this.#labels];
  }

  restore(snapshot: unknown): void {
    this.#labels.clear();
    for (const label of z.array(z.string()).parse(snapshot)) this.#labels.add(label);
  }

  #addTool(uses: string): void {
    const [kind = "", id = ""] = [uses.slice(0, uses.indexOf(":")), uses.slice(uses.indexOf(":") + 1)];
    if (kind !== "tool") return;
    this.#add(`tool:${id}`);
    const tool = tools().get(id);
    if (tool === undefined) return;
    this.#add(`risk:${tool.risk}`);
    for (const tag of tool.tags) this.#add(`tag:${tag}`);
  }

  #addFound(found: string): void {
    const known = moderationClassSchema.safeParse(found);
    if (known.success) for (const label of LABELS_OF[known.data]) this.#add(`label:${label}`);
  }

  #add(label: string): void {
    this.#labels.add(this.#labels.size < MAX_LABELS ? label : TOO_MANY);
  }
}

let byId: ReadonlyMap<string, { readonly risk: string; readonly tags: readonly string[] }> | undefined;

function tools(): NonNullable<typeof byId> {
  byId ??= new Map(listTools().map(({ id, risk, tags }) => [id, { risk, tags }]));
  return byId;
}
