import type { z } from "zod";
import { literalText } from "../expression.ts";
import type { graphSchema } from "../graph.ts";
import { collapsed, itemsOf, partsOf } from "./parts.ts";
import type { Pattern } from "./patterns.ts";

type GraphInput = z.input<typeof graphSchema>;
type Steps = GraphInput["steps"];

/** Rounds of writing and judging; the last draft is taken as it is. */
const REVIEW_ROUNDS = 3;
const DEBATE_TURNS = 6;
const TEAM_TURNS = 20;

/** Somebody who may take part, as whoever asks knows them. */
export interface Candidate {
  readonly name: string;
  readonly description: string;
  /** Address of an A2A agent card. */
  readonly card?: string | undefined;
}

/** The graph of a pattern for one request; every text of the request stands in it as it is. */
export function drawPattern(pattern: Pattern, request: string, candidates: readonly Candidate[]): GraphInput {
  const drawn = DRAWINGS[pattern](request, candidates);
  return { name: titleOf(request), ...drawn, agents: { ...agentsOf(candidates), ...drawn.agents } };
}

type Drawing = (request: string, candidates: readonly Candidate[]) => GraphInput;

const DRAWINGS: Readonly<Record<Pattern, Drawing>> = {
  "single-agent": single,
  "data-project": single,
  schedule: (request, candidates) => (partsOf(request).length > 1 ? sequence(request, candidates) : single(request, candidates)),
  sequence,
  approval,
  "fan-out": fanOut,
  "review-loop": reviewLoop,
  debate,
  hierarchy,
  handoff,
};

function single(request: string, candidates: readonly Candidate[]): GraphInput {
  const [first] = candidates;
  return {
    steps: { answer: { ...speakerOf(first), with: { goal: literalText(request) } } },
    outputs: { text: "${steps.answer.output.text}" },
  };
}

function sequence(request: string, candidates: readonly Candidate[]): GraphInput {
  const { steps, last } = chain(partsOf(request), request, candidates);
  return { steps, outputs: { text: `\${steps.${last}.output.text}` } };
}

/** Each part with what the part before it answered. */
function chain(parts: readonly string[], request: string, candidates: readonly Candidate[]): { steps: Steps; last: string } {
  const steps: Steps = {};
  let last = "answer";
  for (const [i, part] of parts.entries()) {
    const name = `step_${i + 1}`;
    const before = i === 0 ? {} : { context: { [last]: `\${steps.${last}.output.text}` } };
    const goal = parts.length === 1 ? part : `${part}\n\n(One step of: ${request})`;
    const needs = i === 0 ? [] : [last];
    steps[name] = {
      ...speakerOf(candidates[i % Math.max(1, candidates.length)]),
      title: shortened(part),
      needs,
      with: { goal: literalText(goal), ...before },
    };
    last = name;
  }
  return { steps, last };
}

/** The work, a person's word, and what may only follow it. */
function approval(request: string, candidates: readonly Candidate[]): GraphInput {
  const parts = partsOf(request).filter(
    (part, i, all) => all.length < 3 || i === 0 || !/^(?:ask|wait|get|check)\b.*\b(?:approv|confirm|sign|ok)/i.test(part),
  );
  const work = parts.length > 1 ? parts.slice(0, -1) : parts;
  const { steps, last } = chain(work, request, candidates);
  const final = parts.length > 1 ? (parts.at(-1) ?? "Finish it.") : "Finish what was approved.";
  steps.approval = {
    uses: "human:approve",
    title: "May it go on?",
    needs: [last],
    with: { prompt: `\${"May it go on? " + string(steps.${last}.output.text)}` },
  };
  steps.finish = {
    ...speakerOf(candidates[0]),
    title: shortened(final),
    needs: ["approval", last],
    with: { goal: literalText(final), context: { approved: `\${steps.${last}.output.text}` } },
  };
  return { steps, outputs: { text: "${steps.finish.output.text}" } };
}

function fanOut(request: string, candidates: readonly Candidate[]): GraphInput {
  const items = itemsOf(request);
  const worker = speakerOf(candidates[0]);
  const list: Steps = {
    list: {
      uses: "agent:analyst",
      title: "What it is to be done for",
      with: {
        goal: literalText(`Name the things that this is to be done for, and do nothing else: ${request}`),
        output_schema: { type: "object", properties: { items: { type: "array", items: { type: "string" } } }, required: ["items"] },
      },
    },
  };
  const each: Steps = {
    each: {
      ...worker,
      title: "For each",
      needs: items.length > 0 ? [] : ["list"],
      for_each: items.length > 0 ? items : "steps.list.output.data.items",
      on_item_error: "continue",
      max_parallel: 8,
      with: { goal: literalText(request), context: { item: "${item}", note: "Do it for this item alone." } },
    },
    together: {
      uses: "agent:analyst",
      title: "All together",
      needs: ["each"],
      with: { goal: literalText(`Put the results together into one answer to: ${request}`), context: { results: "${steps.each.output}" } },
    },
  };
  return { steps: items.length > 0 ? each : { ...list, ...each }, outputs: { text: "${steps.together.output.text}" } };
}

