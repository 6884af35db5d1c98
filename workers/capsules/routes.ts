import { z } from "@hono/zod-openapi";
import { Problem } from "../platform/problem.ts";
import { defineRoute, newRouter } from "../platform/route.ts";
import { listCapsules } from "./registry.ts";

export const capsuleRoutes = newRouter();

const inputSchema = z.object({ name: z.string(), type: z.string(), description: z.string().optional(), required: z.boolean() });
const capsuleSchema = z
  .object({
    name: z.string().openapi({ example: "compare-groups" }),
    version: z.string().openapi({ example: "1.0.0" }),
    title: z.string(),
    description: z.string(),
    inputs: z.array(inputSchema),
    steps: z.array(z.string()),
  })
  .openapi("Capsule");

const list = defineRoute(
  { capability: "capsules.read" },
  {
    method: "get",
    path: "/v1/capsules",
    operationId: "listCapsules",
    tags: ["Capsules"],
    summary: "List the capsules that agents can run",
    responses: {
      200: {
        description: "All of them, by name.",
        content: { "application/json": { schema: z.object({ items: z.array(capsuleSchema) }) } },
      },
    },
  },
);

capsuleRoutes.openapi(list, (context) => context.json({ items: capsules() }, 200));

const read = defineRoute(
  { capability: "capsules.read" },
  {
    method: "get",
    path: "/v1/capsules/{name}/versions/{version}",
    operationId: "readCapsule",
    tags: ["Capsules"],
    summary: "Read one version of a capsule",
    request: { params: z.object({ name: z.string().max(64), version: z.string().max(32) }) },
    responses: { 200: { description: "The capsule.", content: { "application/json": { schema: capsuleSchema } } } },
  },
);

capsuleRoutes.openapi(read, (context) => {
  const { name, version } = context.req.valid("param");
  const found = capsules().find((capsule) => capsule.name === name && capsule.version === version);
  if (found === undefined) throw new Problem("not-found", `There is no capsule ${name} in version ${version}.`);
  return context.json(found, 200);
});

let told: z.infer<typeof capsuleSchema>[] | undefined;

/** The capsules as the API tells them: they come with the build, so they are put into that form once. */
function capsules(): z.infer<typeof capsuleSchema>[] {
  told ??= listCapsules().map(toCapsule);
  return told;
}

function toCapsule(capsule: ReturnType<typeof listCapsules>[number]): z.infer<typeof capsuleSchema> {
  const inputs = Object.entries(capsule.graph.inputs).map(([name, input]) => ({
    name,
    type: input.type,
    required: input.required,
    ...(input.description === undefined ? {} : { description: input.description }),
  }));
  return {
    name: capsule.name,
    version: capsule.version,
    title: capsule.title,
    description: capsule.description,
    inputs,
    steps: Object.values(capsule.graph.steps).map((step) => step.uses),
  };
}
