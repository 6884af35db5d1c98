import type { Context } from "hono";
import { graphSchema } from "../mao/graph.ts";
import type { Json } from "../platform/canonical-json.ts";
import type { HttpEnv } from "../platform/route.ts";
import { settings } from "../platform/settings.ts";
import type { Answering } from "./caller.ts";
import { A2aError } from "./errors.ts";
import type { Message } from "./protocol.ts";
import type { ServedAgent } from "./served-agent.ts";
import type { ServedRun } from "./served-run.ts";

/**
 * An agent for the protocol's own conformance suite (a2aproject/a2a-tck), which tells an agent by the beginning of a message's id what it
 * expects of it. Its answers are ordinary graphs, run like everyone's. It is there only where `SOMA_A2A_CONFORMANCE` is set on a local
 * platform: nowhere else do ids of messages mean anything.
 */
const AGENT: ServedAgent = {
  name: "conformance",
  title: "Conformance",
  description: "Does what the conformance suite of the A2A protocol asks for.",
  version: "1.0.0",
  changedAt: Date.UTC(2026, 10, 21),
  // It reads nothing of what it is sent, and so takes everything.
  inputModes: ["*/*"],
  outputModes: ["*/*"],
  skills: [],
};

/** How long the suite's long task takes, which is subscribed to meanwhile. */
const LONG_TASK = "4s";

const ARTIFACTS: Readonly<Record<string, Json>> = {
  "tck-artifact-text": "Generated text content",
  "tck-artifact-file-url": { parts: [{ url: "https://example.com/output.txt", filename: "output.txt", mediaType: "text/plain" }] },
  "tck-artifact-file": { parts: [{ raw: "dGNr", filename: "output.txt", mediaType: "text/plain" }] },
  "tck-artifact-data": { parts: [{ data: { key: "value", count: 42 } }] },
  "tck-message-response": "Direct message response",
  "tck-stream-001": "Stream hello from TCK",
  "tck-stream-003": "Stream task lifecycle",
  "tck-stream-ordering-001": "Ordered output",
  "tck-stream-artifact-text": "Streamed text content",
  "tck-stream-artifact-file": { parts: [{ raw: "dGNr", filename: "output.txt", mediaType: "text/plain" }] },
  "tck-stream-artifact-chunked": { parts: [{ text: "chunk-1 " }, { text: "chunk-2" }] },
};

/** The agent that answers this message for the suite; undefined for every other message, and wherever the suite is not welcome. */
export function conformanceAgentFor(env: Env, { messageId }: Message): Answering | undefined {
  if (!isWelcome(env) || !/^(tck-|test-resubscribe-message-id)/.test(messageId)) return undefined;
  return { agent: AGENT, begin: () => runFor(messageId) };
}

/**
 * Lets a request without a credential act by the API key of the setting, since the suite sends none: the key is verified like any other.
 * The setting may also hold another word, and then only switches the agent on.
 */
export function withConformanceKey(context: Context<HttpEnv>): void {
  const { SOMA_A2A_CONFORMANCE: key = "" } = settings(context.env);
  if (!isWelcome(context.env) || !key.startsWith("soma_key_") || context.req.header("authorization") !== undefined) return;
  const headers = new Headers(context.req.raw.headers);
  headers.set("Authorization", `Bearer ${key}`);
  context.req.raw = new Request(context.req.raw, { headers });
}

function isWelcome(env: Env): boolean {
  const { SOMA_A2A_CONFORMANCE, SOMA_ENVIRONMENT } = settings(env);
  return SOMA_A2A_CONFORMANCE !== undefined && SOMA_ENVIRONMENT === "local";
}

function runFor(messageId: string): ServedRun {
  const isFor = (beginning: string) => messageId.startsWith(beginning);
  if (isFor("tck-reject-task")) throw new A2aError("UNSUPPORTED_OPERATION", "rejected");
  if (isFor("tck-input-required")) return ASKING;
  if (isFor("test-resubscribe-message-id")) return LONG;
  const [beginning, artifact] = Object.entries(ARTIFACTS).find(([known]) => isFor(known)) ?? ["", "Hello from TCK"];
  return { graph: givingGraph(artifact), inputs: {}, reply: isFor("tck-message-response") && beginning !== "" ? "message" : "task" };
}

/** Gives one artifact at once. */
function givingGraph(artifact: Json) {
  return graphSchema.parse({
    steps: { give: { uses: "tool:value.set", with: { value: artifact } } },
    outputs: { result: "${steps.give.output}" },
  });
}

/** Asks until the answer comes in a message that does not itself ask for being asked. */
const ASKING: ServedRun = {
  graph: graphSchema.parse({
    steps: {
      ask: {
        uses: "human:input",
        with: { prompt: "What else?" },
        until: "!output.message.messageId.startsWith('tck-input-required')",
        max_iterations: 20,
      },
    },
    outputs: { result: "Hello from TCK" },
  }),
  inputs: {},
  reply: "task",
};

const LONG: ServedRun = {
  graph: graphSchema.parse({ steps: { wait: { uses: "timer:wait", with: { duration: LONG_TASK } } }, outputs: { result: "Done" } }),
  inputs: {},
  reply: "task",
};
