import { problemOf } from "./problem.ts";

/**
 * The messages of the platform's own interruptions: a deploy, an upgrade of the runtime, a lost connection to another
 * object, storage that reset the object. They say nothing about the step that was running.
 */
const RESET_MESSAGES = [
  "Durable Object reset because its code was updated",
  "script has been upgraded",
  "script upgraded",
  "Durable Object storage operation exceeded timeout which caused object to be reset",
  "Durable Object's isolate exceeded its memory limit",
  "Durable Object is overloaded",
  "Network connection lost",
  "in Durable Object storage caused object to be reset",
  "Cannot resolve Durable Object due to transient issue",
  "internal error; reference =",
  "Application called abort() to reset Durable Object",
  "The Workers runtime canceled this request",
] as const;

/**
 * True when an error is the platform interrupting the work and not the work failing. Such an error is never counted as an
 * attempt and never recorded as an outcome. It recognises the flags that workerd sets on errors (`retryable`, `overloaded`,
 * `durableObjectReset`) and the messages, also as the cause of another error.
 */
export function isPlatformReset(error: unknown): boolean {
  if (!(error instanceof Error) || problemOf(error) !== undefined) return false;
  if (hasFlag(error, "durableObjectReset") || hasFlag(error, "retryable") || hasFlag(error, "overloaded")) return true;
  if (RESET_MESSAGES.some((message) => error.message.includes(message))) return true;
  return error.cause !== undefined && isPlatformReset(error.cause);
}

function hasFlag(error: Error, name: string): boolean {
  return Object.hasOwn(error, name) && Reflect.get(error, name) === true;
}
