import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Project } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { projectQuery } from "../api/queries.ts";
import { useLiveEvents } from "../api/use-live-events.ts";
import { StepGraph } from "../graph/step-graph.tsx";
import { nodeIdOf } from "../graph/step-node.tsx";
import { Fact, Facts, IdText } from "../ui/fact.tsx";
import { costText, countText } from "../ui/figures.ts";
import { Heading, Loading, Panel } from "../ui/page.tsx";
import { ScrollBox } from "../ui/scroll-box.tsx";
import { isOver, ProjectBadge } from "../ui/state.tsx";
import { Ago, durationText } from "../ui/time.tsx";
import { TroubleNote } from "../ui/trouble.tsx";
import { Controls } from "./controls.tsx";
import { Deliverables } from "./deliverables.tsx";
import { Events } from "./events.tsx";
import { ProjectTask } from "./project-task.tsx";
import { Questions } from "./questions.tsx";
import { Review } from "./review.tsx";
import { Stages } from "./stages.tsx";

import { type Change, useChange } from "./use-change.ts";

interface ProjectPageProps {
  readonly id: string;
  readonly look: { readonly task?: string | undefined; readonly file?: string | undefined };
}

/** A project, live. */
export function ProjectPage({ id, look }: ProjectPageProps) {
  const client = useClient();
  const { data: project, error, refetch } = useQuery(projectQuery(client, id));
  const { events, following } = useLiveEvents(id, projectQuery(client, id).queryKey, project !== undefined && !isOver(project.state));
  const change = useChange(id);
  if (project === undefined) {
    return (
      <div className="space-y-5">
        <Heading title="Project" />
        {error === null ? <Loading what="the project" /> : <TroubleNote error={error} onRetry={() => void refetch()} />}
      </div>
    );
  }
  const act = (wanted: Change) => change.mutate(wanted);
  return (
    <div className="space-y-5">
      <Heading title={project.title === "" ? "Untitled project" : project.title}>
        <ProjectBadge state={project.state} />
        <Controls state={project.state} isBusy={change.isPending} onChange={act} />
      </Heading>
      {change.error !== null && <TroubleNote error={change.error} />}
      {error !== null && <TroubleNote error={error} onRetry={() => void refetch()} />}
      {project.problem !== undefined && <Failure problem={project.problem} />}
      <Stages project={project} />
      <p role="status" className="sr-only">
        {announcement(project)}
      </p>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0 space-y-5">
          {project.state === "questions" && (
            <Questions questions={project.questions} isBusy={change.isPending} onAnswer={(text) => act({ ask: "answer", text })} />
          )}
          {project.review !== undefined && project.state === "gate" && (
            <Review review={project.review} tasks={project.tasks} isGateOpen isBusy={change.isPending} onChange={act} />
          )}
          {project.milestones.length > 0 && <Milestones milestones={project.milestones} />}
          {project.tasks.length > 0 && <Tasks project={project} chosen={look.task} isBusy={change.isPending} onChange={act} />}
          {project.deliverables.length > 0 && <Deliverables project={project} chosen={look.file} />}
          <Brief project={project} />
        </div>
        <div className="min-w-0 space-y-5">
          <Usage project={project} />
          {project.review !== undefined && project.state !== "gate" && (
            <Review review={project.review} tasks={project.tasks} isGateOpen={false} isBusy={change.isPending} onChange={act} />
          )}
          <Events events={events} following={following} />
        </div>
      </div>
    </div>
  );
}

interface TasksProps {
  readonly project: Project;
  readonly chosen: string | undefined;
  readonly isBusy: boolean;
  readonly onChange: (change: Change) => void;
}

function Tasks({ project, chosen, isBusy, onChange }: TasksProps) {
  const navigate = useNavigate();
  const choose = (task: string | undefined) =>
    void navigate({
      to: "/projects/$id",
      params: { id: project.id },
      search: (look) => ({ ...look, task }),
      replace: true,
      resetScroll: false,
    });
  const task = project.tasks.find(({ step }) => step === chosen);
  const { done, total } = project.progress;
  return (
    <Panel
      title="Tasks"
      aside={
        <p className="text-sm text-soft">
          {done} of {total} done{total > project.tasks.length && `, the first ${project.tasks.length} shown`}
        </p>
      }
    >
      <StepGraph steps={project.tasks} noun="task" chosen={chosen} onChoose={choose} />
      {task !== undefined && (
        <ProjectTask
          task={task}
          titles={new Map(project.tasks.map(({ step, title }) => [step, title]))}
          onClose={() => {
            choose(undefined);
            document.getElementById(nodeIdOf(task.step))?.focus();
          }}
          onRetry={() => onChange({ ask: "retry", step: task.step })}
          retryUnavailable={isBusy ? "The last request is on its way." : undefined}
        />
      )}
    </Panel>
  );
}

/** Named groups of tasks, and how far each is. */
function Milestones({ milestones }: Pick<Project, "milestones">) {
  return (
    <Panel title="Milestones">
      <ul className="space-y-1 text-sm">
        {milestones.map(({ name, title, tasks, done, reachedAt }) => (
          <li key={name} className="flex gap-2">
            <span aria-hidden="true" className={reachedAt === undefined ? "text-soft" : "text-good"}>
              {reachedAt === undefined ? "◇" : "◆"}
            </span>
            <span className="min-w-0 flex-1">
              {title}
              <span className="sr-only">{reachedAt === undefined ? ", ahead" : ", reached"}</span>
            </span>
            <span className="text-soft tabular-nums">
              {done} of {tasks}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Usage({ project: { id, usage, engine, state, createdAt, updatedAt } }: { readonly project: Project }) {
  return (
    <Panel title="At a glance">
      <Facts isColumn>
        {isOver(state) && <Fact name="Took">{durationText(Date.parse(updatedAt) - Date.parse(createdAt))}</Fact>}
        <Fact name="Cost">{costText(usage.costMicros)}</Fact>
        <Fact name="Tokens">
          {countText(usage.inputTokens)} in, {countText(usage.outputTokens)} out
        </Fact>
        <Fact name="Engine">{engine ?? "not chosen yet"}</Fact>
        <Fact name="Id">
          <IdText>{id}</IdText>
        </Fact>
        <Fact name="Made">
          <Ago at={createdAt} />
        </Fact>
        <Fact name="Last change">
          <Ago at={updatedAt} />
        </Fact>
      </Facts>
    </Panel>
  );
}

function Brief({ project: { brief, attachments } }: { readonly project: Project }) {
  return (
    <Panel title="Brief">
      <ScrollBox label="Text of the brief" isCode={false}>
        {brief}
      </ScrollBox>
      {attachments.length > 0 && <p className="mt-3 text-sm text-soft">With {attachments.map(({ name }) => name).join(", ")}</p>}
    </Panel>
  );
}

function Failure({ problem }: { readonly problem: NonNullable<Project["problem"]> }) {
  return (
    <div role="alert" className="rounded-lg border border-bad bg-panel p-4">
      <p className="font-semibold text-bad">The project failed: {problem.type}</p>
      <p className="mt-1">{problem.detail}</p>
    </div>
  );
}

/** What is told, when it changes, to those who hear the page. */
function announcement(project: Project): string {
  const { done, total } = project.progress;
  return `Project ${project.state}. ${total === 0 ? "" : `${done} of ${total} tasks are done.`}`;
}
