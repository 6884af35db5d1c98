import type { Json } from "../../platform/canonical-json.ts";
import type { Graph } from "../graph.ts";
import { preparedInputs } from "../inputs.ts";

/** An input of this name is given the time that the run is for, unless the schedule says what it is. */
const TIME_INPUT = "scheduled_at";

/** What a graph is run with at a time of a schedule. @param due milliseconds since the epoch @throws Problem `invalid-request` naming each input that does not fit */
export function timedInputs(graph: Graph, given: Readonly<Record<string, Json>>, due: number): Record<string, Json> {
  const timed = graph.inputs[TIME_INPUT] === undefined ? {} : { [TIME_INPUT]: new Date(due).toISOString() };
  return preparedInputs(graph, { ...timed, ...given });
}
