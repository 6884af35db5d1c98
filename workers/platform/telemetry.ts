import type { TraceContext } from "./trace-context.ts";

type Level = "debug" | "info" | "warn" | "error";

/** Where a line of the log belongs. None of it is secret, and none of it is what a tenant wrote. */
export interface LogContext {
  readonly requestId?: string;
  readonly tenant?: string;
  readonly trace?: TraceContext;
}

/**
 * Writes one structured line: JSON with a stable `event` name, the trace it belongs to, and its fields.
 * Never pass a credential, a body or a prompt.
 */
export function log(level: Level, event: string, context: LogContext, fields: Record<string, string | number | boolean | null> = {}): void {
  const line = JSON.stringify({
    level,
    event,
    at: new Date().toISOString(),
    ...(context.requestId === undefined ? {} : { requestId: context.requestId }),
    ...(context.tenant === undefined ? {} : { tenant: context.tenant }),
    ...(context.trace === undefined ? {} : { traceId: context.trace.traceId, spanId: context.trace.spanId }),
    ...fields,
  });
  if (level === "error") console.error(line);
  else if (level === "warn") console.warn(line);
  else console.log(line);
}

/** What an unknown thrown value says of itself, bounded, for logs. */
export function describeError(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.slice(0, 2000);
}
