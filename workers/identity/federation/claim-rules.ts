import { isTrue } from "../../mao/expression.ts";
import type { Json } from "../../platform/canonical-json.ts";
import { Problem } from "../../platform/problem.ts";
import type { RoleRule } from "./issuer.ts";

/** A principal has no more. */
const MAX_ROLES = 16;

/** What a verified token says. */
export type Claims = Readonly<Record<string, Json>>;

/**
 * The roles that an issuer's claims stand for: those of every rule that holds, each once, in the order of the rules, sixteen at most. A
 * condition that cannot be computed, because the claim it asks about is not there, does not hold.
 */
export function rolesOf(rules: readonly RoleRule[], claims: Claims): string[] {
  const roles = rules.filter((rule) => holds(rule, claims)).flatMap((rule) => rule.roles);
  return [...new Set(roles)].slice(0, MAX_ROLES);
}

function holds(rule: RoleRule, claims: Claims): boolean {
  if ("when" in rule) return conditionHolds(rule.when, claims);
  const found = claimAt(rule.claim, claims);
  return Array.isArray(found) ? found.includes(rule.value) : found === rule.value || (isPlain(found) && String(found) === rule.value);
}

function conditionHolds(condition: string, claims: Claims): boolean {
  try {
    return isTrue(condition, { claims });
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

function claimAt(path: readonly string[], claims: Claims): Json | undefined {
  return path.reduce<Json | undefined>((value, name) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return Object.hasOwn(value, name) ? value[name] : undefined;
  }, claims);
}

/** A flag or a number can be named in a rule by how it is written. */
function isPlain(value: Json | undefined): boolean {
  return typeof value === "boolean" || typeof value === "number";
}
