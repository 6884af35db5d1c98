import { z } from "zod";
import type { Json } from "../platform/canonical-json.ts";
import type { EventData, LoggedEvent } from "../platform/events.ts";

/** Something a person is asked; `id` is the step that waits, and names the answer. */
export interface Question {
  readonly id: string;
  readonly kind: "approval" | "text" | "unknown-outcome";
  readonly prompt: string;
  /** What would run. */
  readonly uses: string;
  /** The call of a model that it belongs to. */
  readonly call?: string | undefined;
}

/** What happens in a turn or a run, as front ends see it: the events of the log, told without how the engine works. */
export type Beat =
  | { readonly kind: "step-started"; readonly step: string; readonly title: string; readonly isRound: boolean }
  | { readonly kind: "step-ended"; readonly step: string; readonly state: "done" | "failed" | "skipped"; readonly isRound: boolean }
  | { readonly kind: "text"; readonly message: string; readonly text: string }
  | { readonly kind: "text-ended"; readonly message: string }
  /** What was said in this message so far does not count: the model is asked anew. */
  | { readonly kind: "text-void"; readonly message: string }
  | { readonly kind: "said"; readonly message: string; readonly speaker: string; readonly text: string }
  | { readonly kind: "called"; readonly call: string; readonly name: string; readonly input: Json; readonly message: string }
  | { readonly kind: "call-ended"; readonly call: string; readonly output: Json }
  | { readonly kind: "call-failed"; readonly call: string; readonly problem: { readonly type: string; readonly detail: string } }
  | { readonly kind: "asked"; readonly question: Question }
  | { readonly kind: "answered"; readonly question: Question; readonly isRefused: boolean; readonly answer: Json }
  | { readonly kind: "completed"; readonly result: Json; readonly usage: EventData["turn.completed"]["usage"] | undefined }
  | { readonly kind: "failed"; readonly problem: { readonly type: string; readonly detail: string } }
  | { readonly kind: "cancelled" };

const modelOutputSchema = z.object({
  calls: z.array(z.object({ name: z.string(), input: z.custom<Json>((value) => value !== undefined) })),
});

/** Steps of which a story knows that they run; what comes after this many is told without its beginning. */
const MAX_OPEN = 20_000;

/**
 * Reads the events of a turn or a run one after the other and says what each means to a front end. It keeps only what later events need to be
 * understood: the same events give the same story, from whichever reader they come.
 */
export class Story {
  /** Model rounds that go on, by step; the newest last. */
  readonly #rounds = new Map<string, { isSpoken: boolean }>();
  readonly #calls = new Set<string>();
  readonly #steps = new Set<string>();
  readonly #questions = new Map<string, Question>();
  readonly #seenRounds = new Set<string>();

