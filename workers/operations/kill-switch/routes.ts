import { z } from "@hono/zod-openapi";
import { recordChange } from "../../audit/record.ts";
import { systemClock } from "../../platform/clock.ts";
import { idPattern } from "../../platform/ids.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../../platform/route.ts";
import { requestStandsUntil, type SwitchRecord, type SwitchRules, switchRulesSchema } from "./switch-record.ts";
import { releaseSwitch, throwSwitch } from "./throw-switch.ts";

export const killSwitchRoutes = newRouter();

const scopeSchema = z.enum(["everything", "tenant", "agent", "capsule", "tool", "model"]);

const documentSchema = z
  .object({
    id: z.string().openapi({ example: "ksw_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
    state: z.enum(["thrown", "release-asked", "released"]),
    scope: scopeSchema,
    target: z.string().optional().openapi({ example: "http.fetch" }),
    drill: z.boolean().openapi({ description: "Recorded and announced; it stops nothing." }),
    reason: z.string().openapi({ example: "The tool answers with another customer's data." }),
    thrownAt: z.iso.datetime(),
    thrownBy: z.string(),
    isOperators: z.boolean().openapi({ description: "An operator has thrown it, and only an operator releases it." }),
    releaseAskedBy: z.string().optional(),
    confirmBefore: z.iso.datetime().optional().openapi({ description: "Until then another person can confirm the release." }),
    releasedAt: z.iso.datetime().optional(),
    releasedBy: z.string().optional(),
  })
  .openapi("KillSwitch");

const list = defineRoute(
  { capability: "kill-switch.read" },
  {
    method: "get",
    path: "/v1/kill-switch",
    operationId: "listKillSwitches",
    tags: ["Kill switch"],
    summary: "List kill switches, newest first",
    description: "Those of the tenant, thrown and released, with what an operator has stopped for this tenant alone.",
    request: { query: pageQuerySchema.extend({ state: z.enum(["thrown", "released"]).optional() }) },
    responses: { 200: { description: "A page of switches.", content: { "application/json": { schema: pageSchema(documentSchema) } } } },
  },
);

killSwitchRoutes.openapi(list, async (context) => {
  const { cursor, limit, state } = context.req.valid("query");
  const ledger = context.env.TENANT_LEDGER.getByName(context.get("principal").tenant);
  const before = cursor === undefined ? undefined : decodeCursor(cursor);
  const records = await ledger.killSwitches(before, state === undefined ? undefined : state === "released", limit + 1);
  const rules = await ledger.switchRules();
  const last = records.length > limit ? records[limit - 1] : undefined;
  const items = records.slice(0, limit).map((record) => documentOf(record, rules));
  return context.json({ items, ...(last === undefined ? {} : { nextCursor: encodeCursor(last.id) }) }, 200);
});

const create = defineRoute(
  { capability: "kill-switch.write", creates: true },
  {
    method: "post",
    path: "/v1/kill-switch",
    operationId: "throwKillSwitch",
    tags: ["Kill switch"],
    summary: "Throw a kill switch",
    description:
      "From the next step on nothing that it reaches begins; model streams that run are cut, calls of tools that run are marked. What is stopped waits, fails nothing, and goes on by itself after the release.",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z
              .strictObject({
                scope: scopeSchema.openapi({ example: "tool" }),
                target: z.string().min(1).max(200).optional().openapi({
                  description: "The name of the agent, capsule, tool or model; for an operator with the scope `tenant`, the tenant's id.",
                  example: "http.fetch",
                }),
                reason: z.string().trim().min(1).max(1_000).openapi({ example: "The tool answers with another customer's data." }),
                drill: z.boolean().default(false).openapi({ description: "Record and announce it, and stop nothing." }),
              })
              .openapi("KillSwitchOrder"),
          },
        },
      },
    },
    responses: { 201: { description: "It is thrown.", content: { "application/json": { schema: documentSchema } } } },
  },
);

killSwitchRoutes.openapi(create, async (context) => {
  const { scope, reason, drill, target } = context.req.valid("json");
  const principal = context.get("principal");
  const order = { id: context.get("newId")("killSwitch"), scope, reason, drill, ...(target === undefined ? {} : { target }) };
  const record = await throwSwitch(context.env, systemClock, principal, order);
  await recordChange(context.env, systemClock, principal, {
    action: drill ? "kill-switch.drilled" : "kill-switch.thrown",
    resource: record.id,
    decision: context.get("decision"),
  });
  const rules = await context.env.TENANT_LEDGER.getByName(principal.tenant).switchRules();
  return context.json(documentOf(record, rules), 201);
});

