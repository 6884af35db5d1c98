import { Problem } from "../../workers/platform/problem.ts";
import type { Desk } from "./desk.ts";

/** What a person says to a step that waits for one. */
export interface StepAnswer {
  readonly decision?: "approve" | "refuse" | undefined;
  readonly text?: string | undefined;
  readonly by: string;
}

/**
 * Settles a step that waits for a person: an approval, an input, or a tool that may not run unasked. The first word counts.
 * @param step a task's name in the plan, or a step's name in the journal
 * @throws Problem `not-found` when there is none, `conflict` when it does not wait for a person, `invalid-request` when the answer is not of its kind
 */
export async function answerStep(desk: Desk, step: string, answer: StepAnswer): Promise<void> {
  const { journal } = desk.bench;
  const name = [`r${desk.state().round}/${step}`, `r${desk.state().round}/${step}#approval`, step].find(
    (candidate) => journal.record(candidate)?.on === "human" && journal.record(candidate)?.state === "waiting",
  );
  if (name === undefined) {
    const known = journal.record(step) ?? journal.record(`r${desk.state().round}/${step}`);
    if (known === undefined) throw new Problem("not-found", `The project has no step ${step} that waits for a person.`);
    throw new Problem("conflict", `Step ${step} is ${known.state} and does not wait for a person.`);
  }
  const { decision, text, by } = answer;
  const key = journal.keyOf(name);
  if (journal.record(name)?.uses === "human:input") {
    if (text === undefined) throw new Problem("invalid-request", `Step ${step} asks for a text.`);
    await journal.settle(name, key, { kind: "done", output: { text, by } });
    return;
  }
  if (decision === undefined) throw new Problem("invalid-request", `Step ${step} asks for a decision: approve or refuse.`);
  if (name.endsWith("#approval")) await journal.settle(name, key, { kind: "done", output: decision });
  else if (decision === "approve")
    await journal.settle(name, key, { kind: "done", output: { decision, by, ...(text === undefined ? {} : { text }) } });
  else
    await journal.settle(name, key, {
      kind: "failed",
      problem: new Problem("forbidden", `${by} refused this step${text === undefined ? "." : `: ${text}`}`),
    });
}
