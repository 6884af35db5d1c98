import type { Context, MiddlewareHandler } from "hono";
import { authenticate, remembered } from "../identity/authenticate.ts";
import { demandMfa } from "../identity/mfa/step-up.ts";
import { systemClock } from "../platform/clock.ts";
import { newId } from "../platform/ids.ts";
import type { Principal } from "../platform/principal.ts";
import { Problem } from "../platform/problem.ts";
import type { HttpEnv } from "../platform/route.ts";
import { guard, toRecordedDecision } from "../policy/guard.ts";
import { setAnswerHeaders } from "./answer-headers.ts";
import { jsonBody } from "./json-body.ts";
import { once } from "./once.ts";
import { checkRate, type Rate, setRateFields, tooManyRequests } from "./rate-limit.ts";
import { checkWrongCredentials, countWrongCredential } from "./wrong-credentials.ts";

/**
 * Lets a route ask who calls and whether they may: the credential is verified, the tenant's rate counted and the guard asked
 * when the route's capability is demanded, so that public routes cost none of it. Every answer then says where the tenant stands with its rate.
 */
export const identify: MiddlewareHandler<HttpEnv> = async (context, next) => {
  let rate: Rate | undefined;
  context.set("jsonBody", jsonBody);
  context.set("once", once);
  context.set("newId", (kind) => newId(kind, systemClock.now()));
  context.set("authorize", async (capability) => {
    const principal =
      (await remembered(context.env, systemClock, originOf(context.req.url), context.req.header("authorization"))) ??
      (await prove(context));
    // Asked for two rights, a request is still one request.
    rate ??= await checkRate(context.env, principal);
    if (rate.isExceeded) throw tooManyRequests(rate);
    const request = { principal, resource: { type: "route", id: capability } } as const;
    const decision = await guard({ env: context.env, clock: systemClock }, request);
    if (decision.effect !== "allow")
      throw new Problem("forbidden", `This needs the capability ${capability}, which the credential does not have, or policy forbids it.`, {
        scope: capability,
      });
    // Who proves a second factor comes by the routes of their own account, which ask for it themselves.
    if (decision.obligations.mfa !== undefined && capability !== "account.write")
      demandMfa(principal, decision.obligations.mfa.maxAgeMs, systemClock.now());
    context.set("principal", principal);
    context.set("decision", toRecordedDecision(request, decision));
  });
  await next();
  const counted = rate;
  if (counted !== undefined) setAnswerHeaders(context, (headers) => setRateFields(headers, counted));
};

/** Verifies a credential that is not known yet, from an address that has not presented too many wrong ones. */
async function prove({ env, req }: Context<HttpEnv>): Promise<Principal> {
  const address = req.header("cf-connecting-ip");
  checkWrongCredentials(address, systemClock.now());
  try {
    return await authenticate(env, systemClock, originOf(req.url), req.header("authorization"));
  } catch (error) {
    if (error instanceof Problem && error.type === "invalid-credential") countWrongCredential(address, systemClock.now());
    throw error;
  }
}

/** The origin of a URL that the runtime has normalised; parsing it anew would cost more than the rest of the question. */
function originOf(url: string): string {
  const path = url.indexOf("/", "https://".length);
  return path < 0 ? url : url.slice(0, path);
}
