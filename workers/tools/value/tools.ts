import { z } from "zod";
import { defineTool } from "../define.ts";
import type { RegisteredTool } from "../tool.ts";

/** Nothing is waited for: what a graph's expressions have computed is handed on. */
const SET_TIMEOUT_MS = 1_000;

/** Tools that work on values alone and reach nothing outside the object that runs them. */
export const valueTools: readonly RegisteredTool[] = [
  defineTool({
    id: "value.set",
    title: "Set a value",
    description:
      "Returns the value it is given, with every expression in it computed: names a result, or puts several together, for later steps.",
    // An input that came to nothing is left out of a call.
    input: z.strictObject({ value: z.json().default(null) }),
    output: z.json(),
    risk: "read",
    isPure: true,
    onUnknown: "retry",
    timeoutMs: SET_TIMEOUT_MS,
    run: async ({ value }) => value,
  }),
];
