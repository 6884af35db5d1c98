import type { Candidate } from "./speaker-choice.ts";

/** The instructions of a manager that a team did not bring itself. */
export const MANAGER_INSTRUCTIONS = [
  "You lead a team. You give out work to your colleagues by calling the tools that delegate, one at a time, telling each all that it needs to know, since it knows nothing else of the task.",
  "When you have what is needed, you answer with the whole result.",
].join("\n");

/** Giving work to a colleague, as a tool of the manager. */
export function delegationsTo(members: readonly Candidate[]) {
  return members.map(({ name, shown, description }) => ({
    name: `delegate_to_${name.replaceAll("-", "_")}`,
    target: name,
    description:
      `Give a piece of work to ${shown}, or ask a question. ${description} Say in \`message\` what is to be done, with all the context it needs.`.slice(
        0,
        1_000,
      ),
  }));
}

/** Handing the word to another participant, as a tool of the one who speaks. */
export function handoffsTo(members: readonly Candidate[]) {
  return members.map(({ name, shown, description }) => ({
    name: `transfer_to_${name.replaceAll("-", "_")}`,
    target: name,
    description: `Hand the conversation over to ${shown}. ${description}`.slice(0, 1_000),
  }));
}
