import { z } from "@hono/zod-openapi";
import { createPatch } from "diff";
import type { Context } from "hono";
import { recordChange } from "../audit/record.ts";
import { systemClock } from "../platform/clock.ts";
import { Problem } from "../platform/problem.ts";
import { decodeCursor, defineRoute, encodeCursor, type HttpEnv, newRouter, pageQuerySchema, pageSchema } from "../platform/route.ts";
import { activateVersion, rollBackVersion, versionInForce } from "./activation.ts";
import { analysisSchema } from "./analysis-resource.ts";
import { MAX_CASES_CHARACTERS } from "./cases.ts";
import { dryRun } from "./dry-run.ts";
import { caseOutcomeSchema, changedDecisionSchema, toVersion, versionSchema, versionWithTextsSchema } from "./resource.ts";
import { listVersions, type VersionRow } from "./store.ts";
import { MAX_TEXT_CHARACTERS } from "./text-bounds.ts";
import { analyseVersion, draftVersion, editVersion, setWith, testVersion, textsOf, versionOf } from "./versions.ts";

export const policyVersionRoutes = newRouter();

const MAX_NOTE_CHARACTERS = 2_000;
const DAY_MS = 86_400_000;
const params = z.object({ id: z.string().max(64) });
const tags = ["Policies"];
const json = <T extends z.ZodType>(schema: T) => ({ "application/json": { schema } });

const textsSchema = z
  .strictObject({
    text: z.string().max(MAX_TEXT_CHARACTERS).openapi({ description: "Cedar policies, each with an @id." }),
    cases: z
      .string()
      .max(MAX_CASES_CHARACTERS)
      .default("")
      .openapi({ description: "Cases in YAML; a version without any cannot come into force." }),
    note: z.string().max(MAX_NOTE_CHARACTERS).default(""),
  })
  .openapi("PolicyTexts", {
    example: {
      text: '@id("no-spending")\nforbid (principal, action == Action::"tool", resource)\nwhen { resource.risk == "spend" };',
      cases: "- nobody spends: { role: admin, tool: ads.buy, risk: spend, effect: deny }",
      note: "Nothing is bought by agents.",
    },
  });

const create = defineRoute(
  { capability: "policies.write", creates: true },
  {
    method: "post",
    path: "/v1/policies",
    operationId: "createPolicyVersion",
    tags,
    summary: "Draft a version of the tenant's policies",
    description: "The whole of them in one text. A text that does not parse, or does not fit the schema, is refused with line and column.",
    request: { body: { required: true, content: json(textsSchema) } },
    responses: { 201: { description: "The draft.", content: json(versionSchema) } },
  },
);

policyVersionRoutes.openapi(create, async (context) => {
  const principal = context.get("principal");
  const row = await draftVersion(hostOf(context), principal, context.get("newId")("policyVersion"), context.req.valid("json"));
  await record(context, "policy.drafted", row.id);
  return context.json(toVersion(row, await inForce(context)), 201);
});

const list = defineRoute(
  { capability: "policies.read" },
  {
    method: "get",
    path: "/v1/policies",
    operationId: "listPolicyVersions",
    tags,
    summary: "List the versions of the tenant's policies",
    request: { query: pageQuerySchema },
    responses: { 200: { description: "A page of versions, newest first.", content: json(pageSchema(versionSchema)) } },
  },
);

policyVersionRoutes.openapi(list, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const before = cursor === undefined ? undefined : Number(decodeCursor(cursor));
  if (before !== undefined && !Number.isSafeInteger(before))
    throw new Problem("invalid-request", "The cursor is not one this list gave; leave it out to start from the newest.");
  const rows = await listVersions(context.env, context.get("principal").tenant, before, limit + 1);
  const current = await inForce(context);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const items = rows.slice(0, limit).map((row) => toVersion(row, current));
  return context.json({ items, ...(last === undefined ? {} : { nextCursor: encodeCursor(String(last.number)) }) }, 200);
});

const read = defineRoute(
  { capability: "policies.read" },
  {
    method: "get",
    path: "/v1/policies/{id}",
    operationId: "readPolicyVersion",
    tags,
    summary: "Read a version with its texts",
    request: { params },
    responses: { 200: { description: "The version.", content: json(versionWithTextsSchema) } },
  },
);

policyVersionRoutes.openapi(read, async (context) => {
  const row = await versionIn(context);
  return context.json({ ...toVersion(row, await inForce(context)), ...(await textsOf(context.env, row)) }, 200);
});

const edit = defineRoute(
  { capability: "policies.write" },
  {
    method: "put",
    path: "/v1/policies/{id}",
    operationId: "editPolicyVersion",
    tags,
    summary: "Change a draft",
    description: "Its tests and its analysis are void then. A version that was in force never changes.",
    request: { params, body: { required: true, content: json(textsSchema) } },
    responses: { 200: { description: "The draft.", content: json(versionSchema) } },
  },
);

policyVersionRoutes.openapi(edit, async (context) => {
  const row = await editVersion(context.env, await versionIn(context), context.req.valid("json"));
  await record(context, "policy.edited", row.id);
  return context.json(toVersion(row, await inForce(context)), 200);
});

const diff = defineRoute(
  { capability: "policies.read" },
  {
    method: "get",
    path: "/v1/policies/{id}/diff",
    operationId: "diffPolicyVersion",
    tags,
    summary: "Compare a version's text with another's",
    request: {
      params,
      query: z.object({ from: z.string().max(64).optional().openapi({ description: "The version in force, when left out." }) }),
    },
    responses: {
      200: {
        description: "A unified diff; empty where they are the same.",
        content: json(z.object({ from: z.string().optional(), to: z.string(), diff: z.string() })),
      },
    },
  },
);

