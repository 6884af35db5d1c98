import { z } from "zod";
import type { Clock } from "../platform/clock.ts";
import type { Id } from "../platform/ids.ts";
import type { Principal } from "../platform/principal.ts";
import { Problem } from "../platform/problem.ts";
import { type Analysis, analyse } from "./analysis/analyse.ts";
import { type CaseOutcome, parseCases, runCases } from "./cases.ts";
import { governanceOf } from "./governance-of.ts";
import { policiesInForce } from "./policies-in-force.ts";
import { mergeLayers, type PolicySet } from "./policy-set.ts";
import { parsePolicies } from "./policy-text.ts";
import { changeVersion, findVersion, insertVersion, newestNumber, type VersionRow } from "./store.ts";
import { keepPolicyText, readPolicyText } from "./text-store.ts";

/** Versions of one tenant: a change a day for years. */
const MAX_VERSIONS = 2_000;
const INSERT_ATTEMPTS = 3;

/** What cases came to, as a version keeps it. */
export const testsSchema = z.object({ passed: z.number().int(), failed: z.number().int(), at: z.number().int() });
/** With what a version was compared, as it keeps it. */
export const analysisNoteSchema = z.object({
  /** Hash of the text in force then; empty for none. */
  base: z.string(),
  /** Hash under which the whole analysis is stored. */
  hash: z.string(),
  isExhaustive: z.boolean(),
  widened: z.number().int(),
  narrowed: z.number().int(),
  obliged: z.number().int(),
  at: z.number().int(),
});

/** What a version is made of. */
export interface VersionTexts {
  readonly text: string;
  /** A document of cases; empty for none. */
  readonly cases: string;
  readonly note: string;
}

interface Host {
  readonly env: Env;
  readonly clock: Clock;
}

/** @throws Problem `not-found` */
export async function versionOf(env: Env, tenant: string, id: string): Promise<VersionRow> {
  const row = await findVersion(env, tenant, id);
  if (row === undefined) throw new Problem("not-found", `No version ${id} of the policies in this tenant.`);
  return row;
}

/** What every version of a tenant's is held against: platform, constitution and overlays as they are in force, with another text of the tenant's. */
export async function setWith({ env, clock }: Host, tenant: string, hash: string | undefined): Promise<PolicySet> {
  const { policy: _, ...others } = await governanceOf(env, clock, tenant);
  return (await policiesInForce(env, tenant, hash === undefined ? others : { ...others, policy: { id: "", hash } })).set;
}

/**
 * Keeps a draft. A text that is no Cedar, or does not fit the schema, is not kept.
 * @throws Problem `invalid-policy` with line and column; `limit-exceeded` when there are too many versions
 */
export async function draftVersion(
  { env, clock }: Host,
  principal: Principal,
  id: Id<"policyVersion">,
  texts: VersionTexts,
): Promise<VersionRow> {
  const { tenant } = principal;
  if ((await newestNumber(env, tenant)) >= MAX_VERSIONS)
    throw new Problem("limit-exceeded", `There are ${MAX_VERSIONS} versions of the policies, which is as many as there may be.`);
  const kept = await keepTexts(env, tenant, texts);
  const row = {
    ...kept,
    id,
    tenant,
    note: texts.note,
    createdBy: principal.subject,
    createdAt: clock.now(),
    tests: null,
    analysis: null,
    activatedAt: null,
  };
  for (let attempt = 1; attempt <= INSERT_ATTEMPTS; attempt += 1) {
    await insertVersion(env, row);
    const found = await findVersion(env, tenant, id);
    if (found !== undefined) return found;
  }
  throw new Problem("conflict", "Other versions are being made at the same time; try again.", { retryAfterSeconds: 1 });
}

/**
 * Puts other texts in place of a draft's; its tests and its analysis are void then.
 * @throws Problem `conflict` for a version that was in force: it never changes
 */
export async function editVersion(env: Env, row: VersionRow, texts: VersionTexts): Promise<VersionRow> {
  if (row.activatedAt !== null)
    throw new Problem("conflict", `Version ${row.number} was in force and never changes; make a new one from its text.`);
  const change = { ...(await keepTexts(env, row.tenant, texts)), note: texts.note, tests: null, analysis: null };
  if (!(await changeVersion(env, row, change))) throw changedMeanwhile(row);
  return { ...row, ...change };
}

/** Runs a version's cases against it, with everything else that is in force, and keeps what came of them. */
export async function testVersion(host: Host, row: VersionRow): Promise<{ row: VersionRow; outcomes: CaseOutcome[] }> {
  if (row.casesHash === "")
    throw new Problem("conflict", `Version ${row.number} has no cases; give it some, so that there is something to test.`);
  const cases = parseCases(await readPolicyText(host.env, row.tenant, row.casesHash));
  const outcomes = runCases(await setWith(host, row.tenant, row.hash), cases);
  const passed = outcomes.filter((outcome) => outcome.passed).length;
  const tests = JSON.stringify({ passed, failed: outcomes.length - passed, at: host.clock.now() });
  if (!(await changeVersion(host.env, row, { tests }))) throw changedMeanwhile(row);
  return { row: { ...row, tests }, outcomes };
}

/** Compares a version with what is in force, and keeps what came of it. */
export async function analyseVersion(host: Host, row: VersionRow): Promise<{ row: VersionRow; analysis: Analysis }> {
  const { env, clock } = host;
  const base = (await governanceOf(env, clock, row.tenant)).policy?.hash;
  const analysis = analyse(await setWith(host, row.tenant, base), await setWith(host, row.tenant, row.hash));
  const { isExhaustive, widened, narrowed, obliged } = analysis;
  const note = JSON.stringify({
    base: base ?? "",
    hash: await keepPolicyText(env, row.tenant, JSON.stringify(analysis)),
    isExhaustive,
    widened: widened.count,
    narrowed: narrowed.count,
    obliged: obliged.count,
    at: clock.now(),
  });
  if (!(await changeVersion(env, row, { analysis: note }))) throw changedMeanwhile(row);
  return { row: { ...row, analysis: note }, analysis };
}

/** What a version's cases came to; undefined where they were not run since it changed. */
export function testsOf({ tests }: VersionRow): z.infer<typeof testsSchema> | undefined {
  return tests === null ? undefined : testsSchema.parse(JSON.parse(tests));
}

/** With what a version was compared; undefined where it was not since it changed. */
export function analysisOf({ analysis }: VersionRow): z.infer<typeof analysisNoteSchema> | undefined {
  return analysis === null ? undefined : analysisNoteSchema.parse(JSON.parse(analysis));
}

/** The texts of a version. */
export async function textsOf(env: Env, { tenant, hash, casesHash, note }: VersionRow): Promise<VersionTexts> {
  return {
    text: await readPolicyText(env, tenant, hash),
    cases: casesHash === "" ? "" : await readPolicyText(env, tenant, casesHash),
    note,
  };
}

/** @throws Problem `invalid-policy` */
async function keepTexts(
  env: Env,
  tenant: string,
  { text, cases }: VersionTexts,
): Promise<{ hash: string; casesHash: string; policies: number }> {
  const policies = parsePolicies(text);
  mergeLayers([{ name: "tenant", text }]);
  parseCases(cases);
  return {
    hash: await keepPolicyText(env, tenant, text),
    casesHash: cases.trim() === "" ? "" : await keepPolicyText(env, tenant, cases),
    policies: policies.length,
  };
}

function changedMeanwhile({ number }: VersionRow): Problem {
  return new Problem("conflict", `Version ${number} was changed by someone else meanwhile; read it again.`);
}
