import { z } from "@hono/zod-openapi";
import { headerFileName } from "../artifacts/file-name.ts";
import { Problem } from "../platform/problem.ts";
import { defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../platform/route.ts";
import { placeOf } from "./place.ts";
import { BASE, deliverableSchema, params, project } from "./project-resource.ts";
import { STATEMENT_MEDIA_TYPE } from "./provenance.ts";

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
    request: { params, query: pageQuerySchema },
    responses: {
      200: {
        description: "A page of the files, with their hashes; `manifest.json` names all of them.",
        content: { "application/json": { schema: pageSchema(deliverableSchema) } },
      },
    },
  },
);

deliverableRoutes.openapi(deliverables, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const { items, next } = await project(context, context.req.valid("param").id).deliverables(placeOf(cursor), limit);
  return context.json({ items, ...(next === undefined ? {} : { nextCursor: encodeCursor(String(next)) }) }, 200);
});

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
  const isManifest = name === "manifest.json";
  const found = isManifest ? await delivered(project(context, id)) : await project(context, id).deliverable(name);
  const object = await context.env.ARTIFACTS.get(`${context.get("principal").tenant}/projects/${id}/deliverables/${name}`);
  if (object === null) throw new Problem("unavailable", `${name} is missing from storage.`);
  const fileName = name.split("/").at(-1) ?? "deliverable";
  return new Response(object.body, {
    headers: {
      "Content-Type": found.mediaType,
      "Content-Disposition": `attachment; filename*=${headerFileName(fileName)}`,
      "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    },
  });
});

/** The manifest has no entry of its own: it is there once something was delivered. */
async function delivered(stub: ReturnType<typeof project>): Promise<{ mediaType: string }> {
  if ((await stub.deliverables(0, 1)).items.length === 0) throw new Problem("not-found", "The project has delivered no manifest.json.");
  return { mediaType: "application/json" };
}

const statementSchema = z.looseObject({ _type: z.string() }).openapi("ProvenanceStatement", {
  description: "in-toto Statement v1; its bytes, as they are served, have the hash that the manifest gives.",
});

const provenance = defineRoute(
  { capability: "projects.read" },
  {
    method: "get",
    path: `${BASE}/{id}/deliverables/{name}/provenance`,
    operationId: "readProvenance",
    tags: ["KAMACHIQ"],
    summary: "Read where a deliverable comes from",
    description:
      "An in-toto Statement v1 with a SLSA provenance v1 predicate: the file's digest, the steps it was made from, and the digests of what they read. The manifest has its hash.",
    request: { params: params.extend({ name: z.string().max(300) }) },
    responses: {
      200: { description: "The statement.", content: { [STATEMENT_MEDIA_TYPE]: { schema: statementSchema } } },
    },
  },
);

deliverableRoutes.openapi(provenance, async (context) => {
  const { id, name } = context.req.valid("param");
  const statement = statementSchema.parse(JSON.parse(await project(context, id).provenance(name)));
  return context.json(statement, 200, { "Content-Type": STATEMENT_MEDIA_TYPE });
});
