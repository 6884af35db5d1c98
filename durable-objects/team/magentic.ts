import {
  factsQuestion,
  finalQuestion,
  MAX_REPLANS,
  type Progress,
  planQuestion,
  progressFormat,
  progressIn,
  progressQuestion,
  stallsAfter,
} from "../../workers/mao/teams/magentic.ts";
import { choiceByFit } from "../../workers/mao/teams/speaker-choice.ts";
import { transcriptOf } from "../../workers/mao/teams/transcript.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { ask } from "./ask.ts";
import { type Choice, type Choose, followsRules, shownName, type Team } from "./team.ts";

/**
 * One leads: it writes down what is known and a plan, judges the progress before every turn, plans anew when there is none, and answers in the end. Its questions are
 * steps (`facts<n>`, `plan<n>`, `ledger<n>`, `final`), so that what it thought is what it goes on with after an interruption.
 */
export function magentic(team: Team): Choose {
  if (followsRules(team)) return async () => byFit(team);
  let plan: string | undefined;
  let plans = 0;
  let stalls = 0;
  return async () => {
    for (;;) {
      if (plan === undefined) {
        plans += 1;
        plan = await planned(team, plans);
      }
      if (plan === undefined) return { kind: "wait" };
      const progress = await judged(team, plan, plans);
      if (progress === undefined) return { kind: "wait" };
      if (progress.satisfied) return finalAnswer(team, "the request is answered");
      // The first judgement of a plan has nothing to judge yet.
      stalls = team.messages.length === 1 ? 0 : stallsAfter(stalls, progress);
      if (stalls < team.input.max_stalls) return nextOf(team, progress);
      if (plans > MAX_REPLANS) return finalAnswer(team, `no progress after ${plans} plans`);
      plan = undefined;
      stalls = 0;
    }
  };
}

/** Each participant once, the one who fits best first, and then what was said is put together. */
async function byFit(team: Team): Promise<Choice> {
  const spoken = new Set(team.messages.map(({ speaker }) => speaker));
  const silent = team.members.filter(({ name }) => !spoken.has(name));
  const next = choiceByFit(team.messages.slice(0, 1), team.members, silent);
  return next === undefined ? finalAnswer(team, "every participant has spoken") : { kind: "speak", speaker: next.name };
}

async function planned(team: Team, n: number): Promise<string | undefined> {
  const tried = n === 1 ? "" : transcriptOf(team.messages.slice(1), shownName(team));
  const facts = await ask(team, `${team.step}/facts${n}`, [{ role: "user", text: factsQuestion(taskOf(team), tried) }]);
  if (facts === undefined) return undefined;
  return (await ask(team, `${team.step}/plan${n}`, [{ role: "user", text: planQuestion(facts.text, team.members) }]))?.text;
}

async function judged(team: Team, plan: string, plans: number): Promise<Progress | undefined> {
  const text = progressQuestion(taskOf(team), plan, transcriptOf(team.messages.slice(1), shownName(team)));
  const schema = progressFormat(team.members);
  const form = `Answer with one JSON object that fits this JSON Schema, and with nothing else:\n${JSON.stringify(schema)}`;
  const step = `${team.step}/ledger${team.messages.length}${plans === 1 ? "" : `/p${plans}`}`;
  const answer = await ask(team, step, [{ role: "user", text: `${text}\n\n${form}` }], { goal: text, context: [], schema });
  if (answer === undefined) return undefined;
  const progress = progressIn(answer.data);
  if (progress === undefined) throw new Problem("model-failed", `The model did not say how far the team ${team.step} has come.`);
  return progress;
}

function nextOf(team: Team, { next_speaker, instruction }: Progress): Choice {
  const member = team.members.find(({ name, shown }) => shown === next_speaker || name === next_speaker);
  return member === undefined
    ? { kind: "end", reason: `${next_speaker} is not in the team` }
    : { kind: "speak", speaker: member.name, instruction };
}

async function finalAnswer(team: Team, reason: string): Promise<Choice> {
  const history = transcriptOf(team.messages.slice(1), shownName(team));
  const question = finalQuestion(team.input.final_answer_prompt, taskOf(team), history);
  const said = team.messages.slice(1).map(({ speaker, text }) => ({ from: shownName(team)(speaker), text }));
  const answer = await ask(team, `${team.step}/final`, [{ role: "user", text: question }], {
    goal: team.input.task,
    expectedOutput: team.input.expected_output,
    context: [...team.context, ...said],
  });
  return answer === undefined ? { kind: "wait" } : { kind: "end", reason, text: answer.text };
}

/** The task with all that the team was given. */
function taskOf(team: Team): string {
  return team.messages[0]?.text ?? team.input.task;
}
