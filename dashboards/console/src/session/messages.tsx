import { useInfiniteQuery } from "@tanstack/react-query";
import { useClient } from "../api/client.ts";
import { messagesQuery } from "../api/queries.ts";
import { More } from "../ui/more.tsx";
import { Loading } from "../ui/page.tsx";
import { TroubleNote } from "../ui/trouble.tsx";

/** A conversation too long to be kept event by event: what was said, without what the agent did for it. */
export function Messages({ session }: { readonly session: string }) {
  const list = useInfiniteQuery(messagesQuery(useClient(), session));
  if (list.isPending) return <Loading what="the messages" />;
  if (list.error !== null) return <TroubleNote error={list.error} onRetry={() => void list.refetch()} />;
  const messages = list.data.pages.flatMap((page) => page.items);
  return (
    <>
      <p className="text-sm text-soft">This conversation is long: its single events are no longer kept, what was said is.</p>
      <ol aria-label="Messages" className="space-y-3">
        {messages.map(({ turn, role, text, state, problem }) => (
          <li
            key={`${turn} ${role}`}
            className={`w-fit max-w-[85%] rounded-2xl px-4 py-2.5 whitespace-pre-wrap ${role === "user" ? "ml-auto bg-sunken" : "border border-line bg-panel"}`}
          >
            <span className="sr-only">{role === "user" ? "You said: " : "The agent answered: "}</span>
            {state === "running" ? "Works on it …" : text}
            {problem !== undefined && <span className="block text-bad">{problem.detail}</span>}
          </li>
        ))}
      </ol>
      <More hasMore={list.hasNextPage} isLoading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </>
  );
}
