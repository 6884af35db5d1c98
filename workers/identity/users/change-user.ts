import type { Clock } from "../../platform/clock.ts";
import { type Id, parseId, type TenantId } from "../../platform/ids.ts";
import type { Principal } from "../../platform/principal.ts";
import { Problem } from "../../platform/problem.ts";
import { checkGrant } from "../grant.ts";
import { grantsOf } from "../roles/grants.ts";
import { deleteSessionsOf } from "../sign-in/store.ts";
import { withdrawIssuedBefore } from "../withdraw.ts";
import { insertUser, keyOf, readUser, type UserChange, type UserRow, updateUser } from "./store.ts";

/** Longest names and addresses: RFC 5321 §4.5.3.1.3 for addresses. */
export const MAX_EMAIL_CHARACTERS = 254;
export const MAX_NAME_CHARACTERS = 200;

/** What a new user is told to be. */
export interface NewUser {
  readonly id: Id<"user">;
  readonly email: string;
  readonly userName?: string | undefined;
  readonly displayName?: string | undefined;
  readonly givenName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly externalId?: string | undefined;
  readonly active: boolean;
  readonly origin: "local" | "scim";
}

/** Makes a user. Made again under the same id, it is the same. @throws Problem `conflict` when the address or the name is taken */
export async function createUser(env: Env, clock: Clock, tenant: TenantId, user: NewUser): Promise<UserRow> {
  const now = clock.now();
  const userName = user.userName ?? user.email;
  const row: UserRow = {
    id: user.id,
    tenant,
    email: user.email,
    emailKey: keyOf(user.email),
    userName,
    userNameKey: keyOf(userName),
    displayName: user.displayName ?? ([user.givenName, user.familyName].filter(Boolean).join(" ") || user.email),
    givenName: user.givenName ?? null,
    familyName: user.familyName ?? null,
    externalId: user.externalId ?? null,
    origin: user.origin,
    active: user.active,
    emailVerifiedAt: null,
    lastSignInAt: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  if (await insertUser(env, row)) return row;
  const known = await readUser(env, tenant, user.id);
  if (known?.emailKey === row.emailKey) return known;
  throw taken();
}

/**
 * Changes a user as somebody asked, who may do all that the user may: else who may manage users could take an administrator's place.
 * One whom a directory provisions is the directory's to change.
 * @throws Problem `not-found`, `forbidden`, `conflict`
 */
export async function changeUser(env: Env, clock: Clock, principal: Principal, id: string, change: UserChange): Promise<UserRow> {
  const user = await existingUser(env, principal.tenant, id);
  await checkMayChange(env, principal, user);
  return applyChange(env, clock, user, change);
}

/** Changes a user; whoever is no longer let in loses all sign-ins, and what was issued to them. @throws Problem `conflict` */
export async function applyChange(env: Env, clock: Clock, user: UserRow, change: UserChange): Promise<UserRow> {
  const tenant = parseId("tenant", user.tenant);
  const isOtherAddress = change.email !== undefined && keyOf(change.email) !== user.emailKey;
  const full = isOtherAddress ? { ...change, emailVerifiedAt: null } : change;
  const changed = await updateUser(env, user, full, clock.now()).catch((error: unknown) => {
    // Drizzle tells what the database said as the cause.
    if (String(error instanceof Error ? (error.cause ?? error) : error).includes("UNIQUE")) throw taken();
    throw error;
  });
  if (changed === undefined) throw new Problem("conflict", `The user ${user.id} was changed meanwhile; read it again.`);
  if (user.active && change.active === false) await signOutEverywhere(env, clock, tenant, user);
  return changed;
}

/** @throws Problem `forbidden` when the user may do something that the principal may not */
export async function checkMayChange(env: Env, principal: Principal, user: UserRow): Promise<void> {
  if (user.id === principal.subject) return;
  const { capabilities } = await grantsOf(env, principal.tenant, user.id);
  checkGrant(principal, capabilities, `The user ${user.id}`);
}

/** Ends a user's sign-ins and all that was issued to it before now. */
export async function signOutEverywhere(
  env: Env,
  clock: Clock,
  tenant: TenantId,
  user: Pick<UserRow, "id" | "lastSignInAt">,
): Promise<void> {
  // Who never signed in holds nothing.
  if (user.lastSignInAt !== null) await withdrawIssuedBefore(env, clock, tenant, user.id);
  await deleteSessionsOf(env, tenant, user.id);
}

/** @throws Problem `not-found` */
export async function existingUser(env: Env, tenant: TenantId, id: string): Promise<UserRow> {
  const user = await readUser(env, tenant, id);
  if (user === undefined) throw new Problem("not-found", `No user ${id} in this tenant.`);
  return user;
}

function taken(): Problem {
  return new Problem("conflict", "Another user of this tenant has this e-mail address or user name.");
}
