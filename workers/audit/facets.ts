import { z } from "zod";
import type { Json } from "../platform/canonical-json.ts";

/** How something ended, as far as its event says so. */
export const OUTCOMES = ["done", "failed", "denied", "refused", "unknown"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What an event can be searched by, beside its time, object and type. */
export interface Facets {
  /** The subject that did it. */
  readonly actor?: string;
  readonly action?: string;
  readonly resource?: string;
  readonly outcome?: Outcome;
}

/** Longer values are not searched by. */
const MAX_VALUE_CHARACTERS = 200;
/** Terms of one part; a part that has more is read by every search. */
const MAX_TERMS_CHARACTERS = 16_000;
/** In place of the terms of a part that has too many. */
export const EVERY_TERM = "*";
export const FACETS = ["actor", "action", "resource", "outcome"] as const;

const text = z.string().max(MAX_VALUE_CHARACTERS).optional().catch(undefined);
const dataSchema = z
  .object({
    by: text,
    principal: z.object({ subject: text }).optional().catch(undefined),
    action: text,
    uses: text,
    resource: text,
    id: text,
    step: text,
    decision: z
      .union([z.string(), z.object({ effect: text, action: text, resource: text })])
      .optional()
      .catch(undefined),
  })
  .catch({});

/** What an event is found by: from its own data, since nothing else is kept when it is read years later. */
export function facetsOf(type: string, data: Json): Facets {
  const { by, principal, action, uses, resource, id, step, decision } = dataSchema.parse(data);
  const ruled = typeof decision === "object" ? decision : undefined;
  const facets = {
    actor: by ?? principal?.subject,
    action: action ?? ruled?.action ?? uses,
    resource: resource ?? ruled?.resource ?? id ?? step,
    outcome: outcomeOf(type, typeof decision === "string" ? decision : ruled?.effect),
  };
  return Object.fromEntries(Object.entries(facets).filter(([, value]) => value !== undefined));
}

function outcomeOf(type: string, ruling: string | undefined): Outcome | undefined {
  if (ruling === "deny") return "denied";
  if (ruling === "refuse") return "refused";
  if (type.endsWith(".failed")) return "failed";
  if (type.endsWith(".unknown")) return "unknown";
  return /\.(done|completed|delivered|changed|created|decided|remembered|forgotten)$/.test(type) ? "done" : undefined;
}

/** The term under which a facet stands in a part. */
export function termOf(name: (typeof FACETS)[number], value: string): string {
  return `,${name}:${value.replaceAll(",", "%2C")},`;
}

/** All facets of a part's events, so that parts without a wanted one are not read. */
export function termsOf(events: readonly { readonly type: string; readonly data: Json }[]): string {
  const terms = new Set<string>();
  for (const { type, data } of events) {
    const facets = facetsOf(type, data);
    for (const name of FACETS) {
      const value = facets[name];
      if (value !== undefined) terms.add(termOf(name, value));
    }
  }
  const joined = [...terms].join("");
  return joined.length > MAX_TERMS_CHARACTERS ? EVERY_TERM : joined;
}
