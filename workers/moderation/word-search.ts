import { type PlainForm, plainForm } from "./plain-form.ts";

/** A node of the automaton. */
interface Node {
  readonly next: Map<string, number>;
  /** Where to go on when no letter fits: the longest ending of what was read that begins a word. */
  fail: number;
  /** Length of the longest word that ends here; 0 when none does. */
  length: number;
}

/** Finds words of a list in texts, as whole words, in one pass over the text however many there are (Aho and Corasick, 1975). */
export interface WordSearch {
  /** Stretches of the original text. */
  find(form: PlainForm): { readonly start: number; readonly end: number }[];
}

/** Prepares a search for these words or phrases; they are looked for in the plain form of texts, so that look-alike letters, marks and spaces do not hide them. */
export function wordSearch(words: readonly string[]): WordSearch {
  const nodes: Node[] = [{ next: new Map(), fail: 0, length: 0 }];
  for (const word of words) insert(nodes, plainForm(word).text.trim());
  linkFailures(nodes);
  return { find: (form) => matches(nodes, form) };
}

function insert(nodes: Node[], word: string): void {
  if (word === "") return;
  let at = 0;
  for (const letter of word) {
    const node = nodes[at];
    let next = node?.next.get(letter);
    if (next === undefined) {
      next = nodes.push({ next: new Map(), fail: 0, length: 0 }) - 1;
      node?.next.set(letter, next);
    }
    at = next;
  }
  const end = nodes[at];
  if (end !== undefined) end.length = word.length;
}

/** Breadth first: a node's failure link is shorter than itself, and so known by then. */
function linkFailures(nodes: Node[]): void {
  const queue = [...(nodes[0]?.next.values() ?? [])];
  for (let i = 0; i < queue.length; i += 1) {
    const node = nodes[queue[i] ?? 0];
    if (node === undefined) continue;
    for (const [letter, child] of node.next) {
      queue.push(child);
      const target = nodes[child];
      if (target === undefined) continue;
      target.fail = step(nodes, node.fail, letter);
      target.length = Math.max(target.length, nodes[target.fail]?.length ?? 0);
    }
  }
}

function step(nodes: readonly Node[], from: number, letter: string): number {
  for (let at = from; ; at = nodes[at]?.fail ?? 0) {
    const next = nodes[at]?.next.get(letter);
    if (next !== undefined) return next;
    if (at === 0) return 0;
  }
}

function matches(nodes: readonly Node[], { text, places }: PlainForm): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  let at = 0;
  let unit = 0;
  for (const letter of text) {
    at = step(nodes, at, letter);
    unit += letter.length;
    for (let node = at; node !== 0; node = nodes[node]?.fail ?? 0) {
      const own = nodes[node];
      const start = unit - (own?.length ?? 0);
      if (own === undefined || own.length === 0) break;
      if (isEdge(text, start - 1) && isEdge(text, unit)) {
        found.push({ start: places[start] ?? 0, end: endOf(places, unit) });
        break;
      }
    }
  }
  return found;
}

function isEdge(text: string, at: number): boolean {
  return at < 0 || at >= text.length || text[at] === " ";
}

/** Where the character before this place ends in the original. */
function endOf(places: readonly number[], unit: number): number {
  const last = places[unit - 1] ?? 0;
  let next = unit;
  while (next < places.length - 1 && places[next] === last) next += 1;
  return places[next] ?? last + 1;
}
