import { ROLES } from "../platform/capabilities.ts";
import type { Principal } from "../platform/principal.ts";
import { Problem } from "../platform/problem.ts";

/**
 * Nobody gives away what they do not have: a credential that was narrowed cannot make one that is wider than itself.
 * @throws Problem `forbidden` naming the first capability of the role that the principal lacks
 */
export function checkGrant(principal: Principal, role: keyof typeof ROLES): void {
  const lacking = ROLES[role].find((capability) => !principal.capabilities.includes(capability));
  if (lacking !== undefined) {
    throw new Problem("forbidden", `The role ${role} includes ${lacking}, which this credential does not have, so it cannot give it away.`);
  }
}
