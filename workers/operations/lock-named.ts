import { proxyDurable } from "itty-durable";
import { type LockAnswer, lockAnswerSchema } from "./lease.ts";

/**
 * A way to call the lock of this name: `acquire(heldMs)`, `renew(token, heldMs)`, `release(token)`. The library's stub is untyped; what comes back is parsed.
 * @param name the tenant (or `platform`) and what is locked, as `ten_…/redrive`
 */
export function lockNamed(env: Env, name: string) {
  const stub = proxyDurable(env.LOCK, { parse: true }).get(name);
  return async (method: "acquire" | "renew" | "release", ...args: number[]): Promise<LockAnswer> =>
    lockAnswerSchema.parse(await stub[method](...args));
}
