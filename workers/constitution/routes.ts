import { z } from "@hono/zod-openapi";
import { systemClock } from "../platform/clock.ts";
import { Problem } from "../platform/problem.ts";
import { FIRST_QUORUM } from "../platform/quorum.ts";
import {
  decodeCursor,
  defineRoute,
  encodeCursor,
  newRouter,
  pageQuerySchema,
  pageSchema,
  type RequestVariables,
} from "../platform/route.ts";
import { governanceOf } from "../policy/governance-of.ts";
import { platformDocument } from "./base.ts";
import { checkedDocument } from "./check-document.ts";
import {
  activationSchema,
  approvalBodySchema,
  constitutionSchema,
  diffSchema,
  documentParams,
  newVersionSchema,
  rollbackSchema,
  versionParams,
  versionSchema,
} from "./constitution-resource.ts";
import { diffDocuments, shownArticle } from "./diff.ts";
import type { ConstitutionText } from "./document.ts";
import { constitutionOf } from "./effective.ts";
import { keepText, keptDocument, keptText } from "./kept-documents.ts";

export const constitutionRoutes = newRouter();

const BASE = "/v1/constitution";
const VERSIONS = `${BASE}/versions`;
/** Nothing is ever served under a hash but the text that has it. */
const FOREVER = "private, max-age=31536000, immutable";

const answer = (description: string) => ({ description, content: { "application/json": { schema: versionSchema } } });

function book(env: Env, tenant: string) {
  return env.TENANT_CONSTITUTION.getByName(`${tenant}/constitution`);
}

const read = defineRoute(
  { capability: "constitution.read" },
  {
    method: "get",
    path: BASE,
    operationId: "readConstitution",
    tags: ["Constitution"],
    summary: "Read the constitution that binds the tenant's agents",
    description: "The platform's own, and the tenant's, which adds to it. `hash` is what sessions, runs, projects and decisions pin.",
    responses: { 200: { description: "What is in force.", content: { "application/json": { schema: constitutionSchema } } } },
  },
);

constitutionRoutes.openapi(read, async (context) => {
  const { tenant } = context.get("principal");
  const { inForce, quorum, scheduled } = await book(context.env, tenant).read();
  const { constitution: pin } = await governanceOf(context.env, systemClock, tenant);
  const { hash, platform, tenant: own } = await constitutionOf(context.env, tenant, pin);
  const tenants = own === undefined ? {} : { tenant: shownDocument(own) };
  return context.json(
    { hash, platform: shownDocument(platform), ...tenants, ...(inForce === undefined ? {} : { inForce }), quorum, scheduled },
    200,
  );
});

const readDocumentText = defineRoute(
  { capability: "constitution.read" },
  {
    method: "get",
    path: `${BASE}/documents/{sha256}`,
    operationId: "readConstitutionDocument",
    tags: ["Constitution"],
    summary: "Read a text by its hash",
    description: "The very bytes that were hashed. A text never changes under its hash, so it may be kept for good.",
    request: { params: documentParams },
    responses: { 200: { description: "Markdown.", content: { "text/markdown": { schema: z.string() } } } },
  },
);

constitutionRoutes.openapi(readDocumentText, async (context) => {
  const { sha256 } = context.req.valid("param");
  const { tenant } = context.get("principal");
  const base = platformDocument();
  const text = sha256 === base.sha256 ? base.text : await keptText(context.env, tenant, sha256);
  if (text === undefined) throw new Problem("not-found", "There is no text of this hash in this tenant.");
  return context.body(text, 200, { "Content-Type": "text/markdown; charset=utf-8", "Cache-Control": FOREVER, ETag: `"${sha256}"` });
});

const list = defineRoute(
  { capability: "constitution.read" },
  {
    method: "get",
    path: VERSIONS,
    operationId: "listConstitutionVersions",
    tags: ["Constitution"],
    summary: "List the versions of the tenant's constitution, newest first",
    request: { query: pageQuerySchema },
    responses: { 200: { description: "A page of versions.", content: { "application/json": { schema: pageSchema(versionSchema) } } } },
  },
);

