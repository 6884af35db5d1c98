import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { Run } from "../../../../clients/sdk/client.ts";
import { useClient } from "../api/client.ts";
import { runQuery } from "../api/queries.ts";
import { useLiveEvents } from "../api/use-live-events.ts";
import { StepGraph } from "../graph/step-graph.tsx";
import { nodeIdOf } from "../graph/step-node.tsx";
import { Events } from "../project/events.tsx";
import { Fact, Facts, IdText } from "../ui/fact.tsx";
import { countOf } from "../ui/figures.ts";
import { LINK } from "../ui/link-style.ts";
import { Heading, Loading, Panel } from "../ui/page.tsx";
import { ScrollBox } from "../ui/scroll-box.tsx";
import { hasEnded, RunBadge } from "../ui/state.tsx";
import { Ago, durationText } from "../ui/time.tsx";
import { TroubleNote } from "../ui/trouble.tsx";
import { RunControls } from "./run-controls.tsx";
import { RunStep } from "./run-step.tsx";
import { Timeline } from "./timeline.tsx";
import { useRunChange } from "./use-run-change.ts";
import { Waits } from "./waits.tsx";

/** A run, live: its graph, its timeline, what it waits for, what came of it. */
export function RunPage({ id, chosen }: { readonly id: string; readonly chosen: string | undefined }) {
  const client = useClient();
  const { data: run, error, refetch } = useQuery(runQuery(client, id));
  const { events, following } = useLiveEvents(id, runQuery(client, id).queryKey, run !== undefined && !hasEnded(run.state));
  const change = useRunChange(id);
  const navigate = useNavigate();
  if (run === undefined) {
    return (
      <div className="space-y-5">
        <Heading title="Run" />
        {error === null ? <Loading what="the run" /> : <TroubleNote error={error} onRetry={() => void refetch()} />}
      </div>
    );
  }
  const choose = (step: string | undefined) =>
    void navigate({ to: "/runs/$id", params: { id }, search: { step }, replace: true, resetScroll: false });
  return (
    <div className="space-y-5">
      <Heading title={run.title}>
        <RunBadge state={run.state} />
        <RunControls state={run.state} isBusy={change.isPending} onChange={(wanted) => change.mutate(wanted)} />
      </Heading>
      {change.error !== null && <TroubleNote error={change.error} />}
      {error !== null && <TroubleNote error={error} onRetry={() => void refetch()} />}
      {run.problem !== undefined && <Failure problem={run.problem} />}
      <p role="status" className="sr-only">
        {announcement(run)}
      </p>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0 space-y-5">
          {run.waits.length > 0 && <Waits waits={run.waits} isBusy={change.isPending} onChange={(wanted) => change.mutate(wanted)} />}
          <Steps run={run} chosen={chosen} onChoose={choose} />
          <Timeline steps={run.steps} onChoose={choose} />
          {run.output !== undefined && (
            <Panel title="Output">
              <ScrollBox label="Output of the run">{JSON.stringify(run.output, null, 2)}</ScrollBox>
            </Panel>
          )}
        </div>
        <div className="min-w-0 space-y-5">
          <AtAGlance run={run} />
          <Events events={events} following={following} />
        </div>
      </div>
    </div>
  );
}

interface StepsProps {
  readonly run: Run;
  readonly chosen: string | undefined;
  readonly onChoose: (step: string | undefined) => void;
}

function Steps({ run, chosen, onChoose }: StepsProps) {
  const step = run.steps.find((each) => each.step === chosen);
  const total = Object.values(run.counts).reduce((sum, count) => sum + count, 0);
  return (
    <Panel
      title="Steps"
      aside={
        <p className="text-sm text-soft">
          {run.counts.done ?? 0} of {total} done{total > run.steps.length && `; the first ${run.steps.length} are shown`}
        </p>
      }
    >
      <StepGraph steps={run.steps} noun="step" chosen={chosen} onChoose={onChoose} />
      {step !== undefined && (
        <RunStep
          step={step}
          titles={new Map(run.steps.map((each) => [each.step, each.title]))}
          onClose={() => {
            onChoose(undefined);
            document.getElementById(nodeIdOf(step.step))?.focus();
          }}
        />
      )}
    </Panel>
  );
}

function AtAGlance({ run: { id, createdAt, finishedAt, template, schedule, parent } }: { readonly run: Run }) {
  return (
    <Panel title="At a glance">
      <Facts isColumn>
        {finishedAt !== undefined && <Fact name="Took">{durationText(Date.parse(finishedAt) - Date.parse(createdAt))}</Fact>}
        {template !== undefined && (
          <Fact name="Template">
            {template.name}, version {template.version}
          </Fact>
        )}
        {schedule !== undefined && <Fact name="Schedule">{schedule}</Fact>}
        {parent !== undefined && (
          <Fact name="Part of">
            <Link to="/runs/$id" params={{ id: parent }} className={LINK}>
              the run that started it
            </Link>
          </Fact>
        )}
        <Fact name="Id">
          <IdText>{id}</IdText>
        </Fact>
        <Fact name="Started">
          <Ago at={createdAt} />
        </Fact>
      </Facts>
    </Panel>
  );
}

function Failure({ problem }: { readonly problem: NonNullable<Run["problem"]> }) {
  return (
    <div role="alert" className="rounded-lg border border-bad bg-panel p-4">
      <p className="font-semibold text-bad">The run failed: {problem.type}</p>
      <p className="mt-1">{problem.detail}</p>
    </div>
  );
}

/** What is told, when it changes, to those who hear the page. */
function announcement({ state, counts, waits }: Run): string {
  const asks = waits.filter(({ on }) => on === "human").length;
  return `Run ${state}. ${counts.done ?? 0} steps are done.${asks === 0 ? "" : ` ${countOf(asks, "question")} for a person.`}`;
}
