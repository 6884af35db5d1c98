import { z } from "@hono/zod-openapi";
import { systemClock } from "../platform/clock.ts";
import { Problem } from "../platform/problem.ts";
import { defineRoute, newRouter } from "../platform/route.ts";
import { auditLogName } from "./log/log-name.ts";
import { MAX_RECORDS_A_PAGE, readRecords, tileReader } from "./log/log-reader.ts";
import { base64, parseVerifierKey } from "./log/note.ts";
import { consistencyProof, inclusionProof } from "./log/proofs.ts";
import { recordChange } from "./record.ts";

/** The transparency log of the caller's tenant: its head, its records, proofs over them, and what witnesses say of it. */
export const auditLogRoutes = newRouter();

const checkpointSchema = z.string().openapi({
  description: "A signed checkpoint (C2SP tlog-checkpoint).",
  example: "somaagent.local/tlog/9f2c\n3\nCsUY…=\n\n— somaagent.local/tlog/9f2c Az3g…\n",
});

const headSchema = z
  .object({
    id: z.string().openapi({ example: "9f2c6a1d0b7e4c5f8a9b0c1d2e3f4a5b" }),
    origin: z.string().openapi({ example: "somaagent.local/tlog/9f2c6a1d0b7e4c5f8a9b0c1d2e3f4a5b" }),
    verifierKey: z.string().optional().openapi({ description: "Verifies its checkpoints (C2SP signed-note vkey); keep a copy elsewhere." }),
    size: z.number().int().openapi({ description: "Leaves, those included that no checkpoint covers yet." }),
    checkpoint: checkpointSchema.optional(),
    checkpointSize: z.number().int().optional(),
    cosignatures: z.array(z.string()).openapi({ description: "What witnesses have said of this checkpoint, a line each." }),
    isPublished: z.boolean().openapi({ description: "Whether everybody may read its tiles under `path`." }),
    path: z.string().openapi({ example: "/tlog/9f2c6a1d0b7e4c5f8a9b0c1d2e3f4a5b" }),
  })
  .openapi("AuditLog");

const head = defineRoute(
  { capability: "audit.read" },
  {
    method: "get",
    path: "/v1/audit/log",
    operationId: "readAuditLog",
    tags: ["Audit"],
    summary: "Read where the tenant's transparency log stands",
    request: {
      query: z.object({
        current: z
          .enum(["true", "false"])
          .optional()
          .openapi({ description: "Sign a checkpoint over everything first; else one is at most some seconds old." }),
      }),
    },
    responses: { 200: { description: "The log.", content: { "application/json": { schema: headSchema } } } },
  },
);

type Head = z.infer<typeof headSchema>;

auditLogRoutes.openapi(head, async (context) => {
  const log = logOf(context.env, context.get("principal").tenant);
  return context.json(toHead(context.req.valid("query").current === "true" ? await log.publish() : await log.head()), 200);
});

const publish = defineRoute(
  { capability: "audit.write" },
  {
    method: "put",
    path: "/v1/audit/log",
    operationId: "publishAuditLog",
    tags: ["Audit"],
    summary: "Let everybody read the log's tiles and checkpoints, or nobody",
    description: "What is published are hashes: it tells how much happened and when the log grew, and nothing of what happened.",
    request: { body: { required: true, content: { "application/json": { schema: z.strictObject({ isPublished: z.boolean() }) } } } },
    responses: { 200: { description: "The log.", content: { "application/json": { schema: headSchema } } } },
  },
);

auditLogRoutes.openapi(publish, async (context) => {
  const { isPublished } = context.req.valid("json");
  const principal = context.get("principal");
  const now = await logOf(context.env, principal.tenant).setPublished(isPublished);
  const action = isPublished ? "audit-log.published" : "audit-log.withdrawn";
  await recordChange(context.env, systemClock, principal, { action, resource: now.id, decision: context.get("decision") });
  return context.json(toHead(now), 200);
});

const proofSchema = z.array(z.string()).openapi({ description: "Hashes in base64, from the leaf's side up (RFC 6962)." });

const inclusion = defineRoute(
  { capability: "audit.read" },
  {
    method: "get",
    path: "/v1/audit/inclusion",
    operationId: "proveAuditInclusion",
    tags: ["Audit"],
    summary: "Prove that an event is in the log",
    request: {
      query: z.object({
        object: z.string().min(1).max(200).openapi({ example: "run_01KAJ2M3N4P5Q6R7S8T9V0W1X2" }),
        seq: z.coerce.number().int().positive().openapi({ example: 3 }),
      }),
    },
    responses: {
      200: {
        description: "The record behind the leaf, and its path to the checkpoint's root.",
        content: {
          "application/json": {
            schema: z
              .object({
                index: z.number().int(),
                size: z.number().int(),
                record: z.unknown().openapi({ description: "The entry is the SHA-256 of its canonical JSON (RFC 8785)." }),
                proof: proofSchema,
                checkpoint: checkpointSchema,
                tlogProof: z.string().openapi({ description: "The same as one file (C2SP tlog-proof)." }),
              })
              .openapi("AuditInclusion"),
          },
        },
      },
    },
  },
);

auditLogRoutes.openapi(inclusion, async (context) => {
  const { object, seq } = context.req.valid("query");
  const { tenant } = context.get("principal");
  const log = logOf(context.env, tenant);
  const placed = await log.locate(object, seq);
  if (placed === undefined) throw new Problem("not-found", `The log has no event ${seq} of ${object}; events arrive in it within seconds.`);
  const { index, checkpoint, logId } = placed;
  const [[line = "null"], path] = await Promise.all([
    readRecords(context.env, tenant, index, index + 1),
    inclusionProof(index, checkpoint.size, tileReader(context.env.ARTIFACTS, logId)),
  ]);
  const proof = path.map(base64);
  const tlogProof = ["c2sp.org/tlog-proof@v1", `index ${index}`, ...proof, "", checkpoint.note].join("\n");
  const record: unknown = JSON.parse(line);
  return context.json({ index, size: checkpoint.size, record, proof, checkpoint: checkpoint.note, tlogProof }, 200);
});

