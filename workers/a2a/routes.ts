import type { Context } from "hono";
import type { Json } from "../platform/canonical-json.ts";
import { streamResponse } from "../platform/event-answer.ts";
import { problemOf } from "../platform/problem.ts";
import { type HttpEnv, newRouter } from "../platform/route.ts";
import { describeError, log } from "../platform/telemetry.ts";
import { type A2aAddress, addressOf, BASE, CARD_PATH } from "./address.ts";
import { agentCard, cardAnswer } from "./agent-card.ts";
import { agentCalled, builtInAgent, DEFAULT_AGENT, extendedAgent } from "./agents.ts";
import type { Answering, Caller } from "./caller.ts";
import { conformanceAgentFor, withConformanceKey } from "./conformance.ts";
import { A2aError, toA2aError } from "./errors.ts";
import { httpError, httpOperation, httpResult, queryParams } from "./http-json.ts";
import { OPERATIONS, type OperationName, type Outcome, parseRpc, rpcError, rpcIdOf, rpcResult } from "./json-rpc.ts";
import { A2A_MEDIA_TYPE, A2A_VERSION } from "./protocol.ts";

/**
 * The Agent2Agent protocol 1.0: our agents as other agents reach them, in both of its HTTP bindings. Errors here have the protocol's own
 * forms (§9.5, §11.6) and are no problem documents.
 */
export const a2aRoutes = newRouter();

a2aRoutes.get(CARD_PATH, (context) => publicCard(context, DEFAULT_AGENT, BASE));

for (const path of [BASE, `${BASE}/*`]) a2aRoutes.all(path, answer);

async function answer(context: Context<HttpEnv>): Promise<Response> {
  const { pathname } = new URL(context.req.url);
  const address = addressOf(pathname);
  withConformanceKey(context);
  if (address.operation === CARD_PATH) return answerCard(context, address);
  return address.operation === "" ? answerRpc(context, address) : answerHttp(context, address);
}

/** The card of an agent (§8.2): everyone may read those of the platform's own; a tenant's are for the tenant. */
async function answerCard(context: Context<HttpEnv>, { agent, base }: A2aAddress): Promise<Response> {
  const { raw, method } = context.req;
  try {
    if (method !== "GET" && method !== "HEAD")
      throw new A2aError("METHOD_NOT_FOUND", "An agent card is read with GET.", { httpStatus: 405 });
    const known = agent === undefined ? DEFAULT_AGENT : builtInAgent(agent);
    if (known !== undefined) return publicCard(context, known, base);
    await context.get("authorize")("runs.read");
    const { tenant } = context.get("principal");
    const called = await agentCalled(context.env, tenant, agent ?? "");
    return cardAnswer(agentCard(called.agent, { origin: originOf(context), path: base, tenant }), called.agent, "private", raw.headers);
  } catch (error) {
    return httpError(raw, errorOf(error, context));
  }
}

function publicCard(context: Context<HttpEnv>, { agent }: Answering, path: string): Response {
  return cardAnswer(agentCard(agent, { origin: originOf(context), path }), agent, "public", context.req.raw.headers);
}

/** The JSON-RPC binding (§9). */
async function answerRpc(context: Context<HttpEnv>, address: A2aAddress): Promise<Response> {
  let id: Json = null;
  try {
    if (context.req.method !== "POST") throw new A2aError("INVALID_REQUEST", "JSON-RPC requests are sent with POST.", { httpStatus: 405 });
    checkVersion(context);
    await context.get("authorize")("runs.read");
    const body = await readBody(context);
    id = rpcIdOf(body);
    const { operation, params } = parseRpc(body);
    const outcome = await perform(context, address, operation, params, JSON.stringify(id), (value) => rpcResult(id, value));
    return outcome;
  } catch (error) {
    return rpcError(id, errorOf(error, context));
  }
}

