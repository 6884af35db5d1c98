import type { MiddlewareHandler } from "hono";
import { systemClock } from "../platform/clock.ts";
import type { HttpEnv } from "../platform/route.ts";
import { checkWrongCredentials, countWrongCredential } from "./wrong-credentials.ts";

/**
 * Bounds what a stranger can make the endpoints of OAuth do: an address that presents wrong clients without end, or begins one device after
 * the other, each of which is a row, is stopped as one that guesses API keys is.
 */
export const oauthAttempts: MiddlewareHandler<HttpEnv> = async (context, next) => {
  const address = context.req.header("cf-connecting-ip");
  checkWrongCredentials(address, systemClock.now());
  await next();
  const isBegun = context.req.path === "/oauth/device_authorization" && context.res.ok;
  if (context.res.status === 401 || isBegun) countWrongCredential(address, systemClock.now());
};
