import { EXIT } from "./exit-codes.ts";
import { watchLauncher } from "./launcher.ts";

/**
 * A signal that aborts when a person presses Ctrl-C, the system asks this process to end, or the npm that started it is gone, so that
 * what was begun is ended in order.
 * Who asks a second time is obeyed at once.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new Error("interrupted"));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  watchLauncher(() => {
    if (!controller.signal.aborted) onSignal();
  });
  return controller.signal;
}

/** Resolves when the signal aborts. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
