import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { must } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { isCompacted } from "../api/problem.ts";
import { sessionQuery } from "../api/queries.ts";
import { useEvents } from "../api/use-events.ts";
import { Button } from "../ui/button.tsx";
import { Empty, Heading, Loading } from "../ui/page.tsx";
import { SessionBadge } from "../ui/state.tsx";
import { TroubleNote } from "../ui/trouble.tsx";
import { useStayAtEnd } from "../ui/use-stay-at-end.ts";
import { ApprovalCard } from "./approvals.tsx";
import { Composer } from "./composer.tsx";
import { NOTHING_YET, withEvent } from "./conversation.ts";
import { Messages } from "./messages.tsx";
import { TurnView } from "./turn-view.tsx";

/** A session's conversation, live. */
export function SessionPage({ id }: { readonly id: string }) {
  const client = useClient();
  const queries = useQueryClient();
  const session = useQuery(sessionQuery(client, id));
  const [conversation, setConversation] = useState(NOTHING_YET);
  useStayAtEnd(conversation);
  const following = useEvents(id, 0, (events) => setConversation((known) => events.reduce(withEvent, known)));
  const close = useMutation({
    mutationFn: () => must(client.api.POST("/v1/sessions/{id}/close", { params: { path: { id } } })),
    onSuccess: (closed) => queries.setQueryData(sessionQuery(client, id).queryKey, closed),
  });
  if (session.data === undefined)
    return (
      <div className="space-y-5">
        <Heading title="Session" />
        {session.error === null ? (
          <Loading what="the session" />
        ) : (
          <TroubleNote error={session.error} onRetry={() => void session.refetch()} />
        )}
      </div>
    );
  const isFolded = following.is === "refused" && isCompacted(following.error);
  const isClosed = conversation.isClosed || session.data.state === "closed";
  const isBusy = conversation.turns.some((turn) => turn.answer === undefined && turn.problem === undefined);
  const title = session.data.title === "" ? "Untitled session" : session.data.title;
  return (
    <div className="mx-auto max-w-4xl space-y-5">
      <Heading title={title}>
        <SessionBadge state={isClosed ? "closed" : isBusy ? "busy" : "open"} />
        {!isClosed && (
          <Button onClick={() => close.mutate()} unavailable={close.isPending ? "The session is being closed." : undefined}>
            Close session
          </Button>
        )}
      </Heading>
      {close.error !== null && <TroubleNote error={close.error} />}
      {isFolded && <Messages session={id} />}
      {following.is === "refused" && !isFolded && <TroubleNote error={following.error} />}
      {conversation.turns.length === 0 && !isClosed && !isFolded && (
        <Empty>
          <p className="font-medium text-ink">Nothing has been said yet.</p>
          <p className="mt-1">Attach a file and ask about it.</p>
        </Empty>
      )}
      <ol aria-label="Conversation" className="space-y-6">
        {conversation.turns.map((turn) => (
          <TurnView key={turn.turn} turn={turn} />
        ))}
      </ol>
      <p role="status" className="sr-only">
        {isBusy ? "The agent works on an answer." : (conversation.turns.at(-1)?.answer?.text ?? "")}
      </p>
      {conversation.approvals.map((approval) => (
        <ApprovalCard key={approval.step} session={id} approval={approval} />
      ))}
      {isClosed ? (
        <p className="rounded-xl border border-dashed border-edge p-4 text-center text-soft">
          This session is closed; nothing more can be said in it.
        </p>
      ) : (
        <Composer session={id} unavailable={isBusy ? "The agent answers the last message first." : undefined} />
      )}
    </div>
  );
}
