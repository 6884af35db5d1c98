import { Link } from "@tanstack/react-router";
import type { Project } from "../../../../clients/sdk/client.ts";
import { timeOf } from "../graph/step-node.tsx";
import { Button } from "../ui/button.tsx";
import { LINK } from "../ui/link-style.ts";
import { TASK } from "../ui/state.tsx";
import { Ago } from "../ui/time.tsx";

type Task = Project["tasks"][number];

interface TaskDetailsProps {
  readonly task: Task;
  readonly titles: ReadonlyMap<string, string>;
  readonly onClose: () => void;
  readonly onRetry: () => void;
  /** Why it cannot be tried again now. */
  readonly retryUnavailable: string | undefined;
}

/** All there is to say about one task. */
export function TaskDetails({ task, titles, onClose, onRetry, retryUnavailable }: TaskDetailsProps) {
  const look = TASK[task.state];
  return (
    <div id="task-details" className="mt-4 rounded-lg border border-accent p-4">
      <div className="flex items-start justify-between gap-3">
        <h3 className="font-semibold">{task.title}</h3>
        <button
          type="button"
          aria-label="Close the task's details"
          className="size-7 shrink-0 rounded-md text-soft hover:bg-sunken hover:text-ink"
          onClick={onClose}
        >
          ✕
        </button>
      </div>
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        <Fact name="State">
          <span className={look.ink}>{look.word}</span>
          {task.attempt > 0 && `, attempt ${task.attempt}`}
        </Fact>
        <Fact name="Uses">
          <code className="font-mono text-[0.8125rem]">{task.uses}</code>
        </Fact>
        <Fact name="Step">
          <code className="font-mono text-[0.8125rem]">{task.step}</code>
        </Fact>
        {task.needs.length > 0 && <Fact name="Needs">{task.needs.map((need) => titles.get(need) ?? need).join("; ")}</Fact>}
        {task.startedAt !== undefined && (
          <Fact name="Started">
            <Ago at={task.startedAt} />
          </Fact>
        )}
        {task.finishedAt !== undefined && <Fact name="Took">{timeOf(task, Date.parse(task.finishedAt))}</Fact>}
        {task.session !== undefined && (
          <Fact name="Session">
            <Link to="/sessions/$id" params={{ id: task.session }} className={LINK}>
              Read the agent's conversation
            </Link>
          </Fact>
        )}
      </dl>
      {task.findings !== undefined && task.findings !== "" && (
        <p className="mt-3 rounded-lg bg-sunken p-3 text-sm whitespace-pre-wrap">{task.findings}</p>
      )}
      {task.problem !== undefined && (
        <p className="mt-3 rounded-lg border border-bad p-3 text-sm">
          <span className="font-semibold text-bad">{task.problem.type}</span>: {task.problem.detail}
        </p>
      )}
      {task.state === "failed" && (
        <div className="mt-3">
          <Button onClick={onRetry} unavailable={retryUnavailable}>
            Try this task again
          </Button>
        </div>
      )}
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <>
      <dt className="text-soft">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
