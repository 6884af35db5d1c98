import type { Message } from "@ag-ui/core";
import { z } from "@hono/zod-openapi";
import { MAX_ATTACHMENTS, MAX_MESSAGE_CHARACTERS } from "../platform/limits.ts";
import { Problem } from "../platform/problem.ts";

/** Messages of a conversation that a front end may send along. */
const MAX_MESSAGES = 2_000;
const MAX_ANSWERS = 100;
const MAX_ID_CHARACTERS = 400;

const id = z.string().min(1).max(MAX_ID_CHARACTERS);

/** Messages as the front end has them: they are sent back to it as they are, and read no further than here. */
export const agUiMessagesSchema = z
  .array(
    z.custom<Message>(
      (value) => typeof value === "object" && value !== null && "id" in value && typeof value.id === "string" && "role" in value,
      { message: "expected a message with an id and a role" },
    ),
  )
  .max(MAX_MESSAGES);

/** What AG-UI 1.0 calls RunAgentInput, as far as it is used here; the front end's own tools and state are taken and left alone. */
export const agUiInputSchema = z
  .object({
    threadId: id,
    runId: id,
    protocolVersion: z.string().max(20).optional(),
    parentRunId: id.optional(),
    state: z.unknown().optional(),
    messages: z.array(z.looseObject({ id, role: z.string().max(20), content: z.unknown().optional() })).max(MAX_MESSAGES),
    tools: z.array(z.unknown()).max(MAX_MESSAGES).default([]),
    context: z.array(z.unknown()).max(MAX_MESSAGES).default([]),
    forwardedProps: z.unknown().optional().openapi({ description: "`attachments`: ids of artifacts that can be asked about from then on" }),
    resume: z
      .array(z.object({ interruptId: id, status: z.enum(["resolved", "cancelled"]), payload: z.unknown().optional() }))
      .max(MAX_ANSWERS)
      .optional(),
  })
  .openapi("RunAgentInput", {
    description: "AG-UI 1.0",
    example: { threadId: "thread-1", runId: "run-1", messages: [{ id: "msg-1", role: "user", content: "Hello" }], tools: [], context: [] },
  });

export type AgUiInput = z.infer<typeof agUiInputSchema>;

/** A person's answer to what a turn or run asked. */
export interface GivenAnswer {
  readonly step: string;
  readonly isApproved: boolean;
  readonly text: string | undefined;
}

const attachmentsSchema = z.object({ attachments: z.array(z.string().max(64)).max(MAX_ATTACHMENTS) });

/** Ids of artifacts that a front end sends along. */
export function attachmentsIn(forwarded: unknown): string[] {
  return attachmentsSchema.safeParse(forwarded).data?.attachments ?? [];
}

/** The last message of a person; `isLast` when nothing comes after it. */
export function lastUserMessage(input: AgUiInput): { id: string; text: string; isLast: boolean } {
  const message = input.messages.findLast(({ role }) => role === "user");
  if (message === undefined)
    throw new Problem("invalid-request", "There is no message of a person among the messages.", {
      errors: [{ pointer: "/messages", message: "needs a message with the role user" }],
    });
  return { id: message.id, text: textOf(message.content), isLast: message === input.messages.at(-1) };
}

const partSchema = z.object({ type: z.literal("text"), text: z.string() });

/** @throws Problem `invalid-request` for what is no text: files come as artifacts */
function textOf(content: unknown): string {
  const parts =
    typeof content === "string"
      ? [content]
      : z
          .array(partSchema)
          .safeParse(content)
          .data?.map((part) => part.text);
  const text = parts?.join("\n");
  if (text === undefined || text === "" || text.length > MAX_MESSAGE_CHARACTERS)
    throw new Problem(
      "invalid-request",
      `A message is a text of up to ${MAX_MESSAGE_CHARACTERS} characters; store files as artifacts and name them in forwardedProps.attachments.`,
      { errors: [{ pointer: "/messages", message: "the last message of the user is no text" }] },
    );
  return text;
}

/** Where the front end stands by the ids of the interrupts that it answers: the last event it was told of. */
export function knownBy(input: AgUiInput): number {
  const seqs = (input.resume ?? []).map(({ interruptId }) => Number(/@(\d{1,15})$/.exec(interruptId)?.[1] ?? 0));
  return seqs.length === 0 ? 0 : Math.min(...seqs);
}

const answerSchema = z.union([
  z.boolean().transform((approved) => ({ approved, text: undefined })),
  z.string().transform((text) => ({ approved: !/^(refuse|refused|reject|rejected|deny|denied|no|false)$/i.test(text), text })),
  z
    .object({
      approved: z.boolean().optional(),
      decision: z.enum(["approve", "refuse"]).optional(),
      note: z.string().optional(),
      text: z.string().optional(),
    })
    .transform(({ approved, decision, note, text }) => ({ approved: approved ?? decision !== "refuse", text: text ?? note })),
]);

/**
 * The answers of a resuming run. A cancelled interrupt is refused; a resolved one says `{approved, note?}`, or `{text}` where a text is asked for.
 * @throws Problem `invalid-request` naming the entry that says neither
 */
export function answersIn(input: AgUiInput): GivenAnswer[] {
  return (input.resume ?? []).map(({ interruptId, status, payload }, i) => {
    const step = interruptId.replace(/@\d{1,15}$/, "");
    if (status === "cancelled") return { step, isApproved: false, text: undefined };
    const answer = answerSchema.safeParse(payload);
    if (!answer.success)
      throw new Problem("invalid-request", "An answer says whether something is approved, or a text.", {
        errors: [{ pointer: `/resume/${i}/payload`, message: "expected {approved: true}, {approved: false} or {text}" }],
      });
    return { step, isApproved: answer.data.approved, text: answer.data.text };
  });
}
