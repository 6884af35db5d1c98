/** Exit code of a command that a person or the system ended, as shells have it for SIGINT. */
export const INTERRUPTED = 130;

/**
 * A signal that aborts when a person presses Ctrl-C or the system asks this process to end, so that what was begun is ended in order.
 * Who asks a second time is obeyed at once.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort(new Error("interrupted"));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  return controller.signal;
}

/** Resolves when the signal aborts. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
