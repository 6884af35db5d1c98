import { SomaProblem } from "../../../../clients/sdk/problem.ts";

/** What went wrong, as a person reads it. */
export interface Trouble {
  readonly title: string;
  readonly detail: string;
  readonly requestId?: string;
  readonly errors: SomaProblem["errors"];
}

/** Any error in the form that is shown: the platform's own words where it answered, the connection otherwise. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof SomaProblem) {
    const { title, message, requestId, errors } = error;
    return { title, detail: message, errors, ...(requestId === undefined ? {} : { requestId }) };
  }
  if (error instanceof TypeError)
    return { title: "The platform cannot be reached", detail: "Check the connection; it is tried again by itself.", errors: [] };
  return { title: "Something went wrong in this page", detail: error instanceof Error ? error.message : String(error), errors: [] };
}

/** True for a refusal that asking again does not change. */
export function isRefusal(error: unknown): boolean {
  return error instanceof SomaProblem && error.status < 500 && error.status !== 429;
}

/** True when the events asked for are no longer kept one by one: what became of them is read from the resource. */
export function isCompacted(error: unknown): boolean {
  return error instanceof SomaProblem && error.type === "urn:soma:problem:events-compacted";
}

/** True when the platform does not know the key. */
export function isUnauthenticated(error: unknown): boolean {
  return error instanceof SomaProblem && error.status === 401;
}
