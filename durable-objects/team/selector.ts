import { findAgent } from "../../workers/mao/agents.ts";
import { type Candidate, choiceByFit, chosenIn, nextInOrder, selectorQuestion } from "../../workers/mao/teams/speaker-choice.ts";
import { transcriptOf } from "../../workers/mao/teams/transcript.ts";
import type { ChatMessage } from "../../workers/models/client.ts";
import { ask } from "./ask.ts";
import { type Choose, followsRules, shownName, type Team } from "./team.ts";

/** A model chooses who speaks next, in a bounded number of attempts; rules do when there is no model. */
export function selector(team: Team): Choose {
  const hasRules = followsRules(team);
  return async () => {
    const last = team.messages.findLast((_, i) => i > 0)?.speaker;
    const isFree = (name: string) => team.input.allow_repeated_speaker || name !== last || team.members.length === 1;
    const candidates = team.members.filter(({ name }) => isFree(name));
    const [only] = candidates;
    if (only === undefined) return { kind: "end", reason: "nobody may speak" };
    if (candidates.length === 1) return { kind: "speak", speaker: only.name };
    const chosen = hasRules
      ? choiceByFit(team.messages, team.members, besidesPeople(team, candidates))
      : await chosenByModel(team, candidates, last);
    return chosen === undefined ? { kind: "wait" } : { kind: "speak", speaker: chosen.name };
  };
}

/** Rules cannot tell when a person is needed: one is asked only where nobody else may speak. */
function besidesPeople({ host }: Team, candidates: readonly Candidate[]): readonly Candidate[] {
  const others = candidates.filter(({ name }) => findAgent(host.agents, name).as !== "human");
  return others.length > 0 ? others : candidates;
}

/** @returns undefined when the run was stopped meanwhile */
async function chosenByModel(team: Team, candidates: readonly Candidate[], last: string | undefined): Promise<Candidate | undefined> {
  const question = selectorQuestion(team.input.selector_prompt, {
    members: team.members,
    candidates,
    history: transcriptOf(team.messages, shownName(team)),
  });
  const history: ChatMessage[] = [{ role: "user", text: question }];
  for (let attempt = 1; attempt <= team.input.max_selector_attempts; attempt += 1) {
    const answer = await ask(team, `${team.step}/s${team.messages.length}${attempt === 1 ? "" : `/a${attempt}`}`, history);
    if (answer === undefined) return undefined;
    const chosen = chosenIn(answer.text, team.members, candidates);
    if (typeof chosen !== "string") return chosen;
    history.push({ role: "assistant", text: answer.text, calls: [] }, { role: "user", text: chosen });
  }
  return nextInOrder(last, team.members, candidates);
}
