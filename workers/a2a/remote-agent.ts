import { z } from "zod";
import type { Json } from "../platform/canonical-json.ts";
import { type OutboundResponse, outboundFetch, type WayOut } from "../platform/outbound.ts";
import { Problem } from "../platform/problem.ts";
import { A2A_MEDIA_TYPE, A2A_VERSION } from "./protocol.ts";

/** A card with a hundred skills is some tens of kilobytes. */
const MAX_CARD_BYTES = 262_144;
/** An answer holds a task with its artifacts: they become the value of a step. */
const MAX_ANSWER_BYTES = 4_194_304;
const CALL_TIMEOUT_MS = 30_000;
const JSON_TYPES = ["application/json", A2A_MEDIA_TYPE];

/** Where and how a remote agent is spoken to: what its card says, reduced to what a call needs. */
export const remoteAgentSchema = z.object({
  name: z.string(),
  url: z.string(),
  binding: z.enum(["JSONRPC", "HTTP+JSON"]),
  /** What the card's interface says is to be sent as `tenant` with every call (§8.3.2). */
  tenant: z.string().optional(),
});
export type RemoteAgent = z.infer<typeof remoteAgentSchema>;

const cardSchema = z.object({
  name: z.string().default("unnamed"),
  supportedInterfaces: z
    .array(z.object({ url: z.string(), protocolBinding: z.string(), protocolVersion: z.string(), tenant: z.string().nullish() }))
    .min(1),
});

/** The calls that a step makes. */
export type RemoteMethod = "SendMessage" | "GetTask" | "CancelTask";

