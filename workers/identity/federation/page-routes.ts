import type { Context } from "hono";
import { html } from "hono/html";
import { recordChange } from "../../audit/record.ts";
import { systemClock } from "../../platform/clock.ts";
import { parseId } from "../../platform/ids.ts";
import { Problem } from "../../platform/problem.ts";
import { type HttpEnv, newRouter } from "../../platform/route.ts";
import { continuePage, page } from "../pages/page.ts";
import { grantsOf } from "../roles/grants.ts";
import { startBrowserSession } from "../sign-in/browser-session.ts";
import { returnTo } from "../sign-in/return-to.ts";
import { readTenant } from "../store.ts";
import { federatedUser } from "./federated-user.ts";
import { recognitionOf } from "./person.ts";
import { beginSignIn, type FinishedSignIn, finishSignIn } from "./sign-in.ts";

/** The way to a tenant's own identity provider and back. These are pages: what goes wrong is told to a person. */
export const federationPageRoutes = newRouter();

const failed = async (context: Context<HttpEnv>, error: unknown) => {
  if (!(error instanceof Problem)) throw error;
  const status = error.status === 404 ? 404 : error.type === "forbidden" ? 403 : 400;
  return page(context, {
    title: "You are not signed in",
    status,
    body: html`<p>${error.detail}</p><p><a href="/signin">Sign in again</a></p>`,
  });
};

federationPageRoutes.get("/signin/federation/:issuer", async (context) => {
  try {
    const asked = { returnTo: returnTo(context.req.query("return_to")), hint: context.req.query("login_hint") };
    return await continuePage(context, await beginSignIn(context, systemClock, context.req.param("issuer"), asked), "Sign in");
  } catch (error) {
    return failed(context, error);
  }
});

federationPageRoutes.get("/signin/federation/:issuer/callback", async (context) => {
  try {
    const finished = await finishSignIn(context, systemClock, context.req.param("issuer"));
    return context.redirect(await signedIn(context, finished), 303);
  } catch (error) {
    return failed(context, error);
  }
});

/** Signs the browser in as the user that the issuer means. @returns where it goes on */
async function signedIn(context: Context<HttpEnv>, { row, settings, claims, returnTo: to }: FinishedSignIn): Promise<string> {
  const { env } = context;
  const tenant = parseId("tenant", row.tenant);
  const user = await federatedUser(env, systemClock, row, settings, claims);
  const { amr, authTime, mfaAt } = recognitionOf(settings, claims, systemClock.now());
  const demands = (await readTenant(env, tenant))?.signIn.secondFactor === "required" && mfaAt === undefined;
  const session = await startBrowserSession(context, {
    tenant,
    user,
    amr,
    authTime,
    ...(mfaAt === undefined ? {} : { mfaAt }),
    ...(demands ? { pending: "second-factor" as const } : {}),
  });
  const grants = await grantsOf(env, tenant, user);
  const principal = {
    tenant,
    subject: user,
    kind: "user" as const,
    ...grants,
    roles: [...grants.roles],
    groups: [...grants.groups],
    capabilities: [...grants.capabilities],
    credential: session.id,
  };
  await recordChange(env, systemClock, principal, { action: "user.signed-in", resource: user });
  return demands ? `/signin/factor?return_to=${encodeURIComponent(to)}` : to;
}
