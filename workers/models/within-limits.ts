import { Problem } from "../platform/problem.ts";
import type { ModelPart, ModelRequest } from "./client.ts";

/** Characters of text, reasoning and arguments in one answer. Its tokens are bounded too, but by the provider's word alone. */
export const MAX_ANSWER_CHARACTERS = 400_000;

export interface AnswerLimits {
  /** The model must send something within this time … */
  readonly firstPartMs: number;
  /** … and have ended within this. */
  readonly totalMs: number;
}

/**
 * Passes an answer on as long as it keeps within its limits, and ends the call when it does not.
 * @throws Problem `timeout` when nothing comes (another try may do better); `limit-exceeded` when it goes on too long or grows too large
 */
export async function* withinLimits(
  model: string,
  limits: AnswerLimits,
  request: ModelRequest,
  stream: (request: ModelRequest) => AsyncGenerator<ModelPart>,
): AsyncGenerator<ModelPart> {
  const watch = new Watch();
  const parts = stream({ ...request, signal: AbortSignal.any([request.signal, watch.signal]) });
  watch.set(
    limits.totalMs,
    () =>
      new Problem(
        "limit-exceeded",
        `The model ${model} was still answering after ${limits.totalMs / 1_000} s, which is all an answer may take.`,
      ),
  );
  const first = watch.set(
    limits.firstPartMs,
    () => new Problem("timeout", `The model ${model} sent nothing for ${limits.firstPartMs / 1_000} s.`),
  );
  let characters = 0;
  try {
    for (let next = await watch.race(parts.next()); !next.done; next = await watch.race(parts.next())) {
      clearTimeout(first);
      characters += sizeOf(next.value);
      if (characters > MAX_ANSWER_CHARACTERS)
        throw watch.end(new Problem("limit-exceeded", `The answer of ${model} has more than ${MAX_ANSWER_CHARACTERS} characters.`));
      yield next.value;
    }
  } finally {
    watch.end(new Problem("conflict", "The answer is not wanted any more."));
  }
}

function sizeOf(part: ModelPart): number {
  switch (part.kind) {
    case "text":
      return part.text.length;
    case "thinking":
      return part.characters;
    case "call":
    case "end":
      return 0;
    default:
      return part satisfies never;
  }
}

/** Timers over one piece of work: the first that fires ends it with its problem. */
class Watch {
  readonly #abort = new AbortController();
  readonly #timers: ReturnType<typeof setTimeout>[] = [];
  readonly #over: Promise<never>;

  constructor() {
    this.#over = new Promise((_, reject) => {
      this.signal.addEventListener("abort", () => reject(this.signal.reason), { once: true });
    });
    this.#over.catch(() => undefined);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  set(afterMs: number, problem: () => Problem): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => this.end(problem()), afterMs);
    this.#timers.push(timer);
    return timer;
  }

  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#over]);
  }

  /** Ends the work with this problem, unless it is over. */
  end(problem: Problem): Problem {
    for (const timer of this.#timers) clearTimeout(timer);
    if (!this.signal.aborted) this.#abort.abort(problem);
    return problem;
  }
}
