import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { reviewQuery } from "../api/queries.ts";
import { Review } from "../project/review.tsx";
import { useChange } from "../project/use-change.ts";
import { LINK } from "../ui/link-style.ts";
import { Heading, Loading, Panel } from "../ui/page.tsx";
import { ScrollBox } from "../ui/scroll-box.tsx";
import { ProjectBadge } from "../ui/state.tsx";
import { TroubleNote } from "../ui/trouble.tsx";

type ReviewDocument = Schemas["ReviewDocument"];

/** One report that was reviewed: its checks, what it says, how it differs from the round before, and the decision. */
export function ReviewPage({ id }: { readonly id: string }) {
  const client = useClient();
  const queries = useQueryClient();
  const { data: review, error, refetch } = useQuery(reviewQuery(client, id));
  const change = useChange(id);
  if (review === undefined) {
    return (
      <div className="space-y-5">
        <Heading title="Review" />
        {error === null ? <Loading what="the review" /> : <TroubleNote error={error} onRetry={() => void refetch()} />}
      </div>
    );
  }
  const decided = () => void queries.invalidateQueries({ queryKey: ["reviews"] });
  return (
    <div className="space-y-5">
      <Heading title={review.title === "" ? "Untitled project" : review.title}>
        <ProjectBadge state={review.state} />
        <Link to="/projects/$id" params={{ id }} className={LINK}>
          The project
        </Link>
      </Heading>
      {change.error !== null && <TroubleNote error={change.error} />}
      <Review
        review={review}
        tasks={[]}
        isGateOpen={review.state === "gate"}
        isBusy={change.isPending}
        onChange={(wanted) => change.mutate(wanted, { onSuccess: decided })}
      />
      {review.peer !== undefined && <Peer peer={review.peer} />}
      {review.difference !== undefined && <Difference difference={review.difference} />}
      <Panel title="Report">
        <ScrollBox label="Text of the report" isCode={false}>
          {review.report.text}
        </ScrollBox>
        {review.report.isCut && <p className="mt-2 text-sm text-soft">The report goes on; what is delivered has all of it.</p>}
      </Panel>
      <Evidence review={review} />
    </div>
  );
}

function Peer({ peer }: { readonly peer: NonNullable<ReviewDocument["peer"]> }) {
  return (
    <Panel title="Second agents">
      <p className="text-sm">
        {peer.agreed} agreed, {peer.disagreed} came to something else.
      </p>
      <p className="mt-2 text-sm whitespace-pre-wrap text-soft">{peer.notes}</p>
    </Panel>
  );
}

const DIFF_LOOKS = {
  same: { mark: " ", ink: "text-soft", word: "" },
  removed: { mark: "−", ink: "text-bad", word: "Removed: " },
  added: { mark: "+", ink: "text-good", word: "Added: " },
  gap: { mark: "⋯", ink: "text-soft", word: "Unchanged: " },
} as const;

function Difference({ difference }: { readonly difference: NonNullable<ReviewDocument["difference"]> }) {
  if (difference.lines.length === 0) return <Panel title={`Since round ${difference.against}`}>Nothing in the report has changed.</Panel>;
  return (
    <Panel title={`What changed since round ${difference.against}`}>
      <ScrollBox label="Changed lines" isCode>
        {difference.lines.map(({ kind, text }, i) => {
          const look = DIFF_LOOKS[kind];
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a difference have no other name and never move
            <span key={i} className={`block whitespace-pre-wrap ${look.ink}`}>
              <span aria-hidden="true">{look.mark} </span>
              <span className="sr-only">{look.word}</span>
              {text}
            </span>
          );
        })}
      </ScrollBox>
      {difference.isCut && <p className="mt-2 text-sm text-soft">More has changed than is shown here.</p>}
    </Panel>
  );
}

function Evidence({ review }: { readonly review: ReviewDocument }) {
  return (
    <Panel title="Evidence">
      <div className="space-y-2">
        {review.evidence.map((goal) => (
          <details key={goal.goal} className="rounded-lg border border-line">
            <summary className="px-3 py-2 font-medium">{goal.text}</summary>
            <div className="border-t border-line p-3">
              <ScrollBox label={`Evidence of ${goal.goal}`} isCode>
                {JSON.stringify(goal.evidence, null, 1)}
              </ScrollBox>
            </div>
          </details>
        ))}
      </div>
      {review.evidenceOmitted > 0 && (
        <p className="mt-2 text-sm text-soft">The evidence of {review.evidenceOmitted} more goals is delivered with the report.</p>
      )}
    </Panel>
  );
}
