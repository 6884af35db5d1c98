import { z } from "@hono/zod-openapi";
import { recordChange } from "../audit/record.ts";
import { systemClock } from "../platform/clock.ts";
import { Problem } from "../platform/problem.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../platform/route.ts";
import { type CapsuleManifest, capsuleManifestSchema } from "./manifest.ts";
import { listCapsules } from "./registry.ts";
import { checkRoom, insertCapsule, listOwnCapsules } from "./store.ts";
import { publishCapsule, readTenantCapsule } from "./tenant-capsules.ts";

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
    isOwn: z.boolean().openapi({ description: "Published by the tenant; false for those that come with the platform." }),
  })
  .openapi("Capsule");
type Capsule = z.infer<typeof capsuleSchema>;

/** The members of a manifest; what they hold is told by `manifestIn`, place by place. */
const manifestBodySchema = z
  .strictObject({
    name: z.unknown().optional(),
    version: z.unknown().optional(),
    title: z.unknown().optional(),
    description: z.unknown().optional(),
    purpose: z.unknown().optional(),
    graph: z.unknown().optional(),
  })
  .openapi("CapsuleManifest", {
    example: {
      version: "1.0.0",
      title: "Wait a second",
      description: "Waits.",
      graph: { steps: { wait: { uses: "timer:wait", with: { duration: "1s" } } } },
    },
  });

const list = defineRoute(
  { capability: "capsules.read" },
  {
    method: "get",
    path: "/v1/capsules",
    operationId: "listCapsules",
    tags: ["Capsules"],
    summary: "List the capsules that agents can run",
    description: "The tenant's own by name and version, then those that come with the platform.",
    request: { query: pageQuerySchema },
    responses: { 200: { description: "A page of capsules.", content: { "application/json": { schema: pageSchema(capsuleSchema) } } } },
  },
);

capsuleRoutes.openapi(list, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const { tenant } = context.get("principal");
  const place = placeIn(cursor);
  const rows = place.builtins === undefined ? await listOwnCapsules(context.env, tenant, place.after, limit + 1) : [];
  const own = await Promise.all(
    rows.slice(0, limit).map(async (row) => toCapsule(await readTenantCapsule(context.env, tenant, row.name, row.version), true)),
  );
  const first = place.builtins ?? 0;
  const builtins = rows.length > limit ? [] : builtinCapsules().slice(first, first + limit - own.length);
  const last = own.at(-1);
  const next =
    rows.length > limit && last !== undefined
      ? `own:${last.name}@${last.version}`
      : first + builtins.length < builtinCapsules().length
        ? `builtin:${first + builtins.length}`
        : undefined;
  return context.json({ items: [...own, ...builtins], ...(next === undefined ? {} : { nextCursor: encodeCursor(next) }) }, 200);
});

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

capsuleRoutes.openapi(read, async (context) => {
  const { name, version } = context.req.valid("param");
  const builtin = builtinCapsules().find((capsule) => capsule.name === name && capsule.version === version);
  try {
    return context.json(toCapsule(await readTenantCapsule(context.env, context.get("principal").tenant, name, version), true), 200);
  } catch (error) {
    if (builtin === undefined || !(error instanceof Problem) || error.type !== "not-found") throw error;
    return context.json(builtin, 200);
  }
});

const publish = defineRoute(
  { capability: "capsules.write", creates: true },
  {
    method: "post",
    path: "/v1/capsules/{name}/versions",
    operationId: "publishCapsule",
    tags: ["Capsules"],
    summary: "Publish a version of a capsule of one's own",
    description:
      "Versions never change: the same again is the same, another under its version is refused. A reference `name@range` means the newest of the tenant's own that the range allows, and one of the platform's where there is none.",
    request: {
      params: z.object({ name: z.string().max(64) }),
      body: {
        required: true,
        content: { "application/json": { schema: manifestBodySchema } },
      },
    },
    responses: { 201: { description: "The capsule.", content: { "application/json": { schema: capsuleSchema } } } },
  },
);

capsuleRoutes.openapi(publish, async (context) => {
  const { env } = context;
  const principal = context.get("principal");
  const { name } = context.req.valid("param");
  const manifest = manifestIn(name, context.req.valid("json"));
  await checkRoom(env, principal.tenant);
  const isNew = await publishCapsule(env, principal.tenant, manifest);
  const row = { tenant: principal.tenant, name, version: manifest.version, createdBy: principal.subject, createdAt: Date.now() };
  await insertCapsule(env, row);
  const resource = `${name}@${manifest.version}`;
  if (isNew) await recordChange(env, systemClock, principal, { action: "capsule.published", resource, decision: context.get("decision") });
  return context.json(toCapsule(manifest, true), 201);
});

/** @throws Problem `invalid-graph` naming each place of the manifest that is wrong */
function manifestIn(name: string, body: unknown): CapsuleManifest {
  const parsed = capsuleManifestSchema.safeParse(typeof body === "object" ? { name, ...body } : body);
  if (parsed.success && parsed.data.name === name) return parsed.data;
  const errors = parsed.success
    ? [{ pointer: "/name", message: `is not ${name}, the name in the path` }]
    : parsed.error.issues.slice(0, 20).map((issue) => ({ pointer: `/${issue.path.map(String).join("/")}`, message: issue.message }));
  throw new Problem("invalid-graph", `The capsule cannot be published: ${errors[0]?.pointer} ${errors[0]?.message}.`, { errors });
}

/** Where a page begins, by the cursor of the page before. */
function placeIn(cursor: string | undefined): { after?: { name: string; version: string }; builtins?: number } {
  if (cursor === undefined) return {};
  const text = decodeCursor(cursor);
  const [, name, version] = /^own:([a-z0-9-]{1,64})@([\d.]{1,32})$/.exec(text) ?? [];
  if (name !== undefined && version !== undefined) return { after: { name, version } };
  const builtins = /^builtin:(\d{1,4})$/.exec(text)?.[1];
  if (builtins !== undefined) return { builtins: Number(builtins) };
  throw new Problem("invalid-request", "The cursor is not one this list gave; leave it out to start from the first page.", {
    errors: [{ pointer: "query:cursor", message: "not a cursor" }],
  });
}

let told: Capsule[] | undefined;

/** The platform's capsules as the API tells them: they come with the build, so they are put into that form once. */
function builtinCapsules(): Capsule[] {
  told ??= listCapsules().map((capsule) => toCapsule(capsule, false));
  return told;
}

function toCapsule(capsule: CapsuleManifest, isOwn: boolean): Capsule {
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
    isOwn,
  };
}
