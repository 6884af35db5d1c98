import { isId } from "../platform/ids.ts";

/** What a path below `/a2a` names: `/a2a[/{agent}][/{tenant}][/{operation}]` (§11.3, and the bindings of the normative proto). */
export interface A2aAddress {
  /** Undefined where the agent that answers for the platform is meant. */
  readonly agent: string | undefined;
  readonly tenant: string | undefined;
  /** Below agent and tenant: empty for JSON-RPC, else with a slash at its front. */
  readonly operation: string;
  /** The address of the agent: what its card names. */
  readonly base: string;
}

export const BASE = "/a2a";
export const CARD_PATH = "/.well-known/agent-card.json";

/** First segments that are operations, and so never an agent's name. */
const OPERATIONS = new Set(["tasks", "extendedAgentCard", ".well-known"]);

/** Reads a path that begins with `/a2a`. */
export function addressOf(pathname: string): A2aAddress {
  const segments = pathname
    .slice(BASE.length)
    .split("/")
    .filter((segment) => segment !== "");
  const [first] = segments;
  const isAgent = first !== undefined && !OPERATIONS.has(first) && !first.startsWith("message:") && !isId("tenant", first);
  const agent = isAgent ? segments.shift() : undefined;
  const [next] = segments;
  const tenant = next !== undefined && isId("tenant", next) ? segments.shift() : undefined;
  const operation = segments.length === 0 ? "" : `/${segments.join("/")}`;
  return { agent, tenant, operation, base: agent === undefined ? BASE : `${BASE}/${agent}` };
}
