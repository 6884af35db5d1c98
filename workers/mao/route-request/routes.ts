import { z } from "@hono/zod-openapi";
import { defineRoute, newRouter } from "../../platform/route.ts";
import { compileFiles } from "../../templates/compile.ts";
import { MAX_SOURCE_FILES, sourceFileSchema } from "../../templates/source.ts";
import { listTools } from "../../tools/registry.ts";
import { graphSchema } from "../graph.ts";
import { agentNameSchema } from "../names.ts";
import { PATTERNS } from "./patterns.ts";
import { routeRequest } from "./route-request.ts";

/** The framework router: what a request would be run as. */
export const routeRequestRoutes = newRouter();

const MAX_CANDIDATES = 32;

/** A request in words, as long as a page or two. */
export const requestSchema = z
  .string()
  .trim()
  .min(1)
  .max(20_000)
  .openapi({ example: "Research heat pumps, then write a one-page summary, and send it after I have approved it." });

const newRouteSchema = z
  .strictObject({
    request: requestSchema,
    files: z.array(sourceFileSchema).min(1).max(MAX_SOURCE_FILES).optional().openapi({
      description: "A definition the caller already has: the framework whose files they are is taken, whatever the request says.",
    }),
    agents: z
      .array(
        z.strictObject({
          name: agentNameSchema,
          description: z.string().max(1_000).default(""),
          card: z
            .url({ protocol: /^https?$/ })
            .max(2_000)
            .optional()
            .openapi({ description: "Address of an A2A agent card" }),
        }),
      )
      .max(MAX_CANDIDATES)
      .refine((agents) => new Set(agents.map(({ name }) => name)).size === agents.length, { message: "two agents have one name" })
      .default([])
      .openapi({ description: "Who may take part; made up as the pattern needs them when left out." }),
  })
  .openapi("NewRoute");

const routeSchema = z
  .object({
    pattern: z.enum([...PATTERNS, "imported"]),
    adapter: z
      .string()
      .openapi({ example: "langgraph", description: "The framework, or part of the platform, whose form says it most plainly" }),
    why: z.array(z.string()),
    confidence: z.number().min(0).max(1),
    decidedBy: z.enum(["rules"]).openapi({ description: "What decided: documented rules, no language model" }),
    cron: z.string().optional().openapi({ example: "0 9 * * 1", description: "When it is to happen, where the request says so" }),
    graph: graphSchema,
  })
  .openapi("Route");

const route = defineRoute(
  { capability: "runs.read" },
  {
    method: "post",
    path: "/v1/mao/route",
    operationId: "routeRequest",
    tags: ["Runs"],
    summary: "Say how a request would be run",
    description:
      "Names the pattern and why it was taken, and gives the graph that POST /v1/mao/runs would run for the request. Nothing is started.",
    request: { body: { required: true, content: { "application/json": { schema: newRouteSchema } } } },
    responses: { 200: { description: "How it would be run.", content: { "application/json": { schema: routeSchema } } } },
  },
);

routeRequestRoutes.openapi(route, (context) => {
  const { request, files, agents } = context.req.valid("json");
  return context.json({ ...(files === undefined ? ofWords(request, agents) : ofFiles(files)), decidedBy: "rules" as const }, 200);
});

function ofWords(request: string, agents: z.infer<typeof newRouteSchema>["agents"]) {
  const { cron, ...found } = routeRequest(request, agents);
  return { ...found, why: [...found.why], ...(cron === undefined ? {} : { cron }) };
}

function ofFiles(files: z.infer<typeof newRouteSchema>["files"] & {}) {
  const { framework, templates } = compileFiles(files, { tools: new Set(listTools().map(({ id }) => id)) });
  const [{ graph, name }, ...others] = templates;
  const more = others.length === 0 ? [] : [`the files hold ${others.length} more; import them to run those`];
  return {
    pattern: "imported" as const,
    adapter: framework,
    why: [`the files are ${framework}'s: ${name}`, ...more],
    confidence: 1,
    graph,
  };
}
