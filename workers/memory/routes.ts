import { z } from "@hono/zod-openapi";
import { idPattern } from "../platform/ids.ts";
import type { Principal } from "../platform/principal.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../platform/route.ts";
import {
  DEFAULT_RECALLED,
  MAX_ABOUT_CHARACTERS,
  MAX_MEMORY_CHARACTERS,
  MAX_QUERY_CHARACTERS,
  MAX_RECALLED,
  type Memory,
} from "./memory.ts";
import { memoryIndexName } from "./namespace.ts";

export const memoryRoutes = newRouter();

const EXAMPLE_ID = "mem_01KAJ2M3N4P5Q6R7S8T9V0W1X2";
const memorySchema = z
  .object({
    id: z.string().openapi({ example: EXAMPLE_ID }),
    text: z.string().openapi({ example: "Reports go to Ada on the first Monday of the month." }),
    about: z.string().optional().openapi({ example: "recipient of reports" }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime().openapi({ description: "When it was last told." }),
    timesTold: z.number().int().openapi({ description: "How often it was told in the same words.", example: 1 }),
  })
  .openapi("Memory");

const idParams = z.object({ id: z.string().regex(idPattern("memory")).openapi({ example: EXAMPLE_ID }) });

const remember = defineRoute(
  { capability: "memory.write", creates: true },
  {
    method: "post",
    path: "/v1/remember",
    operationId: "remember",
    tags: ["Memory"],
    summary: "Remember something",
    description:
      "The same words again are counted, not stored twice. With `corrects`, or `about` the same as another's, it replaces what it corrects. Memories belong to the credential's subject and are the same in all of its sessions.",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z.strictObject({
              text: z
                .string()
                .trim()
                .min(1)
                .max(MAX_MEMORY_CHARACTERS)
                .openapi({ example: "Reports go to Ada on the first Monday of the month." }),
              about: z.string().trim().min(1).max(MAX_ABOUT_CHARACTERS).optional().openapi({
                description: "What it is about; a later memory about the same replaces this one.",
                example: "recipient of reports",
              }),
              corrects: z
                .string()
                .regex(idPattern("memory"))
                .optional()
                .openapi({ description: "The memory that this one replaces.", example: EXAMPLE_ID }),
            }),
          },
        },
      },
    },
    responses: {
      201: {
        description: "It is remembered.",
        content: {
          "application/json": {
            schema: z.object({
              memory: memorySchema,
              outcome: z.enum(["stored", "merged", "corrected"]),
              replaced: z.array(z.string()).openapi({ description: "Ids of the memories that it replaced." }),
            }),
          },
        },
      },
    },
  },
);

memoryRoutes.openapi(remember, async (context) => {
  const principal = context.get("principal");
  const { memory, outcome, replaced } = await index(context.env, principal).remember({
    principal,
    decision: context.get("decision"),
    ...context.req.valid("json"),
  });
  return context.json({ memory: toMemory(memory), outcome, replaced: [...replaced] }, 201);
});

const recall = defineRoute(
  { capability: "memory.read" },
  {
    method: "post",
    path: "/v1/recall",
    operationId: "recall",
    tags: ["Memory"],
    summary: "Recall what fits a question",
    description:
      "By words and by likeness of spelling, fused by reciprocal rank; best first. Nothing is found for what nothing remembered resembles.",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z.strictObject({
              query: z.string().trim().min(1).max(MAX_QUERY_CHARACTERS).openapi({ example: "Who gets the reports?" }),
              limit: z.number().int().min(1).max(MAX_RECALLED).default(DEFAULT_RECALLED),
            }),
          },
        },
      },
    },
    responses: {
      200: {
        description: "What was found.",
        content: {
          "application/json": {
            schema: z.object({
              items: z.array(
                z.object({ memory: memorySchema, score: z.number().openapi({ description: "Comparable within one answer only." }) }),
              ),
            }),
          },
        },
      },
    },
  },
);

memoryRoutes.openapi(recall, async (context) => {
  const principal = context.get("principal");
  const items = await index(context.env, principal).recall({ principal, ...context.req.valid("json") });
  return context.json({ items: items.map(({ memory, score }) => ({ memory: toMemory(memory), score })) }, 200);
});

const list = defineRoute(
  { capability: "memory.read" },
  {
    method: "get",
    path: "/v1/memories",
    operationId: "listMemories",
    tags: ["Memory"],
    summary: "List memories, newest first",
    request: { query: pageQuerySchema },
    responses: { 200: { description: "A page of memories.", content: { "application/json": { schema: pageSchema(memorySchema) } } } },
  },
);

memoryRoutes.openapi(list, async (context) => {
  const principal = context.get("principal");
  const { cursor, limit } = context.req.valid("query");
  const before = cursor === undefined ? undefined : decodeCursor(cursor);
  const memories = await index(context.env, principal).list({ principal, before, limit: limit + 1 });
  const last = memories.length > limit ? memories[limit - 1] : undefined;
  return context.json(
    { items: memories.slice(0, limit).map(toMemory), ...(last === undefined ? {} : { nextCursor: encodeCursor(last.id) }) },
    200,
  );
});

const read = defineRoute(
  { capability: "memory.read" },
  {
    method: "get",
    path: "/v1/memories/{id}",
    operationId: "readMemory",
    tags: ["Memory"],
    summary: "Read a memory",
    request: { params: idParams },
    responses: { 200: { description: "The memory.", content: { "application/json": { schema: memorySchema } } } },
  },
);

memoryRoutes.openapi(read, async (context) => {
  const principal = context.get("principal");
  return context.json(toMemory(await index(context.env, principal).read({ principal, id: context.req.valid("param").id })), 200);
});

const forget = defineRoute(
  { capability: "memory.write" },
  {
    method: "delete",
    path: "/v1/memories/{id}",
    operationId: "deleteMemory",
    tags: ["Memory"],
    summary: "Forget a memory",
    description: "It is removed from the table and from both indexes, and looked for there, before this answers.",
    request: { params: idParams },
    responses: { 204: { description: "Nothing of it is left." } },
  },
);

memoryRoutes.openapi(forget, async (context) => {
  const principal = context.get("principal");
  await index(context.env, principal).forget({ principal, decision: context.get("decision"), id: context.req.valid("param").id });
  return context.body(null, 204);
});

function index(env: Env, principal: Principal) {
  return env.MEMORY_INDEX.getByName(memoryIndexName(principal));
}

function toMemory(memory: Memory): z.infer<typeof memorySchema> {
  const { createdAt, updatedAt, ...rest } = memory;
  return { ...rest, createdAt: new Date(createdAt).toISOString(), updatedAt: new Date(updatedAt).toISOString() };
}
