import { z } from "zod";
import type { OrderedDefinition } from "../../workers/mao/schedules/definition.ts";
import { type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import type { ScheduleDefinition } from "../../workers/platform/schedule-events.ts";
import { valueStore } from "../journal/value-store.ts";

const inputsSchema = z.record(z.string(), parsedJsonSchema);

/** The definition as the schedule's events keep it: a large graph by reference. */
export async function keptDefinition(env: Env, tenant: string, id: string, order: OrderedDefinition): Promise<ScheduleDefinition> {
  const { graph, inputs, ...rest } = order;
  const values = valueStore(env.ARTIFACTS, `${tenant}/objects/${id}`);
  return {
    ...rest,
    inputs: inputsSchema.parse(JSON.parse(inputs)),
    ...(graph === undefined ? {} : { graph: await values.keep(parsedJsonSchema.parse(JSON.parse(graph))) }),
  };
}

/** The definition as it was ordered. */
export async function orderedDefinition(env: Env, definition: ScheduleDefinition): Promise<OrderedDefinition> {
  const { graph, inputs, ...rest } = definition;
  return {
    ...rest,
    inputs: JSON.stringify(inputs),
    ...(graph === undefined ? {} : { graph: JSON.stringify(await keptGraph(env, graph)) }),
  };
}

/** The graph that a definition keeps. */
export async function keptGraph(env: Env, { output, reference }: NonNullable<ScheduleDefinition["graph"]>): Promise<Json> {
  return reference === undefined ? (output ?? null) : valueStore(env.ARTIFACTS, "").load(reference);
}
