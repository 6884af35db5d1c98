import type { ModelClient, ModelRequest } from "../../workers/models/client.ts";
import { systemClock } from "../../workers/platform/clock.ts";
import { newId } from "../../workers/platform/ids.ts";
import type { Turn } from "./session-view.ts";

/**
 * The model as a task of a project with a budget of its own may use it: the most that a call may take is held on the project's account before it is
 * made, and settled with what it took. A call that nobody settled, because the object died, counts as what was held for it.
 */
export function onProjectAccount(env: Env, model: ModelClient, { task }: Turn): ModelClient {
  if (task?.isBudgeted !== true) return model;
  const project = env.KAMACHIQ_PROJECT.getByName(task.parent);
  return {
    ...model,
    async *stream(request: ModelRequest) {
      const call = `${task.key}/${newId("request", systemClock.now())}`;
      await project.holdBudget({ call, key: task.step, micros: model.ceilingMicros(request), tokens: model.ceilingTokens(request) });
      let characters = 0;
      let taken = { micros: 0, tokens: 0 };
      try {
        for await (const part of model.stream(request)) {
          if (part.kind === "text") characters += part.text.length;
          else if (part.kind === "thinking") characters += part.characters;
          else if (part.kind === "end") taken = amountOf(part.usage);
          yield part;
        }
      } finally {
        if (taken.tokens === 0 && characters > 0) taken = amountOf(model.estimate(request, characters));
        await project.settleBudget({ call, ...taken });
      }
    },
  };
}

function amountOf({ inputTokens, outputTokens, costMicros }: { inputTokens: number; outputTokens: number; costMicros: number }) {
  return { micros: costMicros, tokens: inputTokens + outputTokens };
}
