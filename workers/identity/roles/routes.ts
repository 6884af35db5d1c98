import { z } from "@hono/zod-openapi";
import { capabilitySchema } from "../../platform/capabilities.ts";
import { systemClock } from "../../platform/clock.ts";
import { roleNameSchema } from "../../platform/principal.ts";
import { Problem } from "../../platform/problem.ts";
import { defineRoute, newRouter } from "../../platform/route.ts";
import { checkGrant } from "../grant.ts";
import { recordIdentity } from "../record-identity.ts";
import { withdrawIssuedBefore } from "../withdraw.ts";
import { deleteRole, listRoles, putRole, type Role, readRole } from "./store.ts";

export const roleRoutes = newRouter();

const roleSchema = z
  .object({
    name: z.string().openapi({ example: "analyst" }),
    description: z.string(),
    capabilities: z.array(z.string()).openapi({ example: ["sessions.read", "artifacts.read"] }),
    builtIn: z.boolean().openapi({ description: "True for those that every tenant has: they cannot be changed." }),
  })
  .openapi("Role");

const nameParam = z.object({ name: roleNameSchema });

const list = defineRoute(
  { capability: "users.read" },
  {
    method: "get",
    path: "/v1/roles",
    operationId: "listRoles",
    tags: ["People"],
    summary: "List roles: the built-in ones, then the tenant's own",
    responses: {
      200: { description: "All of them.", content: { "application/json": { schema: z.object({ items: z.array(roleSchema) }) } } },
    },
  },
);

roleRoutes.openapi(list, async (context) => {
  const items = (await listRoles(context.env, context.get("principal").tenant)).map(toRole);
  return context.json({ items }, 200);
});

const put = defineRoute(
  { capability: "users.write" },
  {
    method: "put",
    path: "/v1/roles/{name}",
    operationId: "putRole",
    tags: ["People"],
    summary: "Make a role, or change it for all who have it",
    description:
      "Whoever does it must have all that the role had and will have. What is taken out of a role is gone for all who have it within two seconds.",
    request: {
      params: nameParam,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({
                description: z.string().max(500).default(""),
                capabilities: z
                  .array(capabilitySchema)
                  .max(128)
                  .openapi({ example: ["sessions.read", "artifacts.read"] }),
              })
              .openapi("RoleDefinition"),
          },
        },
      },
    },
    responses: { 200: { description: "The role.", content: { "application/json": { schema: roleSchema } } } },
  },
);

roleRoutes.openapi(put, async (context) => {
  const principal = context.get("principal");
  const { name } = context.req.valid("param");
  const { description, capabilities } = context.req.valid("json");
  const before = await readRole(context.env, principal.tenant, name);
  checkOwn(before, name);
  checkGrant(principal, [...new Set([...capabilities, ...(before?.capabilities ?? [])])], `The role ${name}`);
  const role = { name, description, capabilities: [...new Set(capabilities)] };
  await putRole(context.env, principal.tenant, role, systemClock.now());
  if (before?.capabilities.some((capability) => !capabilities.includes(capability)) === true)
    await withdrawIssuedBefore(context.env, systemClock, principal.tenant, `role:${name}`);
  await recordIdentity(context, before === undefined ? "role.created" : "role.changed", name);
  return context.json(toRole({ ...role, builtIn: false }), 200);
});

const read = defineRoute(
  { capability: "users.read" },
  {
    method: "get",
    path: "/v1/roles/{name}",
    operationId: "readRole",
    tags: ["People"],
    summary: "Read a role",
    request: { params: nameParam },
    responses: { 200: { description: "The role.", content: { "application/json": { schema: roleSchema } } } },
  },
);

roleRoutes.openapi(read, async (context) => {
  const { name } = context.req.valid("param");
  const role = await readRole(context.env, context.get("principal").tenant, name);
  if (role === undefined) throw missing(name);
  return context.json(toRole(role), 200);
});

const remove = defineRoute(
  { capability: "users.write" },
  {
    method: "delete",
    path: "/v1/roles/{name}",
    operationId: "deleteRole",
    tags: ["People"],
    summary: "Remove a role and take it from all who have it",
    request: { params: nameParam },
    responses: { 204: { description: "It is gone." } },
  },
);

roleRoutes.openapi(remove, async (context) => {
  const principal = context.get("principal");
  const { name } = context.req.valid("param");
  const role = await readRole(context.env, principal.tenant, name);
  checkOwn(role, name);
  if (role === undefined) throw missing(name);
  checkGrant(principal, role.capabilities, `The role ${name}`);
  await deleteRole(context.env, principal.tenant, name);
  await withdrawIssuedBefore(context.env, systemClock, principal.tenant, `role:${name}`);
  await recordIdentity(context, "role.deleted", name);
  return context.body(null, 204);
});

/** `operator` is no tenant's to define: a role of that name would read as more than it is. */
function checkOwn(role: Role | undefined, name: string): void {
  if (role?.builtIn === true || name === "operator")
    throw new Problem("conflict", `The role ${name} is built in and stays as it is; make one of your own under another name.`);
}

function missing(name: string): Problem {
  return new Problem("not-found", `No role ${name} in this tenant.`);
}

function toRole({ name, description, capabilities, builtIn }: Role): z.infer<typeof roleSchema> {
  return { name, description, capabilities: [...capabilities], builtIn };
}
