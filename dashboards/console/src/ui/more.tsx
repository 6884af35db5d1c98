import { Button } from "./button.tsx";

interface MoreProps {
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly onMore: () => void;
}

/** The way to the next page of a list, where there is one. */
export function More({ hasMore, isLoading, onMore }: MoreProps) {
  if (!hasMore) return null;
  return (
    <div className="mt-4 text-center">
      <Button onClick={onMore} unavailable={isLoading ? "The next page is on its way." : undefined}>
        {isLoading ? "Loading …" : "Show more"}
      </Button>
    </div>
  );
}
