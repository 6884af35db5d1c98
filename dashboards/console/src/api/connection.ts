import { useSyncExternalStore } from "react";

let isReachable = true;
const listeners = new Set<() => void>();

function tell(reachable: boolean): void {
  if (isReachable === reachable) return;
  isReachable = reachable;
  for (const listener of listeners) listener();
}

/** Sends a request and remembers whether the platform could be reached at all. */
export async function sendNoting(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    tell(true);
    return response;
  } catch (error) {
    if (!request.signal.aborted) tell(false);
    throw error;
  }
}

/** Whether the last request reached the platform. */
export function useReachable(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isReachable,
  );
}
