import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useClient } from "../api/client.ts";
import { reviewsQuery } from "../api/queries.ts";
import { countOf } from "../ui/figures.ts";
import { More } from "../ui/more.tsx";
import { Empty, Heading, Loading } from "../ui/page.tsx";
import { Ago } from "../ui/time.tsx";
import { TroubleNote } from "../ui/trouble.tsx";

/** What waits for a person's decision, the longest waiting first. */
export function Reviews() {
  const list = useInfiniteQuery(reviewsQuery(useClient()));
  const reviews = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="space-y-5">
      <Heading title="Reviews" />
      {list.isPending && <Loading what="what waits for a decision" />}
      {list.error !== null && <TroubleNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && reviews.length === 0 && (
        <Empty>
          <p className="font-medium text-ink">Nothing waits for a decision.</p>
          <p className="mt-1">Reports that could not be computed again, or that a second agent disagrees with, are asked about here.</p>
        </Empty>
      )}
      {reviews.length > 0 && (
        <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-panel">
          {reviews.map((review) => (
            <li key={review.id} className="relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-sunken">
              <Link
                to="/reviews/$id"
                params={{ id: review.id }}
                className="min-w-0 flex-1 basis-56 font-medium after:absolute after:inset-0"
              >
                {review.title === "" ? "Untitled project" : review.title}
              </Link>
              <span className="text-sm text-soft">
                round {review.round}, {countOf(review.findings, "finding")}, waits since <Ago at={review.openedAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <More hasMore={list.hasNextPage} isLoading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </div>
  );
}
