import { z } from "@hono/zod-openapi";
import { recordChange } from "../audit/record.ts";
import { systemClock } from "../platform/clock.ts";
import { idPattern } from "../platform/ids.ts";
import { Problem } from "../platform/problem.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../platform/route.ts";
import { artifactKey } from "./content.ts";
import { checkedFileName, headerFileName } from "./file-name.ts";
import { keepArtifact } from "./keep.ts";
import { type ArtifactRow, deleteArtifactRow, findArtifact, listArtifacts } from "./store.ts";

export const artifactRoutes = newRouter();

const artifactSchema = z
  .object({
    id: z.string().openapi({ example: "art_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    name: z.string().openapi({ example: "penguins.csv" }),
    mediaType: z.string().openapi({ example: "text/csv" }),
    bytes: z.number().int(),
    sha256: z.string(),
    createdAt: z.iso.datetime(),
  })
  .openapi("Artifact");

const idParams = z.object({ id: z.string().regex(idPattern("artifact")) });
const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]{1,64}\/[a-z0-9!#$&^_.+-]{1,64}$/;

const createArtifact = defineRoute(
  { capability: "artifacts.write", creates: true },
  {
    method: "post",
    path: "/v1/artifacts",
    operationId: "createArtifact",
    tags: ["Artifacts"],
    summary: "Upload a file",
    description: "The body is the file as it is. It is streamed to storage; up to 100 MiB.",
    request: {
      query: z.strictObject({ name: z.string().min(1).max(1_000).openapi({ example: "penguins.csv" }) }),
      body: { required: true, content: { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } } },
    },
    responses: { 201: { description: "The stored file.", content: { "application/json": { schema: artifactSchema } } } },
  },
);

artifactRoutes.openapi(createArtifact, async (context) => {
  const principal = context.get("principal");
  const name = checkedFileName(context.req.valid("query").name);
  const declared = context.req.header("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  const mediaType = MEDIA_TYPE.test(declared) ? declared : "application/octet-stream";
  const body = context.req.raw.body ?? new Response("").body;
  if (body === null) throw new Problem("invalid-request", "The body is missing; send the file as the body.");
  const file = { id: context.get("newId")("artifact"), name, mediaType, body, decision: context.get("decision") };
  return context.json(toArtifact(await keepArtifact(context.env, systemClock, principal, file)), 201);
});

const list = defineRoute(
  { capability: "artifacts.read" },
  {
    method: "get",
    path: "/v1/artifacts",
    operationId: "listArtifacts",
    tags: ["Artifacts"],
    summary: "List files, newest first",
    request: { query: pageQuerySchema },
    responses: { 200: { description: "A page of files.", content: { "application/json": { schema: pageSchema(artifactSchema) } } } },
  },
);

artifactRoutes.openapi(list, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const rows = await listArtifacts(
    context.env,
    context.get("principal").tenant,
    cursor === undefined ? undefined : decodeCursor(cursor),
    limit + 1,
  );
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return context.json(
    { items: rows.slice(0, limit).map(toArtifact), ...(last === undefined ? {} : { nextCursor: encodeCursor(last.id) }) },
    200,
  );
});

const read = defineRoute(
  { capability: "artifacts.read" },
  {
    method: "get",
    path: "/v1/artifacts/{id}",
    operationId: "readArtifact",
    tags: ["Artifacts"],
    summary: "Read what is known of a file",
    request: { params: idParams },
    responses: { 200: { description: "The file's description.", content: { "application/json": { schema: artifactSchema } } } },
  },
);

artifactRoutes.openapi(read, async (context) =>
  context.json(toArtifact(await mustFind(context.env, context.get("principal").tenant, context.req.valid("param").id)), 200),
);

const readContent = defineRoute(
  { capability: "artifacts.read" },
  {
    method: "get",
    path: "/v1/artifacts/{id}/content",
    operationId: "readArtifactContent",
    tags: ["Artifacts"],
    summary: "Download a file",
    request: { params: idParams },
    responses: {
      200: {
        description: "The bytes, always as a download.",
        content: { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } },
      },
      304: { description: "The copy you have is current." },
    },
  },
);

artifactRoutes.openapi(readContent, async (context) => {
  const row = await mustFind(context.env, context.get("principal").tenant, context.req.valid("param").id);
  const etag = `"${row.sha256}"`;
  if (context.req.header("if-none-match") === etag) return context.body(null, 304);
  const object = await context.env.ARTIFACTS.get(artifactKey(row.tenant, row.id));
  if (object === null) throw new Problem("unavailable", `The content of ${row.id} is missing from storage.`);
  return new Response(object.body, {
    headers: {
      "Content-Type": row.mediaType,
      "Content-Length": String(object.size),
      "Content-Disposition": `attachment; filename*=${headerFileName(row.name)}`,
      "Content-Security-Policy": "default-src 'none'; sandbox",
      ETag: etag,
    },
  });
});

const remove = defineRoute(
  { capability: "artifacts.write" },
  {
    method: "delete",
    path: "/v1/artifacts/{id}",
    operationId: "deleteArtifact",
    tags: ["Artifacts"],
    summary: "Delete a file",
    request: { params: idParams },
    responses: { 204: { description: "It is gone." } },
  },
);

artifactRoutes.openapi(remove, async (context) => {
  const principal = context.get("principal");
  const { id } = context.req.valid("param");
  if (!(await deleteArtifactRow(context.env, principal.tenant, id))) throw notFound(id);
  await context.env.ARTIFACTS.delete(artifactKey(principal.tenant, id));
  await recordChange(context.env, systemClock, principal, { action: "artifact.deleted", resource: id, decision: context.get("decision") });
  return context.body(null, 204);
});

async function mustFind(env: Env, tenant: string, id: string): Promise<ArtifactRow> {
  const row = await findArtifact(env, tenant, id);
  if (row === undefined) throw notFound(id);
  return row;
}

function notFound(id: string): Problem {
  return new Problem("not-found", `No artifact ${id} in this tenant.`);
}

function toArtifact(row: ArtifactRow): z.infer<typeof artifactSchema> {
  return {
    id: row.id,
    name: row.name,
    mediaType: row.mediaType,
    bytes: row.bytes,
    sha256: row.sha256,
    createdAt: new Date(row.createdAt).toISOString(),
  };
}
