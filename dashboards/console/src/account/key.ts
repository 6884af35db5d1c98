import { useSyncExternalStore } from "react";

/** Where the key is kept: for this tab, until it is closed. */
const STORED = "soma.key";

const listeners = new Set<() => void>();

/** Takes the key of an address like `/console#key=…` over and removes it from the address and from the history at once. */
export function takeOverKey(): void {
  const { hash, pathname, search } = window.location;
  const key = new URLSearchParams(hash.slice(1)).get("key");
  if (key === null) return;
  window.history.replaceState(null, "", pathname + search);
  if (key.trim() !== "") keepKey(key.trim());
}

export function keepKey(key: string): void {
  sessionStorage.setItem(STORED, key);
  for (const listener of listeners) listener();
}

export function forgetKey(): void {
  sessionStorage.removeItem(STORED);
  for (const listener of listeners) listener();
}

/** The key that this tab is signed in with, if any. */
export function useKey(): string | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => sessionStorage.getItem(STORED) ?? undefined,
  );
}
