import { DurableObject } from "cloudflare:workers";

export class AgentSession extends DurableObject<Env> {}
