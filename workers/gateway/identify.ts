import type { MiddlewareHandler } from "hono";
import { authenticate } from "../identity/authenticate.ts";
import { systemClock } from "../platform/clock.ts";
import { Problem } from "../platform/problem.ts";
import type { HttpEnv } from "../platform/route.ts";
import { guard, toRecordedDecision } from "../policy/guard.ts";
import { checkRate } from "./rate-limit.ts";

/**
 * Lets a route ask who calls and whether they may: the credential is verified, the tenant's rate counted and the guard asked
 * when the route's capability is demanded, so that public routes cost none of it.
 */
export const identify: MiddlewareHandler<HttpEnv> = async (context, next) => {
  context.set("authorize", async (capability) => {
    const issuer = new URL(context.req.url).origin;
    const principal = await authenticate(context.env, systemClock, issuer, context.req.header("authorization"));
    await checkRate(context, principal.tenant);
    const request = { principal, resource: { type: "route", id: capability } } as const;
    const decision = guard(request);
    if (decision.effect !== "allow")
      throw new Problem("forbidden", `This needs the capability ${capability}, which the credential does not have, or policy forbids it.`);
    context.set("principal", principal);
    context.set("decision", toRecordedDecision(request, decision));
  });
  await next();
};
