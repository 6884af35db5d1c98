import { useState } from "react";
import type { Project } from "../../../../clients/sdk/client.ts";
import { Button } from "../ui/button.tsx";
import { TextArea } from "../ui/field.tsx";
import { Panel } from "../ui/page.tsx";
import type { Change } from "./use-change.ts";

interface ReviewProps {
  readonly review: Omit<NonNullable<Project["review"]>, "peer">;
  readonly tasks: Project["tasks"];
  readonly isGateOpen: boolean;
  readonly isBusy: boolean;
  readonly onChange: (change: Change) => void;
}

/** What the review found when it computed the report again, and the decision where it asks for one. */
export function Review({ review, tasks, isGateOpen, isBusy, onChange }: ReviewProps) {
  return (
    <Panel
      title={isGateOpen ? "The report wants your decision" : "Review"}
      aside={
        <p className="text-sm text-soft">
          Score <strong className={review.passed ? "text-good" : "text-warn"}>{review.score}</strong>, round {review.round}
        </p>
      }
    >
      <ul className="space-y-2 text-sm">
        {review.checks.map((check) => (
          <li key={check.name} className="flex gap-2">
            <span aria-hidden="true" className={check.passed ? "text-good" : "text-bad"}>
              {check.passed ? "✓" : "✕"}
            </span>
            <span className="min-w-0">
              <span className="sr-only">{check.passed ? "Passed: " : "Not passed: "}</span>
              <span className="font-medium">{check.name}</span>
              <span className="block text-soft">{check.detail}</span>
            </span>
          </li>
        ))}
      </ul>
      {review.notes !== "" && <p className="mt-3 rounded-lg bg-sunken p-3 text-sm whitespace-pre-wrap">{review.notes}</p>}
      {isGateOpen && tasks.length > 0 && <Findings tasks={tasks} />}
      {isGateOpen && <Decision isBusy={isBusy} onChange={onChange} />}
    </Panel>
  );
}

/** What is to be decided on: the report's words before there is a report. */
function Findings({ tasks }: Pick<ReviewProps, "tasks">) {
  return (
    <details className="mt-3 rounded-lg border border-line">
      <summary className="px-3 py-2 font-medium">What the agents found</summary>
      <dl className="space-y-3 border-t border-line p-3 text-sm">
        {tasks.map((task) => (
          <div key={task.step}>
            <dt className="font-medium">{task.title}</dt>
            <dd className="whitespace-pre-wrap text-soft">{task.findings ?? "Nothing."}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function Decision({ isBusy, onChange }: Pick<ReviewProps, "isBusy" | "onChange">) {
  const [notes, setNotes] = useState("");
  const busy = isBusy ? "The decision is on its way." : undefined;
  const decide = (decision: "approve" | "refuse" | "revise") => onChange({ ask: "decide", decision, notes: notes.trim() });
  return (
    <div className="mt-4 space-y-3 border-t border-line pt-4">
      <TextArea
        label="Notes"
        maxLength={10_000}
        value={notes}
        onChange={(event) => setNotes(event.target.value)}
        hint="Needed to send it back: say what should be different."
      />
      <div className="flex flex-wrap gap-2">
        <Button look="main" onClick={() => decide("approve")} unavailable={busy}>
          Approve
        </Button>
        <Button
          onClick={() => decide("revise")}
          unavailable={busy ?? (notes.trim() === "" ? "Say in the notes what should be different." : undefined)}
        >
          Send back
        </Button>
        <Button look="grave" onClick={() => decide("refuse")} unavailable={busy}>
          Refuse
        </Button>
      </div>
    </div>
  );
}
