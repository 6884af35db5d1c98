import type { Clock } from "../../platform/clock.ts";
import type { Principal } from "../../platform/principal.ts";
import { Problem } from "../../platform/problem.ts";
import { checkGrant } from "../grant.ts";
import { capabilitiesOfRoles } from "../roles/store.ts";
import { newClientKey, sealClientSecret } from "./client-credential.ts";
import type { IssuerSettings } from "./issuer.ts";
import type { IssuerRow } from "./store.ts";

/** What a request says of an issuer. */
interface Said {
  readonly settings: IssuerSettings;
  readonly clientSecret: string | undefined;
}

/**
 * The row of a new issuer.
 * @throws Problem `invalid-request` naming the member that does not fit, `forbidden` when its rules give roles that the principal may not give
 */
export async function newIssuer(env: Env, clock: Clock, principal: Principal, said: Said & { readonly id: string }): Promise<IssuerRow> {
  const { id, settings, clientSecret } = said;
  await checkSettings(env, principal, settings);
  const now = clock.now();
  return {
    id,
    tenant: principal.tenant,
    issuer: settings.issuer,
    settings: JSON.stringify(settings),
    ...(await credentialOf(env, clock, id, said, undefined, clientSecret)),
    createdAt: now,
    updatedAt: now,
  };
}

/** The row of an issuer as it is to be. @throws Problem as `newIssuer` */
export async function changedIssuer(env: Env, clock: Clock, principal: Principal, before: IssuerRow, said: Said): Promise<IssuerRow> {
  await checkSettings(env, principal, said.settings);
  return {
    ...before,
    issuer: said.settings.issuer,
    settings: JSON.stringify(said.settings),
    ...(await credentialOf(env, clock, before.id, said, before, said.clientSecret)),
    updatedAt: clock.now(),
  };
}

async function checkSettings(env: Env, principal: Principal, settings: IssuerSettings): Promise<void> {
  const stranger = settings.apiAudiences.findIndex((audience) => !audience.includes(principal.tenant));
  if (stranger >= 0)
    throw wrong(
      `/apiAudiences/${stranger}`,
      `must hold the tenant's id ${principal.tenant}, so that a token says by itself which tenant it is for: \`api://${principal.tenant}\``,
    );
  if (settings.createsUsers && settings.emailDomains.length === 0)
    throw wrong("/emailDomains", "an issuer that makes users needs the domains that they may come from");
  const roles = [...new Set(settings.roleRules.flatMap((rule) => rule.roles))];
  checkGrant(principal, await capabilitiesOfRoles(env, principal.tenant, roles), "A role that these rules give");
}

async function credentialOf(
  env: Env,
  clock: Clock,
  id: string,
  { settings }: Said,
  before: IssuerRow | undefined,
  clientSecret: string | undefined,
): Promise<Pick<IssuerRow, "sealedCredential" | "publicJwk">> {
  const usesSecret = settings.clientAuthentication.startsWith("client_secret_");
  if (!usesSecret && clientSecret !== undefined) throw wrong("/clientSecret", `${settings.clientAuthentication} takes no secret`);
  if (clientSecret !== undefined) return { sealedCredential: await sealClientSecret(env, id, clientSecret), publicJwk: null };
  if (settings.clientAuthentication === "none") return { sealedCredential: null, publicJwk: null };
  const keepsKind = before !== undefined && before.sealedCredential !== null && (before.publicJwk === null) === usesSecret;
  // A secret goes to whoever it was given for: one that is sent elsewhere would be stolen by changing an address.
  if (keepsKind && (before.issuer === settings.issuer || !usesSecret))
    return { sealedCredential: before.sealedCredential, publicJwk: before.publicJwk };
  if (usesSecret) throw wrong("/clientSecret", `${settings.clientAuthentication} needs the secret that the issuer gave for this client`);
  return newClientKey(env, clock, id);
}

function wrong(pointer: string, message: string): Problem {
  return new Problem("invalid-request", "The identity provider cannot be kept like this; the error names the place.", {
    errors: [{ pointer, message }],
  });
}
