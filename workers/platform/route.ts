import { createRoute, OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import type { Capability } from "./capabilities.ts";
import type { Id, IdKind } from "./ids.ts";
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from "./limits.ts";
import type { Principal } from "./principal.ts";
import { Problem } from "./problem.ts";
import type { RecordedDecision } from "./recorded.ts";
import type { TraceContext } from "./trace-context.ts";

/** What the gateway has put beside a request before a handler sees it. */
export interface RequestVariables {
  readonly requestId: string;
  readonly trace: TraceContext;
  /** Set on every route but the public ones. */
  readonly principal: Principal;
  /**
   * Asks the guard whether the principal may do this; the gateway provides it.
   * @throws Problem `missing-credential`, `forbidden` or `unavailable` (no decision means no)
   */
  readonly authorize: (capability: Capability) => Promise<void>;
  /** The guard's decision on this request, for the audit event of what it changes. */
  readonly decision: RecordedDecision;
  /** Reads and checks the JSON body of a request; the gateway provides it. */
  readonly jsonBody: MiddlewareHandler<HttpEnv>;
  /** The JSON body as it was checked; set on routes that take JSON. */
  readonly jsonText?: string;
  /**
   * The id of what a creating request makes: one of each kind. A request that is made again under its Idempotency-Key has the same, so
   * what makes things must take it well that they are there.
   */
  readonly newId: <K extends IdKind>(kind: K) => Id<K>;
  /** Runs a creating request once per Idempotency-Key; the gateway provides it. */
  readonly once: MiddlewareHandler<HttpEnv>;
}

export interface HttpEnv {
  Bindings: Env;
  Variables: RequestVariables;
}

/** A router whose validation failures are problem documents like every other error. */
export function newRouter(): OpenAPIHono<HttpEnv> {
  return new OpenAPIHono<HttpEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const errors = result.error.issues.slice(0, 20).map((issue) => ({
        pointer: result.target === "json" ? `/${issue.path.map(escapePointer).join("/")}` : `${result.target}:${issue.path.join(".")}`,
        message: issue.message,
      }));
      throw new Problem("invalid-request", "The request does not fit the schema of this route; each error names the place.", { errors });
    },
  });
}

function escapePointer(segment: PropertyKey): string {
  return String(segment).replaceAll("~", "~0").replaceAll("/", "~1");
}

export const problemSchema = z
  .object({
    type: z.string().openapi({ example: "urn:soma:problem:not-found" }),
    title: z.string().openapi({ example: "There is no such thing here" }),
    status: z.number().int().openapi({ example: 404 }),
    detail: z.string().openapi({ example: "No session ses_01KAJ2M3N4P5Q6R7S8T9V0W1X2 in this tenant." }),
    requestId: z.string().openapi({ example: "req_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    errors: z
      .array(
        z.object({
          pointer: z.string(),
          message: z.string(),
          file: z.string().optional(),
          line: z.number().int().optional().openapi({ description: "From 1." }),
          column: z.number().int().optional().openapi({ description: "From 1." }),
        }),
      )
      .optional(),
  })
  .openapi("Problem", { description: "A problem document (RFC 9457)." });

const problemResponse = (description: string) => ({ description, content: { "application/problem+json": { schema: problemSchema } } });

interface Access {
  /** What the principal must be able to do, or `public` for the few routes that need no credential. */
  readonly capability: Capability | "public";
  /** True for a POST that creates: it honours `Idempotency-Key`. */
  readonly creates?: boolean;
}

/**
 * A route with what every route of the platform has: the capability it needs (enforced, and published as
 * `x-soma-capability`), `Idempotency-Key` where it creates, and the problem responses.
 */
export function defineRoute<const Config extends RouteConfig>(access: Access, config: Config) {
  const checks: MiddlewareHandler<HttpEnv>[] = [];
  const { capability } = access;
  if (capability !== "public") {
    checks.push(async (context, next) => {
      await context.get("authorize")(capability);
      await next();
    });
  }
  if (takesJson(config)) checks.push((context, next) => context.get("jsonBody")(context, next));
  if (access.creates === true) checks.push((context, next) => context.get("once")(context, next));
  return createRoute({
    ...config,
    "x-soma-capability": capability,
    security: capability === "public" ? [] : [{ bearer: [] }],
    middleware: checks,
    responses: {
      ...config.responses,
      "4XX": problemResponse("The request cannot be served; the problem says why and what to do next."),
      "5XX": problemResponse("The platform could not serve the request; the problem says whether to try again."),
    },
  });
}

function takesJson(config: RouteConfig): boolean {
  return Object.hasOwn(config.request?.body?.content ?? {}, "application/json");
}

/** Query parameters of every list. */
export const pageQuerySchema = z.object({
  cursor: z.string().max(512).optional().openapi({ description: "Where to go on: `nextCursor` of the page before." }),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE).openapi({ description: "Items a page." }),
});

/** The form of every list: newest first unless the route says otherwise; no `nextCursor` on the last page. */
export function pageSchema<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().optional() });
}

/** An opaque cursor over the key of the last item shown. */
export function encodeCursor(key: string): string {
  return btoa(key).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @throws Problem `invalid-request` when it is none of ours */
export function decodeCursor(cursor: string): string {
  try {
    return atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    throw new Problem("invalid-request", "The cursor is not one this API gave; leave it out to start from the first page.", {
      errors: [{ pointer: "query:cursor", message: "not a cursor" }],
    });
  }
}
