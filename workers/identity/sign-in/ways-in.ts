import { issuerSettingsSchema } from "../federation/issuer.ts";
import { listIssuers } from "../federation/store.ts";
import { findTotp, listPasskeys } from "../mfa/store.ts";
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
    const query = new URLSearchParams({ return_to: returnTo, ...(email === "" ? {} : { login_hint: email }) });
    const address = `/signin/federation/${row.id}?${query}`;
    ways.push({ name: new URL(row.issuer).host, address });
    if (issuerSettingsSchema.parse(JSON.parse(row.settings)).emailDomains.includes(domain)) own ??= address;
  }
  return { own, ways };
}

/** Whether a password alone does not sign this user in. */
export async function needsSecondFactor(env: Env, tenant: Tenant, user: UserRow): Promise<boolean> {
  if (tenant.signIn.secondFactor === "required") return true;
  const person = { tenant: tenant.id, user: user.id };
  const [totp, passkeys] = await Promise.all([findTotp(env, person), listPasskeys(env, person)]);
  return passkeys.length > 0 || (totp !== undefined && totp.confirmedAt !== null);
}
