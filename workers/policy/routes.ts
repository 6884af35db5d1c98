import { z } from "@hono/zod-openapi";
import platformSchema from "../../policies/cedar/platform.cedarschema";
import { recordChange } from "../audit/record.ts";
import { systemClock } from "../platform/clock.ts";
import { problemOf } from "../platform/problem.ts";
import { decodeCursor, defineRoute, encodeCursor, newRouter, pageQuerySchema, pageSchema } from "../platform/route.ts";
import { versionInForce } from "./activation.ts";
import { MAX_CASES_CHARACTERS, parseCases, questionSchema, requestOf, runCases } from "./cases.ts";
import { DEFAULT_ALLOWS_A_THOUSAND } from "./decision-log.ts";
import { explain } from "./explain.ts";
import { changeGovernance, governanceOf } from "./governance-of.ts";
import { obligationTexts } from "./obligations.ts";
import { permissionsOf, principalNamed } from "./permissions.ts";
import { mergeLayers } from "./policy-set.ts";
import { parsePolicies } from "./policy-text.ts";
import { readsOf } from "./reads.ts";
import { ACTIONS } from "./request.ts";
import { caseOutcomeSchema, decisionSchema, toDecision } from "./resource.ts";
import { listDecisions } from "./store.ts";
import { MAX_TEXT_CHARACTERS } from "./text-bounds.ts";
import { keepPolicyText } from "./text-store.ts";
import { setWith, versionOf } from "./versions.ts";

export const policyRoutes = newRouter();

/** Questions answered at once: each is explained, so that an answer stays readable. */
const MAX_QUESTIONS = 50;
const tags = ["Policies"];
const texts = z.array(z.string());
const json = <T extends z.ZodType>(schema: T) => ({ "application/json": { schema } });

const schema = defineRoute(
  { capability: "policies.read" },
  {
    method: "get",
    path: "/v1/policy/schema",
    operationId: "readPolicySchema",
    tags,
    summary: "Read the Cedar schema that policies are held against",
    responses: { 200: { description: "The schema, in Cedar's own form.", content: { "text/plain": { schema: z.string() } } } },
  },
);

policyRoutes.openapi(schema, (context) => context.text(platformSchema, 200));

const validate = defineRoute(
  { capability: "policies.read" },
  {
    method: "post",
    path: "/v1/policy/validate",
    operationId: "validatePolicies",
    tags,
    summary: "Hold a text against the schema, without keeping it",
    request: {
      body: {
        required: true,
        content: json(
          z
            .strictObject({ text: z.string().max(MAX_TEXT_CHARACTERS) })
            .openapi("PolicyText", { example: { text: '@id("none") forbid (principal, action == Action::"model", resource);' } }),
        ),
      },
    },
    responses: {
      200: {
        description: "What the text holds.",
        content: json(
          z.object({
            policies: z.array(
              z.object({
                id: z.string(),
                effect: z.enum(["permit", "forbid"]),
                actions: z.array(z.enum(ACTIONS)),
                obligations: texts,
                reads: texts,
                line: z.number().int(),
                column: z.number().int(),
              }),
            ),
          }),
        ),
      },
    },
  },
);

policyRoutes.openapi(validate, (context) => {
  const { text } = context.req.valid("json");
  mergeLayers([{ name: "tenant", text }]);
  const policies = parsePolicies(text).map(({ id, effect, actions, obligations, conditions, line, column }) => ({
    id,
    effect,
    actions: [...actions],
    obligations: obligationTexts(obligations),
    reads: [...readsOf(conditions).keys()].sort(),
    line,
    column,
  }));
  return context.json({ policies }, 200);
});

const test = defineRoute(
  { capability: "policies.read" },
  {
    method: "post",
    path: "/v1/policy/test",
    operationId: "testPolicies",
    tags,
    summary: "Run cases against a text, or against what is in force",
    request: {
      body: {
        required: true,
        content: json(
          z
            .strictObject({
              text: z.string().max(MAX_TEXT_CHARACTERS).optional().openapi({ description: "In place of the tenant's policies in force." }),
              cases: z.string().max(MAX_CASES_CHARACTERS),
            })
            .openapi("PolicyTest", {
              example: { cases: "- a viewer writes nothing: { role: viewer, route: sessions.write, effect: deny }" },
            }),
        ),
      },
    },
    responses: {
      200: {
        description: "What came of each case.",
        content: json(z.object({ passed: z.number().int(), failed: z.number().int(), cases: z.array(caseOutcomeSchema) })),
      },
    },
  },
);

