import type { Context } from "hono";
import { recordChange } from "../../audit/record.ts";
import { systemClock } from "../../platform/clock.ts";
import { type HttpEnv, newRouter } from "../../platform/route.ts";
import { type BrowserSession, browserSession } from "../sign-in/browser-session.ts";
import { checkedForm } from "../sign-in/form-guard.ts";
import { hostOf, parametersOf, principalOf } from "./authorize-routes.ts";
import { answerDevice, countWrongCode, type DeviceRequest, findWaitingDevice, hasTriedTooOften } from "./device-codes.ts";
import { findClient } from "./find-client.ts";
import { revokeGrant, storeGrant } from "./grants.ts";
import { deviceConsentPage, donePage, userCodePage } from "./pages.ts";
import { personOf } from "./person.ts";
import { grantedScopes } from "./scopes.ts";

/** Where a person types the code that a device shows (RFC 8628 §3.3). */
export const deviceRoutes = newRouter();

const WRONG_CODE = "No device waits with this code. Codes end after ten minutes; your device can show a new one.";
const TOO_MANY = "Too many wrong codes were typed. Wait ten minutes and try again.";

deviceRoutes.get("/oauth/device", async (context) => {
  const session = await browserSession(context);
  if (session === undefined) return toSignIn(context);
  const typed = parametersOf(new URL(context.req.url).searchParams).get("user_code") ?? "";
  return userCodePage(context, { typed: typed.slice(0, 16) });
});

deviceRoutes.post("/oauth/device", async (context) => {
  const form = await checkedForm(context);
  const session = await browserSession(context);
  if (session === undefined) return toSignIn(context);
  const userCode = form.get("user_code")?.trim().slice(0, 16) ?? "";
  if (await hasTriedTooOften(context.env, systemClock, session.user)) return userCodePage(context, { typed: "", trouble: TOO_MANY });
  const asked = await waitingDevice(context, session, userCode);
  if (asked === undefined) {
    await countWrongCode(context.env, systemClock, session.user);
    return userCodePage(context, { typed: userCode, trouble: WRONG_CODE });
  }
  const { device, client, person } = asked;
  const scopes = grantedScopes(device.scopes, person.capabilities);
  const answer = form.get("answer");
  if (answer === undefined) return deviceConsentPage(context, { client, scopes, as: person.email, userCode: userCode.toUpperCase() });
  if (answer !== "allow") {
    await answerDevice(context.env, systemClock, device.hash, undefined);
    return donePage(context, "Refused", "The device was not signed in. You may close this page.");
  }
  const { amr, authTime, mfaAt } = session;
  const signIn = { amr: [...amr], authTime, ...(mfaAt === undefined ? {} : { mfaAt }) };
  const { tenant, user: subject } = session;
  const whose = { tenant, subject, client: client.id, scopes, resource: device.resource, signIn, browserSession: session.id };
  const grant = await storeGrant(context.env, systemClock, whose);
  if (!(await answerDevice(context.env, systemClock, device.hash, grant.id))) {
    await revokeGrant(context.env, systemClock, grant);
    return userCodePage(context, { typed: "", trouble: WRONG_CODE });
  }
  await recordChange(context.env, systemClock, principalOf(session, client), { action: "oauth.device-allowed", resource: grant.id });
  return donePage(context, "Your device is signed in", "You may close this page and go on there.");
});

/** The device behind a code, its client and the user. A client of another organisation is as if it did not wait. */
async function waitingDevice(context: Context<HttpEnv>, session: BrowserSession, userCode: string) {
  const host = hostOf(context);
  const device: DeviceRequest | undefined = await findWaitingDevice(host.env, host.clock, userCode);
  if (device === undefined) return undefined;
  const client = await findClient(host.env, host.clock, host.issuer, device.client);
  if (client.tenant !== undefined && client.tenant !== session.tenant) return undefined;
  const person = await personOf(host.env, host.clock, { tenant: session.tenant, subject: session.user, browserSession: session.id });
  return person === undefined ? undefined : { device, client, person };
}

function toSignIn(context: Context<HttpEnv>): Response {
  const { pathname, search } = new URL(context.req.url);
  return context.redirect(`/signin?${new URLSearchParams({ return_to: pathname + search })}`, 303);
}
