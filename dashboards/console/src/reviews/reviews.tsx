import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useClient } from "../api/client.ts";
import { reviewsQuery } from "../api/queries.ts";
import { countOf } from "../ui/figures.ts";
import { LINE, LINE_LINK, Listing } from "../ui/listing.tsx";
import { Heading } from "../ui/page.tsx";
import { Ago } from "../ui/time.tsx";

/** What waits for a person's decision, the longest waiting first. */
export function Reviews() {
  const list = useInfiniteQuery(reviewsQuery(useClient()));
  return (
    <div className="space-y-5">
      <Heading title="Reviews" />
      <Listing
        list={list}
        what="what waits for a decision"
        empty={
          <>
            <p className="font-medium text-ink">Nothing waits for a decision.</p>
            <p className="mt-1">Reports that could not be computed again, or that a second agent disagrees with, are asked about here.</p>
          </>
        }
        keyOf={({ id }) => id}
      >
        {(review) => (
          <li className={LINE}>
            <Link to="/reviews/$id" params={{ id: review.id }} className={LINE_LINK}>
              {review.title === "" ? "Untitled project" : review.title}
            </Link>
            <span className="text-sm text-soft">
              round {review.round}, {countOf(review.findings, "finding")}, waits since <Ago at={review.openedAt} />
            </span>
          </li>
        )}
      </Listing>
    </div>
  );
}
