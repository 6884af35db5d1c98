import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { z } from "zod";
import type { Run } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { runsQuery } from "../api/queries.ts";
import { LINE, LINE_LINK, Listing } from "../ui/listing.tsx";
import { Heading } from "../ui/page.tsx";
import { RunBadge } from "../ui/state.tsx";
import { Ago } from "../ui/time.tsx";

const STATES = [
  "running",
  "waiting",
  "paused",
  "cancelling",
  "compensating",
  "completed",
  "failed",
  "cancelled",
] as const satisfies readonly Run["state"][];
export const runStateSchema = z.enum(STATES);

const CHOICE =
  "rounded-full border border-edge px-2.5 py-0.5 text-sm hover:bg-sunken aria-[current=page]:border-accent aria-[current=page]:bg-sunken aria-[current=page]:font-semibold";

/** The tenant's runs, newest first; all of them, or those in one state. */
export function Runs({ state }: { readonly state: Run["state"] | undefined }) {
  const list = useInfiniteQuery(runsQuery(useClient(), state));
  return (
    <div className="space-y-5">
      <Heading title="Runs" />
      <nav aria-label="Runs by state" className="flex flex-wrap gap-1.5">
        <Link to="/runs" search={{}} activeOptions={{ exact: true, includeSearch: true }} className={CHOICE}>
          all
        </Link>
        {STATES.map((each) => (
          <Link key={each} to="/runs" search={{ state: each }} className={CHOICE}>
            {each}
          </Link>
        ))}
      </nav>
      <Listing
        list={list}
        what="runs"
        empty={
          <>
            <p className="font-medium text-ink">{state === undefined ? "There are no runs yet." : `No run is ${state}.`}</p>
            <p className="mt-1">
              Start one by <code className="font-mono">POST /v1/mao/runs</code> or <code className="font-mono">soma runs start</code>.
            </p>
          </>
        }
        keyOf={({ id }) => id}
      >
        {(run) => (
          <li className={LINE}>
            <Link to="/runs/$id" params={{ id: run.id }} className={LINE_LINK}>
              {run.title}
            </Link>
            {run.template !== undefined && <span className="text-sm text-soft">{run.template}</span>}
            <span className="text-sm text-soft">
              <Ago at={run.createdAt} />
            </span>
            <RunBadge state={run.state} />
          </li>
        )}
      </Listing>
    </div>
  );
}
