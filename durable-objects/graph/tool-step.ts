import { findCapsule } from "../../workers/capsules/tenant-capsules.ts";
import { durationMs } from "../../workers/mao/duration.ts";
import { preparedInputs } from "../../workers/mao/inputs.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import type { Clock } from "../../workers/platform/clock.ts";
import { assertNotHeld } from "../../workers/platform/held.ts";
import { Problem, problemOf } from "../../workers/platform/problem.ts";
import { guard, toRecordedDecision, type Within } from "../../workers/policy/guard.ts";
import { masked } from "../../workers/policy/mask.ts";
import { findTool } from "../../workers/tools/registry.ts";
import type { ToolScope } from "../../workers/tools/tool.ts";
import type { Journal } from "../journal/journal.ts";
import { DEFAULT_RETRY, type RetryPolicy } from "../journal/retry.ts";
import { moderatedJson } from "../moderation/moderated.ts";
import { type GraphHost, innerRun, type StepCall, usesAround } from "./graph-run.ts";
import { firstFailure, graphOutputs, runGraph, unmetCondition } from "./interpreter.ts";

/** What the steps of one object share. */
export interface StepEnvironment {
  readonly env: Env;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly scope: ToolScope;
  /** What the steps are part of besides their graphs: the agent that makes them, as `agent:<name>`. */
  readonly within?: readonly string[] | undefined;
}

/**
 * Runs a tool step under the guard: the decision is recorded with the step, a refusal is its final failure. Settled when it
 * returns; a step that needs a person's approval first waits for `<step>#approval` and is left waiting.
 * @throws the platform's own resets
 */
export async function runToolStep(shared: StepEnvironment, call: StepCall): Promise<void> {
  const { journal, scope } = shared;
  await recordingProblems(journal, call.name, async () => {
    const tool = findTool(call.step.uses.slice("tool:".length));
    const { id, risk, tags, isPure } = tool;
    const request = {
      principal: scope.principal,
      resource: { type: "tool", id, risk, tags, isContained: isPure },
      within: workOf(shared),
    } as const;
    const decision = await guard(shared, request);
    assertNotHeld(decision);
    const recorded = toRecordedDecision(request, decision);
    if (decision.effect === "deny") {
      journal.fail(call.name, new Problem("forbidden", `${tool.id} is not allowed: ${decision.reason}.`), recorded);
      return;
    }
    if (decision.obligations.approval && !(await isApproved(journal, call))) return;
    await journal.step(
      call.name,
      {
        uses: call.step.uses,
        title: call.step.title,
        isOutside: !tool.isPure,
        onUnknown: call.step.on_unknown ?? tool.onUnknown,
        retry: retryOf(call),
        timeoutMs: call.step.timeout === undefined ? tool.timeoutMs : durationMs(call.step.timeout),
        decision: recorded,
        within: [...usesAround(call.within), ...(shared.within ?? [])],
        labelsOf: () => tool.labels,
      },
      async ({ key, signal }) => {
        const { mask } = decision.obligations;
        const context = { env: shared.env, clock: shared.clock, scope, idempotencyKey: key, signal };
        const brought = masked(await tool.run(masked({ ...call.input }, mask), context), mask);
        // What a pure tool returns was made from what is here already.
        const output = tool.isPure ? brought : await moderatedJson(shared, "toolResult", call.name, brought);
        const unmet = unmetCondition(call.step, output);
        if (unmet !== undefined) throw new Problem("tool-failed", `The result of ${tool.id} does not meet its condition: ${unmet}.`);
        return output;
      },
    );
  });
}

/**
 * Runs a capsule step: its graph, in the same journal, under the step's name. Settled when the graph has ended; while that
 * waits for something, so does the step.
 */
export async function runCapsuleStep(shared: StepEnvironment, host: GraphHost, call: StepCall): Promise<void> {
  const { journal, scope } = shared;
  await recordingProblems(journal, call.name, async () => {
    const capsule = await findCapsule(shared.env, scope.principal.tenant, call.step.uses.slice("capsule:".length));
    const request = { principal: scope.principal, resource: { type: "capsule", id: capsule.name }, within: workOf(shared) } as const;
    const decision = await guard(shared, request);
    assertNotHeld(decision);
    if (decision.effect === "deny") {
      journal.fail(
        call.name,
        new Problem("forbidden", `${capsule.name} is not allowed: ${decision.reason}.`),
        toRecordedDecision(request, decision),
      );
      return;
    }
    const run = innerRun(call, capsule.graph, preparedInputs(capsule.graph, call.input));
    const status = await runGraph(host, run);
    if (status === "failed") throw firstFailure(host, run)?.problem ?? new Problem("tool-failed", "A step of the capsule failed.");
    if (status !== "done") return;
    const output = await graphOutputs(host, run);
    const unmet = unmetCondition(call.step, output);
    if (unmet !== undefined) throw new Problem("tool-failed", `The result of ${capsule.name} does not meet its condition: ${unmet}.`);
    await settleDone(journal, call, output);
  });
}

/** The work that a step belongs to, as policies see it: what happened in it, where it goes on, and which agent does it. */
export function workOf({ journal, scope, within }: Pick<StepEnvironment, "journal" | "scope" | "within">): Within {
  const agent = within?.find((name) => name.startsWith("agent:"))?.slice("agent:".length);
  const channel = scope.workspace.startsWith("prj_") ? "project" : scope.workspace.startsWith("run_") ? "run" : "session";
  return { channel, history: journal.history, ...(agent === undefined ? {} : { agent }) };
}

/** Records the output of a step that is more than one call. */
export async function settleDone(journal: Journal, call: StepCall, output: Json): Promise<void> {
  const options = {
    uses: call.step.uses,
    title: call.step.title,
    isOutside: false,
    onUnknown: "retry",
    retry: DEFAULT_RETRY,
    timeoutMs: 60_000,
  } as const;
  await journal.step(call.name, options, async () => output);
}

/** Turns a problem on the way to a step into its recorded failure, unless the journal has one already. */
export async function recordingProblems(journal: Journal, step: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    const record = journal.record(step);
    const isRecorded =
      record !== undefined &&
      (record.state === "unknown" || record.state === "done" || (record.state === "failed" && record.final === true));
    if (!isRecorded) journal.fail(step, problem);
  }
}

/** Whether a person has approved; asks for it when nobody was asked yet. @throws Problem `forbidden` when it was refused */
async function isApproved(journal: Journal, call: StepCall): Promise<boolean> {
  const name = `${call.name}#approval`;
  const record = journal.record(name);
  if (record?.state === "done") {
    if ((await journal.output(name)) === "approve") return true;
    throw new Problem("forbidden", "A person refused this step.");
  }
  if (record === undefined)
    journal.wait(name, { uses: "human:approve", title: call.step.title, on: "human", prompt: `May ${call.step.uses} run?` });
  return false;
}

/** How often the parts of a step are tried. */
export function retryOf(call: StepCall): RetryPolicy {
  const { retry } = call.step;
  if (retry === undefined) return DEFAULT_RETRY;
  const { attempts, backoff, final } = retry;
  return { attempts, backoff, delayMs: durationMs(retry.delay), maxDelayMs: durationMs(retry.max_delay), final };
}