policyVersionRoutes.openapi(diff, async (context) => {
  const row = await versionIn(context);
  const from = context.req.valid("query").from ?? (await inForce(context));
  const before = from === undefined ? "" : (await textsOf(context.env, await versionOf(context.env, row.tenant, from))).text;
  const { text } = await textsOf(context.env, row);
  const patch = before === text ? "" : createPatch("policies.cedar", before, text, from ?? "nothing", row.id);
  return context.json({ ...(from === undefined ? {} : { from }), to: row.id, diff: patch }, 200);
});

const test = defineRoute(
  { capability: "policies.write" },
  {
    method: "post",
    path: "/v1/policies/{id}/test",
    operationId: "testPolicyVersion",
    tags,
    summary: "Run a version's cases",
    description: "Against the version together with the platform's policies, the constitution and the overlays in force.",
    request: { params },
    responses: {
      200: {
        description: "What came of each case.",
        content: json(z.object({ version: versionSchema, cases: z.array(caseOutcomeSchema) })),
      },
    },
  },
);

policyVersionRoutes.openapi(test, async (context) => {
  const { row, outcomes } = await testVersion(hostOf(context), await versionIn(context));
  return context.json(
    {
      version: toVersion(row, await inForce(context)),
      cases: outcomes.map((one) => ({ ...one, policies: [...one.policies], obligations: [...one.obligations] })),
    },
    200,
  );
});

const analysis = defineRoute(
  { capability: "policies.write" },
  {
    method: "post",
    path: "/v1/policies/{id}/analysis",
    operationId: "analysePolicyVersion",
    tags,
    summary: "Tell what a version would change",
    description:
      "Compared with what is in force: what would be allowed that is not, denied that is not, and what in the text can do nothing.",
    request: { params },
    responses: { 200: { description: "The analysis.", content: json(z.object({ version: versionSchema, analysis: analysisSchema })) } },
  },
);

policyVersionRoutes.openapi(analysis, async (context) => {
  const { row, analysis: found } = await analyseVersion(hostOf(context), await versionIn(context));
  return context.json({ version: toVersion(row, await inForce(context)), analysis: analysisSchema.parse(found) }, 200);
});

const dry = defineRoute(
  { capability: "policies.read" },
  {
    method: "post",
    path: "/v1/policies/{id}/dry-run",
    operationId: "dryRunPolicyVersion",
    tags,
    summary: "Ask a version what was decided before",
    description: "The questions of the decision log, newest first, a page at a time: which answers would be others.",
    request: {
      params,
      body: {
        required: true,
        content: json(
          z
            .strictObject({ days: z.number().int().min(1).max(30).default(7), cursor: z.string().max(512).optional() })
            .openapi("PolicyDryRun", { example: { days: 7 } }),
        ),
      },
    },
    responses: {
      200: {
        description: "What would be decided otherwise among the decisions of this page.",
        content: json(z.object({ lookedAt: z.number().int(), items: z.array(changedDecisionSchema), nextCursor: z.string().optional() })),
      },
    },
  },
);

policyVersionRoutes.openapi(dry, async (context) => {
  const { days, cursor } = context.req.valid("json");
  const row = await versionIn(context);
  const set = await setWith(hostOf(context), row.tenant, row.hash);
  const since = systemClock.now() - days * DAY_MS;
  const { lookedAt, changed, next } = await dryRun(
    context.env,
    row.tenant,
    set,
    since,
    cursor === undefined ? undefined : decodeCursor(cursor),
  );
  const items = changed.map((one) => changedDecisionSchema.parse({ ...one, at: new Date(one.at).toISOString() }));
  return context.json({ lookedAt, items, ...(next === undefined ? {} : { nextCursor: encodeCursor(next) }) }, 200);
});

const activate = defineRoute(
  { capability: "policies.activate" },
  {
    method: "post",
    path: "/v1/policies/{id}/activate",
    operationId: "activatePolicyVersion",
    tags,
    summary: "Put a version into force",
    description:
      "Its cases must have passed, and it must have been analysed against what is in force. It is felt everywhere within a second or two.",
    request: { params },
    responses: { 200: { description: "The version.", content: json(versionSchema) } },
  },
);

policyVersionRoutes.openapi(activate, async (context) => {
  await activateVersion(hostOf(context), actorOf(context), context.req.valid("param").id);
  return context.json(toVersion(await versionIn(context), await inForce(context)), 200);
});

const rollBack = defineRoute(
  { capability: "policies.activate" },
  {
    method: "post",
    path: "/v1/policies/{id}/roll-back",
    operationId: "rollBackPolicyVersion",
    tags,
    summary: "Take the version in force back",
    description: "What was in force before it is in force again: another version, or none.",
    request: { params },
    responses: { 200: { description: "The version that was taken back.", content: json(versionSchema) } },
  },
);

policyVersionRoutes.openapi(rollBack, async (context) => {
  await rollBackVersion(hostOf(context), actorOf(context), context.req.valid("param").id);
  return context.json(toVersion(await versionIn(context), await inForce(context)), 200);
});

function hostOf({ env }: Context<HttpEnv>) {
  return { env, clock: systemClock };
}

function actorOf(context: Context<HttpEnv>) {
  return { principal: context.get("principal"), decision: context.get("decision") };
}

function versionIn(context: Context<HttpEnv>): Promise<VersionRow> {
  return versionOf(context.env, context.get("principal").tenant, context.req.param("id") ?? "");
}

async function inForce(context: Context<HttpEnv>): Promise<string | undefined> {
  return (await versionInForce(hostOf(context), context.get("principal").tenant))?.id;
}

function record(context: Context<HttpEnv>, action: string, resource: string): Promise<void> {
  return recordChange(context.env, systemClock, context.get("principal"), { action, resource, decision: context.get("decision") });
}
