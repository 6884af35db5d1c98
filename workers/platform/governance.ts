import { z } from "zod";
import { Problem } from "./problem.ts";

/**
 * What governs a tenant now, as one small value: which texts are in force (by the hash under which they are stored), what is switched off, and
 * which credentials are not to be trusted any more. It is kept in the tenant's ledger and read by every isolate that acts for the tenant.
 */

/** Switches thrown at once. */
const MAX_SWITCHES = 500;
/** Revocations in force at once: each lasts no longer than what it revokes could have lived. */
const MAX_REVOCATIONS = 5_000;
/** Overlays that are on at once. */
const MAX_OVERLAYS = 32;

const pinSchema = z.object({ id: z.string().max(128), hash: z.string().regex(/^[0-9a-f]{64}$/) });
/** A version of a text that is in force. */
export type Pin = z.infer<typeof pinSchema>;

export const switchSchema = z.object({
  id: z.string().max(64),
  scope: z.enum(["everything", "tenant", "agent", "capsule", "tool", "model"]),
  /** The name of the agent, capsule, tool or model; none for a whole tenant and for everything. */
  target: z.string().max(200).optional(),
  /** A drill is announced and recorded and stops nothing. */
  drill: z.boolean(),
  /** Milliseconds since the epoch. */
  since: z.number().int(),
  reason: z.string().max(1_000),
});
export type Switch = z.infer<typeof switchSchema>;

const revocationSchema = z.object({
  /** What is revoked: the id of a key, of a sign-in session, of a family of tokens, or a subject. */
  id: z.string().max(128),
  /** Only what was issued before this is revoked; everything, when left out. Milliseconds since the epoch. */
  before: z.number().int().optional(),
  /** When it may be forgotten, since nothing that it revokes lives longer. */
  until: z.number().int(),
});

export const governanceSchema = z.object({
  /** Raised by every change. */
  version: z.number().int().nonnegative(),
  policy: pinSchema.optional(),
  constitution: pinSchema.optional(),
  /** Of a thousand decisions that allow, so many are written to the decision log; the platform's share, when left out. */
  loggedAllows: z.number().int().min(0).max(1_000).exactOptional(),
  overlays: z.array(z.string().max(64)).max(MAX_OVERLAYS),
  switches: z.array(switchSchema).max(MAX_SWITCHES),
  revocations: z.array(revocationSchema).max(MAX_REVOCATIONS),
});
export type Governance = z.infer<typeof governanceSchema>;

export const UNGOVERNED: Governance = { version: 0, overlays: [], switches: [], revocations: [] };

/** One change of what governs. */
export const governanceChangeSchema = z.discriminatedUnion("change", [
  z.object({ change: z.literal("policy"), pin: pinSchema.optional() }),
  z.object({ change: z.literal("constitution"), pin: pinSchema.optional() }),
  z.object({ change: z.literal("logged-allows"), share: z.number().int().min(0).max(1_000) }),
  z.object({ change: z.literal("overlay"), name: z.string().max(64), isOn: z.boolean() }),
  z.object({ change: z.literal("switch"), thrown: switchSchema }),
  z.object({ change: z.literal("release"), id: z.string() }),
  z.object({ change: z.literal("revoke"), revocation: revocationSchema }),
]);
export type GovernanceChange = z.infer<typeof governanceChangeSchema>;

/**
 * What governs after a change. A change made twice is made once; revocations that nothing needs any more are forgotten.
 * @param now milliseconds since the epoch
 * @throws Problem `limit-exceeded` when there would be more switches or revocations than a tenant may have
 */
export function governed(before: Governance, change: GovernanceChange, now: number): Governance {
  const revocations = before.revocations.filter(({ until }) => until > now);
  const next = { ...before, revocations, version: before.version + 1 };
  switch (change.change) {
    case "policy":
      return withPin(next, "policy", change.pin);
    case "constitution":
      return withPin(next, "constitution", change.pin);
    case "logged-allows":
      return { ...next, loggedAllows: change.share };
    case "overlay": {
      const others = next.overlays.filter((name) => name !== change.name);
      return { ...next, overlays: change.isOn ? bounded([...others, change.name].sort(), MAX_OVERLAYS, "overlays") : others };
    }
    case "switch":
      return { ...next, switches: bounded(replaced(next.switches, change.thrown), MAX_SWITCHES, "kill switches") };
    case "release":
      return { ...next, switches: next.switches.filter(({ id }) => id !== change.id) };
    case "revoke":
      return { ...next, revocations: bounded(replaced(revocations, change.revocation), MAX_REVOCATIONS, "revocations") };
    default:
      return change satisfies never;
  }
}

