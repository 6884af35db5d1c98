import { DurableObject } from "cloudflare:workers";
import { z } from "zod";

/** How long an answer is given again. */
const KEPT_MS = 86_400_000;
/** A first request that has said nothing for so long was cut off: the next with its key takes its place. */
export const MAX_SILENT_MS = 15_000;
/** How often a request that takes long says that it still runs; most have finished before the first time. */
export const STILL_RUNS_EVERY_MS = 4_000;

/** What the request makes takes its ids from these, so that a request that runs again makes the same things and not others. */
const originSchema = z.object({ seed: z.string(), at: z.number() });
export type Origin = z.infer<typeof originSchema>;

const recordSchema = z.discriminatedUnion("state", [
  z.object({ state: z.literal("running"), fingerprint: z.string(), origin: originSchema, ticket: z.string(), since: z.number() }),
  z.object({ state: z.literal("repeatable"), fingerprint: z.string(), origin: originSchema }),
  z.object({ state: z.literal("finished"), fingerprint: z.string(), status: z.number().int(), sealedBody: z.string() }),
]);
type Running = Extract<z.infer<typeof recordSchema>, { state: "running" }>;

export type Begun =
  | { readonly kind: "first"; readonly ticket: string; readonly origin: Origin }
  | { readonly kind: "running" }
  | { readonly kind: "mismatch" }
  | { readonly kind: "finished"; readonly status: number; readonly sealedBody: string };

/** One Idempotency-Key of one subject on one route: whether its request ran, and what it was answered. It forgets itself after a day. */
export class IdempotencyRecord extends DurableObject<Env> {
  /** Begins the request, again if it was cut off or may be repeated, or says what became of the first with this key. */
  begin(fingerprint: string): Begun {
    const stored = this.ctx.storage.kv.get("record");
    const record = stored === undefined ? undefined : recordSchema.parse(stored);
    if (record !== undefined && record.fingerprint !== fingerprint) return { kind: "mismatch" };
    if (record?.state === "finished") return { kind: "finished", status: record.status, sealedBody: record.sealedBody };
    if (record?.state === "running" && Date.now() - record.since < MAX_SILENT_MS) return { kind: "running" };
    const origin = record?.origin ?? { seed: crypto.randomUUID(), at: Date.now() };
    const running: Running = { state: "running", fingerprint, origin, ticket: crypto.randomUUID(), since: Date.now() };
    this.ctx.storage.kv.put("record", running);
    if (record === undefined) void this.ctx.storage.setAlarm(Date.now() + KEPT_MS);
    return { kind: "first", ticket: running.ticket, origin };
  }

  /** The request that holds the ticket still runs. */
  stillRuns(ticket: string): void {
    const running = this.#running(ticket);
    if (running !== undefined) this.ctx.storage.kv.put("record", { ...running, since: Date.now() });
  }

  /** Keeps the answer of the request that holds the ticket; its body comes sealed, since answers hold secrets. */
  finish(ticket: string, status: number, sealedBody: string): void {
    const running = this.#running(ticket);
    if (running !== undefined)
      this.ctx.storage.kv.put("record", { state: "finished", fingerprint: running.fingerprint, status, sealedBody });
  }

  /** Lets the same request run again, with the same ids: its answer is a stream that cannot be kept, or it is not known how far it came. */
  repeat(ticket: string): void {
    const running = this.#running(ticket);
    if (running !== undefined)
      this.ctx.storage.kv.put("record", { state: "repeatable", fingerprint: running.fingerprint, origin: running.origin });
  }

  /** Frees the key of a request that was refused. */
  forget(ticket: string): void {
    if (this.#running(ticket) !== undefined) this.ctx.storage.kv.delete("record");
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }

  #running(ticket: string): Running | undefined {
    const record = recordSchema.safeParse(this.ctx.storage.kv.get("record"));
    return record.success && record.data.state === "running" && record.data.ticket === ticket ? record.data : undefined;
  }
}
