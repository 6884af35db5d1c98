import type { ModelAgent } from "../../workers/mao/agent-definition.ts";
import type { Assignment } from "../../workers/models/assignment.ts";
import type { ChatMessage } from "../../workers/models/client.ts";
import { type Spoken, speak } from "../agent-turn/speak.ts";
import type { Team } from "./team.ts";

/**
 * Asks the team's own model something that no participant answers: who speaks next, how far the work is, what the result is. Recorded under
 * `step`, and what it took is counted to the team.
 * @param assignment the same question for an engine that follows rules
 * @returns undefined when the run was stopped meanwhile
 */
export async function ask(
  team: Team,
  step: string,
  history: readonly ChatMessage[],
  assignment: Assignment = { goal: "", context: [] },
): Promise<Spoken | undefined> {
  const { model } = team.input;
  const agent: ModelAgent = {
    as: "model",
    title: "the one who leads the conversation",
    instructions: "",
    tools: [],
    ...(model === undefined ? {} : { model }),
  };
  const spoken = await speak(team.host, { step, name: "lead", agent, assignment, history });
  if (spoken !== undefined) team.asked.push(spoken.usage);
  return spoken;
}
