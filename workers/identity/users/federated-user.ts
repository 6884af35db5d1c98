import type { Clock } from "../../platform/clock.ts";
import { type Id, newId, parseId, type TenantId } from "../../platform/ids.ts";
import { Problem } from "../../platform/problem.ts";
import { findUserByEmail, insertUser, keyOf, noteSignIn } from "./store.ts";

/** What an issuer that the tenant trusts says of a person. */
export interface FederatedPerson {
  readonly email: string;
  readonly displayName: string;
  readonly givenName?: string;
  readonly familyName?: string;
}

/**
 * The user of the tenant that an issuer has told of: the one with this address, or a new one without any role.
 * @param options.create whether somebody who is not there yet is let in
 * @returns undefined when there is none and none is to be made
 * @throws Problem `forbidden` when the user is deactivated
 */
export async function upsertFederatedUser(
  env: Env,
  clock: Clock,
  tenant: TenantId,
  person: FederatedPerson,
  options: { readonly create: boolean },
): Promise<Id<"user"> | undefined> {
  const now = clock.now();
  const known = await findUserByEmail(env, tenant, person.email);
  if (known === undefined && !options.create) return undefined;
  if (known !== undefined) {
    if (!known.active) throw new Problem("forbidden", "This user is deactivated; an administrator can activate it again.");
    await noteSignIn(env, known.id, now);
    return parseId("user", known.id);
  }
  const id = newId("user", now);
  const isNew = await insertUser(env, {
    id,
    tenant,
    email: person.email,
    emailKey: keyOf(person.email),
    userName: person.email,
    userNameKey: keyOf(person.email),
    displayName: person.displayName,
    givenName: person.givenName ?? null,
    familyName: person.familyName ?? null,
    externalId: null,
    origin: "federation",
    active: true,
    emailVerifiedAt: now,
    lastSignInAt: now,
    createdAt: now,
    updatedAt: now,
    version: 1,
  });
  if (isNew) return id;
  // Two first sign-ins at once: the other one made it.
  const other = await findUserByEmail(env, tenant, person.email);
  if (other === undefined) throw new Problem("conflict", "Another user of the organisation has this address as user name.");
  return parseId("user", other.id);
}
