import { z } from "@hono/zod-openapi";
import { systemClock } from "../../platform/clock.ts";
import { Problem } from "../../platform/problem.ts";
import { defineRoute, newRouter } from "../../platform/route.ts";
import { recordIdentity } from "../record-identity.ts";
import { deleteSession, listSessions } from "../sign-in/store.ts";
import { existingUser, signOutEverywhere } from "../users/change-user.ts";
import { readUser } from "../users/store.ts";
import { withdraw } from "../withdraw.ts";

export const accountRoutes = newRouter();

const accountSchema = z
  .object({
    tenant: z.string(),
    subject: z.string(),
    kind: z.enum(["user", "service", "agent", "operator"]),
    email: z.string().optional(),
    displayName: z.string().optional(),
    roles: z.array(z.string()),
    groups: z.array(z.string()),
    capabilities: z.array(z.string()),
    amr: z.array(z.string()).optional().openapi({ description: "How the person was recognised (RFC 8176)." }),
    authTime: z.iso.datetime().optional(),
  })
  .openapi("Account");

const readAccount = defineRoute(
  { capability: "account.write" },
  {
    method: "get",
    path: "/v1/account",
    operationId: "readAccount",
    tags: ["Account"],
    summary: "Who the credential is, and what it may do",
    responses: { 200: { description: "It.", content: { "application/json": { schema: accountSchema } } } },
  },
);

accountRoutes.openapi(readAccount, async (context) => {
  const { tenant, subject, kind, roles, groups, capabilities, amr, authTime } = context.get("principal");
  const user = kind === "user" ? await readUser(context.env, tenant, subject) : undefined;
  return context.json(
    {
      tenant,
      subject,
      kind,
      ...(user === undefined ? {} : { email: user.email, displayName: user.displayName }),
      roles: [...roles],
      groups: [...(groups ?? [])],
      capabilities: [...capabilities],
      ...(amr === undefined ? {} : { amr: [...amr] }),
      ...(authTime === undefined ? {} : { authTime: new Date(authTime).toISOString() }),
    },
    200,
  );
});

const signInSchema = z
  .object({
    id: z.string().openapi({ example: "sid_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    browser: z.string(),
    amr: z.array(z.string()),
    createdAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime().openapi({ description: "To the minute." }),
    endsAt: z.iso.datetime(),
  })
  .openapi("SignIn");

const listSignIns = defineRoute(
  { capability: "account.write" },
  {
    method: "get",
    path: "/v1/account/sign-ins",
    operationId: "listSignIns",
    tags: ["Account"],
    summary: "List one's own sign-ins by browser, newest first",
    responses: {
      200: { description: "Those that stand.", content: { "application/json": { schema: z.object({ items: z.array(signInSchema) }) } } },
    },
  },
);

accountRoutes.openapi(listSignIns, async (context) => {
  const { tenant, subject } = context.get("principal");
  const rows = await listSessions(context.env, tenant, subject, systemClock.now());
  const items = rows.map((row) => ({
    id: row.id,
    browser: row.browser,
    amr: row.amr.split(" "),
    createdAt: new Date(row.createdAt).toISOString(),
    lastSeenAt: new Date(row.lastSeenAt).toISOString(),
    endsAt: new Date(row.endsAt).toISOString(),
  }));
  return context.json({ items }, 200);
});

const endSignIn = defineRoute(
  { capability: "account.write" },
  {
    method: "delete",
    path: "/v1/account/sign-ins/{id}",
    operationId: "endSignIn",
    tags: ["Account"],
    summary: "End one of one's own sign-ins",
    request: { params: z.object({ id: z.string().max(64) }) },
    responses: { 204: { description: "It and the tokens issued by it open nothing any more, everywhere within two seconds." } },
  },
);

accountRoutes.openapi(endSignIn, async (context) => {
  const { tenant, subject } = context.get("principal");
  const { id } = context.req.valid("param");
  if (!(await deleteSession(context.env, tenant, subject, id))) throw new Problem("not-found", `No sign-in ${id} of yours.`);
  await withdraw(context.env, systemClock, tenant, id);
  await recordIdentity(context, "sign-in.ended", id);
  return context.body(null, 204);
});

const endAll = defineRoute(
  { capability: "account.write" },
  {
    method: "delete",
    path: "/v1/account/sign-ins",
    operationId: "endSignIns",
    tags: ["Account"],
    summary: "Sign out everywhere: end all one's sign-ins and all tokens issued to one",
    responses: { 204: { description: "Also the one this was asked with, within two seconds." } },
  },
);

accountRoutes.openapi(endAll, async (context) => {
  const { tenant, subject, kind } = context.get("principal");
  if (kind !== "user") throw new Problem("conflict", "Only people sign in; a key is ended by DELETE /v1/api-keys/{id}.");
  await signOutEverywhere(context.env, systemClock, tenant, await existingUser(context.env, tenant, subject));
  await recordIdentity(context, "sign-in.all-ended", subject);
  return context.body(null, 204);
});
