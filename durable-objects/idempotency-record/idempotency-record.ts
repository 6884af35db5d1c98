import { DurableObject } from "cloudflare:workers";

export class IdempotencyRecord extends DurableObject<Env> {}
