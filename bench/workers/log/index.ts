import { auditLogName, logIdOf } from "../../../workers/audit/log/log-name.ts";
import { tileReader } from "../../../workers/audit/log/log-reader.ts";
import { consistencyProof, inclusionProof } from "../../../workers/audit/log/proofs.ts";
import type { AuditBatch } from "../../../workers/audit/parts.ts";
import * as objects from "../../../workers/index.ts";
import { systemClock } from "../../../workers/platform/clock.ts";

export * from "../../../workers/index.ts";

const TENANT = "ten_bench";
/** Events of one message, as an outbox sends them. */
const EVENTS_A_BATCH = 100;
const BATCHES_AT_ONCE = 10;
/** Larger steps would take longer than a request may. */
const MOST_AT_ONCE = 20_000;

let rows = 0;
let bytes = 0;
let isCounting = false;

/** The audit log of the platform, with what it writes counted. */
export class AuditLog extends objects.AuditLog {
  constructor(ctx: DurableObjectState, env: Env) {
    countWrites(Object.getPrototypeOf(ctx.storage.sql));
    super(ctx, env);
  }
}

/** Counts rows, and the bytes of what is bound to them, of every statement that writes. */
function countWrites(prototype: SqlStorage): void {
  if (isCounting) return;
  isCounting = true;
  const original = prototype.exec;
  Object.defineProperty(prototype, "exec", {
    value(this: SqlStorage, ...order: Parameters<SqlStorage["exec"]>) {
      const cursor = Reflect.apply(original, this, order);
      if (/^\s*(INSERT|DELETE|UPDATE)/.test(order[0])) {
        rows += cursor.rowsWritten;
        for (const value of order.slice(1)) bytes += sizeOf(value);
      }
      return cursor;
    },
  });
}

function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? value.byteLength : 8;
}

function batch(number: number, count: number): AuditBatch {
  const events = Array.from({ length: count }, (_, i) => ({
    seq: i + 1,
    at: systemClock.now(),
    type: "step.done",
    data: { step: `s${i}`, attempt: 1, output: number },
  }));
  return { object: `run_${number}`, after: 0, through: count, events };
}

export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const log = env.AUDIT_LOG.getByName(auditLogName(TENANT));
    const { size, checkpoint } = await log.head();
    if (pathname === "/grow") {
      const until = Math.min(Number(searchParams.get("to")), size + MOST_AT_ONCE);
      for (let at = size; at < until; at += EVENTS_A_BATCH * BATCHES_AT_ONCE)
        await log.append(
          Array.from({ length: BATCHES_AT_ONCE }, (_, i) => at + i * EVENTS_A_BATCH)
            .filter((first) => first < until)
            .map((first) => batch(first, Math.min(EVENTS_A_BATCH, until - first))),
        );
      const after = await log.publish();
      return Response.json({ size: after.size, published: after.checkpoint?.size ?? 0 });
    }
    if (pathname === "/append") {
      [rows, bytes] = [0, 0];
      await log.append([{ ...batch(size, 1), object: `change/${crypto.randomUUID()}` }]);
      return Response.json({ rows, bytes });
    }
    const read = tileReader(env.ARTIFACTS, logIdOf(TENANT));
    const covered = checkpoint?.size ?? 0;
    const index = Number(searchParams.get("index")) % covered;
    const proof =
      pathname === "/consistency" ? await consistencyProof(index + 1, covered, read) : await inclusionProof(index, covered, read);
    return Response.json({ hashes: proof.length });
  },
} satisfies ExportedHandler<Env>;
