import type { Json } from "../platform/canonical-json.ts";
import { type Id, idPattern } from "../platform/ids.ts";
import type { Principal } from "../platform/principal.ts";
import { problemOf } from "../platform/problem.ts";
import { A2aError, type A2aReason } from "./errors.ts";
import type { Message } from "./protocol.ts";
import type { ServedAgent } from "./served-agent.ts";
import type { ServedRun } from "./served-run.ts";

/** An agent with the run that a message to it begins. */
export interface Answering {
  readonly agent: ServedAgent;
  begin(message: Message): ServedRun;
}

/** Who asks, and whom. */
export interface Caller {
  readonly env: Env;
  readonly principal: Principal;
  /** The agent that answers a message. */
  answering(message: Message): Promise<Answering>;
  /** The agent whose tasks are listed: undefined for all of the tenant's. */
  readonly agentName: string | undefined;
  newRunId(): Id<"run">;
  /** The card for a caller who is known (§3.1.11). */
  extendedCard(): Promise<Json>;
}

/** The run behind a task of the caller's tenant. @throws A2aError `TASK_NOT_FOUND` for what is no id of ours */
export function runOf({ env, principal }: Pick<Caller, "env" | "principal">, id: string): ReturnType<Env["MAO_RUN"]["getByName"]> {
  if (!idPattern("run").test(id))
    throw new A2aError("TASK_NOT_FOUND", `There is no task ${id.slice(0, 100)} here.`, { about: { taskId: id.slice(0, 100) } });
  return env.MAO_RUN.getByName(`${principal.tenant}/${id}`);
}

/** A request whose member is not what it has to be. */
export function invalid(field: string, message: string): A2aError {
  return new A2aError("INVALID_PARAMS", message, { violations: [{ pointer: field, message }] });
}

/** Runs a call of an object, and tells its problem by the reason that it has for this operation. */
export async function asErrors<T>(reasons: { readonly conflict: A2aReason }, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const problem = problemOf(error);
    if (problem?.type === "conflict") throw new A2aError(reasons.conflict, problem.detail);
    throw error;
  }
}
