import { Problem } from "../../platform/problem.ts";
import { requestStandsUntil, type SwitchRecord, type SwitchRules } from "./switch-record.ts";

/** Who releases a switch. */
export interface Releaser {
  readonly subject: string;
  readonly isOperator: boolean;
}

/**
 * The record after someone has asked for a release, or confirmed one. A drill stops nothing, so one person ends it. Releasing what is released, or asking
 * again while one's own request stands, changes nothing.
 * @param now milliseconds since the epoch
 * @throws Problem `forbidden` when an operator has thrown the switch and somebody else would release it
 */
export function released(record: SwitchRecord, rules: SwitchRules, by: Releaser, now: number): SwitchRecord {
  if (record.released !== undefined) return record;
  if (record.isOperators && !by.isOperator)
    throw new Problem("forbidden", `The platform's operator has thrown ${record.id}; only an operator releases it.`);
  const { asked, ...thrown } = record;
  const end = { by: by.subject, at: now };
  if (rules.release === "one-person" || record.drill || by.isOperator) return { ...thrown, released: end };
  if (asked === undefined || requestStandsUntil(record, rules, now) === undefined) return { ...thrown, asked: end };
  if (asked.by === by.subject) return record;
  return { ...thrown, released: { ...end, askedBy: asked.by } };
}

/**
 * Checks that the rules may become others while these switches are recorded: what takes two people to release must not take one because one of them
 * has changed the rule first.
 * @throws Problem `conflict`
 */
export function checkRules(before: SwitchRules, after: SwitchRules, thrown: readonly SwitchRecord[]): void {
  const isLoosened = before.release === "two-people" && (after.release === "one-person" || after.requestMinutes > before.requestMinutes);
  const inForce = thrown.find((record) => record.released === undefined && !record.drill);
  if (isLoosened && inForce !== undefined)
    throw new Problem("conflict", `${inForce.id} is thrown: the rule that two people release it can be loosened when they have.`);
}