policyRoutes.openapi(test, async (context) => {
  const { text, cases } = context.req.valid("json");
  const { tenant } = context.get("principal");
  const host = { env: context.env, clock: systemClock };
  const parsed = parseCases(cases);
  if (text !== undefined) mergeLayers([{ name: "tenant", text }]);
  const hash = text === undefined ? (await versionInForce(host, tenant))?.hash : await keepPolicyText(context.env, tenant, text);
  const outcomes = runCases(await setWith(host, tenant, hash), parsed);
  const passed = outcomes.filter((one) => one.passed).length;
  const told = outcomes.map((one) => ({ ...one, policies: [...one.policies], obligations: [...one.obligations] }));
  return context.json({ passed, failed: outcomes.length - passed, cases: told }, 200);
});

const consideredSchema = z.object({
  id: z.string(),
  layer: z.string(),
  effect: z.enum(["permit", "forbid"]),
  holds: z.boolean().optional().openapi({ description: "Left out where it cannot be told." }),
  reads: z.record(z.string(), z.unknown()).openapi({ description: "The attributes that it reads, and what they were." }),
  failed: z.string().optional().openapi({ description: "The first condition that is not met." }),
});

const answerSchema = z
  .object({
    effect: z.enum(["allow", "deny"]),
    reason: z.string(),
    policies: texts,
    obligations: texts,
    considered: z.array(consideredSchema),
  })
  .openapi("PolicyAnswer");

const evaluate = defineRoute(
  { capability: "policies.read" },
  {
    method: "post",
    path: "/v1/policy/evaluate",
    operationId: "evaluatePolicies",
    tags,
    summary: "Ask what would be decided, and why",
    description: "Questions in the form of cases, without their effect; against what is in force, or against a version.",
    request: {
      body: {
        required: true,
        content: json(
          z
            .strictObject({
              version: z.string().max(64).optional().openapi({ description: "In place of the tenant's policies in force." }),
              requests: z.array(questionSchema).min(1).max(MAX_QUESTIONS),
            })
            .openapi("PolicyEvaluation", { example: { requests: [{ role: "member", tool: "data.query", risk: "read" }] } }),
        ),
      },
    },
    responses: { 200: { description: "An answer to each, in order.", content: json(z.object({ answers: z.array(answerSchema) })) } },
  },
);

policyRoutes.openapi(evaluate, async (context) => {
  const { version, requests } = context.req.valid("json");
  const { tenant } = context.get("principal");
  const host = { env: context.env, clock: systemClock };
  const hash = version === undefined ? (await versionInForce(host, tenant))?.hash : (await versionOf(context.env, tenant, version)).hash;
  const set = await setWith(host, tenant, hash);
  const answers = requests.map((asked) => {
    const { effect, reason, policies, obligations, considered } = explained(() => explain(set, requestOf(asked)));
    return {
      effect,
      reason,
      policies: [...policies],
      obligations: obligationTexts(obligations),
      considered: considered.map((one) => ({ ...one, reads: { ...one.reads } })),
    };
  });
  return context.json({ answers }, 200);
});

/** No decision is a deny, as the guard has it. */
function explained(ask: () => ReturnType<typeof explain>): ReturnType<typeof explain> {
  try {
    return ask();
  } catch (error) {
    const why = problemOf(error)?.detail ?? (error instanceof Error ? error.message : "unknown");
    const obligations = { approval: false, mask: [], sandbox: false };
    return { effect: "deny", reason: `no decision can be made: ${why}`, policies: [], obligations, considered: [] };
  }
}

