import { useEffect, useEffectEvent, useState } from "react";
import type { SomaEvent } from "../../../../clients/sdk/events.ts";
import { useClient } from "./client.ts";
import { isRefusal } from "./problem.ts";

/** What came in this time is shown at once: a burst of events is one change of the page. */
const GATHER_MS = 80;
/** Between two rounds of connecting when the platform could not be reached for long. */
const REST_MS = 3_000;

/** How the following of a log stands: it goes on, everything was told, or the platform refused. */
export type Following = { readonly is: "live" } | { readonly is: "ended" } | { readonly is: "refused"; readonly error: unknown };

/**
 * Follows the events of a session or project from the first on, through lost connections, and hands them over in order, each once.
 * @param round another number follows a log that had ended again, from where it ended
 */
export function useEvents(id: string, round: number, onEvents: (events: readonly SomaEvent[]) => void): Following {
  const client = useClient();
  const [following, setFollowing] = useState<Following>({ is: "live" });
  const [last] = useState({ id, seq: 0 });
  const handOver = useEffectEvent(onEvents);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another round is what starts following again
  useEffect(() => {
    const abort = new AbortController();
    let gathered: SomaEvent[] = [];
    const flush = () => {
      const events = gathered;
      gathered = [];
      if (events.length > 0) handOver(events);
    };
    const timer = setInterval(flush, GATHER_MS);
    const follow = async (): Promise<Following> => {
      for await (const event of client.events(id, { after: last.seq, signal: abort.signal })) {
        last.seq = event.seq;
        gathered.push(event);
      }
      flush();
      return { is: "ended" };
    };
    const followUntilOver = async () => {
      setFollowing({ is: "live" });
      while (!abort.signal.aborted) {
        const outcome = await follow().catch((error: unknown): Following => (isRefusal(error) ? { is: "refused", error } : { is: "live" }));
        if (abort.signal.aborted) return;
        if (outcome.is !== "live") return setFollowing(outcome);
        await new Promise((resolve) => setTimeout(resolve, REST_MS));
      }
    };
    void followUntilOver();
    return () => {
      abort.abort(new DOMException("The page was left.", "AbortError"));
      clearInterval(timer);
      flush();
    };
  }, [client, id, last, round]);

  return following;
}
