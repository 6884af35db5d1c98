import { isId, type TenantId } from "../../platform/ids.ts";
import { readTenant, type Tenant } from "../store.ts";
import { tenantOfDomain } from "../tenants/store.ts";

/** What is known of where somebody wants to sign in. */
export interface SignInAddress {
  /** The host that was asked, without its port. */
  readonly host: string;
  /** A tenant's id, as a link gave it. */
  readonly tenant: string | undefined;
  readonly email: string | undefined;
}

/**
 * The tenant that somebody signs in to: the one that the link names, else the one that the host belongs to, else the one that the domain
 * of the address belongs to. Undefined when none is found, or it lets nobody in: which of these, nobody is told.
 */
export async function homeTenant(env: Env, { host, tenant, email }: SignInAddress): Promise<Tenant | undefined> {
  const id = await homeOf(env, { host, tenant, email });
  const home = id === undefined ? undefined : await readTenant(env, id);
  return home?.status === "active" ? home : undefined;
}

async function homeOf(env: Env, { host, tenant, email }: SignInAddress): Promise<TenantId | undefined> {
  if (tenant !== undefined && tenant !== "") return isId("tenant", tenant) ? tenant : undefined;
  const ofHost = await tenantOfDomain(env, host);
  const domain = email?.split("@").at(-1);
  return ofHost ?? (domain === undefined || domain === "" ? undefined : tenantOfDomain(env, domain));
}
