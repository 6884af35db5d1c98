import { durationMs } from "../mao/duration.ts";

/**
 * What an allowed request demands all the same. Policies demand it by annotations; where several do, the strictest of each kind holds:
 * approval if any asks, the shortest age of a second factor, every mask, a sandbox if any asks, the lowest ceiling.
 */
export interface Obligations {
  readonly approval: boolean;
  readonly mfa?: { readonly maxAgeMs: number };
  /** Classes of data (`secret`, `personal`, `card` …) to be masked in inputs and outputs. */
  readonly mask: readonly string[];
  readonly sandbox: boolean;
  /** Millionths of a dollar that this one step may cost. */
  readonly costCeilingMicros?: number;
}

export const NO_OBLIGATIONS: Obligations = { approval: false, mask: [], sandbox: false };

/** How old a second factor may be where a policy demands one and says no age. */
export const DEFAULT_MFA_MAX_AGE_MS = 900_000;
const MASK = /^[a-z][a-z0-9-]{0,31}$/;
/** Classes one policy may name. */
const MAX_MASKS = 16;

/** Annotations of a policy as Cedar gives them; null where one has no value. */
export type Annotations = Readonly<Record<string, string | null>>;

/** The annotations that policies may have; others are refused, so that a misspelt demand is not silently none. */
export const KNOWN_ANNOTATIONS: ReadonlySet<string> = new Set([
  "id",
  "description",
  "clause",
  "obligation",
  "mfa_max_age",
  "mask",
  "cost_ceiling_micros",
]);

/**
 * What the annotations of a policy demand: `@obligation("approval mfa")` with `@mfa_max_age("15m")`, `@mask("secret, personal")`,
 * `@cost_ceiling_micros("500000")`.
 * @throws RangeError saying which annotation is wrong and how it is written
 */
export function obligationsIn(annotations: Annotations): Obligations {
  const kinds = words(annotations.obligation);
  const known = ["approval", "mfa", "mask", "sandbox", "cost_ceiling"];
  const unknown = kinds.find((kind) => !known.includes(kind));
  if (unknown !== undefined) throw new RangeError(`@obligation("${unknown}") is none of ${known.join(", ")}`);
  for (const [annotation, kind] of [
    ["mfa_max_age", "mfa"],
    ["mask", "mask"],
    ["cost_ceiling_micros", "cost_ceiling"],
  ] as const)
    if (annotations[annotation] !== undefined && !kinds.includes(kind))
      throw new RangeError(`@${annotation} says more of @obligation("${kind}"), which is not demanded`);
  return {
    approval: kinds.includes("approval"),
    sandbox: kinds.includes("sandbox"),
    mask: kinds.includes("mask") ? masksIn(annotations.mask) : [],
    ...(kinds.includes("mfa") ? { mfa: { maxAgeMs: ageIn(annotations.mfa_max_age) } } : {}),
    ...(kinds.includes("cost_ceiling") ? { costCeilingMicros: microsIn(annotations.cost_ceiling_micros) } : {}),
  };
}

/**
 * Where each obligation is seen to. A text that demands one elsewhere is refused: a demand that nobody meets would only look like safety.
 * A second factor is demanded at the gateway, and steps are refused where it is missing; the ceiling is held before a model is asked.
 */
const SEEN_TO = { approval: ["tool"], mask: ["tool"], sandbox: ["tool"], cost_ceiling: ["model"] } as const;

/** What is demanded of an action of which it is not seen to; undefined when all is. */
export function unseen(annotations: Annotations, actions: readonly string[]): string | undefined {
  for (const kind of words(annotations.obligation)) {
    const seen: readonly string[] | undefined = Object.entries(SEEN_TO).find(([name]) => name === kind)?.[1];
    if (seen !== undefined && !actions.every((action) => seen.includes(action)))
      return `@obligation("${kind}") is seen to for the action ${seen.join(", ")} alone; write action == Action::"${seen[0]}" in the head`;
  }
  return undefined;
}

/** The strictest of each kind. */
export function strictest(all: readonly Obligations[]): Obligations {
  const ages = all.flatMap(({ mfa }) => (mfa === undefined ? [] : [mfa.maxAgeMs]));
  const ceilings = all.flatMap(({ costCeilingMicros }) => (costCeilingMicros === undefined ? [] : [costCeilingMicros]));
  return {
    approval: all.some(({ approval }) => approval),
    sandbox: all.some(({ sandbox }) => sandbox),
    mask: [...new Set(all.flatMap(({ mask }) => mask))].sort(),
    ...(ages.length === 0 ? {} : { mfa: { maxAgeMs: Math.min(...ages) } }),
    ...(ceilings.length === 0 ? {} : { costCeilingMicros: Math.min(...ceilings) }),
  };
}

/** Obligations in the words that records, cases and answers have: `approval`, `mfa:900` (seconds), `mask:secret`, `sandbox`, `cost:500000`. */
export function obligationTexts({ approval, mfa, mask, sandbox, costCeilingMicros }: Obligations): string[] {
  return [
    ...(approval ? ["approval"] : []),
    ...(mfa === undefined ? [] : [`mfa:${mfa.maxAgeMs / 1_000}`]),
    ...mask.map((kind) => `mask:${kind}`),
    ...(sandbox ? ["sandbox"] : []),
    ...(costCeilingMicros === undefined ? [] : [`cost:${costCeilingMicros}`]),
  ];
}

function words(text: string | null | undefined): string[] {
  return (text ?? "").split(/[\s,]+/).filter((word) => word !== "");
}

function masksIn(text: string | null | undefined): string[] {
  const masks = words(text);
  if (masks.length === 0 || masks.length > MAX_MASKS || !masks.every((mask) => MASK.test(mask)))
    throw new RangeError(
      `@obligation("mask") needs @mask with 1 to ${MAX_MASKS} classes in small letters, as in @mask("secret, personal")`,
    );
  return masks;
}

function ageIn(text: string | null | undefined): number {
  if (text === undefined) return DEFAULT_MFA_MAX_AGE_MS;
  try {
    return durationMs(text ?? "");
  } catch {
    throw new RangeError('@mfa_max_age is written as in @mfa_max_age("15m")');
  }
}

function microsIn(text: string | null | undefined): number {
  const micros = /^\d{1,15}$/.test(text ?? "") ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(micros))
    throw new RangeError('@obligation("cost_ceiling") needs whole millionths of a dollar, as in @cost_ceiling_micros("500000")');
  return micros;
}
