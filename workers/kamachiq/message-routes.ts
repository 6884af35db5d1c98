import { z } from "@hono/zod-openapi";
import { defineRoute, newRouter } from "../platform/route.ts";
import { BASE, params, project } from "./project-resource.ts";

/** What the agents of a project, and people, tell each other. */
export const messageRoutes = newRouter();

const messageSchema = z
  .object({ seq: z.number().int(), at: z.iso.datetime(), from: z.string(), to: z.string(), text: z.string() })
  .openapi("ProjectMessage");

const list = defineRoute(
  { capability: "projects.read" },
  {
    method: "get",
    path: `${BASE}/{id}/messages`,
    operationId: "listProjectMessages",
    tags: ["KAMACHIQ"],
    summary: "Read the newest messages among a project's agents, oldest first",
    description: "At most 200; all of them are among the project's events.",
    request: { params },
    responses: {
      200: { description: "The messages.", content: { "application/json": { schema: z.object({ items: z.array(messageSchema) }) } } },
    },
  },
);

messageRoutes.openapi(list, async (context) => {
  const messages = await project(context, context.req.valid("param").id).readMessages();
  return context.json({ items: messages.map(toMessage) }, 200);
});

const post = defineRoute(
  { capability: "projects.write" },
  {
    method: "post",
    path: `${BASE}/{id}/messages`,
    operationId: "postProjectMessage",
    tags: ["KAMACHIQ"],
    summary: "Tell a project's agents something",
    request: {
      params,
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({ to: z.string().min(1).max(100).default("all"), text: z.string().trim().min(1).max(4_000) })
              .openapi("NewProjectMessage"),
          },
        },
      },
    },
    responses: { 201: { description: "The message.", content: { "application/json": { schema: messageSchema } } } },
  },
);

messageRoutes.openapi(post, async (context) => {
  const { to, text } = context.req.valid("json");
  const message = await project(context, context.req.valid("param").id).postMessage({ from: context.get("principal").subject, to, text });
  return context.json(toMessage(message), 201);
});

function toMessage({ seq, at, from, to, text }: { seq: number; at: number; from: string; to: string; text: string }) {
  return { seq, at: new Date(at).toISOString(), from, to, text };
}
