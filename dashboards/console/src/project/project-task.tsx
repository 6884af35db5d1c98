import { Link } from "@tanstack/react-router";
import type { Project } from "../../../../clients/sdk/client.ts";
import { StepDetails } from "../graph/step-details.tsx";
import { Button } from "../ui/button.tsx";
import { Fact } from "../ui/fact.tsx";
import { LINK } from "../ui/link-style.ts";

interface ProjectTaskProps {
  readonly task: Project["tasks"][number];
  readonly titles: ReadonlyMap<string, string>;
  readonly onClose: () => void;
  readonly onRetry: () => void;
  /** Why it cannot be tried again now. */
  readonly retryUnavailable: string | undefined;
}

/** One task of a project: with its agent's conversation, what the review found, and the way to try it again. */
export function ProjectTask({ task, titles, onClose, onRetry, retryUnavailable }: ProjectTaskProps) {
  const facts = task.session !== undefined && (
    <Fact name="Session">
      <Link to="/sessions/$id" params={{ id: task.session }} className={LINK}>
        Read the agent's conversation
      </Link>
    </Fact>
  );
  return (
    <StepDetails what="task" step={task} titles={titles} onClose={onClose} facts={facts}>
      {task.findings !== undefined && task.findings !== "" && (
        <p className="mt-3 rounded-lg bg-sunken p-3 text-sm whitespace-pre-wrap">{task.findings}</p>
      )}
      {task.state === "failed" && (
        <div className="mt-3">
          <Button onClick={onRetry} unavailable={retryUnavailable}>
            Try this task again
          </Button>
        </div>
      )}
    </StepDetails>
  );
}
