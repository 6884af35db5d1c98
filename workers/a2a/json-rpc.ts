import { z } from "zod";
import type { Json } from "../platform/canonical-json.ts";
import type { Capability } from "../platform/capabilities.ts";
import { type Caller, invalid } from "./caller.ts";
import { A2aError, errorHeaders, jsonRpcErrorOf } from "./errors.ts";
import { listTasks } from "./list-tasks.ts";
import { cancelTask, getTask, sendMessage, streamMessage, subscribe } from "./operations.ts";
import { withJsonNames } from "./proto-names.ts";
import {
  cancelTaskSchema,
  createPushConfigSchema,
  extendedCardSchema,
  getTaskSchema,
  listPushConfigsSchema,
  listTasksSchema,
  pushConfigNameSchema,
  sendMessageSchema,
  subscribeSchema,
} from "./protocol.ts";
import { deletePushConfig, keepPushConfig, listPushConfigs, readPushConfig } from "./push-config.ts";

/** What an operation gives: a value, or a stream of Server-Sent Events. */
export type Outcome = { readonly value: unknown } | { readonly stream: ReadableStream<Uint8Array> };

/** One operation of the protocol, whichever binding it comes by. */
export interface Operation {
  readonly capability: Capability;
  /** True when a request of the same Idempotency-Key is to be carried out once. */
  readonly creates?: boolean;
  /** The tenant that the parameters name, for the check that it is the caller's (§8.3.2). */
  readonly run: (caller: Caller, params: unknown, rpcId: string | undefined) => Promise<Outcome>;
}

/** @throws A2aError `INVALID_PARAMS` naming each member that does not fit */
function parsed<T extends z.ZodType<{ tenant?: string | undefined }>>(caller: Caller, schema: T, params: unknown): z.output<T> {
  const result = schema.safeParse(withJsonNames(params ?? {}));
  if (!result.success) {
    const violations = result.error.issues.slice(0, 20).map(({ path, message }) => ({ pointer: path.join("."), message }));
    const told = violations.slice(0, 3).map(({ pointer, message }) => `${pointer}: ${message}`);
    throw new A2aError("INVALID_PARAMS", `The parameters do not fit: ${told.join("; ")}.`, { violations });
  }
  const { tenant } = result.data;
  if (tenant !== undefined && tenant !== caller.principal.tenant)
    throw invalid("tenant", "The tenant is not the one that the credential belongs to.");
  return result.data;
}

/** The methods of the JSON-RPC binding (§9.4), which are the operations of the other one too (§5.3). */
export const OPERATIONS = {
  SendMessage: {
    capability: "runs.write",
    creates: true,
    run: async (caller, params) => ({ value: await sendMessage(caller, parsed(caller, sendMessageSchema, params)) }),
  },
  SendStreamingMessage: {
    capability: "runs.write",
    creates: true,
    run: async (caller, params, rpcId) => ({ stream: await streamMessage(caller, parsed(caller, sendMessageSchema, params), rpcId) }),
  },
  GetTask: {
    capability: "runs.read",
    run: async (caller, params) => ({ value: await getTask(caller, parsed(caller, getTaskSchema, params)) }),
  },
  ListTasks: {
    capability: "runs.read",
    run: async (caller, params) => ({ value: await listTasks(caller, parsed(caller, listTasksSchema, params)) }),
  },
  CancelTask: {
    capability: "runs.write",
    run: async (caller, params) => ({ value: await cancelTask(caller, parsed(caller, cancelTaskSchema, params).id) }),
  },
  SubscribeToTask: {
    capability: "runs.read",
    run: async (caller, params, rpcId) => ({ stream: await subscribe(caller, parsed(caller, subscribeSchema, params).id, rpcId) }),
  },
  CreateTaskPushNotificationConfig: {
    capability: "runs.write",
    run: async (caller, params) => ({ value: await keepPushConfig(caller, parsed(caller, createPushConfigSchema, params)) }),
  },
  GetTaskPushNotificationConfig: {
    capability: "runs.read",
    run: async (caller, params) => ({ value: await readPushConfig(caller, parsed(caller, pushConfigNameSchema, params)) }),
  },
  ListTaskPushNotificationConfigs: {
    capability: "runs.read",
    run: async (caller, params) => {
      const configs = await listPushConfigs(caller, parsed(caller, listPushConfigsSchema, params).taskId);
      return { value: { configs, nextPageToken: "" } };
    },
  },
  DeleteTaskPushNotificationConfig: {
    capability: "runs.write",
    run: async (caller, params) => {
      await deletePushConfig(caller, parsed(caller, pushConfigNameSchema, params));
      return { value: {} };
    },
  },
  GetExtendedAgentCard: {
    capability: "runs.read",
    run: async (caller, params) => {
      parsed(caller, extendedCardSchema, params);
      return { value: await caller.extendedCard() };
    },
  },
} as const satisfies Record<string, Operation>;
export type OperationName = keyof typeof OPERATIONS;

const requestSchema = z.object({
  jsonrpc: z.literal("2.0"),
  id: z.union([z.string().max(1_000), z.number(), z.null()]),
  method: z.string(),
  params: z.unknown(),
});

/** A request of JSON-RPC 2.0 that names one of our operations. */
export interface RpcRequest {
  readonly id: Json;
  readonly operation: OperationName;
  readonly params: unknown;
}

/** The id of a request that may be wrong in every other way, so that its error finds its way back. */
export function rpcIdOf(body: unknown): Json {
  return z.object({ id: z.union([z.string(), z.number(), z.null()]) }).safeParse(body).data?.id ?? null;
}

/** @throws A2aError `INVALID_REQUEST` (batches and notifications among them), `METHOD_NOT_FOUND` */
export function parseRpc(body: unknown): RpcRequest {
  const request = requestSchema.safeParse(body);
  if (!request.success) throw new A2aError("INVALID_REQUEST", "This is no request of JSON-RPC 2.0: it has jsonrpc, id, method and params.");
  const { id, method, params } = request.data;
  if (!isOperation(method)) throw new A2aError("METHOD_NOT_FOUND", `There is no method ${method.slice(0, 100)} in A2A 1.0.`);
  return { id, operation: method, params };
}

export function isOperation(name: string): name is OperationName {
  return Object.hasOwn(OPERATIONS, name);
}

export function rpcResult(id: Json, value: unknown): Response {
  return new Response(JSON.stringify({ jsonrpc: "2.0", id, result: value }), { headers: { "Content-Type": "application/json" } });
}

/** HTTP statuses that say something to HTTP itself; every other error of JSON-RPC is an answer like any other. */
const TOLD_BY_HTTP = new Set([401, 402, 403, 408, 409, 413, 415, 429, 500, 503]);

export function rpcError(id: Json, error: A2aError): Response {
  const status = TOLD_BY_HTTP.has(error.httpStatus) ? error.httpStatus : 200;
  const body = JSON.stringify({ jsonrpc: "2.0", id, error: jsonRpcErrorOf(error) });
  return new Response(body, { status, headers: { "Content-Type": "application/json", ...errorHeaders(error) } });
}
