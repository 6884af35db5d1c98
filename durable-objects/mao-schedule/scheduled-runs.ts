import { graphSchema } from "../../workers/mao/graph.ts";
import { runOf } from "../../workers/mao/run-resource.ts";
import { timedInputs } from "../../workers/mao/schedules/timed-inputs.ts";
import type { ScheduleDefinition } from "../../workers/platform/schedule-events.ts";
import { resolveTemplate } from "../../workers/templates/resolve.ts";
import type { Ending, ScheduledRuns } from "./firings.ts";
import { keptGraph } from "./kept-definition.ts";
import type { ScheduleState } from "./schedule-view.ts";

/** The runs of a schedule, as objects of their own. */
export function scheduledRuns(env: Env, state: () => ScheduleState): ScheduledRuns {
  const runNamed = (run: string) => env.MAO_RUN.getByName(`${state().principal.tenant}/${run}`);
  return {
    async start({ run, due }) {
      const { id, principal, definition } = state();
      const { graph, template } = await workOf(env, principal.tenant, definition);
      const order = {
        principal,
        id: run,
        title: definition.title,
        graph: JSON.stringify(graph),
        inputs: JSON.stringify(timedInputs(graph, definition.inputs, due)),
        schedule: id,
        depth: 0,
        ...(template === undefined ? {} : { template }),
      };
      return endingIn(await runNamed(run).create(order, 0));
    },
    endingOf: async (run) => endingIn(await runNamed(run).read()),
    async cancel(run) {
      if (endingIn(await runNamed(run).read()) === undefined) await runNamed(run).cancel({ mode: "graceful", by: state().id });
    },
  };
}

/** What a run is made of now: the newest version of a template, if the schedule names none. @throws Problem `not-found` when it is gone */
async function workOf(env: Env, tenant: string, { graph, template }: ScheduleDefinition) {
  if (template === undefined) return { graph: graphSchema.parse(graph === undefined ? null : await keptGraph(env, graph)) };
  const { name, version, graph: resolved } = await resolveTemplate(env, tenant, template.name, template.version);
  return { graph: resolved, template: { name, version } };
}

/** How the run of this document has ended. */
function endingIn(document: string): Ending | undefined {
  const { state } = runOf(document);
  return state === "completed" || state === "failed" || state === "cancelled" ? state : undefined;
}
