import type { Project } from "../../../../clients/sdk/client.ts";
import { countOf } from "../ui/figures.ts";

interface Stage {
  readonly name: string;
  readonly detail: string;
  readonly stands: "done" | "now" | "wants" | "failed" | "ahead";
}

const LOOKS: Readonly<Record<Stage["stands"], { mark: string; ink: string; word: string }>> = {
  done: { mark: "✓", ink: "text-good", word: "done" },
  now: { mark: "▸", ink: "text-accent", word: "under way" },
  wants: { mark: "!", ink: "text-warn", word: "wants a person" },
  failed: { mark: "✕", ink: "text-bad", word: "failed" },
  ahead: { mark: "·", ink: "text-soft", word: "ahead" },
};

/** The way of a project from its brief to what it delivers, and where it is on it. */
export function Stages({ project }: { readonly project: Project }) {
  return (
    <ol className="grid grid-cols-2 gap-2 sm:grid-cols-4">
      {stagesOf(project).map(({ name, detail, stands }) => {
        const look = LOOKS[stands];
        return (
          <li
            key={name}
            aria-current={stands === "now" || stands === "wants" ? "step" : undefined}
            className="rounded-lg border border-line bg-panel px-3 py-2"
          >
            <p className={`flex items-center gap-1.5 text-sm font-semibold ${look.ink}`}>
              <span aria-hidden="true">{look.mark}</span>
              {name}
              <span className="sr-only">: {look.word}</span>
            </p>
            <p className="text-xs text-soft">{detail}</p>
          </li>
        );
      })}
    </ol>
  );
}

function stagesOf(project: Project): Stage[] {
  return [planStage(project), workStage(project), reviewStage(project), deliveryStage(project)];
}

function planStage({ state, tasks, progress }: Project): Stage {
  const name = "Plan";
  if (state === "questions") return { name, detail: "has questions", stands: "wants" };
  if (state === "planning") return { name, detail: "reads brief and files", stands: "now" };
  if (tasks.length > 0) return { name, detail: countOf(progress.total, "task"), stands: "done" };
  return { name, detail: "reads brief and files", stands: state === "failed" ? "failed" : "ahead" };
}

function workStage({ state, tasks, progress: { done, total } }: Project): Stage {
  const name = "Work";
  if (tasks.length === 0) return { name, detail: "agents side by side", stands: "ahead" };
  const detail = `${done} of ${total} tasks`;
  if (done === total) return { name, detail, stands: "done" };
  if (state === "running" || state === "paused") return { name, detail, stands: "now" };
  return { name, detail, stands: state === "failed" ? "failed" : "ahead" };
}

function reviewStage({ state, review }: Project): Stage {
  const name = "Review";
  if (review === undefined) return { name, detail: "computes it again", stands: "ahead" };
  const detail = `score ${review.score}`;
  if (state === "gate") return { name, detail, stands: "wants" };
  return { name, detail, stands: state === "refused" ? "failed" : "done" };
}

function deliveryStage({ state, deliverables }: Project): Stage {
  const detail = deliverables.length > 0 ? countOf(deliverables.length, "file") : "report and evidence";
  return { name: "Delivery", detail, stands: state === "delivered" ? "done" : state === "reviewing" ? "now" : "ahead" };
}