/** The HTTP+JSON binding (§11). */
async function answerHttp(context: Context<HttpEnv>, address: A2aAddress): Promise<Response> {
  const { raw, method } = context.req;
  try {
    const { operation, named, from } = httpOperation(method, address.operation);
    checkVersion(context);
    await context.get("authorize")(OPERATIONS[operation].capability);
    const sent = from === "body" ? await readBody(context) : queryParams(new URL(context.req.url).searchParams);
    const members = sent === undefined ? {} : sent;
    if (typeof members !== "object" || members === null || Array.isArray(members))
      throw new A2aError("INVALID_PARAMS", "The body has to be a JSON object.");
    const tenant = address.tenant === undefined ? {} : { tenant: address.tenant };
    const params = { ...members, ...named, ...tenant };
    return await perform(context, address, operation, params, undefined, (value) => httpResult(raw, value));
  } catch (error) {
    return httpError(raw, errorOf(error, context));
  }
}

/** Carries out an operation for a caller who may; one that creates is carried out once for each Idempotency-Key. */
async function perform(
  context: Context<HttpEnv>,
  address: A2aAddress,
  name: OperationName,
  params: unknown,
  rpcId: string | undefined,
  answered: (value: unknown) => Response,
): Promise<Response> {
  const { capability, run, ...operation } = OPERATIONS[name];
  await context.get("authorize")(capability);
  const work = async (): Promise<Response> => toResponse(await run(callerOf(context, address), params, rpcId), answered);
  if (!("creates" in operation)) return work();
  await context.get("once")(context, async () => {
    context.res = await work();
  });
  return context.res;
}

function toResponse(outcome: Outcome, answered: (value: unknown) => Response): Response {
  return "stream" in outcome ? streamResponse(outcome.stream) : answered(outcome.value);
}

function callerOf(context: Context<HttpEnv>, { agent, base }: A2aAddress): Caller {
  const { env } = context;
  const principal = context.get("principal");
  return {
    env,
    principal,
    agentName: agent,
    newRunId: () => context.get("newId")("run"),
    answering: async (message) =>
      conformanceAgentFor(env, message) ?? (agent === undefined ? DEFAULT_AGENT : agentCalled(env, principal.tenant, agent)),
    extendedCard: async () => {
      const extended = await extendedAgent(env, principal.tenant, agent);
      return agentCard(extended, { origin: originOf(context), path: base, tenant: principal.tenant });
    },
  };
}

/** §3.6.2: what names no version speaks 0.3, which this platform does not. @throws A2aError `VERSION_NOT_SUPPORTED` */
function checkVersion(context: Context<HttpEnv>): void {
  const version = context.req.header("a2a-version") ?? context.req.query("A2A-Version") ?? "";
  if (version.trim() === A2A_VERSION) return;
  const asked = version.trim() === "" ? "0.3 (no A2A-Version was sent)" : version.trim().slice(0, 20);
  throw new A2aError("VERSION_NOT_SUPPORTED", `A2A ${asked} is not spoken here; send the header A2A-Version: ${A2A_VERSION}.`, {
    about: { supportedVersions: A2A_VERSION },
  });
}

/** The JSON body within the platform's bounds; undefined when there is none. Bodies of the protocol's own media type are JSON too (§11.1). */
async function readBody(context: Context<HttpEnv>): Promise<unknown> {
  const { raw } = context.req;
  if (raw.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() === A2A_MEDIA_TYPE) {
    const headers = new Headers(raw.headers);
    headers.set("Content-Type", "application/json");
    context.req.raw = new Request(raw, { headers });
  }
  await context.get("jsonBody")(context, async () => undefined);
  const text = context.get("jsonText") ?? "";
  return text === "" ? undefined : JSON.parse(text);
}

function errorOf(error: unknown, context: Context<HttpEnv>): A2aError {
  if (error instanceof A2aError) return error;
  const problem = problemOf(error);
  if (problem === undefined) log("error", "a2a.unhandled", { requestId: context.get("requestId") }, { error: describeError(error) });
  return toA2aError(problem);
}

function originOf(context: Context<HttpEnv>): string {
  return new URL(context.req.url).origin;
}
