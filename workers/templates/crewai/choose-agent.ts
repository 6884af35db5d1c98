import type { Part } from "./crew.ts";

/** Letters that words are compared by: `research`, `researcher` and `researching` are one. */
const STEM = 5;
/** Words in every second sentence, which tell nobody apart. */
const COMMON = new Set([
  "about",
  "agent",
  "based",
  "being",
  "expert",
  "final",
  "given",
  "great",
  "their",
  "there",
  "these",
  "those",
  "using",
  "which",
  "would",
]);

/**
 * The agent whose role, goal and backstory have most in common with a task: what the code of a crew says, its files leave open. Words that few
 * agents have count more, those of names and roles most.
 * @returns undefined when there is no agent
 */
export function agentFor(task: Part, agents: readonly Part[]): Part | undefined {
  const words = agents.map((agent) => wordsOf(agent, { strong: ["role"], weak: ["goal", "backstory"] }));
  const holders = new Map<string, number>();
  for (const known of words) for (const word of known.keys()) holders.set(word, (holders.get(word) ?? 0) + 1);
  const wanted = wordsOf(task, { strong: ["name"], weak: ["description", "expected_output"] });
  let best: { agent: Part; score: number } | undefined;
  for (const [i, agent] of agents.entries()) {
    let score = 0;
    for (const [word, weight] of words[i] ?? []) score += (weight * (wanted.get(word) ?? 0)) / (holders.get(word) ?? 1);
    // Whoever says more of himself has more words that could fit.
    score /= Math.sqrt(1 + (words[i]?.size ?? 0));
    if (score > (best?.score ?? -1)) best = { agent, score };
  }
  return best?.agent;
}

/** Words with what they weigh: once for a mention, thrice in a name or role. */
function wordsOf(part: Part, { strong, weak }: { strong: readonly string[]; weak: readonly string[] }): Map<string, number> {
  const weights = new Map<string, number>();
  const add = (text: string, weight: number) => {
    for (const word of text.toLowerCase().match(/[a-z0-9]{4,}/g) ?? [])
      if (!COMMON.has(word)) weights.set(word.slice(0, STEM), Math.max(weight, weights.get(word.slice(0, STEM)) ?? 0));
  };
  const textOf = (name: string) => {
    const value = part.attributes.get(name)?.value;
    return typeof value === "string" ? value : "";
  };
  for (const name of weak) add(textOf(name), 1);
  for (const name of strong) add(textOf(name), 3);
  add(part.key.replaceAll("_", " "), 3);
  return weights;
}
