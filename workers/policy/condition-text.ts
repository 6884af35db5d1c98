import type { Condition, Constant } from "./condition.ts";

/** A condition in Cedar's words, for people: what it does not read is told by what it is. */
export function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case "constant":
      return constantText(condition.value);
    case "attribute":
      return condition.name;
    case "has":
      return `${condition.name.slice(0, condition.name.indexOf("."))} has ${condition.name.slice(condition.name.indexOf(".") + 1)}`;
    case "compare":
      return condition.by.startsWith("contains")
        ? `${conditionText(condition.left)}.${condition.by}(${conditionText(condition.right)})`
        : `${inner(condition.left)} ${condition.by} ${inner(condition.right)}`;
    case "like":
      return `${inner(condition.arg)} like ${JSON.stringify(condition.pattern.map((part) => part ?? "*").join(""))}`;
    case "isEmpty":
      return `${inner(condition.arg)}.isEmpty()`;
    case "set":
      return `[${condition.items.map(conditionText).join(", ")}]`;
    case "not":
      return `!${inner(condition.arg)}`;
    case "and":
    case "or":
      return `${inner(condition.left)} ${condition.kind === "and" ? "&&" : "||"} ${inner(condition.right)}`;
    case "if":
      return `if ${conditionText(condition.test)} then ${conditionText(condition.whenTrue)} else ${conditionText(condition.whenFalse)}`;
    case "other":
      return `(${condition.why})`;
  }
}

function inner(condition: Condition): string {
  const isPlain = ["constant", "attribute", "set", "other", "isEmpty"].includes(condition.kind);
  return isPlain ? conditionText(condition) : `(${conditionText(condition)})`;
}

function constantText(value: Constant): string {
  return typeof value === "object" ? `datetime(${JSON.stringify(new Date(value.instant).toISOString())})` : JSON.stringify(value);
}
