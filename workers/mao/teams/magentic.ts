import { z } from "zod";
import type { Candidate } from "./speaker-choice.ts";

/** Times it plans anew before it gives up. */
export const MAX_REPLANS = 3;

/** What the one who leads a magentic team says of its progress before every turn. */
const progressSchema = z.object({
  satisfied: z.boolean().describe("the request is fully answered"),
  in_loop: z.boolean().describe("the same is being said or tried again and again"),
  progress: z.boolean().describe("the last message brought the work forward"),
  next_speaker: z.string().describe("the name of the participant who speaks next"),
  instruction: z.string().describe("what that participant is asked to do"),
});
export type Progress = z.infer<typeof progressSchema>;

/** The progress that an answer states; undefined when it states none. */
export function progressIn(data: unknown): Progress | undefined {
  return progressSchema.safeParse(data).data;
}

/** The JSON Schema of an answer about progress, with the participants it can name. */
export function progressFormat(candidates: readonly Candidate[]) {
  return {
    type: "object",
    properties: {
      satisfied: { type: "boolean", description: "the request is fully answered" },
      in_loop: { type: "boolean", description: "the same is being said or tried again and again" },
      progress: { type: "boolean", description: "the last message brought the work forward" },
      next_speaker: { enum: candidates.map(({ shown }) => shown) },
      instruction: { type: "string", description: "what that participant is asked to do" },
    },
    required: ["satisfied", "in_loop", "progress", "next_speaker", "instruction"],
  };
}

/** Turns without progress after this one: a step forward takes one back. */
export function stallsAfter(stalls: number, { progress, in_loop }: Progress): number {
  return progress && !in_loop ? Math.max(0, stalls - 1) : stalls + 1;
}

export function factsQuestion(task: string, history: string): string {
  const said = history === "" ? "" : `\n\nThis was tried so far and did not lead to the end:\n${history}`;
  return `Before the work on this request begins, list what is known about it: facts that it gives, facts to look up and where, facts to work out, and good guesses. No plan yet.\n\n${task}${said}`;
}

export function planQuestion(facts: string, members: readonly Candidate[]): string {
  const roles = members.map(({ shown, description }) => `${shown}: ${description}`).join("\n");
  return `What is known:\n${facts}\n\nThese participants can help:\n${roles}\n\nWrite a short plan as a list of steps, naming who does each. Not everyone has to take part.`;
}

export function progressQuestion(task: string, plan: string, history: string): string {
  return `Request:\n${task}\n\nPlan:\n${plan}\n\nConversation so far:\n${history}\n\nJudge the progress, and choose who speaks next with what to do.`;
}

export function finalQuestion(prompt: string | undefined, task: string, history: string): string {
  if (prompt !== undefined) return `${prompt.replaceAll("{task}", task)}\n\n${history}`;
  return `Request:\n${task}\n\nConversation:\n${history}\n\nGive the final answer to the request, addressed to the one who made it.`;
}
