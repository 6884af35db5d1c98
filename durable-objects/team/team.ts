import type { AgentDefinition } from "../../workers/mao/agent-definition.ts";
import { findAgent } from "../../workers/mao/agents.ts";
import type { Candidate } from "../../workers/mao/teams/speaker-choice.ts";
import type { TeamInput } from "../../workers/mao/teams/team-input.ts";
import { TASK_SPEAKER, type TeamMessage } from "../../workers/mao/teams/transcript.ts";
import type { ContextPart } from "../../workers/models/assignment.ts";
import { modelFor } from "../../workers/models/model-for.ts";
import type { Usage } from "../../workers/platform/recorded.ts";
import type { AgentHost } from "../agent-turn/agent-host.ts";
import type { Handoff } from "../agent-turn/turn-tools.ts";

export type Pattern = "round-robin" | "selector" | "swarm" | "magentic" | "hierarchical" | "graph";

/** A team at work. What it is, and what was said in it so far; the latter is read back from the journal after an interruption. */
export interface Team {
  readonly host: AgentHost;
  /** The name of its step: turns are recorded as `<step>/t<n>`. */
  readonly step: string;
  readonly pattern: Pattern;
  readonly input: TeamInput;
  /** Teams around this one. */
  readonly depth: number;
  readonly members: readonly Candidate[];
  /** What it was given to work with, beside the task. */
  readonly context: readonly ContextPart[];
  readonly messages: TeamMessage[];
  /** Lets a team talk to its end: how one of the participants, being a team itself, comes to its word. */
  readonly talk: (team: Team) => Promise<Ended | undefined>;
  /** What questions took that no participant was asked: who speaks next, how far it is. */
  readonly asked: Usage[];
}

/** How a team's conversation ended. */
export interface Ended {
  readonly reason: string;
  /** The answer, when one was given at the end; the last message otherwise. */
  readonly text: string;
}

/** What happens in the next turn. */
export type Choice =
  | {
      readonly kind: "speak";
      readonly speaker: string;
      /** What the speaker is asked in this turn; the conversation speaks for itself when nothing is. */
      readonly instruction?: string;
      readonly handoffs?: readonly Handoff[];
      /** Those of the handoffs that an engine which follows rules should use now. */
      readonly due?: readonly Handoff[];
      /** The node of a graph that speaks. */
      readonly node?: string;
      /** Overrides what is known of the speaker: a manager that was made for the team. */
      readonly agent?: AgentDefinition;
    }
  | { readonly kind: "end"; readonly reason: string; readonly text?: string }
  | { readonly kind: "wait" };

/** Chooses what happens after what was said. The same messages and recorded answers lead to the same choice, in whatever incarnation. */
export type Choose = () => Promise<Choice>;

/** The members of a team as others see them. */
export function membersOf(host: AgentHost, names: readonly string[]): Candidate[] {
  return names.map((name) => {
    const agent = findAgent(host.agents, name);
    return { name, shown: agent.title ?? name, description: agent.description ?? "" };
  });
}

/** A speaker's name as participants and models see it. */
export function shownName(team: Team): (speaker: string) => string {
  return (speaker) => (speaker === TASK_SPEAKER ? "Task" : (team.members.find(({ name }) => name === speaker)?.shown ?? speaker));
}

/** True when no language model chooses and plans for the team: rules do. */
export function followsRules(team: Team): boolean {
  return modelFor(team.host.env, team.input.model).engine === "embedded";
}
