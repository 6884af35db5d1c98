import { onTestFinished } from "vitest";

/**
 * Puts `around` between a class and the callers of one of its methods, until the test ends: how a test has an object of the running
 * platform fail or answer otherwise, which no request could bring about.
 */
export function alterMethod(prototype: object, method: string, around: (call: () => unknown, order: readonly unknown[]) => unknown): void {
  const original: unknown = Reflect.get(prototype, method);
  if (typeof original !== "function") throw new Error(`there is no method ${method}`);
  Object.defineProperty(prototype, method, {
    configurable: true,
    value(this: unknown, ...order: unknown[]) {
      return around(() => Reflect.apply(original, this, order), order);
    },
  });
  onTestFinished(() => {
    Object.defineProperty(prototype, method, { configurable: true, writable: true, value: original });
  });
}
