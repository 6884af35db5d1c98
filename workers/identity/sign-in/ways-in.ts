import { settingsOf } from "../federation/known-issuers.ts";
import { listIssuers } from "../federation/store.ts";
import { hasSecondFactor } from "../mfa/factors.ts";
import type { OtherWay } from "../pages/sign-in-pages.ts";
import type { Tenant } from "../store.ts";
import type { UserRow } from "../users/store.ts";

/** The ways in by issuers that a tenant has named: `own` is the one that all addresses of this domain use. */
export async function issuersFor(
  env: Env,
  tenant: Tenant,
  { email, returnTo }: { readonly email: string; readonly returnTo: string },
): Promise<{ own: string | undefined; ways: OtherWay[] }> {
  const domain = email.split("@").at(-1)?.toLowerCase() ?? "";
  let own: string | undefined;
  const ways: OtherWay[] = [];
  for (const row of await listIssuers(env, tenant.id)) {
    const settings = settingsOf(row);
    if (!settings.isEnabled) continue;
    const query = new URLSearchParams({ return_to: returnTo, ...(email === "" ? {} : { login_hint: email }) });
    const address = `/signin/federation/${row.id}?${query}`;
    ways.push({ name: settings.name, address });
    if (settings.emailDomains.includes(domain)) own ??= address;
  }
  return { own, ways };
}

/** Whether a password alone does not sign this user in. */
export async function needsSecondFactor(env: Env, tenant: Tenant, user: UserRow): Promise<boolean> {
  if (tenant.signIn.secondFactor === "required") return true;
  return hasSecondFactor(env, { tenant: tenant.id, user: user.id });
}
