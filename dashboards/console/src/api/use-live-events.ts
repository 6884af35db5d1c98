import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { SomaEvent } from "../../../../clients/sdk/events.ts";
import { type Following, useEvents } from "./use-events.ts";

/** Between two readings of what its events keep changing. */
const READ_AGAIN_MS = 300;
/** Events kept in the page; the newest are. */
const MAX_EVENTS = 5_000;

/**
 * The events of a project or run as they come; what they change is read anew under its key. A log that had ended is followed again when
 * the work goes on.
 */
export function useLiveEvents(id: string, key: QueryKey, isGoingOn: boolean): { events: readonly SomaEvent[]; following: Following } {
  const queries = useQueryClient();
  const [events, setEvents] = useState<readonly SomaEvent[]>([]);
  const [round, setRound] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const following = useEvents(id, round, (batch) => {
    setEvents((known) => [...known, ...batch].slice(-MAX_EVENTS));
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queries.invalidateQueries({ queryKey: key, exact: true });
    }, READ_AGAIN_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (following.is === "ended" && isGoingOn) setRound((n) => n + 1);
  }, [following.is, isGoingOn]);
  return { events, following };
}
