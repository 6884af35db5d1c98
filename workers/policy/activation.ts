import { recordChange } from "../audit/record.ts";
import { underLock } from "../operations/under-lock.ts";
import type { Clock } from "../platform/clock.ts";
import { governanceSchema } from "../platform/governance.ts";
import { newId } from "../platform/ids.ts";
import { type Principal, principalSchema } from "../platform/principal.ts";
import { Problem } from "../platform/problem.ts";
import { type RecordedDecision, recordedDecisionSchema } from "../platform/recorded.ts";
import { decideBy } from "./decide.ts";
import { changeGovernance } from "./governance-of.ts";
import { policyRequest } from "./guard.ts";
import {
  begunChanges,
  type ChangeRow,
  findVersion,
  insertChange,
  lastActivation,
  noteActivated,
  settleChange,
  type VersionRow,
} from "./store.ts";
import { analysisOf, setWith, testsOf, versionOf } from "./versions.ts";

/** A change that was begun so long ago and is not in force was not made. */
const BEGUN_MS = 60_000;
const LOCK_MS = 30_000;
/** Unsettled changes looked at in one go; there is one at a time unless requests die. */
const MAX_BEGUN = 20;

interface Host {
  readonly env: Env;
  readonly clock: Clock;
}

/** Who changes what is in force, and the decision that allowed it. */
export interface Actor {
  readonly principal: Principal;
  readonly decision: RecordedDecision;
}

/**
 * Puts a version into force: its cases must have passed, and it must have been compared with what is in force now.
 * @throws Problem `conflict` saying what is missing
 */
export async function activateVersion(host: Host, actor: Actor, id: string): Promise<void> {
  const { tenant } = actor.principal;
  await changing(host, tenant, async (inForce) => {
    const row = await versionOf(host.env, tenant, id);
    if (inForce?.id === id) return;
    checkReady(row, inForce?.hash ?? "");
    await checkNotLockedOut(host, actor.principal, row);
    await change(host, actor, { kind: "activate", from: inForce?.id ?? "", to: row });
  });
}

/**
 * Takes a version out of force and brings back what was in force before it: another version, or none.
 * @param id the version in force; naming it makes sure that rolling back twice goes back once
 * @throws Problem `conflict` when another is in force
 */
export async function rollBackVersion(host: Host, actor: Actor, id: string): Promise<void> {
  const { tenant } = actor.principal;
  await changing(host, tenant, async (inForce) => {
    const row = await versionOf(host.env, tenant, id);
    if (inForce?.id !== id) throw new Problem("conflict", `Version ${row.number} is not in force, so that there is nothing to roll back.`);
    const before = (await lastActivation(host.env, tenant, id))?.from ?? "";
    const to = before === "" ? undefined : await findVersion(host.env, tenant, before);
    await change(host, actor, { kind: "roll-back", from: id, to });
  });
}

/** The version in force; undefined for none. Changes that a dying request left half made are settled first. */
export async function versionInForce(host: Host, tenant: string): Promise<{ readonly id: string; readonly hash: string } | undefined> {
  // The ledger itself is asked: a copy of what it said a second ago would not do here.
  const { policy } = governanceSchema.parse(JSON.parse(await host.env.TENANT_LEDGER.getByName(tenant).governance()));
  for (const begun of await begunChanges(host.env, tenant, MAX_BEGUN)) await settle(host, begun, policy?.id ?? "");
  return policy;
}

/** One change at a time, from what the ledger itself says and not from a copy of it. */
async function changing(
  host: Host,
  tenant: string,
  work: (inForce: { id: string; hash: string } | undefined) => Promise<void>,
): Promise<void> {
  await underLock(host.env, `${tenant}/policies`, LOCK_MS, async () => work(await versionInForce(host, tenant)));
}

/** Begun, made, settled: whoever finds a change begun sees by the ledger whether it was made. */
async function change(
  { env, clock }: Host,
  { principal, decision }: Actor,
  { kind, from, to }: { kind: ChangeRow["kind"]; from: string; to: VersionRow | undefined },
): Promise<void> {
  const { tenant, subject } = principal;
  const at = clock.now();
  const begun: ChangeRow = {
    id: newId("policyChange", at),
    tenant,
    at,
    by: subject,
    kind,
    from,
    to: to?.id ?? "",
    state: "begun",
    decision: JSON.stringify(decision),
    principal: JSON.stringify(principal),
  };
  await insertChange(env, begun);
  await changeGovernance(env, tenant, { change: "policy", ...(to === undefined ? {} : { pin: { id: to.id, hash: to.hash } }) });
  await settle({ env, clock }, begun, begun.to);
}

async function settle({ env, clock }: Host, begun: ChangeRow, inForce: string): Promise<void> {
  if (begun.to !== inForce) {
    if (clock.now() - begun.at > BEGUN_MS) await settleChange(env, begun.id, "void");
    return;
  }
  const principal = principalSchema.parse(JSON.parse(begun.principal));
  const action = begun.kind === "activate" ? "policy.activated" : "policy.rolled-back";
  const decision = recordedDecisionSchema.parse(JSON.parse(begun.decision));
  await recordChange(env, clock, principal, { action, resource: begun.to === "" ? begun.from : begun.to, decision });
  if (begun.to !== "") await noteActivated(env, begun.tenant, begun.to, begun.at);
  await settleChange(env, begun.id, "done");
}

function checkReady(row: VersionRow, inForce: string): void {
  const tests = testsOf(row);
  const analysis = analysisOf(row);
  if (tests === undefined || tests.failed > 0 || tests.passed === 0) {
    const found = tests === undefined ? "they were not run since it changed" : `${tests.failed} of ${tests.passed + tests.failed} failed`;
    throw new Problem(
      "conflict",
      `Version ${row.number} cannot come into force: its cases must pass, and ${found}. POST /v1/policies/${row.id}/test runs them.`,
    );
  }
  if (analysis === undefined || analysis.base !== inForce) {
    const found = analysis === undefined ? "it was not analysed since it changed" : "other policies came into force since it was analysed";
    throw new Problem(
      "conflict",
      `Version ${row.number} cannot come into force: ${found}. POST /v1/policies/${row.id}/analysis tells what it changes.`,
    );
  }
}

/** Rolling back must stay possible for whoever activates. */
async function checkNotLockedOut(host: Host, principal: Principal, row: VersionRow): Promise<void> {
  const set = await setWith(host, row.tenant, row.hash);
  for (const id of ["policies.read", "policies.activate"]) {
    const { effect, reason } = decideBy(set, policyRequest({ principal, resource: { type: "route", id } }, host.clock.now()));
    if (effect === "deny")
      throw new Problem("conflict", `Version ${row.number} would take ${id} from you (${reason}), so that you could not roll it back.`);
  }
}