  /** What is asked and not answered yet. */
  get questions(): readonly Question[] {
    return [...this.#questions.values()];
  }

  tell(event: LoggedEvent): Beat[] {
    switch (event.type) {
      case "step.intended":
        return this.#begin(event.data.step, event.data.uses, event.data.title);
      case "step.done":
        return this.#done(event.data);
      case "step.failed":
        return event.data.final ? this.#failed(event.data.step, event.data.problem) : [];
      case "step.skipped":
        return this.#skipped(event.data);
      case "step.waiting":
        return event.data.on === "human"
          ? this.#ask(waitingQuestion(event.data))
          : this.#begin(event.data.step, event.data.uses, event.data.title);
      case "step.unknown":
        return this.#ask(unknownQuestion(event.data.step));
      case "step.reset":
        return this.#answer(event.data.step, false, "approve");
      case "turn.delta":
        return this.#speak(event.data.turn, event.data.text);
      case "step.delta":
        return this.#speak(event.data.step, event.data.text);
      case "turn.restarted":
        return this.#void(event.data.turn);
      case "step.restarted":
        return this.#void(event.data.step);
      case "team.message":
        return [
          { kind: "said", message: `${event.data.step}/t${event.data.turn}/said`, speaker: event.data.speaker, text: event.data.text },
        ];
      case "turn.completed":
        return [{ kind: "completed", result: null, usage: event.data.usage }];
      case "turn.failed":
        return event.data.problem.type === "session-closed" ? [{ kind: "cancelled" }] : [{ kind: "failed", problem: event.data.problem }];
      case "run.completed":
        return [{ kind: "completed", result: event.data.output ?? null, usage: undefined }];
      case "run.failed":
        return [{ kind: "failed", problem: event.data.problem }];
      case "run.cancelled":
        return [{ kind: "cancelled" }];
      default:
        return [];
    }
  }

  #begin(step: string, uses: string, title: string | undefined): Beat[] {
    if (uses.startsWith("model:")) {
      if (this.#rounds.has(step)) return [];
      this.#rounds.set(step, { isSpoken: false });
      this.#seenRounds.add(step);
      return [{ kind: "step-started", step, title: uses, isRound: true }];
    }
    if (this.#calls.has(step) || this.#steps.has(step) || this.#steps.size >= MAX_OPEN || step.includes("#")) return [];
    this.#steps.add(step);
    return [{ kind: "step-started", step, title: title ?? step, isRound: false }];
  }

  #done(data: EventData["step.done"]): Beat[] {
    const { step } = data;
    const output: Json = data.output ?? (data.reference === undefined ? null : { reference: { ...data.reference } });
    if (this.#questions.has(step)) return [...this.#answer(step, output === "refuse", output), ...this.#end(step, "done")];
    const round = this.#rounds.get(step);
    if (round !== undefined || data.uses?.startsWith("model:") === true) return this.#endRound(step, output);
    if (this.#calls.delete(step)) return [{ kind: "call-ended", call: step, output }];
    return [...this.#begin(step, data.uses ?? "", data.title), ...this.#end(step, "done")];
  }

  #endRound(step: string, output: Json): Beat[] {
    const isSpoken = this.#rounds.get(step)?.isSpoken === true;
    this.#rounds.delete(step);
    const calls = modelOutputSchema.safeParse(output).data?.calls ?? [];
    const called = calls.map(({ name, input }, i): Beat => {
      const call = `${step}/c${i + 1}`;
      this.#calls.add(call);
      return { kind: "called", call, name, input, message: step };
    });
    return [
      ...(isSpoken ? [{ kind: "text-ended", message: step } as const] : []),
      ...called,
      { kind: "step-ended", step, state: "done", isRound: true },
    ];
  }

  #failed(step: string, problem: { type: string; detail: string }): Beat[] {
    if (this.#questions.has(step)) return [...this.#answer(step, true, problem), ...this.#end(step, "failed")];
    const round = this.#rounds.get(step);
    if (round !== undefined) {
      this.#rounds.delete(step);
      return [
        ...(round.isSpoken ? [{ kind: "text-ended", message: step } as const] : []),
        { kind: "step-ended", step, state: "failed", isRound: true },
      ];
    }
    if (this.#calls.delete(step)) return [{ kind: "call-failed", call: step, problem }];
    return [...this.#begin(step, "", undefined), ...this.#end(step, "failed")];
  }

  #skipped({ step, reason }: { step: string; reason: string }): Beat[] {
    if (this.#calls.delete(step)) return [{ kind: "call-failed", call: step, problem: { type: "skipped", detail: reason } }];
    return [...this.#begin(step, "", undefined), ...this.#end(step, "skipped")];
  }

  #end(step: string, state: "done" | "failed" | "skipped"): Beat[] {
    return this.#steps.delete(step) ? [{ kind: "step-ended", step, state, isRound: false }] : [];
  }

  #ask(question: Question): Beat[] {
    if (this.#questions.has(question.id)) return [];
    const call = [...this.#calls].find((name) => isPartOf(question.id, name));
    const asked = call === undefined ? question : { ...question, call };
    this.#questions.set(question.id, asked);
    return [{ kind: "asked", question: asked }];
  }

  #answer(step: string, isRefused: boolean, answer: Json): Beat[] {
    const question = this.#questions.get(step);
    if (question === undefined) return [];
    this.#questions.delete(step);
    return [{ kind: "answered", question, isRefused, answer }];
  }

  /** Text of the newest round of a turn or step; one whose beginning was not told is begun. */
  #speak(owner: string, text: string): Beat[] {
    const open = [...this.#rounds.keys()].findLast((step) => isPartOf(step, owner));
    const step = open ?? `${owner}/m${[...this.#seenRounds].filter((seen) => isPartOf(seen, owner)).length + 1}`;
    const begun = open === undefined ? this.#begin(step, "model:", undefined) : [];
    this.#rounds.set(step, { isSpoken: true });
    return [...begun, { kind: "text", message: step, text }];
  }

  #void(owner: string): Beat[] {
    const step = [...this.#rounds].findLast(([name, { isSpoken }]) => isSpoken && isPartOf(name, owner))?.[0];
    if (step === undefined) return [];
    this.#rounds.set(step, { isSpoken: false });
    return [{ kind: "text-void", message: step }];
  }
}

function isPartOf(step: string, owner: string): boolean {
  return step === owner || step.startsWith(`${owner}/`) || step.startsWith(`${owner}#`);
}

function waitingQuestion({ step, uses, prompt, title }: EventData["step.waiting"]): Question {
  return { id: step, kind: uses === "human:input" ? "text" : "approval", prompt: prompt ?? title ?? `May ${step} go on?`, uses };
}

function unknownQuestion(step: string): Question {
  const prompt = "It is not known whether this took effect before an interruption. Approve to run it again, refuse to go on without it.";
  return { id: step, kind: "unknown-outcome", prompt, uses: step };
}
