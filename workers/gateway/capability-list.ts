import { z } from "@hono/zod-openapi";
import { CAPABILITIES, CAPABILITY_DESCRIPTIONS } from "../platform/capabilities.ts";
import { defineRoute } from "../platform/route.ts";

const capabilityListSchema = z
  .object({
    items: z.array(
      z.object({
        name: z.string().openapi({ example: "sessions.read" }),
        description: z.string(),
        routes: z.array(z.string()).openapi({ example: ["GET /v1/sessions"] }),
      }),
    ),
  })
  .openapi("Capabilities");

/** What there is to grant: the closed list, with the routes that ask for each. */
export const listCapabilities = defineRoute(
  { capability: "public" },
  {
    method: "get",
    path: "/v1/capabilities",
    operationId: "listCapabilities",
    tags: ["People"],
    summary: "List what there is to grant, and which routes ask for it",
    responses: { 200: { description: "All capabilities.", content: { "application/json": { schema: capabilityListSchema } } } },
  },
);

/** The part of an OpenAPI document that names its operations' capabilities. */
const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ "x-soma-capability": z.string().optional() }))),
});

/** Each capability with the routes of an OpenAPI document that ask for it. */
export function capabilityList(document: unknown): z.infer<typeof capabilityListSchema> {
  const routes = Object.entries(documentSchema.parse(document).paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      capability: operation["x-soma-capability"],
      route: `${method.toUpperCase()} ${path}`,
    })),
  );
  const items = CAPABILITIES.map((name) => ({
    name,
    description: CAPABILITY_DESCRIPTIONS[name],
    routes: routes
      .filter(({ capability }) => capability === name)
      .map(({ route }) => route)
      .sort(),
  }));
  return { items };
}
