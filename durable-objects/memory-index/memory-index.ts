import { DurableObject } from "cloudflare:workers";

export class MemoryIndex extends DurableObject<Env> {}
