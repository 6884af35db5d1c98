import { DurableObject } from "cloudflare:workers";
import { z } from "zod";

/** How long an answer is given again. */
const KEPT_MS = 86_400_000;
/** A first request that has not finished after this was cut off: the key is free again. */
const MAX_RUNNING_MS = 120_000;

const recordSchema = z.discriminatedUnion("state", [
  z.object({ state: z.literal("running"), fingerprint: z.string(), ticket: z.string(), since: z.number() }),
  z.object({ state: z.literal("finished"), fingerprint: z.string(), status: z.number().int(), sealedBody: z.string() }),
]);

export type Begun =
  | { readonly kind: "first"; readonly ticket: string }
  | { readonly kind: "running" }
  | { readonly kind: "mismatch" }
  | { readonly kind: "finished"; readonly status: number; readonly sealedBody: string };

/** One Idempotency-Key of one subject on one route: whether its request ran, and what it was answered. It forgets itself after a day. */
export class IdempotencyRecord extends DurableObject<Env> {
  /** Begins the request, or says what became of the first with this key. */
  begin(fingerprint: string): Begun {
    const stored = this.ctx.storage.kv.get("record");
    const record = stored === undefined ? undefined : recordSchema.parse(stored);
    if (record !== undefined && record.fingerprint !== fingerprint) return { kind: "mismatch" };
    if (record?.state === "finished") return { kind: "finished", status: record.status, sealedBody: record.sealedBody };
    if (record !== undefined && Date.now() - record.since < MAX_RUNNING_MS) return { kind: "running" };
    const ticket = crypto.randomUUID();
    this.ctx.storage.kv.put("record", { state: "running", fingerprint, ticket, since: Date.now() });
    void this.ctx.storage.setAlarm(Date.now() + KEPT_MS);
    return { kind: "first", ticket };
  }

  /** Keeps the answer of the request that holds the ticket; its body comes sealed, since answers hold secrets. */
  finish(ticket: string, status: number, sealedBody: string): void {
    const record = recordSchema.safeParse(this.ctx.storage.kv.get("record"));
    if (!record.success || record.data.state !== "running" || record.data.ticket !== ticket) return;
    this.ctx.storage.kv.put("record", { state: "finished", fingerprint: record.data.fingerprint, status, sealedBody });
  }

  /** Frees the key of a request that failed. */
  forget(ticket: string): void {
    const record = recordSchema.safeParse(this.ctx.storage.kv.get("record"));
    if (record.success && record.data.state === "running" && record.data.ticket === ticket) this.ctx.storage.kv.delete("record");
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }
}
