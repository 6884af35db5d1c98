import { z } from "@hono/zod-openapi";
import { headerFileName } from "../artifacts/file-name.ts";
import { Problem } from "../platform/problem.ts";
import { defineRoute, newRouter } from "../platform/route.ts";
import { BASE, deliverableSchema, params, project } from "./project-resource.ts";

/** What projects delivered. */
export const deliverableRoutes = newRouter();

const deliverables = defineRoute(
  { capability: "projects.read" },
  {
    method: "get",
    path: `${BASE}/{id}/deliverables`,
    operationId: "listDeliverables",
    tags: ["KAMACHIQ"],
    summary: "List what a project delivered",
    request: { params },
    responses: {
      200: {
        description: "The files, with their hashes; `manifest.json` has their provenance.",
        content: { "application/json": { schema: z.object({ items: z.array(deliverableSchema) }) } },
      },
    },
  },
);

deliverableRoutes.openapi(deliverables, async (context) =>
  context.json({ items: (await project(context, context.req.valid("param").id).read()).deliverables }, 200),
);

const deliverable = defineRoute(
  { capability: "projects.read" },
  {
    method: "get",
    path: `${BASE}/{id}/deliverables/{name}`,
    operationId: "readDeliverable",
    tags: ["KAMACHIQ"],
    summary: "Download a deliverable",
    description: "The name is as listed, with `/` written as `%2F`; `manifest.json` is the manifest.",
    request: { params: params.extend({ name: z.string().max(300) }) },
    responses: {
      200: {
        description: "The file, always as a download.",
        content: { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } },
      },
    },
  },
);

deliverableRoutes.openapi(deliverable, async (context) => {
  const { id, name } = context.req.valid("param");
  const known = await project(context, id).read();
  const isManifest = name === "manifest.json" && known.state === "delivered";
  const found = known.deliverables.find((candidate) => candidate.name === name);
  if (found === undefined && !isManifest) throw new Problem("not-found", `The project has delivered no ${name}.`);
  const object = await context.env.ARTIFACTS.get(`${context.get("principal").tenant}/projects/${id}/deliverables/${name}`);
  if (object === null) throw new Problem("unavailable", `${name} is missing from storage.`);
  const fileName = name.split("/").at(-1) ?? "deliverable";
  return new Response(object.body, {
    headers: {
      "Content-Type": found?.mediaType ?? "application/json",
      "Content-Disposition": `attachment; filename*=${headerFileName(fileName)}`,
      "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    },
  });
});