/** The platform's state and a tenant's as one: what the platform has switched off is off for every tenant; a tenant's own texts stand in place of the platform's. */
export function merged(platform: Governance, tenant: Governance): Governance {
  return {
    ...platform,
    ...tenant,
    version: platform.version + tenant.version,
    overlays: [...new Set([...platform.overlays, ...tenant.overlays])].sort(),
    switches: [...platform.switches.filter(({ scope }) => scope !== "tenant"), ...tenant.switches],
    revocations: [...platform.revocations, ...tenant.revocations],
  };
}

/**
 * True when something issued at this time is revoked under one of its ids.
 * @param issuedAt milliseconds since the epoch
 */
export function isRevoked({ revocations }: Governance, ids: readonly string[], issuedAt: number): boolean {
  if (revocations.length === 0) return false;
  const revokedBefore = ends(revocations);
  return ids.some((id) => issuedAt < (revokedBefore.get(id) ?? Number.NEGATIVE_INFINITY));
}

/** By id, the time before which what was issued is revoked: every request asks, and a list of thousands is not gone through each time. */
function ends(revocations: Governance["revocations"]): ReadonlyMap<string, number> {
  const known = endsOf.get(revocations);
  if (known !== undefined) return known;
  const byId = new Map<string, number>();
  for (const { id, before = Number.POSITIVE_INFINITY } of revocations) byId.set(id, Math.max(before, byId.get(id) ?? before));
  endsOf.set(revocations, byId);
  return byId;
}

const endsOf = new WeakMap<Governance["revocations"], ReadonlyMap<string, number>>();

/**
 * The first of the switches that reaches something, drills aside, which stop nothing; undefined when it may go on.
 * @param uses what it is and what it is part of, as steps name it: `tool:data.query`, `agent:analyst`, `capsule:rank@^1` (a version counts for nothing),
 *   `a2a:billing` (a remote agent is an agent)
 */
export function stoppingSwitch({ switches }: Pick<Governance, "switches">, uses: readonly string[]): Switch | undefined {
  return reaching(switches, uses, "in-force");
}

/** The first drill that reaches something which would stop if it were none. */
export function drillOver({ switches }: Pick<Governance, "switches">, uses: readonly string[]): Switch | undefined {
  return reaching(switches, uses, "drill");
}

function reaching(switches: readonly Switch[], uses: readonly string[], kind: "in-force" | "drill"): Switch | undefined {
  const meant = switches.filter(({ drill }) => drill === (kind === "drill"));
  if (meant.length === 0) return undefined;
  const names = new Set(uses.map(switchName));
  return meant.find(
    ({ scope, target }) => scope === "everything" || scope === "tenant" || names.has(switchName(`${scope}:${target ?? ""}`)),
  );
}

/** What a switch knows something by: without its version, and a remote agent as an agent. */
function switchName(uses: string): string {
  const version = uses.indexOf("@");
  return (version < 0 ? uses : uses.slice(0, version)).replace(/^(agent:)?a2a:/, "agent:");
}

function withPin(governance: Governance, name: "policy" | "constitution", pin: Pin | undefined): Governance {
  const { [name]: _, ...rest } = governance;
  return pin === undefined ? rest : { ...rest, [name]: pin };
}

function replaced<T extends { readonly id: string }>(items: readonly T[], item: T): T[] {
  return [...items.filter(({ id }) => id !== item.id), item];
}

function bounded<T>(items: T[], most: number, what: string): T[] {
  if (items.length > most)
    throw new Problem("limit-exceeded", `There are ${most} ${what} in force already, which is as many as there may be; end one first.`);
  return items;
}
