import { z } from "zod";
import { idPattern } from "../../platform/ids.ts";
import { Problem } from "../../platform/problem.ts";
import { defineTool } from "../define.ts";
import type { RegisteredTool } from "../tool.ts";

const MAX_MESSAGE_CHARACTERS = 4_000;
/** Messages of others that are told in answer. */
const MAX_HEARD = 20;
const PROJECT_TIMEOUT_MS = 10_000;
const PROJECT = idPattern("project");

/** How the agents of a project talk to each other. Which project it is comes from where the call works and from no argument. */
export const projectTools: readonly RegisteredTool[] = [
  defineTool({
    id: "project.tell",
    title: "Tell the other agents",
    description:
      "Tells the other agents of the same project something they should know, and returns the newest messages among them. Only for work on a task of a project.",
    input: z.strictObject({ to: z.string().min(1).max(100).default("all"), text: z.string().min(1).max(MAX_MESSAGE_CHARACTERS) }),
    output: z.object({ messages: z.array(z.object({ from: z.string(), to: z.string(), text: z.string() })) }),
    risk: "write",
    // The same key again is the same message.
    onUnknown: "retry",
    timeoutMs: PROJECT_TIMEOUT_MS,
    run: async ({ to, text }, { env, scope, idempotencyKey }) => {
      if (!PROJECT.test(scope.workspace)) throw new Problem("invalid-request", "This is no work on a project; there is nobody to tell.");
      const project = env.KAMACHIQ_PROJECT.getByName(`${scope.principal.tenant}/${scope.workspace}`);
      await project.postMessage({ from: idempotencyKey.split(":")[0] ?? "agent", to, text, key: idempotencyKey });
      const messages = await project.readMessages();
      return { messages: messages.slice(-MAX_HEARD).map((message) => ({ from: message.from, to: message.to, text: message.text })) };
    },
  }),
];
