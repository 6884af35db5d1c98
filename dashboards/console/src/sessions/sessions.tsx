import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { must } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { sessionsQuery } from "../api/queries.ts";
import { Button } from "../ui/button.tsx";
import { LINE, LINE_LINK, Listing } from "../ui/listing.tsx";
import { Heading } from "../ui/page.tsx";
import { SessionBadge } from "../ui/state.tsx";
import { Ago } from "../ui/time.tsx";
import { TroubleNote } from "../ui/trouble.tsx";

/** The tenant's sessions, newest first; those of projects' agents are reached from their tasks. */
export function Sessions() {
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const list = useInfiniteQuery(sessionsQuery(client));
  const start = useMutation({
    mutationFn: () => must(client.api.POST("/v1/sessions", { body: { title: "Conversation", agent: "analyst" } })),
    onSuccess: async ({ id }) => {
      void queries.invalidateQueries({ queryKey: ["sessions"] });
      await navigate({ to: "/sessions/$id", params: { id } });
    },
  });
  return (
    <div className="space-y-5">
      <Heading title="Sessions">
        <Button look="main" onClick={() => start.mutate()} unavailable={start.isPending ? "The session is being made." : undefined}>
          New session
        </Button>
      </Heading>
      {start.error !== null && <TroubleNote error={start.error} />}
      <Listing
        list={list}
        what="sessions"
        empty={
          <>
            <p className="font-medium text-ink">There are no sessions yet.</p>
            <p className="mt-1">Start one to ask an agent about a file.</p>
          </>
        }
        keyOf={({ id }) => id}
      >
        {(session) => (
          <li className={LINE}>
            <Link to="/sessions/$id" params={{ id: session.id }} className={LINE_LINK}>
              {session.title === "" ? "Untitled session" : session.title}
            </Link>
            <span className="text-sm text-soft">
              <Ago at={session.createdAt} />
            </span>
            <SessionBadge state={session.state} />
          </li>
        )}
      </Listing>
    </div>
  );
}
