import type { ChatMessage } from "../../workers/models/client.ts";
import { moderateValue } from "../../workers/moderation/json-values.ts";
import type { Moderated } from "../../workers/moderation/moderate.ts";
import type { ModerationPlace } from "../../workers/moderation/rule.ts";
import { moderatorFor } from "../../workers/moderation/rules-in-force.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import type { Clock } from "../../workers/platform/clock.ts";
import { derivedId, newestTimeIn } from "../../workers/platform/ids.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { ToolScope } from "../../workers/tools/tool.ts";
import type { Journal } from "../journal/journal.ts";

/** What moderation needs of the object that it works in. */
export interface ModerationHost {
  readonly env: Env;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly scope: ToolScope;
}

/** True when what passes there has to be whole before any of it may be shown. */
export async function isModerated(host: ModerationHost, place: ModerationPlace): Promise<boolean> {
  return (await moderatorFor(host, host.scope.principal.tenant)).looksAt(place);
}

/**
 * A text as it may go on: masked where rules mask. What was found is recorded before anyone sees the text.
 * @param step the step that it belongs to
 * @throws Problem `content-refused` when a rule refuses it
 */
export async function moderatedText(host: ModerationHost, place: ModerationPlace, step: string, text: string): Promise<string> {
  const moderator = await moderatorFor(host, host.scope.principal.tenant);
  const moderated = await moderator.moderate(place, text);
  settle(host, place, step, moderated);
  return moderated.text;
}

/** A value as it may go on; otherwise as `moderatedText`. */
export async function moderatedJson(host: ModerationHost, place: ModerationPlace, step: string, value: Json): Promise<Json> {
  const moderated = await moderateValue(await moderatorFor(host, host.scope.principal.tenant), place, value);
  settle(host, place, step, moderated);
  return moderated.value;
}

/**
 * A conversation as a model may be sent it: every message of a person masked where rules mask. Only the newest is recorded and may be refused: those before it
 * were when they were the newest.
 * @throws Problem `content-refused`
 */
export async function moderatedConversation(host: ModerationHost, turn: string, messages: readonly ChatMessage[]): Promise<ChatMessage[]> {
  const moderator = await moderatorFor(host, host.scope.principal.tenant);
  if (!moderator.looksAt("input")) return [...messages];
  const newest = messages.findLastIndex(({ role }) => role === "user");
  const moderated: ChatMessage[] = [];
  for (const [i, message] of messages.entries()) {
    if (message.role !== "user") moderated.push(message);
    else if (i === newest) moderated.push({ ...message, text: await moderatedText(host, "input", `${turn}/input`, message.text) });
    else moderated.push({ ...message, text: (await moderator.moderate("input", message.text)).text });
  }
  return moderated;
}

function settle(
  { journal, clock }: ModerationHost,
  place: ModerationPlace,
  step: string,
  { action, verdicts }: Pick<Moderated, "action" | "verdicts">,
): void {
  if (action === "allow") return;
  const key = journal.keyOf(step);
  const id = derivedId("verdict", newestTimeIn(key) ?? clock.now(), `${key}/${place}`);
  journal.tell({ type: "moderation.found", data: { id, place, step, action, verdicts: verdicts.map((verdict) => ({ ...verdict })) } });
  if (action !== "refuse") return;
  const [first] = verdicts.filter((verdict) => verdict.action === "refuse");
  throw new Problem(
    "content-refused",
    `Moderation refuses this ${PLACES[place]}: ${first?.reason ?? "a rule"} (${first?.rule ?? ""}). It is recorded as ${id}.`,
  );
}

const PLACES = { input: "message", output: "answer", toolResult: "result of a tool" } as const satisfies Record<ModerationPlace, string>;
