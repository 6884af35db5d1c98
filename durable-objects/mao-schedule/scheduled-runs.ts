import { graphSchema } from "../../workers/mao/graph.ts";
import { preparedInputs } from "../../workers/mao/inputs.ts";
import { runOf } from "../../workers/mao/run-resource.ts";
import type { Json } from "../../workers/platform/canonical-json.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { ScheduleDefinition } from "../../workers/platform/schedule-events.ts";
import type { Ending, ScheduledRuns } from "./firings.ts";
import { keptGraph } from "./kept-definition.ts";
import type { ScheduleState } from "./schedule-view.ts";

/** An input of this name is given the time that the run is for, unless the schedule says what it is. */
const TIME_INPUT = "scheduled_at";

/** The runs of a schedule, as objects of their own. */
export function scheduledRuns(env: Env, state: () => ScheduleState): ScheduledRuns {
  const runNamed = (run: string) => env.MAO_RUN.getByName(`${state().principal.tenant}/${run}`);
  return {
    async start({ run, due }) {
      const { id, principal, definition } = state();
      const graph = graphSchema.parse(await graphOf(env, definition));
      const timed = graph.inputs[TIME_INPUT] !== undefined ? { [TIME_INPUT]: new Date(due).toISOString() } : {};
      const order = {
        principal,
        id: run,
        title: definition.title,
        graph: JSON.stringify(graph),
        inputs: JSON.stringify(preparedInputs(graph, { ...timed, ...definition.inputs })),
        schedule: id,
        depth: 0,
      };
      return endingIn(await runNamed(run).create(order, 0));
    },
    endingOf: async (run) => endingIn(await runNamed(run).read()),
    async cancel(run) {
      if (endingIn(await runNamed(run).read()) === undefined) await runNamed(run).cancel({ mode: "graceful", by: state().id });
    },
  };
}

/** @throws Problem `not-found` when there is no such template any more */
async function graphOf(env: Env, { graph, template }: ScheduleDefinition): Promise<Json> {
  if (graph !== undefined) return keptGraph(env, graph);
  throw new Problem("not-found", `There is no template ${template?.name ?? ""}.`);
}

/** How the run of this document has ended. */
function endingIn(document: string): Ending | undefined {
  const { state } = runOf(document);
  return state === "completed" || state === "failed" || state === "cancelled" ? state : undefined;
}
