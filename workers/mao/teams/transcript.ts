import { z } from "zod";
import { MAX_CONTEXT_CHARACTERS } from "../../models/assignment.ts";
import type { ChatMessage } from "../../models/client.ts";
import { usageSchema } from "../../platform/recorded.ts";

/** One message of a team: what longer answers are cut to, so that a turn and its message are recorded in one write. */
export const MAX_MESSAGE_CHARACTERS = 20_000;
/** Who gave the team its task. */
export const TASK_SPEAKER = "user";

/** What was said in one turn, as the turn's step keeps it. */
export const spokenTurnSchema = z.object({
  speaker: z.string(),
  text: z.string(),
  usage: usageSchema.optional(),
  engine: z.string().optional(),
  /** Whom the word was handed to, and with what. */
  handoff: z.object({ target: z.string(), message: z.string() }).optional(),
  /** Tools that were called. */
  called: z.array(z.string()).optional(),
  /** The node of a graph that spoke. */
  node: z.string().optional(),
  /** The speaker had nothing to add. */
  isIdle: z.boolean().optional(),
});

/** A message of a team. `at` is when it was said, in milliseconds. */
export interface TeamMessage extends z.infer<typeof spokenTurnSchema> {
  readonly at: number;
}

/** A text as a message keeps it. */
export function cutMessage(text: string): string {
  if (text.length <= MAX_MESSAGE_CHARACTERS) return text;
  return `${text.slice(0, MAX_MESSAGE_CHARACTERS)}\n(The remaining ${text.length - MAX_MESSAGE_CHARACTERS} characters were left out.)`;
}

/**
 * What a participant is sent of the conversation: its own messages as its own, everybody else's under their names, the task always and of
 * the rest the newest that fit. It ends with something to answer.
 * @param nameOf how a speaker is shown
 * @param instruction what the participant is asked in this turn, if it is asked anything
 */
export function historyFor(
  messages: readonly TeamMessage[],
  self: string,
  nameOf: (speaker: string) => string,
  instruction: string | undefined,
): ChatMessage[] {
  const [task, ...rest] = messages;
  const kept = newest(rest, MAX_CONTEXT_CHARACTERS - (task?.text.length ?? 0));
  const omitted = rest.length - kept.length;
  const parts = [
    { isOwn: false, text: `${task?.text ?? ""}${omitted === 0 ? "" : `\n\n(The next ${omitted} messages are not shown.)`}` },
    ...kept.map((message) => ({ isOwn: message.speaker === self, text: message.speaker === self ? message.text : shown(message, nameOf) })),
    ...(instruction === undefined ? [] : [{ isOwn: false, text: instruction }]),
  ];
  const merged: { isOwn: boolean; text: string }[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (last?.isOwn === part.isOwn) last.text += `\n\n${part.text}`;
    else merged.push({ ...part });
  }
  if (merged.at(-1)?.isOwn === true) merged.push({ isOwn: false, text: "Please go on." });
  return merged.map(({ isOwn, text }) => (isOwn ? { role: "assistant", text, calls: [] } : { role: "user", text }));
}

/** The conversation as one text, a message a paragraph. */
export function transcriptOf(messages: readonly TeamMessage[], nameOf: (speaker: string) => string): string {
  return newest(messages, MAX_CONTEXT_CHARACTERS)
    .map((message) => shown(message, nameOf))
    .join("\n\n");
}

function shown({ speaker, text }: TeamMessage, nameOf: (speaker: string) => string): string {
  return `${nameOf(speaker)}: ${text}`;
}

function newest(messages: readonly TeamMessage[], characters: number): readonly TeamMessage[] {
  let left = characters;
  let from = messages.length;
  while (from > 0) {
    left -= messages[from - 1]?.text.length ?? 0;
    if (left < 0) break;
    from -= 1;
  }
  return messages.slice(from);
}