const permissions = defineRoute(
  { capability: "policies.read" },
  {
    method: "get",
    path: "/v1/policy/permissions",
    operationId: "listPermissions",
    tags,
    summary: "Tell what a principal may do",
    description:
      "Over every capability and every tool, and over models, agents and capsules that no policy names, as decided now and with no history.",
    request: {
      query: z.object({
        principal: z
          .string()
          .max(128)
          .optional()
          .openapi({ description: "A user's or service account's id, or role:admin, role:member, role:viewer; oneself when left out." }),
      }),
    },
    responses: {
      200: {
        description: "Each with its decision.",
        content: json(
          z.object({
            principal: z.object({ subject: z.string(), kind: z.string(), roles: texts, groups: texts }),
            items: z.array(
              z.object({
                action: z.enum(ACTIONS),
                name: z.string(),
                effect: z.enum(["allow", "deny"]),
                obligations: texts,
                policies: texts,
                reason: z.string(),
              }),
            ),
          }),
        ),
      },
    },
  },
);

policyRoutes.openapi(permissions, async (context) => {
  const principal = await principalNamed(context.env, context.get("principal"), context.req.valid("query").principal);
  const items = await permissionsOf({ env: context.env, clock: systemClock }, principal);
  const { subject, kind, roles, groups } = principal;
  const told = items.map((one) => ({ ...one, obligations: [...one.obligations], policies: [...one.policies] }));
  return context.json({ principal: { subject, kind, roles, groups: groups ?? [] }, items: told }, 200);
});

const decisions = defineRoute(
  { capability: "policies.read" },
  {
    method: "get",
    path: "/v1/policy/decisions",
    operationId: "listPolicyDecisions",
    tags,
    summary: "List decisions, newest first",
    description: "Every deny, and of the allows the share that is set; kept for 30 days.",
    request: {
      query: pageQuerySchema.extend({
        effect: z.enum(["allow", "deny"]).optional(),
        action: z.enum(ACTIONS).optional(),
        subject: z.string().max(128).optional(),
      }),
    },
    responses: { 200: { description: "A page of decisions.", content: json(pageSchema(decisionSchema)) } },
  },
);

policyRoutes.openapi(decisions, async (context) => {
  const { cursor, limit, effect, action, subject } = context.req.valid("query");
  const before = cursor === undefined ? undefined : decodeCursor(cursor);
  const rows = await listDecisions(context.env, context.get("principal").tenant, { effect, action, subject }, before, limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return context.json(
    { items: rows.slice(0, limit).map(toDecision), ...(last === undefined ? {} : { nextCursor: encodeCursor(last.id) }) },
    200,
  );
});

const logSchema = z
  .strictObject({
    allowsAThousand: z
      .number()
      .int()
      .min(0)
      .max(1_000)
      .openapi({ description: "Of a thousand decisions that allow, so many are logged; denies always are." }),
  })
  .openapi("DecisionLogSettings", { example: { allowsAThousand: 100 } });

const readLog = defineRoute(
  { capability: "policies.read" },
  {
    method: "get",
    path: "/v1/policy/decision-log",
    operationId: "readDecisionLog",
    tags,
    summary: "Read how many decisions are logged",
    responses: { 200: { description: "The settings.", content: json(logSchema) } },
  },
);

policyRoutes.openapi(readLog, async (context) => {
  const { loggedAllows } = await governanceOf(context.env, systemClock, context.get("principal").tenant);
  return context.json({ allowsAThousand: loggedAllows ?? DEFAULT_ALLOWS_A_THOUSAND }, 200);
});

const setLog = defineRoute(
  { capability: "policies.activate" },
  {
    method: "put",
    path: "/v1/policy/decision-log",
    operationId: "setDecisionLog",
    tags,
    summary: "Set how many decisions are logged",
    request: { body: { required: true, content: json(logSchema) } },
    responses: { 200: { description: "The settings.", content: json(logSchema) } },
  },
);

policyRoutes.openapi(setLog, async (context) => {
  const principal = context.get("principal");
  const { allowsAThousand } = context.req.valid("json");
  await changeGovernance(context.env, principal.tenant, { change: "logged-allows", share: allowsAThousand });
  await recordChange(context.env, systemClock, principal, {
    action: "decision-log.set",
    resource: principal.tenant,
    decision: context.get("decision"),
  });
  return context.json({ allowsAThousand }, 200);
});
