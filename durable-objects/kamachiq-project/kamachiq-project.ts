import { DurableObject } from "cloudflare:workers";

export class KamachiqProject extends DurableObject<Env> {}
