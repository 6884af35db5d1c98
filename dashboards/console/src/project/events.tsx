import { useState } from "react";
import type { SomaEvent } from "../../../../clients/sdk/events.ts";
import type { Following } from "../api/use-events.ts";
import { Button } from "../ui/button.tsx";
import { Panel } from "../ui/page.tsx";
import { TroubleNote } from "../ui/trouble.tsx";
import { eventText, titlesOf } from "./event-text.ts";

const CLOCK = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
/** Events shown before someone asks for more. */
const SHOWN = 40;

interface EventsProps {
  readonly events: readonly SomaEvent[];
  readonly following: Following;
}

/** What happened, the newest first, as it happens. */
export function Events({ events, following }: EventsProps) {
  const [shown, setShown] = useState(SHOWN);
  const titles = titlesOf(events);
  return (
    <Panel
      title="Events"
      aside={
        <p className="text-sm text-soft">
          <span data-testid="event-count">{events.length}</span> {following.is === "live" ? "· live" : ""}
        </p>
      }
    >
      {following.is === "refused" && <TroubleNote error={following.error} />}
      <ol reversed className="space-y-1 text-sm">
        {events
          .slice(-shown)
          .toReversed()
          .map((event) => (
            <li key={event.seq} data-seq={event.seq} className="flex gap-2">
              <time dateTime={new Date(event.at).toISOString()} className="shrink-0 font-mono text-xs leading-5 text-soft tabular-nums">
                {CLOCK.format(event.at)}
              </time>
              <span className="line-clamp-3 min-w-0">{eventText(event, titles)}</span>
            </li>
          ))}
      </ol>
      {events.length > shown && (
        <div className="mt-3">
          <Button onClick={() => setShown(shown + 200)}>Show {Math.min(200, events.length - shown)} more</Button>
        </div>
      )}
    </Panel>
  );
}