const consistency = defineRoute(
  { capability: "audit.read" },
  {
    method: "get",
    path: "/v1/audit/consistency",
    operationId: "proveAuditConsistency",
    tags: ["Audit"],
    summary: "Prove that the log only grew between two sizes",
    request: {
      query: z.object({
        from: z.coerce.number().int().positive().openapi({ example: 1 }),
        to: z.coerce.number().int().positive().openapi({ example: 1 }),
      }),
    },
    responses: {
      200: {
        description: "The proof.",
        content: {
          "application/json": {
            schema: z.object({ from: z.number().int(), to: z.number().int(), proof: proofSchema }).openapi("AuditConsistency"),
          },
        },
      },
    },
  },
);

auditLogRoutes.openapi(consistency, async (context) => {
  const { from, to } = context.req.valid("query");
  const { id, checkpoint } = await logOf(context.env, context.get("principal").tenant).head();
  const size = checkpoint?.size ?? 0;
  if (to > size) throw new Problem("not-found", `The newest checkpoint covers ${size} leaves, so there is none of ${to}.`);
  if (from > to) throw new Problem("invalid-request", `A log of ${to} leaves does not begin with one of ${from}; exchange from and to.`);
  const proof = await consistencyProof(from, to, tileReader(context.env.ARTIFACTS, id));
  return context.json({ from, to, proof: proof.map(base64) }, 200);
});

const records = defineRoute(
  { capability: "audit.read" },
  {
    method: "get",
    path: "/v1/audit/records",
    operationId: "listAuditRecords",
    tags: ["Audit"],
    summary: "List the records behind the leaves, in their order",
    description:
      "Each as it was hashed: its entry in the log is the SHA-256 of the line. Payloads are not among them, see /v1/audit/events.",
    request: {
      query: z.object({
        from: z.coerce.number().int().nonnegative().default(0).openapi({ description: "Index of the first." }),
        limit: z.coerce.number().int().min(1).max(MAX_RECORDS_A_PAGE).default(256),
      }),
    },
    responses: {
      200: {
        description: "A page of records.",
        content: {
          "application/json": {
            schema: z
              .object({ from: z.number().int(), lines: z.array(z.string()), next: z.number().int().optional() })
              .openapi("AuditRecords"),
          },
        },
      },
    },
  },
);

auditLogRoutes.openapi(records, async (context) => {
  const { from, limit } = context.req.valid("query");
  const { tenant } = context.get("principal");
  const { size } = await logOf(context.env, tenant).head();
  const lines = from >= size ? [] : await readRecords(context.env, tenant, from, Math.min(size, from + limit));
  const next = from + lines.length;
  return context.json({ from, lines, ...(next < size && lines.length > 0 ? { next } : {}) }, 200);
});

const cosign = defineRoute(
  { capability: "audit.write" },
  {
    method: "post",
    path: "/v1/audit/cosignatures",
    operationId: "cosignAuditLog",
    tags: ["Audit"],
    summary: "Add a witness's cosignature to a checkpoint",
    description: "It is verified with the key that comes with it, and shown to readers, who decide which witnesses they trust.",
    request: {
      body: {
        required: true,
        content: {
          "application/json": {
            schema: z.strictObject({
              size: z.number().int().nonnegative().openapi({ description: "Size of the checkpoint that was signed." }),
              witness: z.string().max(400).openapi({ description: "The witness's verifier key (C2SP signed-note vkey, type 0x04)." }),
              cosignature: z.string().max(1_000).openapi({ description: "Its line: `— name base64`." }),
            }),
          },
        },
      },
    },
    responses: { 200: { description: "The log.", content: { "application/json": { schema: headSchema } } } },
  },
);

auditLogRoutes.openapi(cosign, async (context) => {
  const { size, witness, cosignature } = context.req.valid("json");
  const principal = context.get("principal");
  const key = parseVerifierKey(witness);
  if (key === undefined)
    throw new Problem(
      "invalid-request",
      "This is no verifier key of a witness that signs with Ed25519; its vkey looks like name+1a2b3c4d+BA….",
    );
  const log = logOf(context.env, principal.tenant);
  await log.addCosignature(size, witness, cosignature.trim());
  const change = { action: "audit-log.cosigned", resource: key.name, decision: context.get("decision") };
  await recordChange(context.env, systemClock, principal, change);
  return context.json(toHead(await log.head()), 200);
});

function logOf(env: Env, tenant: string) {
  return env.AUDIT_LOG.getByName(auditLogName(tenant));
}

interface KnownHead {
  readonly id: string;
  readonly origin: string;
  readonly verifierKey: string | undefined;
  readonly size: number;
  readonly checkpoint: { readonly size: number; readonly note: string } | undefined;
  readonly cosignatures: readonly string[];
  readonly isPublished: boolean;
}

function toHead({ id, origin, verifierKey, size, checkpoint, cosignatures, isPublished }: KnownHead): Head {
  return {
    id,
    origin,
    ...(verifierKey === undefined ? {} : { verifierKey }),
    size,
    ...(checkpoint === undefined ? {} : { checkpoint: checkpoint.note, checkpointSize: checkpoint.size }),
    cosignatures: [...cosignatures],
    isPublished,
    path: `/tlog/${id}`,
  };
}
