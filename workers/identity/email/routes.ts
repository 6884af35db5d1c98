import { z } from "@hono/zod-openapi";
import { systemClock } from "../../platform/clock.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../../platform/route.ts";
import { open } from "../../secrets/envelope.ts";
import { grantsOf } from "../roles/grants.ts";
import { listNotifications, type NotificationRow } from "./store.ts";

export const notificationRoutes = newRouter();

const notificationSchema = z
  .object({
    id: z.string(),
    user: z.string(),
    recipient: z.string(),
    subject: z.string(),
    state: z.enum(["sent", "kept", "failed"]),
    text: z.string().optional().openapi({
      description: "What was not sent, for you to hand over. Left out where the user may do something that this credential may not.",
    }),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .openapi("Notification");

const listNotificationsRoute = defineRoute(
  { capability: "users.write" },
  {
    method: "get",
    path: "/v1/notifications",
    operationId: "listNotifications",
    tags: ["People"],
    summary: "List the letters whose links still open, newest first",
    request: { query: pageQuerySchema },
    responses: { 200: { description: "A page of letters.", content: { "application/json": { schema: pageSchema(notificationSchema) } } } },
  },
);

notificationRoutes.openapi(listNotificationsRoute, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const { tenant, capabilities } = context.get("principal");
  const before = cursor === undefined ? undefined : decodeCursor(cursor);
  const rows = await listNotifications(context.env, tenant, { before, limit: limit + 1, now: systemClock.now() });
  const shown = rows.slice(0, limit);
  const items = await Promise.all(shown.map((row) => toNotification(context.env, row, mayRead)));
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return context.json({ items, ...(last === undefined ? {} : { nextCursor: encodeCursor(last.id) }) }, 200);

  /** A letter opens its user's account, so it is for those who may do all that the user may. */
  async function mayRead({ user }: NotificationRow): Promise<boolean> {
    const granted = await grantsOf(context.env, tenant, user);
    return granted.capabilities.every((capability) => capabilities.includes(capability));
  }
});

async function toNotification(
  env: Env,
  row: NotificationRow,
  mayRead: (row: NotificationRow) => Promise<boolean>,
): Promise<z.infer<typeof notificationSchema>> {
  const isShown = row.sealedText !== null && (await mayRead(row));
  return {
    id: row.id,
    user: row.user,
    recipient: row.recipient,
    subject: row.subject,
    state: z.enum(["sent", "kept", "failed"]).parse(row.state),
    ...(isShown && row.sealedText !== null
      ? { text: await open(env, { tenant: row.tenant, purpose: `notification/${row.id}` }, row.sealedText) }
      : {}),
    createdAt: new Date(row.createdAt).toISOString(),
    expiresAt: new Date(row.expiresAt).toISOString(),
  };
}