constitutionRoutes.openapi(list, async (context) => {
  const { cursor, limit } = context.req.valid("query");
  const before = cursor === undefined ? undefined : numberIn(cursor);
  const rows = await book(context.env, context.get("principal").tenant).versions(before, limit + 1);
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return context.json({ items, ...(last === undefined ? {} : { nextCursor: encodeCursor(String(last.number)) }) }, 200);
});

const draft = defineRoute(
  { capability: "constitution.write", creates: true },
  {
    method: "post",
    path: VERSIONS,
    operationId: "draftConstitution",
    tags: ["Constitution"],
    summary: "Draft a version of the tenant's constitution",
    description: "It is read and checked whole: each fault is told by line and column. It binds nobody until it is approved and activated.",
    request: { body: { required: true, content: { "application/json": { schema: newVersionSchema } } } },
    responses: { 201: answer("The draft.") },
  },
);

constitutionRoutes.openapi(draft, async (context) => {
  const act = actOf(context);
  const text = await kept(context.env, act.principal.tenant, context.req.valid("json"));
  return context.json(await book(context.env, act.principal.tenant).draft(act, context.get("newId")("constitution"), text), 201);
});

const readVersion = defineRoute(
  { capability: "constitution.read" },
  {
    method: "get",
    path: `${VERSIONS}/{id}`,
    operationId: "readConstitutionVersion",
    tags: ["Constitution"],
    summary: "Read how a version stands: its approvals, and when it is or was in force",
    request: { params: versionParams },
    responses: { 200: answer("The version.") },
  },
);

constitutionRoutes.openapi(readVersion, async (context) =>
  context.json(await book(context.env, context.get("principal").tenant).version(context.req.valid("param").id), 200),
);

const redraft = defineRoute(
  { capability: "constitution.write" },
  {
    method: "put",
    path: `${VERSIONS}/{id}`,
    operationId: "redraftConstitution",
    tags: ["Constitution"],
    summary: "Write a draft anew",
    description: "Approvals of another text are void, and so is the time it was set for.",
    request: { params: versionParams, body: { required: true, content: { "application/json": { schema: newVersionSchema } } } },
    responses: { 200: answer("The draft.") },
  },
);

constitutionRoutes.openapi(redraft, async (context) => {
  const act = actOf(context);
  const { id } = context.req.valid("param");
  const stub = book(context.env, act.principal.tenant);
  await stub.version(id);
  return context.json(await stub.redraft(act, id, await kept(context.env, act.principal.tenant, context.req.valid("json"))), 200);
});

const discard = defineRoute(
  { capability: "constitution.write" },
  {
    method: "delete",
    path: `${VERSIONS}/{id}`,
    operationId: "discardConstitution",
    tags: ["Constitution"],
    summary: "Discard a draft",
    request: { params: versionParams },
    responses: { 204: { description: "It cannot come into force any more." } },
  },
);

constitutionRoutes.openapi(discard, async (context) => {
  const act = actOf(context);
  await book(context.env, act.principal.tenant).discard(act, context.req.valid("param").id);
  return context.body(null, 204);
});

const diff = defineRoute(
  { capability: "constitution.read" },
  {
    method: "get",
    path: `${VERSIONS}/{id}/diff`,
    operationId: "diffConstitution",
    tags: ["Constitution"],
    summary: "Tell what a version says otherwise, article by article",
    request: {
      params: versionParams,
      query: z.object({
        against: versionParams.shape.id.optional().openapi({ description: "Another version; the one in force when left out." }),
      }),
    },
    responses: { 200: { description: "The difference.", content: { "application/json": { schema: diffSchema } } } },
  },
);

constitutionRoutes.openapi(diff, async (context) => {
  const { tenant } = context.get("principal");
  const stub = book(context.env, tenant);
  const { against } = context.req.valid("query");
  const after = await stub.version(context.req.valid("param").id);
  const before = against === undefined ? (await stub.read()).inForce : await stub.version(against);
  const documents = await Promise.all(
    [before, after].map((version) => (version === undefined ? undefined : keptDocument(context.env, tenant, version.sha256))),
  );
  const [was, is] = documents;
  if (is === undefined) throw new Problem("not-found", "There is no such version of the constitution in this tenant.");
  const { articles, ...rest } = diffDocuments(was, is);
  return context.json({ ...rest, articles: articles.map((article) => ({ ...article, parts: [...article.parts] })) }, 200);
});

