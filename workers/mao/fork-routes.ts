import { z } from "@hono/zod-openapi";
import { jsonSchema } from "../platform/canonical-json.ts";
import { systemClock } from "../platform/clock.ts";
import { defineRoute, newRouter } from "../platform/route.ts";
import { dryRun } from "./dry-run.ts";
import { graphSchema } from "./graph.ts";
import { preparedInputs } from "./inputs.ts";
import { BASE, params, runOf, runResponse } from "./run-resource.ts";
import { validateGraph } from "./validate.ts";

/** Runs that begin where another stood, and graphs that are looked at without being run. */
export const runForkRoutes = newRouter();

const fork = defineRoute(
  { capability: "runs.write", creates: true },
  {
    method: "post",
    path: `${BASE}/{id}/fork`,
    operationId: "forkRun",
    tags: ["Runs"],
    summary: "Start a run from where another stood at one of its events",
    description:
      "What the other run had come to by then is taken over, and nothing of it runs again. With `graph` it goes on by another graph.",
    request: {
      params,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({ at: z.number().int().min(1), graph: graphSchema.optional() })
              .openapi("RunFork", { example: { at: 12 } }),
          },
        },
      },
    },
    responses: { 201: runResponse("The new run.") },
  },
);

runForkRoutes.openapi(fork, async (context) => {
  const principal = context.get("principal");
  const { at, graph } = context.req.valid("json");
  if (graph !== undefined) validateGraph(graph);
  const from = context.req.valid("param").id;
  const source = context.env.MAO_RUN.getByName(`${principal.tenant}/${from}`);
  // The first page is read before anything is made: what cannot be forked is refused here.
  await source.outcomes(at, 0);
  const order = await source.forkOrder();
  const id = context.get("newId")("run");
  const inputs: unknown = JSON.parse(order.inputs);
  const changed =
    graph === undefined
      ? {}
      : { graph: JSON.stringify(graph), inputs: JSON.stringify(preparedInputs(graph, z.record(z.string(), jsonSchema).parse(inputs))) };
  const stub = context.env.MAO_RUN.getByName(`${principal.tenant}/${id}`);
  return context.json(runOf(await stub.create({ ...order, ...changed, principal, id, depth: 0, forkedFrom: { run: from, at } }, 0)), 201);
});

const replaySchema = z
  .object({
    same: z.number().int().openapi({ description: "Steps whose recorded outcome holds in the changed graph as well" }),
    differences: z.array(
      z.object({
        step: z.string(),
        kind: z.enum(["added", "removed", "definition", "input", "condition", "branch", "order", "depends"]),
        detail: z.string(),
      }),
    ),
    outputs: z.enum(["same", "different", "unknown"]),
  })
  .openapi("RunReplay");

const replay = defineRoute(
  { capability: "runs.read" },
  {
    method: "post",
    path: `${BASE}/{id}/replay`,
    operationId: "replayRun",
    tags: ["Runs"],
    summary: "See where a finished run would have gone another way by a changed graph",
    description: "Steps end as they ended in the run as long as they are the same steps with the same inputs. Nothing runs.",
    request: {
      params,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({ graph: graphSchema })
              .openapi("ReplayedGraph", { example: { graph: { steps: { wait: { uses: "timer:wait", with: { duration: "2s" } } } } } }),
          },
        },
      },
    },
    responses: { 200: { description: "What would differ.", content: { "application/json": { schema: replaySchema } } } },
  },
);

runForkRoutes.openapi(replay, async (context) => {
  const { graph } = context.req.valid("json");
  validateGraph(graph);
  const stub = context.env.MAO_RUN.getByName(`${context.get("principal").tenant}/${context.req.valid("param").id}`);
  return context.json(replaySchema.parse(JSON.parse(await stub.replay(JSON.stringify(graph)))), 200);
});

const dryStepSchema = z.object({
  step: z.string(),
  uses: z.string(),
  wave: z.number().int(),
  decision: z.object({
    effect: z.enum(["allow", "deny", "none"]),
    policies: z.array(z.string()),
    needsApproval: z.boolean(),
    reason: z.string(),
  }),
  rows: z.number().int(),
  asksModel: z.boolean(),
});

const dry = defineRoute(
  { capability: "runs.read" },
  {
    method: "post",
    path: "/v1/mao/dry-run",
    operationId: "dryRunGraph",
    tags: ["Runs"],
    summary: "See what a graph would do, without doing it",
    description:
      "The waves in which its steps could start, what policy says of each, and what it would cost at least, with what that is counted by.",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({ graph: graphSchema, inputs: z.record(z.string(), jsonSchema).default({}) })
              .openapi("DryRun", { example: { graph: { steps: { wait: { uses: "timer:wait", with: { duration: "1s" } } } }, inputs: {} } }),
          },
        },
      },
    },
    responses: {
      200: {
        description: "What would happen.",
        content: {
          "application/json": {
            schema: z
              .object({
                waves: z.array(z.array(z.string())),
                steps: z.array(dryStepSchema),
                estimate: z.object({
                  rowsWritten: z.number().int(),
                  platformMicros: z.number().openapi({ description: "Millionths of a US dollar" }),
                  stepsThatAskAModel: z.number().int(),
                  basis: z.string(),
                }),
              })
              .openapi("DryRunResult"),
          },
        },
      },
    },
  },
);

runForkRoutes.openapi(dry, async (context) => {
  const { graph, inputs } = context.req.valid("json");
  validateGraph(graph);
  preparedInputs(graph, inputs);
  return context.json(await dryRun({ env: context.env, clock: systemClock }, graph, context.get("principal")), 200);
});
