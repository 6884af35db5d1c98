import type { DatasetProfile } from "../tools/data/profile.ts";
import type { Filter } from "../tools/data/sql-text.ts";
import { type Grounding, groundGoal } from "./ground-goal.ts";
import type { DocumentSummary } from "./planner.ts";
import { type Hints, NO_HINTS, readGoal } from "./reading.ts";

/** One thing that a brief asks for, with what a person settled about it since. */
export interface Wish {
  /** The brief's own words. */
  readonly text: string;
  /** What is read instead, when an answer put it in other words. */
  readonly reworded?: string | undefined;
  readonly hints: Hints;
  /** Why it is left out; absent while it is wanted. */
  readonly leftOut?: string | undefined;
}

/** What wishes are matched to. */
export interface Material {
  readonly datasets: readonly DatasetProfile[];
  readonly documents: readonly DocumentSummary[];
}

export function wish(text: string, filters: readonly Filter[] = []): Wish {
  return { text, hints: { ...NO_HINTS, filters } };
}

/** The best match of a wish over all tables, or the documents when no table knows a word of it. */
export function groundWish(wanted: Wish, material: Material): Grounding {
  const text = wanted.reworded ?? wanted.text;
  const named = material.datasets.filter((dataset) => text.toLowerCase().includes(dataset.source.toLowerCase()));
  const candidates = material.datasets.filter(
    (dataset) => (wanted.hints.source ?? dataset.source) === dataset.source && (named.length === 0 || named.includes(dataset)),
  );
  const stripped = named.reduce((rest, dataset) => withoutName(rest, dataset.source), text);
  const [only] = candidates;
  if (isOverview(stripped) && candidates.length === 1 && only !== undefined) return described(only);
  return inPieces(stripped, (piece) => overAll(piece, candidates, wanted.hints, material));
}

/** The best match of one piece over all tables. */
function overAll(text: string, candidates: readonly DatasetProfile[], hints: Hints, material: Material): Grounding {
  const attempts = candidates.map((dataset) => ({ dataset, grounding: groundGoal(text, dataset, hints) }));
  const sorted = [...attempts].sort(
    (a, b) => Number(b.grounding.kind === "tasks") - Number(a.grounding.kind === "tasks") || b.grounding.score - a.grounding.score,
  );
  const [best, second] = sorted;
  if (best === undefined || (best.grounding.kind === "question" && best.grounding.known === 0 && material.documents.length > 0))
    return material.documents.length > 0 ? fromDocuments(text) : noData(text);
  if (best.grounding.kind === "tasks" && second?.grounding.kind === "tasks" && second.grounding.score === best.grounding.score)
    return whichFile(text, [best.dataset, second.dataset]);
  return best.grounding.kind === "tasks" ? best.grounding : (acrossFiles(text, best, attempts) ?? best.grounding);
}

function withoutName(text: string, name: string): string {
  const at = text.toLowerCase().indexOf(name.toLowerCase());
  return at < 0
    ? text
    : `${text.slice(0, at).replace(/\b(?:in|from|of|for) (?:the )?(?:file )?["']?$/i, "")}${text.slice(at + name.length).replace(/^["']/, "")}`.trim();
}

const JOINT = /,?\s+(?:and|as well as|plus|then)\s+|;\s*|,\s+/i;
const OWN_SHAPE =
  /\b(by|per|for each|for every|across|over time|top|bottom|trend|distribution|correlat\w*|relat\w*|which|how (?:many|much)|highest|lowest|largest|smallest|\w{3,}est)\b/i;
const MAX_PIECES = 6;

/**
 * A sentence may hold several wishes: "mass by species and length by island". It is cut where each piece has a shape of its own and
 * is understood by itself; otherwise it is one.
 */
function inPieces(text: string, ground: (piece: string) => Grounding): Grounding {
  const pieces = text.split(JOINT).filter((piece) => piece.trim() !== "");
  const isCut = pieces.length > 1 && pieces.length <= MAX_PIECES && pieces.every((piece) => OWN_SHAPE.test(piece));
  if (!isCut) return ground(text);
  const grounded = pieces.map(ground);
  const tasks = grounded.flatMap((piece) => (piece.kind === "tasks" ? piece.tasks : []));
  if (grounded.every((piece) => piece.kind === "tasks")) {
    const notUnderstood = grounded.flatMap((piece) => (piece.kind === "tasks" ? piece.notUnderstood : []));
    const sum = (of: (piece: Grounding) => number) => grounded.reduce((total, piece) => total + of(piece), 0);
    return { kind: "tasks", tasks, notUnderstood, known: sum(({ known }) => known), score: sum(({ score }) => score) };
  }
  const open = grounded.find((piece) => piece.kind === "question");
  const wholly = ground(text);
  const kinds = pieces.filter((piece) =>
    /\b(trend|over time|top|bottom|distribution|correlat\w*|which|how (?:many|much))\b/i.test(piece),
  ).length;
  return wholly.kind === "tasks" && kinds >= 2 && open !== undefined ? open : wholly;
}

function isOverview(text: string): boolean {
  return /\b(overview|describe (?:the|this|all) (?:data\w*|file|table|rows)|summari[sz]e (?:the|this) (?:data\w*|file|table)|what (?:is|does) (?:in )?the data(?: hold| contain)?|explore (?:the|this) (?:attached |given )?data|analy[sz]e (?:the|this) (?:(?:attached|given|following|enclosed) )?(?:data|file|dataset|table))\s*[.?!]?\s*$/i.test(
    text,
  );
}

function described(dataset: DatasetProfile): Grounding {
  return { kind: "tasks", tasks: [{ capsule: "describe@^1", inputs: { table: dataset.table } }], notUnderstood: [], known: 1, score: 1 };
}

function fromDocuments(text: string): Grounding {
  return {
    kind: "tasks",
    tasks: [{ capsule: "answer-from-documents@^1", inputs: { question: text.slice(0, 2_000) } }],
    notUnderstood: [],
    known: 0,
    score: 0,
  };
}

function noData(text: string): Grounding {
  return {
    kind: "question",
    question: { about: text, question: "Which data is this about?", choices: [] },
    unread: [],
    known: 0,
    score: 0,
  };
}

function whichFile(text: string, datasets: readonly DatasetProfile[]): Grounding {
  const choices = datasets.map(({ source }) => source);
  return {
    kind: "question",
    question: { about: text, question: `Which file is meant: ${choices.join(" or ")}?`, choices },
    unread: [],
    known: 1,
    score: 0,
  };
}

interface Attempt {
  readonly dataset: DatasetProfile;
  readonly grounding: Grounding;
}

/** A wish whose words are spread over two tables: an analysis reads one. */
function acrossFiles(text: string, best: Attempt, attempts: readonly Attempt[]): Grounding | undefined {
  const unread = best.grounding.kind === "question" ? best.grounding.unread : [];
  if (unread.length === 0) return undefined;
  const other = attempts.find(
    ({ dataset }) => dataset !== best.dataset && unread.some((word) => !readGoal(text, dataset).unread.some((left) => left.text === word)),
  );
  if (other === undefined) return undefined;
  const elsewhere = unread.filter((word) => !readGoal(text, other.dataset).unread.some((left) => left.text === word));
  const said = elsewhere.map((word) => `“${word}”`).join(", ");
  const question = `${said} is in ${other.dataset.source}, and the rest is in ${best.dataset.source}. An analysis reads one table: attach the two joined, or say which should be used alone.`;
  return {
    ...best.grounding,
    kind: "question",
    question: { about: text, question, choices: [best.dataset.source, other.dataset.source, "leave it out"] },
    unread,
  };
}
