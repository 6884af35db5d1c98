import type { Hit } from "./hit.ts";
import { personalData } from "./personal-data.ts";
import { plainForm } from "./plain-form.ts";
import { promptInjection } from "./prompt-injection.ts";
import { MODERATION_ACTIONS, type ModerationAction, type ModerationClass, type ModerationPlace, type ModerationRule } from "./rule.ts";
import { secrets } from "./secrets.ts";
import { type WordSearch, wordSearch } from "./word-search.ts";

/** Text looked at in one piece. What is longer is looked at piece by piece, with an overlap in which anything that is found fits. */
const MAX_PIECE_CHARACTERS = 100_000;
const OVERLAP_CHARACTERS = 10_000;
/** Verdicts of one text that are told; masking holds for all. */
export const MAX_VERDICTS = 100;

/** A rule with where it stands: `constitution.<article>.<id>`, `overlay.<overlay>.<id>`. */
export interface NamedRule extends ModerationRule {
  readonly name: string;
}

/** What was found, and what becomes of it. Never the text that was found. */
export interface Verdict {
  readonly class: ModerationClass;
  readonly rule: string;
  readonly reason: string;
  readonly start: number;
  readonly end: number;
  readonly action: Exclude<ModerationAction, "allow">;
}

export interface Moderated {
  /** The strictest action of all verdicts; `allow` when there are none. */
  readonly action: ModerationAction;
  readonly verdicts: readonly Verdict[];
  /** The text with what is to be masked replaced by `[masked: <class>]`. */
  readonly text: string;
}

/** A check that is asked from outside, as a model is: behind the same port as those that come with the platform. */
export type Classifier = (text: string, place: ModerationPlace) => Promise<readonly Hit[]>;

/** Looks at texts by a set of rules. */
export interface Moderator {
  /** True when a rule looks at what passes there: where none does, nothing needs to be held back or read. */
  looksAt(place: ModerationPlace): boolean;
  moderate(place: ModerationPlace, text: string): Promise<Moderated>;
}

/** A moderator for these rules. @param classifier for the class `unsafe`; without it such rules find nothing */
export function moderatorOf(rules: readonly NamedRule[], classifier?: Classifier): Moderator {
  const prepared = rules.map((rule) => ({ rule, words: rule.words === undefined ? undefined : wordSearch(rule.words) }));
  const at = (place: ModerationPlace) => prepared.filter(({ rule }) => rule.on.includes(place));
  return {
    looksAt: (place) => at(place).length > 0,
    async moderate(place, text) {
      const asked = at(place);
      if (asked.length === 0 || text === "") return { action: "allow", verdicts: [], text };
      const verdicts: Verdict[] = [];
      for (const [offset, piece] of piecesOf(text))
        for (const verdict of await verdictsOf(asked, place, piece, classifier))
          verdicts.push({ ...verdict, start: verdict.start + offset, end: verdict.end + offset });
      return settled(text, distinct(verdicts));
    },
  };
}

interface PreparedRule {
  readonly rule: NamedRule;
  readonly words: WordSearch | undefined;
}

async function verdictsOf(
  asked: readonly PreparedRule[],
  place: ModerationPlace,
  text: string,
  classifier: Classifier | undefined,
): Promise<Verdict[]> {
  const classes: ReadonlySet<ModerationClass | undefined> = new Set(asked.map(({ rule }) => rule.class));
  const wants = (...names: ModerationClass[]) => names.some((name) => classes.has(name));
  const form = wants("prompt-injection") || asked.some(({ words }) => words !== undefined) ? plainForm(text) : undefined;
  const hits: Hit[] = [
    ...(wants("secret") ? await secrets(text) : []),
    ...(wants("payment-card", "iban", "us-ssn", "national-id", "email", "phone", "ip-address") ? personalData(text) : []),
    ...(wants("prompt-injection") ? promptInjection(text, form) : []),
    ...(wants("unsafe") && classifier !== undefined ? await classifier(text, place) : []),
  ];
  return asked.flatMap(({ rule, words }) => {
    const own = words === undefined || form === undefined ? hits.filter((hit) => hit.class === rule.class) : words.find(form).map(wordHit);
    return own.map((hit) => ({ ...hit, rule: rule.name, action: rule.action }));
  });
}

function wordHit({ start, end }: { start: number; end: number }): Hit {
  return { class: "word", start, end, reason: "a word of the rule's list" };
}

function* piecesOf(text: string): Generator<readonly [number, string]> {
  for (let from = 0; from === 0 || from + OVERLAP_CHARACTERS < text.length; from += MAX_PIECE_CHARACTERS - OVERLAP_CHARACTERS)
    yield [from, text.slice(from, from + MAX_PIECE_CHARACTERS)];
}

/** What the overlap of two pieces shows twice is one verdict. */
function distinct(verdicts: readonly Verdict[]): Verdict[] {
  return [...new Map(verdicts.map((verdict) => [`${verdict.rule}/${verdict.start}/${verdict.end}`, verdict])).values()].sort(
    (a, b) => a.start - b.start || b.end - a.end,
  );
}

function settled(text: string, verdicts: readonly Verdict[]): Moderated {
  const action = MODERATION_ACTIONS.findLast((candidate) => verdicts.some((verdict) => verdict.action === candidate)) ?? "allow";
  let masked = "";
  let at = 0;
  for (const verdict of verdicts) {
    if (verdict.action !== "mask" || verdict.end <= at) continue;
    // What overlaps is masked as one stretch, so that no part of either shows.
    masked += verdict.start < at ? "" : `${text.slice(at, verdict.start)}[masked: ${verdict.class}]`;
    at = verdict.end;
  }
  return { action, verdicts: verdicts.slice(0, MAX_VERDICTS), text: masked + text.slice(at) };
}
