import { type Scope, stepsReadBy } from "../../workers/mao/expression.ts";
import { BLOCKED_REASON, DEAD_REASON, type Ending, type StepStatus } from "../../workers/mao/next-steps.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { StepRecord } from "../journal/step-record.ts";
import type { GraphHost, GraphRun } from "./graph-run.ts";

/** What the expressions of one step may read at once: they and what is made of them are in memory together. */
const MAX_SCOPE_CHARACTERS = 8_388_608;
const VOLATILE = /\b(signals|updates)\b/;

/** What only the expressions of one unit see: `item`, `index`, `iteration`, `previous`, `output`. */
export type Locals = Readonly<Record<string, Json>>;

/** The values that these expressions read, and no others: outputs may be large. @throws Problem `limit-exceeded` */
export async function scopeFor(host: GraphHost, run: GraphRun, expressions: readonly string[], locals: Locals): Promise<Scope> {
  const steps: Record<string, Json> = {};
  let characters = 0;
  for (const name of new Set(expressions.flatMap(stepsReadBy))) {
    const record = host.journal.record(run.prefix + name);
    characters += record?.rowCharacters ?? record?.reference?.bytes ?? 0;
    if (characters > MAX_SCOPE_CHARACTERS)
      throw new Problem(
        "limit-exceeded",
        `What the step reads is longer than ${MAX_SCOPE_CHARACTERS} characters; read less of it at once.`,
      );
    steps[name] = { output: record?.state === "done" ? await host.journal.output(run.prefix + name) : null, state: shownState(record) };
  }
  return { signals: {}, updates: {}, ...host.scope?.(), inputs: { ...run.inputs }, steps, ...locals };
}

/** True when an expression reads what may change while the run goes on, so that what it gave has to be recorded. */
export function isVolatile(expression: string): boolean {
  return VOLATILE.test(expression);
}

/** Where a step stands by its record. One that was interrupted, or may be tried again, is pending: whoever runs it asks the journal what to do. */
export function statusOfRecord(record: StepRecord | undefined): StepStatus {
  if (record === undefined) return "pending";
  switch (record.state) {
    case "intended":
      return "pending";
    case "done":
      return "done";
    case "failed":
      return record.final === true ? "failed" : "pending";
    case "unknown":
    case "waiting":
      return "waiting";
    case "skipped":
      if (record.problem?.detail === DEAD_REASON) return "dead";
      return record.problem?.detail === BLOCKED_REASON ? "blocked" : "skipped";
    default:
      return record.state satisfies never;
  }
}

/** How a step has ended by its record; undefined while it has not, or while it is open which steps its switch chooses. */
export function endingOfRecord(record: StepRecord | undefined, hasSwitch: { hasSwitch: boolean }): Ending | undefined {
  const state = statusOfRecord(record);
  switch (state) {
    case "done":
      if (hasSwitch.hasSwitch && record?.chosen === undefined) return undefined;
      return { state, chosen: record?.chosen ?? [] };
    case "failed":
    case "skipped":
    case "dead":
    case "blocked":
      return { state };
    default:
      return undefined;
  }
}

/** Where a step stands as people and expressions are told: one that was not chosen is a skipped one. */
export function shownState(record: StepRecord | undefined): Exclude<StepStatus, "dead"> {
  const status = statusOfRecord(record);
  return status === "dead" ? "skipped" : status;
}
