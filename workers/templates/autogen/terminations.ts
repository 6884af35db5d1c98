import { z } from "zod";
import type { Termination } from "../../mao/termination.ts";
import { type Component, componentsIn, type Report } from "./component.ts";
import type { Names } from "./names.ts";

/** The signal that stands for AutoGen's `ExternalTermination.set()`. */
export const STOP_SIGNAL = "stop";

const sourcesSchema = z.array(z.string()).min(1);

/** The condition that a termination component is here; undefined when it has no counterpart, which is reported. */
export function terminationOf(component: Component, names: Names, report: Report): Termination | undefined {
  const condition = conditionOf(component, names, report);
  component.close();
  if (condition !== undefined && !("any" in condition) && !("all" in condition)) component.became(`until: ${JSON.stringify(condition)}`);
  return condition;
}

function conditionOf(component: Component, names: Names, report: Report): Termination | undefined {
  const to = "until";
  switch (component.kind) {
    case "OrTerminationCondition":
    case "AndTerminationCondition":
      return joined(component, names, report);
    case "MaxMessageTermination": {
      component.leave("include_agent_event", "messages are counted, not events inside a turn");
      const max = component.takeNumber("max_messages", to);
      return max === undefined ? undefined : { max_messages: Math.max(1, Math.round(max)) };
    }
    case "TextMentionTermination": {
      const text = component.takeText("text", to);
      const sources = sourcesSchema.safeParse(component.take("sources", to)).data?.map((name) => names.of(name));
      return text === undefined ? undefined : { text, ...(sources === undefined ? {} : { sources }) };
    }
    case "HandoffTermination": {
      const target = component.takeText("target", to);
      return target === undefined ? undefined : { handoff: names.of(target) };
    }
    case "TimeoutTermination": {
      const seconds = component.takeNumber("timeout_seconds", to);
      return seconds === undefined
        ? undefined
        : { timeout: Number.isInteger(seconds) ? `${seconds}s` : `${Math.round(seconds * 1_000)}ms` };
    }
    case "TokenUsageTermination":
      return tokens(component);
    case "SourceMatchTermination": {
      const sources = sourcesSchema.safeParse(component.take("sources", to)).data;
      return sources === undefined ? undefined : { source: sources.map((name) => names.of(name)) };
    }
    case "TextMessageTermination": {
      const source = component.takeText("source", to);
      return source === undefined ? { max_messages: 2 } : { source: [names.of(source)] };
    }
    case "ExternalTermination":
      return { external: STOP_SIGNAL };
    case "FunctionCallTermination": {
      const name = component.takeText("function_name", to);
      return name === undefined ? undefined : { function_call: name };
    }
    case "StopMessageTermination":
      component.lost("no participant here sends stop messages; a team ends by its other conditions");
      return undefined;
    default:
      component.lost(
        "this condition has no counterpart here; end the team by text, messages, turns, time, tokens, handoff, source, signal or call",
      );
      return undefined;
  }
}

function joined(component: Component, names: Names, report: Report): Termination | undefined {
  const conditions = componentsIn(component, "conditions", report).flatMap((inner) => {
    const condition = terminationOf(inner, names, report);
    return condition === undefined ? [] : [condition];
  });
  const [only] = conditions;
  if (conditions.length <= 1) return only;
  return component.kind.startsWith("Or") ? { any: conditions } : { all: conditions };
}

function tokens(component: Component): Termination | undefined {
  const limits = (
    [
      ["max_total_token", "total"],
      ["max_prompt_token", "input"],
      ["max_completion_token", "output"],
    ] as const
  ).flatMap(([member, of]): Termination[] => {
    const limit = component.takeNumber(member, "until");
    return limit === undefined ? [] : [{ tokens: Math.max(1, Math.round(limit)), of }];
  });
  const [only] = limits;
  return limits.length > 1 ? { any: limits } : only;
}
