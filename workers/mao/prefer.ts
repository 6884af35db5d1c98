/** The longest a request may wait for a run to end; a client that needs longer follows the events. */
const MAX_WAIT_SECONDS = 60;

/** Milliseconds that `Prefer: wait=N` (RFC 7240 §4.3) asks to wait, at most MAX_WAIT_SECONDS; 0 when it does not ask. */
export function preferredWaitMs(prefer: string | undefined): number {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?/i.exec(prefer ?? "")?.[1];
  return seconds === undefined ? 0 : Math.min(MAX_WAIT_SECONDS, Number(seconds)) * 1_000;
}
