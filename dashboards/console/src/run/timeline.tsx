import { useState } from "react";
import type { GraphStep } from "../graph/layers.ts";
import { nodeIdOf } from "../graph/step-node.tsx";
import { Button } from "../ui/button.tsx";
import { Panel } from "../ui/page.tsx";
import { TASK } from "../ui/state.tsx";
import { durationText, useNow } from "../ui/time.tsx";
import { spansOf } from "./spans.ts";

/** Rows shown before someone asks for more. */
const SHOWN = 30;

interface TimelineProps {
  readonly steps: readonly GraphStep[];
  readonly onChoose: (step: string) => void;
}

/** When each step began and how long it took, side by side on one line of time. */
export function Timeline({ steps, onChoose }: TimelineProps) {
  const [shown, setShown] = useState(SHOWN);
  const now = useNow(steps.some(({ state }) => state === "running"));
  const { spans, totalMs } = spansOf(steps, now);
  if (spans.length === 0) return null;
  return (
    <Panel title="Timeline" aside={<p className="text-sm text-soft tabular-nums">{durationText(totalMs)}</p>}>
      <ol className="space-y-1">
        {spans.slice(0, shown).map(({ step, title, state, from, share, durationMs }) => (
          <li key={step} className="grid grid-cols-[minmax(0,10rem)_minmax(0,1fr)_4.5rem] items-center gap-2 text-xs">
            <button
              type="button"
              className="min-h-6 truncate text-left hover:underline"
              title={title}
              onClick={() => {
                onChoose(step);
                document.getElementById(nodeIdOf(step))?.focus();
              }}
            >
              {title}
            </button>
            <svg
              aria-hidden="true"
              viewBox="0 0 100 8"
              preserveAspectRatio="none"
              className={`h-2 w-full rounded-sm bg-sunken ${TASK[state].ink}`}
            >
              <rect x={from * 100} width={Math.max(0.6, share * 100)} height={8} className="fill-current" />
            </svg>
            <span className="text-right text-soft tabular-nums">{durationText(durationMs)}</span>
          </li>
        ))}
      </ol>
      {spans.length > shown && (
        <div className="mt-3">
          <Button onClick={() => setShown(shown + 200)}>Show {Math.min(200, spans.length - shown)} more</Button>
        </div>
      )}
    </Panel>
  );
}
