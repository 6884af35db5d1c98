import { decideBy } from "./decide.ts";
import { loggedRequest } from "./decision-log.ts";
import { obligationTexts } from "./obligations.ts";
import type { PolicySet } from "./policy-set.ts";
import { type DecisionRow, decisionsSince } from "./store.ts";

/** Decisions looked at for one page: about a tenth of a second of the engine. */
const DECISIONS_A_PAGE = 500;

/** A decision that would be another. */
export interface ChangedDecision {
  readonly id: string;
  readonly at: number;
  readonly action: string;
  readonly resource: string;
  readonly subject: string;
  /** How many decisions it stands for, where allows were sampled. */
  readonly standsFor: number;
  readonly was: { readonly effect: "allow" | "deny"; readonly obligations: readonly string[]; readonly policies: readonly string[] };
  readonly would: { readonly effect: "allow" | "deny"; readonly obligations: readonly string[]; readonly policies: readonly string[] };
}

export interface DryRunPage {
  readonly lookedAt: number;
  readonly changed: readonly ChangedDecision[];
  /** The id to go on before; undefined after the last. */
  readonly next: string | undefined;
}

/** Asks a set the questions of the decision log since a time, newest first, and tells which answers would be others. */
export async function dryRun(env: Env, tenant: string, set: PolicySet, since: number, before: string | undefined): Promise<DryRunPage> {
  const rows = await decisionsSince(env, tenant, since, before, DECISIONS_A_PAGE + 1);
  const page = rows.slice(0, DECISIONS_A_PAGE);
  return {
    lookedAt: page.length,
    changed: page.flatMap((row) => changedIn(set, row)),
    next: rows.length > DECISIONS_A_PAGE ? page.at(-1)?.id : undefined,
  };
}

function changedIn(set: PolicySet, row: DecisionRow): ChangedDecision[] {
  const verdict = decideBy(set, loggedRequest(row.request));
  const obligations = obligationTexts(verdict.obligations);
  const was = { effect: row.effect, obligations: list(row.obligations), policies: list(row.policies) };
  if (verdict.effect === row.effect && obligations.join() === was.obligations.join()) return [];
  const { id, at, action, resource, subject, standsFor } = row;
  return [
    { id, at, action, resource, subject, standsFor, was, would: { effect: verdict.effect, obligations, policies: verdict.policies } },
  ];
}

function list(json: string): string[] {
  const parsed: unknown = JSON.parse(json);
  return Array.isArray(parsed) ? parsed.map(String) : [];
}
