import { z } from "@hono/zod-openapi";
import { MAX_ATTACHMENTS, MAX_MESSAGE_CHARACTERS } from "../platform/limits.ts";
import { Problem } from "../platform/problem.ts";
import type { GivenAnswer } from "./ag-ui-input.ts";

const MAX_MESSAGES = 2_000;
const MAX_PARTS = 10_000;
const MAX_ID_CHARACTERS = 400;

const id = z.string().min(1).max(MAX_ID_CHARACTERS);
const messageSchema = z.looseObject({
  id,
  role: z.enum(["system", "user", "assistant"]),
  parts: z.array(z.looseObject({ type: z.string().max(200) })).max(MAX_PARTS),
  metadata: z.unknown().optional(),
});

/** What the AI SDK's `DefaultChatTransport` sends. */
export const uiMessageInputSchema = z
  .object({
    id: id.openapi({ description: "The front end's own id of the chat" }),
    messages: z.array(messageSchema).min(1).max(MAX_MESSAGES),
    trigger: z.enum(["submit-message", "regenerate-message"]).default("submit-message"),
    messageId: id.optional(),
    attachments: z.array(z.string().max(64)).max(MAX_ATTACHMENTS).default([]).openapi({
      description: "Ids of artifacts that can be asked about from then on; `body` of the transport",
    }),
  })
  .openapi("UiMessageInput", {
    description: "AI SDK UI messages, as `DefaultChatTransport` sends them",
    example: { id: "chat-1", messages: [{ id: "msg-1", role: "user", parts: [{ type: "text", text: "Hello" }] }] },
  });

export type UiMessageInput = z.infer<typeof uiMessageInputSchema>;

/** What a request of the transport asks for: a new message, or the answers to what its last message asks. */
export type UiWish =
  | { readonly kind: "message"; readonly id: string; readonly text: string }
  | { readonly kind: "answers"; readonly subject: string; readonly answers: readonly GivenAnswer[]; readonly known: number };

const textPartSchema = z.object({ type: z.literal("text"), text: z.string() });
const approvedPartSchema = z.object({
  state: z.literal("approval-responded"),
  approval: z.object({ id, approved: z.boolean(), reason: z.string().optional() }),
});
const saidPartSchema = z.object({
  state: z.literal("output-available"),
  type: z.literal("dynamic-tool"),
  toolName: z.literal("human_input"),
  toolCallId: id,
  output: z.union([z.string(), z.object({ text: z.string() }).transform(({ text }) => text)]),
});
const metadataSchema = z.object({ seq: z.number().int().nonnegative() });

/** @throws Problem `invalid-request` for what cannot be done: an answer made anew, a message that is no text */
export function wishIn({ messages, trigger }: UiMessageInput): UiWish {
  if (trigger === "regenerate-message")
    throw new Problem("invalid-request", "What was answered stays as it is; send the message again for another answer.", {
      errors: [{ pointer: "/trigger", message: "regenerate-message is not served" }],
    });
  const last = messages.at(-1);
  if (last === undefined || last.role === "system")
    throw new Problem("invalid-request", "The last message is neither a person's nor an answer to be gone on with.");
  if (last.role === "user") return { kind: "message", id: last.id, text: textIn(last.parts) };
  return {
    kind: "answers",
    subject: last.id,
    answers: last.parts.flatMap(answerIn),
    known: metadataSchema.safeParse(last.metadata).data?.seq ?? 0,
  };
}

function answerIn(part: unknown): GivenAnswer[] {
  const approved = approvedPartSchema.safeParse(part).data?.approval;
  if (approved !== undefined) return [{ step: approved.id, isApproved: approved.approved, text: approved.reason }];
  const said = saidPartSchema.safeParse(part).data;
  return said === undefined ? [] : [{ step: said.toolCallId, isApproved: true, text: said.output }];
}

function textIn(parts: readonly unknown[]): string {
  const text = parts.flatMap((part) => textPartSchema.safeParse(part).data?.text ?? []).join("\n");
  if (text === "" || text.length > MAX_MESSAGE_CHARACTERS)
    throw new Problem(
      "invalid-request",
      `A message is a text of up to ${MAX_MESSAGE_CHARACTERS} characters; store files as artifacts and name them in \`attachments\`.`,
      { errors: [{ pointer: "/messages", message: "the last message has no text" }] },
    );
  return text;
}