const params = z.object({ id: z.string().regex(idPattern("killSwitch")) });

const read = defineRoute(
  { capability: "kill-switch.read" },
  {
    method: "get",
    path: "/v1/kill-switch/{id}",
    operationId: "readKillSwitch",
    tags: ["Kill switch"],
    summary: "Read a kill switch",
    request: { params },
    responses: { 200: { description: "The switch.", content: { "application/json": { schema: documentSchema } } } },
  },
);

killSwitchRoutes.openapi(read, async (context) => {
  const ledger = context.env.TENANT_LEDGER.getByName(context.get("principal").tenant);
  return context.json(documentOf(await ledger.killSwitch(context.req.valid("param").id), await ledger.switchRules()), 200);
});

const release = defineRoute(
  { capability: "kill-switch.write" },
  {
    method: "post",
    path: "/v1/kill-switch/{id}/release",
    operationId: "releaseKillSwitch",
    tags: ["Kill switch"],
    summary: "Release a kill switch, or ask for it",
    description:
      "Where the tenant wants two people to release a switch, the first call asks and a second one by another principal confirms; a request that nobody confirms in time is void.",
    request: { params },
    responses: {
      200: { description: "It is released, or its release is asked for.", content: { "application/json": { schema: documentSchema } } },
    },
  },
);

killSwitchRoutes.openapi(release, async (context) => {
  const principal = context.get("principal");
  const record = await releaseSwitch(context.env, principal, context.req.valid("param").id);
  await recordChange(context.env, systemClock, principal, {
    action: record.released === undefined ? "kill-switch.release-asked" : "kill-switch.released",
    resource: record.id,
    decision: context.get("decision"),
  });
  const rules = await context.env.TENANT_LEDGER.getByName(principal.tenant).switchRules();
  return context.json(documentOf(record, rules), 200);
});

const rulesSchema = switchRulesSchema.openapi("KillSwitchRules");

const readRules = defineRoute(
  { capability: "kill-switch.read" },
  {
    method: "get",
    path: "/v1/kill-switch-rules",
    operationId: "readKillSwitchRules",
    tags: ["Kill switch"],
    summary: "Read how many people release a kill switch",
    responses: { 200: { description: "The rules.", content: { "application/json": { schema: rulesSchema } } } },
  },
);

killSwitchRoutes.openapi(readRules, async (context) =>
  context.json(await context.env.TENANT_LEDGER.getByName(context.get("principal").tenant).switchRules(), 200),
);

const writeRules = defineRoute(
  { capability: "kill-switch.write" },
  {
    method: "put",
    path: "/v1/kill-switch-rules",
    operationId: "setKillSwitchRules",
    tags: ["Kill switch"],
    summary: "Set how many people release a kill switch",
    description: "While a switch is thrown that two people have to release, the rule cannot be loosened.",
    request: {
      body: {
        required: true,
        content: { "application/json": { schema: z.strictObject(switchRulesSchema.shape).openapi("NewKillSwitchRules") } },
      },
    },
    responses: { 200: { description: "The rules.", content: { "application/json": { schema: rulesSchema } } } },
  },
);

killSwitchRoutes.openapi(writeRules, async (context) => {
  const principal = context.get("principal");
  const rules = await context.env.TENANT_LEDGER.getByName(principal.tenant).setSwitchRules(context.req.valid("json"));
  await recordChange(context.env, systemClock, principal, {
    action: "kill-switch.rules-set",
    resource: principal.tenant,
    decision: context.get("decision"),
  });
  return context.json(rules, 200);
});

function documentOf(record: SwitchRecord, rules: SwitchRules): z.infer<typeof documentSchema> {
  const { id, scope, target, drill, reason, since, thrownBy, isOperators, asked, released } = record;
  const until = requestStandsUntil(record, rules, systemClock.now());
  return {
    id,
    state: released !== undefined ? "released" : until !== undefined ? "release-asked" : "thrown",
    scope,
    drill,
    reason,
    thrownAt: new Date(since).toISOString(),
    thrownBy,
    isOperators,
    ...(target === undefined ? {} : { target }),
    ...(until === undefined || asked === undefined ? {} : { releaseAskedBy: asked.by, confirmBefore: new Date(until).toISOString() }),
    ...(released === undefined ? {} : { releasedAt: new Date(released.at).toISOString(), releasedBy: released.by }),
  };
}