const approve = defineRoute(
  { capability: "constitution.approve" },
  {
    method: "post",
    path: `${VERSIONS}/{id}/approvals`,
    operationId: "approveConstitution",
    tags: ["Constitution"],
    summary: "Approve of a version as it reads under its hash",
    request: { params: versionParams, body: { required: true, content: { "application/json": { schema: approvalBodySchema } } } },
    responses: { 200: answer("The version.") },
  },
);

constitutionRoutes.openapi(approve, async (context) => {
  const act = actOf(context);
  return context.json(
    await book(context.env, act.principal.tenant).approve(act, context.req.valid("param").id, context.req.valid("json")),
    200,
  );
});

const withdraw = defineRoute(
  { capability: "constitution.approve" },
  {
    method: "delete",
    path: `${VERSIONS}/{id}/approvals`,
    operationId: "withdrawConstitutionApproval",
    tags: ["Constitution"],
    summary: "Withdraw one's own approval",
    description: "A version that loses its quorum by it does not come into force at the time it was set for.",
    request: { params: versionParams },
    responses: { 200: answer("The version.") },
  },
);

constitutionRoutes.openapi(withdraw, async (context) => {
  const act = actOf(context);
  return context.json(await book(context.env, act.principal.tenant).withdraw(act, context.req.valid("param").id, undefined), 200);
});

const activate = defineRoute(
  { capability: "constitution.approve" },
  {
    method: "post",
    path: `${VERSIONS}/{id}/activate`,
    operationId: "activateConstitution",
    tags: ["Constitution"],
    summary: "Put an approved version in force, now or at a time",
    description: "What it forbids is forbidden within a second everywhere. Sessions that began before keep what their agents were told.",
    request: { params: versionParams, body: { required: true, content: { "application/json": { schema: activationSchema } } } },
    responses: { 200: answer("The version.") },
  },
);

constitutionRoutes.openapi(activate, async (context) => {
  const act = actOf(context);
  const { at } = context.req.valid("json");
  const stub = book(context.env, act.principal.tenant);
  return context.json(await stub.activate(act, context.req.valid("param").id, at === undefined ? undefined : Date.parse(at)), 200);
});

const rollBack = defineRoute(
  { capability: "constitution.approve" },
  {
    method: "post",
    path: `${VERSIONS}/{id}/roll-back`,
    operationId: "rollBackConstitution",
    tags: ["Constitution"],
    summary: "Put a version in force again that was in force before",
    description: "It needs the quorum of the document in force: approvals it has still count, and more can be given.",
    request: { params: versionParams, body: { required: true, content: { "application/json": { schema: rollbackSchema } } } },
    responses: { 200: answer("The version.") },
  },
);

constitutionRoutes.openapi(rollBack, async (context) => {
  const act = actOf(context);
  const { reason } = context.req.valid("json");
  return context.json(await book(context.env, act.principal.tenant).rollBack(act, context.req.valid("param").id, reason), 200);
});

function actOf(context: { get<K extends "principal" | "decision">(key: K): RequestVariables[K] }) {
  return { principal: context.get("principal"), decision: context.get("decision") };
}

/** Checks and stores a text. @throws Problem `invalid-constitution` */
async function kept(env: Env, tenant: string, { text, note }: z.infer<typeof newVersionSchema>) {
  const document = checkedDocument(text);
  await keepText(env, tenant, document);
  return { sha256: document.sha256, title: document.title, quorum: document.quorum ?? FIRST_QUORUM, note };
}

function shownDocument({ sha256, title, articles }: ConstitutionText) {
  return { sha256, title, articles: articles.map((article) => ({ id: article.id, ...shownArticle(article) })) };
}

function numberIn(cursor: string): number {
  const number = Number(decodeCursor(cursor));
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Problem("invalid-request", "The cursor is not one this list gave; leave it out to start from the newest.", {
    errors: [{ pointer: "query:cursor", message: "not a cursor" }],
  });
}
