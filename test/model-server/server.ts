import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { Ajv } from "ajv";
import { faultsOf, isPublished } from "./published-schema.ts";
import type { ChatChunk, ChatRequest } from "./published-types.ts";
import { type Answer, messagesOf, type Reply } from "./reply.ts";
import { think } from "./think.ts";
import { chunksOf, type Head, responseOf } from "./wire.ts";

const CREATED = 1_700_000_000;
/** Chunks after which an endless answer ends after all, so that a client that never goes cannot keep a test. */
const MAX_ENDLESS_CHUNKS = 100_000;

/** One request as it came. */
export interface Received {
  readonly at: number;
  readonly authorization: string | undefined;
  readonly body: ChatRequest;
}

export interface ModelServer {
  /** To be set as SOMA_MODEL_BASE_URL: it ends in `/v1`. */
  readonly url: string;
  readonly requests: readonly Received[];
  /** Whatever did not fit the published description, sent or received. A test that ends with any has failed. */
  readonly faults: readonly string[];
  /** Answers the requests whose messages hold `marker` with these, one after the other; other requests, and those after them, by rule. */
  script(marker: string, ...replies: readonly Reply[]): void;
  /** The requests whose messages hold `marker`. */
  asked(marker: string): readonly Received[];
  stop(): Promise<void>;
}

interface State {
  readonly options: { readonly apiKey: string; readonly model: string };
  readonly requests: Received[];
  readonly faults: string[];
  readonly scripts: Map<string, Reply[]>;
}

/** A server of the OpenAI chat API on a socket of this machine. Without a script a rule-based model answers (`think.ts`). */
export async function startModelServer(options: { port?: number; apiKey: string; model: string }): Promise<ModelServer> {
  const state: State = { options, requests: [], faults: [], scripts: new Map() };
  const server = createServer((request, response) => {
    void serve(state, request, response).catch((error: unknown) => {
      state.faults.push(`the server failed: ${String(error)}`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The model server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    requests: state.requests,
    faults: state.faults,
    script: (marker, ...replies) => void state.scripts.set(marker, [...replies]),
    asked: (marker) => state.requests.filter((received) => holds(received.body, marker)),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { apiKey, model } = state.options;
  const path = `${request.method} ${request.url}`;
  const text = await bodyOf(request);
  if (request.headers.authorization !== `Bearer ${apiKey}`)
    return sendError(state, response, { status: 401, code: "invalid_api_key", message: "Incorrect API key provided." });
  if (path === "GET /v1/models")
    return sendJson(state, response, "ModelsResponse", {
      object: "list",
      data: [{ id: model, object: "model", created: CREATED, owned_by: "somaagent-tests" }],
    });
  if (path !== "POST /v1/chat/completions")
    return sendError(state, response, { status: 404, code: "unknown_url", message: `Unknown request URL: ${path}.` });
  const body: unknown = JSON.parse(text);
  if (!isPublished("ChatRequest", body)) {
    const faults = faultsOf("ChatRequest", body);
    state.faults.push(...faults);
    return sendError(state, response, { status: 400, code: "invalid_request", message: faults.join("; ") });
  }
  state.requests.push({ at: Date.now(), authorization: request.headers.authorization, body });
  if (body.model !== model)
    return sendError(state, response, { status: 404, code: "model_not_found", message: `The model ${body.model} does not exist.` });
  await reply(state, response, body, nextReply(state, body));
}

function nextReply(state: State, body: ChatRequest): Reply {
  for (const [marker, replies] of state.scripts) {
    const next = holds(body, marker) ? replies.shift() : undefined;
    if (next !== undefined) return next;
  }
  return { kind: "answer", answer: think(body) };
}

async function reply(state: State, response: ServerResponse, body: ChatRequest, said: Reply): Promise<void> {
  const head: Head = { id: `chatcmpl-${state.requests.length}`, created: CREATED, model: body.model };
  switch (said.kind) {
    case "error":
      return sendError(state, response, said, said.headers);
    case "foreign":
      response.writeHead(said.status, { "Content-Type": "text/html" }).end(said.body);
      return;
    case "dropped":
      response.destroy();
      return;
    case "silent":
      openStream(response);
      return;
    case "endless":
      return sendEndless(response, head, said);
    case "broken":
    case "malformed":
      openStream(response);
      for (const chunk of chunksOf(head, body, said.answer).slice(0, said.afterChunks)) sendChunk(state, response, chunk);
      if (said.kind === "malformed") response.end('data: {"id": "chatcmpl-1", "choices": [{\n\n');
      else response.write(": \n\n", () => response.destroy());
      return;
    case "answer":
      checkFormat(state, body, said.answer);
      if (body.stream !== true) return sendJson(state, response, "ChatResponse", responseOf(head, body, said.answer));
      openStream(response);
      await pause(said.firstTokenMs ?? 0);
      for (const chunk of chunksOf(head, body, said.answer)) {
        if (response.destroyed) return;
        sendChunk(state, response, chunk);
        if (said.everyMs !== undefined) await pause(said.everyMs);
      }
      response.end("data: [DONE]\n\n");
      return;
    default:
      said satisfies never;
  }
}

/** An answer to a request with `response_format: json_schema` has to fit that schema. */
function checkFormat(state: State, body: ChatRequest, answer: Answer): void {
  const format = body.response_format;
  if (format?.type !== "json_schema" || answer.calls !== undefined) return;
  const validate = new Ajv({ strict: false }).compile(format.json_schema.schema ?? {});
  if (!validate(JSON.parse(answer.text))) state.faults.push(`the answer does not fit its json_schema: ${JSON.stringify(validate.errors)}`);
}

async function sendEndless(response: ServerResponse, head: Head, said: { word: string; everyMs: number }): Promise<void> {
  openStream(response);
  for (let i = 0; i < MAX_ENDLESS_CHUNKS && !response.destroyed; i += 1) {
    const chunk = {
      ...head,
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta: { content: said.word }, finish_reason: null, logprobs: null }],
    };
    const isTaken = response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    await (isTaken || response.destroyed ? pause(said.everyMs) : drained(response));
  }
  response.end();
}

function drained(response: ServerResponse): Promise<unknown> {
  return new Promise((resolve) => {
    response.once("drain", resolve);
    response.once("close", resolve);
  });
}

function openStream(response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  response.flushHeaders();
}

function sendChunk(state: State, response: ServerResponse, chunk: ChatChunk): void {
  state.faults.push(...faultsOf("ChatChunk", chunk));
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
}

function sendJson(state: State, response: ServerResponse, kind: "ChatResponse" | "ModelsResponse", body: object): void {
  state.faults.push(...faultsOf(kind, body));
  response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

function sendError(
  state: State,
  response: ServerResponse,
  error: { status: number; code: string; message: string },
  headers: Readonly<Record<string, string>> = {},
): void {
  const type = error.status === 429 ? "rate_limit_error" : error.status >= 500 ? "server_error" : "invalid_request_error";
  const body = { error: { message: error.message, type, param: null, code: error.code } };
  state.faults.push(...faultsOf("ErrorResponse", body));
  response.writeHead(error.status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
}

function holds(body: ChatRequest, marker: string): boolean {
  return messagesOf(body).some((message) => message.text.includes(marker));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString("utf8");
}
