import type { Capability } from "../platform/capabilities.ts";
import type { Principal } from "../platform/principal.ts";
import { Problem } from "../platform/problem.ts";

/**
 * Nobody gives away what they do not have, and nobody takes it from those who have it: a credential that was narrowed cannot make one
 * that is wider than itself, and who manages users cannot become, or remove, an administrator.
 * @param what is given or changed, for the message: `The role admin`, `The user usr_…`
 * @throws Problem `forbidden` naming the first capability that the principal lacks
 */
export function checkGrant(principal: Principal, capabilities: readonly Capability[], what: string): void {
  const lacking = capabilities.find((capability) => !principal.capabilities.includes(capability));
  if (lacking !== undefined)
    throw new Problem("forbidden", `${what} has ${lacking}, which this credential does not have, so it cannot give, change or take it.`);
}
