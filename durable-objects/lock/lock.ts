import { DurableObject } from "cloudflare:workers";

export class Lock extends DurableObject<Env> {}
