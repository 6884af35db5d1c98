import { closest } from "../../models/closeness.ts";
import type { TeamMessage } from "./transcript.ts";

/** Someone who could speak next. */
export interface Candidate {
  readonly name: string;
  /** The name a model sees. */
  readonly shown: string;
  readonly description: string;
}

const SELECTOR_PROMPT = `You choose who speaks next in a conversation. The participants are:
{roles}

Read the conversation and choose the next one from {participants}. Answer with the name alone.

{history}`;

/** The question to a model who speaks next, as `{roles}`, `{participants}` and `{history}` are filled into the prompt. */
export function selectorQuestion(
  prompt: string | undefined,
  { members, candidates, history }: { members: readonly Candidate[]; candidates: readonly Candidate[]; history: string },
): string {
  const values: Record<string, string> = {
    roles: members.map(({ shown, description }) => `${shown}: ${description}`.replace(/\s+/g, " ").trim()).join("\n"),
    participants: JSON.stringify(candidates.map(({ shown }) => shown)),
    history,
  };
  return (prompt ?? SELECTOR_PROMPT).replace(/\{(roles|participants|history)\}/g, (whole, key: string) => values[key] ?? whole);
}

/** The one candidate that an answer names, or what is wrong with it in words that help to mend it. */
export function chosenIn(answer: string, members: readonly Candidate[], candidates: readonly Candidate[]): Candidate | string {
  const named = members.filter(({ name, shown }) => mentions(answer, name) || mentions(answer, shown));
  const names = JSON.stringify(candidates.map(({ shown }) => shown));
  if (named.length === 0) return `No participant was named. Choose one of ${names} and answer with the name alone.`;
  if (named.length > 1) return `More than one participant was named. Choose only one of ${names} and answer with the name alone.`;
  const [one] = named;
  const chosen = candidates.find(({ name }) => name === one?.name);
  return chosen ?? `${one?.shown ?? "This one"} may not speak twice in a row. Choose one of ${names} and answer with the name alone.`;
}

/** A name as a word of its own; an underscore may be a space, or be escaped. */
function mentions(text: string, name: string): boolean {
  const forms = [name, name.replaceAll("_", " "), name.replaceAll("_", "\\_")].map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${forms.join("|")})(?![\\p{L}\\p{N}_-])`, "u").test(text);
}

/**
 * Who speaks next without a language model: of those who have not spoken yet the one whose description fits the last message best; when none fits, or all
 * have spoken, the next in order.
 */
export function choiceByFit(
  messages: readonly TeamMessage[],
  members: readonly Candidate[],
  candidates: readonly Candidate[],
): Candidate | undefined {
  const spoken = new Set(messages.map(({ speaker }) => speaker));
  const silent = candidates.filter(({ name }) => !spoken.has(name));
  const fitting = closest(messages.at(-1)?.text ?? "", silent, ({ description }) => description);
  return fitting ?? silent[0] ?? nextInOrder(messages.at(-1)?.speaker, members, candidates);
}

/** The first candidate after the last speaker, in the order of the members. */
export function nextInOrder(
  last: string | undefined,
  members: readonly Candidate[],
  candidates: readonly Candidate[],
): Candidate | undefined {
  const at = members.findIndex(({ name }) => name === last);
  const order = [...members.slice(at + 1), ...members.slice(0, at + 1)];
  return order.find(({ name }) => candidates.some((candidate) => candidate.name === name));
}
