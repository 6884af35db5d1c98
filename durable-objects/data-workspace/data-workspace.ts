import { DurableObject } from "cloudflare:workers";

export class DataWorkspace extends DurableObject<Env> {}
