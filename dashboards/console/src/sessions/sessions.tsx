import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { must } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { sessionsQuery } from "../api/queries.ts";
import { Button } from "../ui/button.tsx";
import { More } from "../ui/more.tsx";
import { Empty, Heading, Loading } from "../ui/page.tsx";
import { SessionBadge } from "../ui/state.tsx";
import { Ago } from "../ui/time.tsx";
import { TroubleNote } from "../ui/trouble.tsx";

/** The tenant's sessions, newest first; those of projects' agents are reached from their tasks. */
export function Sessions() {
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const list = useInfiniteQuery(sessionsQuery(client));
  const sessions = list.data?.pages.flatMap((page) => page.items) ?? [];
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
      {list.isPending && <Loading what="sessions" />}
      {list.error !== null && <TroubleNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && sessions.length === 0 && (
        <Empty>
          <p className="font-medium text-ink">There are no sessions yet.</p>
          <p className="mt-1">Start one to ask an agent about a file.</p>
        </Empty>
      )}
      {sessions.length > 0 && (
        <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-panel">
          {sessions.map((session) => (
            <li key={session.id} className="relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-sunken">
              <Link
                to="/sessions/$id"
                params={{ id: session.id }}
                className="min-w-0 flex-1 basis-56 font-medium after:absolute after:inset-0"
              >
                {session.title === "" ? "Untitled session" : session.title}
              </Link>
              <span className="text-sm text-soft">
                <Ago at={session.createdAt} />
              </span>
              <SessionBadge state={session.state} />
            </li>
          ))}
        </ul>
      )}
      <More hasMore={list.hasNextPage} isLoading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </div>
  );
}
