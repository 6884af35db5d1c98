import type { ModelAgent } from "../../workers/mao/agent-definition.ts";
import { modelAgent } from "../../workers/mao/agents.ts";
import { delegationsTo, MANAGER_INSTRUCTIONS } from "../../workers/mao/teams/delegation.ts";
import type { Choice, Team } from "./team.ts";

/** A manager of this name is made for a team that names none. */
const MANAGER = "manager";

/** A manager gives out work, one piece at a time, and answers when it has what it needs. */
export function hierarchical(team: Team): Choice {
  const manager = team.input.manager ?? MANAGER;
  const last = team.messages.at(-1);
  if (last?.speaker === manager) {
    const { handoff } = last;
    if (handoff === undefined) return { kind: "end", reason: "the manager has answered", text: last.text };
    return { kind: "speak", speaker: handoff.target, instruction: handoff.message === "" ? team.input.task : handoff.message };
  }
  const delegations = delegationsTo(team.members.filter(({ name }) => name !== manager));
  const hasReport = team.messages.some((message, i) => i > 0 && message.speaker !== manager);
  return { kind: "speak", speaker: manager, handoffs: delegations, due: hasReport ? [] : delegations, agent: managerOf(team) };
}

function managerOf({ host, input }: Team): ModelAgent {
  if (input.manager !== undefined) return modelAgent(host.agents, input.manager);
  const { model } = input;
  return { as: "model", title: "Manager", instructions: MANAGER_INSTRUCTIONS, tools: [], ...(model === undefined ? {} : { model }) };
}