function reviewLoop(request: string, candidates: readonly Candidate[]): GraphInput {
  const [writer, reviewer] = candidates;
  const inner: GraphInput = {
    inputs: { draft: { type: "any", required: false, default: null }, remarks: { type: "any", required: false, default: null } },
    steps: {
      draft: {
        ...speakerOf(writer),
        title: "Write",
        with: { goal: literalText(request), context: { draft: "${inputs.draft}", remarks: "${inputs.remarks}" } },
      },
      review: {
        ...speakerOf(reviewer ?? writer),
        title: "Judge",
        needs: ["draft"],
        with: {
          goal: literalText(`Judge whether this draft is good enough for: ${request}`),
          context: { draft: "${steps.draft.output.text}" },
          output_schema: {
            type: "object",
            properties: { approved: { type: "boolean" }, remarks: { type: "string" } },
            required: ["approved", "remarks"],
          },
        },
      },
    },
    outputs: {
      text: "${steps.draft.output.text}",
      approved: "${steps.review.output.data.approved}",
      remarks: "${steps.review.output.data.remarks}",
    },
  };
  return {
    steps: {
      rounds: {
        uses: "run:inline",
        title: "Write and judge",
        with: { draft: "${iteration == 1 ? null : previous.text}", remarks: "${iteration == 1 ? null : previous.remarks}" },
        graph: inner,
        until: `output.approved == true || iteration >= ${REVIEW_ROUNDS}`,
        max_iterations: REVIEW_ROUNDS,
      },
    },
    outputs: { text: "${steps.rounds.output.text}", approved: "${steps.rounds.output.approved}" },
  };
}

function debate(request: string, candidates: readonly Candidate[]): GraphInput {
  const voices = membersOf(candidates, [
    { name: "advocate", description: "Speaks for it and gives the strongest reasons." },
    { name: "critic", description: "Speaks against it and finds what is weak." },
  ]);
  return {
    agents: agentsOf(voices),
    steps: {
      debate: {
        uses: "team:round-robin",
        title: "Debate",
        with: { agents: namesOf(voices), task: literalText(request), max_turns: Math.max(DEBATE_TURNS, voices.length * 2) },
      },
      verdict: {
        uses: "agent:analyst",
        title: "Verdict",
        needs: ["debate"],
        with: { goal: literalText(`Weigh what was said and answer: ${request}`), context: { debate: "${steps.debate.output.text}" } },
      },
    },
    outputs: { text: "${steps.verdict.output.text}" },
  };
}

function hierarchy(request: string, candidates: readonly Candidate[]): GraphInput {
  const workers = membersOf(candidates, [
    { name: "researcher", description: "Finds out what has to be known." },
    { name: "writer", description: "Writes what was found out for its readers." },
    { name: "reviewer", description: "Checks facts, gaps and wording." },
  ]);
  return team("hierarchical", workers, request);
}

function handoff(request: string, candidates: readonly Candidate[]): GraphInput {
  const members = membersOf(candidates, [
    { name: "triage", description: "Takes every request and hands it to whoever fits." },
    { name: "specialist", description: "Solves what needs special knowledge." },
  ]);
  return team("swarm", members, request);
}

function team(pattern: "hierarchical" | "swarm", members: readonly Candidate[], request: string): GraphInput {
  const agents = Object.fromEntries(
    Object.entries(agentsOf(members)).map(([name, agent]) => {
      const handoffs = namesOf(members).filter((other) => other !== name);
      return [name, pattern === "swarm" && agent.as === "model" ? { ...agent, handoffs } : agent];
    }),
  );
  const step = { uses: `team:${pattern}`, with: { agents: namesOf(members), task: literalText(request), max_turns: TEAM_TURNS } };
  return { agents, steps: { team: step }, outputs: { text: "${steps.team.output.text}" } };
}

/** A team has at least two. */
function membersOf(candidates: readonly Candidate[], usual: readonly Candidate[]): readonly Candidate[] {
  if (candidates.length >= 2) return candidates;
  const known = new Set(namesOf(candidates));
  return [...candidates, ...usual.filter(({ name }) => !known.has(name))];
}

function namesOf(candidates: readonly Candidate[]): string[] {
  return candidates.map(({ name }) => name);
}

function agentsOf(candidates: readonly Candidate[]) {
  return Object.fromEntries(
    candidates.map(({ name, description, card }) => {
      const said = { title: name, description: literalText(description) };
      return [
        name,
        card === undefined
          ? { as: "model" as const, ...said, instructions: literalText(description) }
          : { as: "a2a" as const, ...said, card },
      ];
    }),
  );
}

function speakerOf(candidate: Candidate | undefined): { uses: string } {
  if (candidate === undefined) return { uses: "agent:analyst" };
  return { uses: `${candidate.card === undefined ? "agent" : "a2a"}:${candidate.name}` };
}

function titleOf(request: string): string {
  return shortened(collapsed(request));
}

function shortened(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 99).toWellFormed()}…`;
}
