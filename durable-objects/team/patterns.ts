import { findAgent } from "../../workers/mao/agents.ts";
import { handoffsTo } from "../../workers/mao/teams/delegation.ts";
import { readyNodes } from "../../workers/mao/teams/flow.ts";
import { nextInOrder } from "../../workers/mao/teams/speaker-choice.ts";
import type { TeamMessage } from "../../workers/mao/teams/transcript.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { hierarchical } from "./hierarchical.ts";
import { magentic } from "./magentic.ts";
import { selector } from "./selector.ts";
import type { Choice, Choose, Team } from "./team.ts";

/** How a team of each pattern chooses what happens next. */
export function chooserOf(team: Team): Choose {
  switch (team.pattern) {
    case "round-robin":
      return async () => inTurn(team);
    case "selector":
      return selector(team);
    case "swarm":
      return async () => byHandoff(team);
    case "magentic":
      return magentic(team);
    case "hierarchical":
      return async () => hierarchical(team);
    case "graph":
      return async () => alongEdges(team);
    default:
      return team.pattern satisfies never;
  }
}

function inTurn(team: Team): Choice {
  const next = nextInOrder(lastSpeaker(team), team.members, team.members);
  return next === undefined ? { kind: "end", reason: "the team has no participant" } : { kind: "speak", speaker: next.name };
}

/** The word goes where it was handed to; the one who has it keeps it otherwise. */
function byHandoff(team: Team): Choice {
  const passed = team.messages.findLast((message) => message.handoff !== undefined);
  const speaker = passed?.handoff?.target ?? team.members[0]?.name ?? "";
  if (!team.members.some(({ name }) => name === speaker))
    return { kind: "end", reason: `${passed?.speaker ?? "the team"} handed over to ${speaker}, who is not in the team` };
  const agent = findAgent(team.host.agents, speaker);
  const targets = agent.as === "model" ? (agent.handoffs ?? []) : [];
  const known = targets.map((name) => team.members.find((member) => member.name === name) ?? { name, shown: name, description: "" });
  const handoffs = handoffsTo(known);
  const spoken = new Set([speaker, ...team.messages.map((message: TeamMessage) => message.speaker)]);
  return {
    kind: "speak",
    speaker,
    handoffs,
    due: handoffs.filter(({ target }) => team.members.some(({ name }) => name === target) && !spoken.has(target)),
  };
}

/** Nodes speak as the edges of the team's graph lead to them. */
function alongEdges(team: Team): Choice {
  const { nodes, start } = team.input;
  if (nodes === undefined) throw new Problem("invalid-graph", `The team ${team.step} is a graph and has no nodes.`);
  const missing = Object.entries(nodes).flatMap(([name, node]) =>
    node.edges.filter(({ to }) => !Object.hasOwn(nodes, to)).map(({ to }) => `${name} → ${to}`),
  );
  if (missing.length > 0)
    throw new Problem(
      "invalid-graph",
      `Edges of the team ${team.step} lead to nodes that do not exist: ${missing.slice(0, 5).join(", ")}.`,
    );
  const [node] = readyNodes(nodes, start, team.messages);
  return node === undefined
    ? { kind: "end", reason: "the graph has come to its end" }
    : { kind: "speak", speaker: nodes[node]?.agent ?? node, node };
}

function lastSpeaker(team: Team): string | undefined {
  return team.messages.findLast((_, i) => i > 0)?.speaker;
}
