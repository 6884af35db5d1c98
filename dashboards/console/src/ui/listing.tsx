import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { Fragment, type ReactNode } from "react";
import { More } from "./more.tsx";
import { Empty, Loading } from "./page.tsx";
import { TroubleNote } from "./trouble.tsx";

interface ListingProps<Item> {
  readonly list: UseInfiniteQueryResult<InfiniteData<{ readonly items: readonly Item[] }>, Error>;
  /** What is listed, as one reads it after "Loading". */
  readonly what: string;
  /** What is said when there is nothing. */
  readonly empty: ReactNode;
  readonly keyOf: (item: Item) => string;
  /** One item, as an `li`. */
  readonly children: (item: Item) => ReactNode;
}

/** A list that comes in pages: what is there of it, that it is on its way, that it is empty, what went wrong, and the way to more. */
export function Listing<Item>({ list, what, empty, keyOf, children }: ListingProps<Item>) {
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {list.isPending && <Loading what={what} />}
      {list.error !== null && <TroubleNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && <Empty>{empty}</Empty>}
      {items.length > 0 && (
        <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-panel">
          {items.map((item) => (
            <Fragment key={keyOf(item)}>{children(item)}</Fragment>
          ))}
        </ul>
      )}
      <More hasMore={list.hasNextPage} isLoading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </>
  );
}

/** A line of a list. */
export const LINE = "relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-sunken";
/** The link of a line, which is pressed wherever the line is. */
export const LINE_LINK = "min-w-0 flex-1 basis-56 font-medium after:absolute after:inset-0";
