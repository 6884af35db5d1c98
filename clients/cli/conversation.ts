import { done, must, type Schemas, type SomaClient } from "../sdk/client.ts";
import type { SomaEvent } from "../sdk/events.ts";
import { pages } from "../sdk/pages.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { type Output, shown, shownShort } from "./output.ts";
import { ask } from "./prompt.ts";
import { type Approval, approvalIn, endsTurn, turnView } from "./turn-view.ts";

const INPUT_CHARACTERS = 400;
/** Messages shown of a conversation that is gone on with. */
const MESSAGES_RECALLED = 4;

export interface Conversation {
  readonly client: SomaClient;
  readonly session: string;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Sends a message and shows its turn, until that ends or waits for a person who is not here. */
export async function say(conversation: Conversation, text: string, attachments: string[]): Promise<ExitCode> {
  const { client, session, signal } = conversation;
  const started = await must(
    client.api.POST("/v1/sessions/{id}/messages", { params: { path: { id: session } }, body: { text, attachments }, signal }),
  );
  if (typeof started === "string") throw new Error("The server answered with a stream that was not asked for.");
  return followTurn(conversation, started.turn, started.seq - 1);
}

/** Shows the last of a conversation, and goes on with a turn that still runs. */
export async function recall(conversation: Conversation): Promise<ExitCode> {
  const { client, session, output, signal } = conversation;
  let last: Schemas["Message"][] = [];
  const read = (query: { cursor?: string }) =>
    must(client.api.GET("/v1/sessions/{id}/messages", { params: { path: { id: session }, query }, signal }));
  for await (const message of pages(read)) last = [...last, message].slice(-MESSAGES_RECALLED);
  for (const message of last)
    if (message.state !== "running") output.say(message.role === "user" ? `> ${shown(message.text)}` : shown(message.text));
  const running = last.find((message) => message.state === "running");
  return running === undefined ? EXIT.ok : followTurn(conversation, running.turn, 0);
}

async function followTurn(conversation: Conversation, turn: string, after: number): Promise<ExitCode> {
  const { client, session, output, signal } = conversation;
  const show = turnView(output);
  let hasBegun = false;
  for await (const event of client.events(session, { after, signal, isLast: (last) => endsTurn(last, turn) })) {
    hasBegun ||= startsTurn(event, turn);
    if (!hasBegun) continue;
    if (output.isJson) output.result(event, "");
    show(event);
    if (event.type === "turn.failed") return EXIT.failed;
    const approval = approvalIn(event);
    if (approval !== undefined && !(await decided(conversation, approval))) return EXIT.needsPerson;
  }
  return EXIT.ok;
}

function startsTurn(event: SomaEvent, turn: string): boolean {
  return event.type === "turn.started" && event.data.turn === turn;
}

/** Asks a person whether a call may be made, when that is still open. @returns false when nobody is here to decide */
async function decided({ client, session, output, signal }: Conversation, approval: Approval): Promise<boolean> {
  const { approvals } = await must(client.api.GET("/v1/sessions/{id}", { params: { path: { id: session } }, signal }));
  if (!approvals.some((open) => open.step === approval.step)) return true;
  output.say(`\n${shown(approval.reason)}\n  ${approval.tool} ${shownShort(JSON.stringify(approval.input), INPUT_CHARACTERS)}`);
  if (!output.canAsk) {
    output.say(`Decide with: soma sessions approve|refuse ${session} ${approval.step}`);
    return false;
  }
  const answer = (await ask("May it be done? yes, or no and why: ", signal))?.trim() ?? "";
  const isYes = /^y(es)?$/i.test(answer);
  const note = answer.replace(/^no?\b[\s,:.-]*/i, "");
  const body = isYes ? { decision: "approve" as const } : { decision: "refuse" as const, ...(note === "" ? {} : { note }) };
  await done(
    client.api.POST("/v1/sessions/{id}/approvals/{step}", { params: { path: { id: session, step: approval.step } }, body, signal }),
  );
  return true;
}
