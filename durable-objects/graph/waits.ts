import { z } from "zod";
import { durationMs } from "../../workers/mao/duration.ts";
import { durationSchema } from "../../workers/mao/names.ts";
import { Problem } from "../../workers/platform/problem.ts";
import { NO_RETRY } from "../journal/retry.ts";
import type { StepRecord } from "../journal/step-record.ts";
import type { GraphHost, StepCall } from "./graph-run.ts";

const waitInputSchema = z.object({ duration: durationSchema });
const untilInputSchema = z.object({ until: z.iso.datetime({ offset: true }) });
/** What a person is asked. */
const humanInputSchema = z.object({ prompt: z.string().max(20_000).optional() });

/** The kinds of steps that run nothing and wait for something outside. */
export function isWaitKind(uses: string): boolean {
  return uses.startsWith("human:") || uses.startsWith("timer:") || uses.startsWith("signal:");
}

/** Begins to wait for a person, a time or a signal. @throws Problem `invalid-graph` when the step does not say what for */
export async function startWait(host: GraphHost, call: StepCall): Promise<void> {
  const { journal } = host;
  const { uses, title, timeout } = call.step;
  const until = timeout === undefined ? undefined : journal.clock.now() + durationMs(timeout);
  if (uses.startsWith("timer:")) return startTimer(host, call);
  if (uses.startsWith("signal:")) {
    journal.wait(call.name, { uses, title, on: "signal", until });
    await host.onSignalWait?.();
    return;
  }
  const asked = humanInputSchema.safeParse(call.input);
  if (!asked.success) throw new Problem("invalid-graph", "`with.prompt`, what the person is asked, has to be a text.");
  journal.wait(call.name, { uses, title, on: "human", until, prompt: asked.data.prompt });
}

async function startTimer({ journal }: GraphHost, call: StepCall): Promise<void> {
  const { uses, title } = call.step;
  const now = journal.clock.now();
  const until = timerEnd(call, now);
  if (until > now) {
    journal.wait(call.name, { uses, title, on: "timer", until });
    return;
  }
  const options = { uses, title, isOutside: false, onUnknown: "retry", retry: NO_RETRY, timeoutMs: 1_000 } as const;
  await journal.step(call.name, options, async () => null);
}

function timerEnd({ step, input }: StepCall, now: number): number {
  if (step.uses === "timer:wait") {
    const wait = waitInputSchema.safeParse(input);
    if (wait.success) return now + durationMs(wait.data.duration);
    throw new Problem("invalid-graph", "`with.duration` of timer:wait has to be a duration such as 30s, 10m or 24h.");
  }
  const until = untilInputSchema.safeParse(input);
  if (until.success) return Date.parse(until.data.until);
  throw new Problem("invalid-graph", "`with.until` of timer:until has to be a time such as 2027-01-31T09:00:00Z.");
}

/** Ends a step whose time is over: a timer has done what it is for, everything else has failed with `timeout`. */
export async function expireStep(host: GraphHost, step: string): Promise<void> {
  const { journal } = host;
  const record = journal.record(step);
  if (record?.state === "waiting" && record.on === "timer") {
    await journal.settle(step, journal.keyOf(step), { kind: "done", output: null });
    return;
  }
  journal.end(step, (inner) => timeoutOf(inner));
  if (record !== undefined) await host.onExpired?.(record);
}

function timeoutOf(record: StepRecord | undefined): Problem {
  if (record?.state === "waiting" && record.on === "human") return new Problem("timeout", "Nobody answered in time.");
  if (record?.state === "waiting" && record.on === "signal") return new Problem("timeout", "The signal did not come in time.");
  return new Problem("timeout", "The step took longer than its limit.");
}
