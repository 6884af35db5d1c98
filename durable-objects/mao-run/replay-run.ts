import { type Graph, graphSchema } from "../../workers/mao/graph.ts";
import { preparedInputs } from "../../workers/mao/inputs.ts";
import { type Replay, readByReplay, replay } from "../../workers/mao/replay.ts";
import type { GraphHost, GraphRun } from "../graph/graph-run.ts";
import { scopeFor, statusOfRecord } from "../graph/scope.ts";

/**
 * Where a finished run would have gone another way by the changed graph; nothing runs.
 * @param graph as JSON text, checked by the route
 * @throws Problem `invalid-request` when the run's inputs do not fit the changed graph, `limit-exceeded` when what it reads is too long
 */
export async function replayRun(host: GraphHost, run: GraphRun, graph: string): Promise<Replay> {
  const changed: Graph = graphSchema.parse(JSON.parse(graph));
  const declared = Object.entries(run.inputs).filter(([name, value]) => Object.hasOwn(changed.inputs, name) && value !== null);
  const scope = await scopeFor(
    host,
    run,
    readByReplay(run.graph, changed).map((name) => `steps.${name}.output`),
    {},
  );
  const finished = {
    graph: run.graph,
    inputs: run.inputs,
    scope,
    outcomeOf: (step: string) => {
      const record = host.journal.record(run.prefix + step);
      return record === undefined ? undefined : { state: statusOfRecord(record), chosen: record.chosen ?? [] };
    },
  };
  return replay(finished, changed, preparedInputs(changed, Object.fromEntries(declared)));
}
