import { z } from "zod";
import { asksForTime, whyEnded } from "../../workers/mao/teams/ended.ts";
import { NO_RETRY } from "../journal/retry.ts";
import { takeTurn } from "./participant.ts";
import { chooserOf } from "./patterns.ts";
import type { Ended, Team } from "./team.ts";

/**
 * Lets a team talk until it has come to its end. Every turn is a step, so that it goes on after any interruption where it was and no turn is taken twice.
 * @returns undefined while a turn waits for somebody, or when the run was stopped
 */
export async function converse(team: Team): Promise<Ended | undefined> {
  const choose = chooserOf(team);
  const startedAt = await startOf(team);
  for (let n = 1; ; n += 1) {
    // A turn that was taken before an interruption was taken rightly, whatever came since.
    const isTaken = team.host.journal.record(`${team.step}/t${n}`)?.state === "done";
    const reason = isTaken ? undefined : whyOver(team, n, startedAt);
    if (reason !== undefined) return { reason, text: lastText(team) };
    if (team.host.isStopped()) return undefined;
    const choice = await choose();
    if (choice.kind === "wait") return undefined;
    if (choice.kind === "end") return { reason: choice.reason, text: choice.text ?? lastText(team) };
    const message = await takeTurn(team, n, choice);
    if (message === undefined) return undefined;
    team.messages.push(message);
  }
}

function whyOver(team: Team, n: number, startedAt: number): string | undefined {
  const { messages, input, host, members } = team;
  const elapsedMs = (messages.at(-1)?.at ?? startedAt) - startedAt;
  const ended =
    input.until === undefined ? undefined : whyEnded(input.until, { messages, elapsedMs, hasSignal: (name) => host.hasSignal(name) });
  if (ended !== undefined) return ended;
  if (n > input.max_turns) return `${input.max_turns} turns were taken, which is all this team has`;
  const latest = messages.slice(-members.length);
  const isIdle = messages.length > members.length && latest.every((message) => message.isIdle === true);
  return isIdle ? "nobody has anything to add" : undefined;
}

/** When the team began; kept, if anything asks for it. */
async function startOf({ host, step, input }: Team): Promise<number> {
  if (input.until === undefined || !asksForTime(input.until)) return 0;
  const options = { uses: "timer:wait", isOutside: false, onUnknown: "retry", retry: NO_RETRY, timeoutMs: 60_000 } as const;
  return z.number().parse(await host.journal.step(`${step}/began`, options, async () => host.clock.now()));
}

/** What was last said that says something. */
function lastText({ messages }: Team): string {
  return messages.findLast((message, i) => i > 0 && message.isIdle !== true)?.text ?? "";
}