export interface RemoteCall {
  readonly method: RemoteMethod;
  readonly params: Readonly<Record<string, Json>>;
  /** Sent as `Idempotency-Key`, so that a call made again is made once where the other side honours it. */
  readonly key?: string;
  /** The whole value of the header `Authorization`. */
  readonly authorization?: string | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Reads an agent's card and chooses how to speak with it: the first of its interfaces that speaks version 1 of the protocol in a binding we
 * have (§8.3.2).
 * @throws Problem of the way out; `tool-failed` when there is no card or no such interface
 */
export async function resolveRemoteAgent(
  way: WayOut,
  cardUrl: string,
  options: { authorization?: string | undefined; signal?: AbortSignal },
): Promise<RemoteAgent> {
  const { authorization, signal } = options;
  const answer = await outboundFetch(way, {
    url: cardUrl,
    headers: {
      Accept: "application/json",
      "A2A-Version": A2A_VERSION,
      ...(authorization === undefined ? {} : { Authorization: authorization }),
    },
    maxBytes: MAX_CARD_BYTES,
    timeoutMs: CALL_TIMEOUT_MS,
    mediaTypes: JSON_TYPES,
    ...(signal === undefined ? {} : { signal }),
  });
  if (answer.status !== 200) throw refusal(answer, undefined);
  const card = cardSchema.safeParse(parsedBody(answer));
  if (!card.success) throw new Problem("tool-failed", `What is at ${hostOf(cardUrl)} is no agent card of A2A ${A2A_VERSION}.`);
  for (const { url, protocolBinding, protocolVersion, tenant } of card.data.supportedInterfaces) {
    const isSpoken = protocolBinding === "JSONRPC" || protocolBinding === "HTTP+JSON";
    if (!isSpoken || !/^1(\.|$)/.test(protocolVersion)) continue;
    const name = card.data.name.slice(0, 200);
    return { name, url, binding: protocolBinding, ...(tenant === undefined || tenant === null || tenant === "" ? {} : { tenant }) };
  }
  throw new Problem("tool-failed", `The agent at ${hostOf(cardUrl)} offers neither JSONRPC nor HTTP+JSON in A2A ${A2A_VERSION}.`);
}

/**
 * Makes one call to a remote agent and returns the result as it came: whoever asked parses it.
 * @throws Problem `unavailable` or `too-many-requests` (worth another try), `forbidden`, `not-found`, `tool-failed`, and those of the way out
 */
export async function callRemoteAgent(way: WayOut, agent: RemoteAgent, call: RemoteCall): Promise<unknown> {
  const { url, ...request } = agent.binding === "JSONRPC" ? jsonRpcRequest(agent, call) : httpRequest(agent, call);
  const answer = await outboundFetch(way, {
    url,
    ...request,
    headers: {
      Accept: JSON_TYPES.join(", "),
      "A2A-Version": A2A_VERSION,
      "Content-Type": "application/json",
      ...(call.key === undefined ? {} : { "Idempotency-Key": call.key }),
      ...(call.authorization === undefined ? {} : { Authorization: call.authorization }),
    },
    maxBytes: MAX_ANSWER_BYTES,
    timeoutMs: CALL_TIMEOUT_MS,
    mediaTypes: JSON_TYPES,
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  });
  const body = parsedBody(answer);
  return agent.binding === "JSONRPC" ? jsonRpcResult(answer, body) : httpResult(answer, body);
}

type Sent = { readonly url: string; readonly method: "GET" | "POST"; readonly body?: string };

function jsonRpcRequest({ url, tenant }: RemoteAgent, { method, params }: RemoteCall): Sent {
  const sent = { jsonrpc: "2.0", id: 1, method, params: { ...params, ...(tenant === undefined ? {} : { tenant }) } };
  return { url, method: "POST", body: JSON.stringify(sent) };
}

/** §11.3. The tenant goes in the path, before the operation. */
function httpRequest({ url, tenant }: RemoteAgent, { method, params }: RemoteCall): Sent {
  const base = url.replace(/\/+$/, "") + (tenant === undefined ? "" : `/${encodeURIComponent(tenant)}`);
  const { id, ...rest } = params;
  const task = `${base}/tasks/${encodeURIComponent(typeof id === "string" ? id : "")}`;
  switch (method) {
    case "SendMessage":
      return { url: `${base}/message:send`, method: "POST", body: JSON.stringify(params) };
    case "GetTask": {
      const query = new URLSearchParams(Object.entries(rest).map(([name, value]) => [name, String(value)])).toString();
      return { url: query === "" ? task : `${task}?${query}`, method: "GET" };
    }
    case "CancelTask":
      return { url: `${task}:cancel`, method: "POST", body: JSON.stringify(rest) };
    default:
      return method satisfies never;
  }
}

const errorSchema = z.object({ code: z.number().optional(), message: z.string().default("") });
const jsonRpcAnswerSchema = z.object({ result: z.unknown().optional(), error: errorSchema.optional() });

/** A JSON-RPC error may come with any HTTP status. */
function jsonRpcResult(answer: OutboundResponse, body: unknown): unknown {
  const parsed = jsonRpcAnswerSchema.safeParse(body);
  if (!parsed.success || parsed.data.error !== undefined || answer.status >= 400) throw refusal(answer, parsed.data?.error);
  return parsed.data.result;
}

function httpResult(answer: OutboundResponse, body: unknown): unknown {
  if (answer.status < 400) return body;
  throw refusal(answer, z.object({ error: errorSchema }).safeParse(body).data?.error);
}

/** What the other side's refusal means for the step that asked. Its words are told, cut short, as words of the other side. */
function refusal({ url, status }: OutboundResponse, error: z.infer<typeof errorSchema> | undefined): Problem {
  const said = error === undefined || error.message === "" ? "" : `: "${error.message.slice(0, 300)}"`;
  const told = `The agent at ${hostOf(url)} answered ${error?.code ?? status}${said}.`;
  if (status === 429) return new Problem("too-many-requests", told);
  if (status === 401 || status === 403) return new Problem("forbidden", told);
  if (error?.code === TASK_NOT_FOUND || status === 404) return new Problem("not-found", told);
  if (status >= 500 || error?.code === INTERNAL) return new Problem("unavailable", told);
  return new Problem("invalid-request", told);
}

const TASK_NOT_FOUND = -32001;
const INTERNAL = -32603;

/** A body that is no JSON is undefined: the status says what to make of it. */
function parsedBody({ body }: OutboundResponse): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : "the given address";
}
