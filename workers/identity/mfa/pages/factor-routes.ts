import type { Context } from "hono";
import { html } from "hono/html";
import { systemClock } from "../../../platform/clock.ts";
import { parseId } from "../../../platform/ids.ts";
import { Problem } from "../../../platform/problem.ts";
import { type HttpEnv, newRouter } from "../../../platform/route.ts";
import { continuePage, page } from "../../pages/page.ts";
import { noteSecondFactor, startBrowserSession } from "../../sign-in/browser-session.ts";
import { checkedForm, formTokenField } from "../../sign-in/form-guard.ts";
import { returnTo } from "../../sign-in/return-to.ts";
import { readUser } from "../../users/store.ts";
import { factorsOf, methodsOf, verifyFactor } from "../factors.ts";
import { provedPasskey } from "../passkeys/authenticate.ts";
import { relyingParty } from "../passkeys/challenge.ts";
import { assertionOfForm, proofOfForm } from "./form-proof.ts";
import { PASSKEY_SCRIPT, passkeySignInForm, provingForm } from "./passkey-form.ts";
import { type PageVisitor, recordVisit, visitorOf } from "./signed-in-person.ts";

/** The second step of a sign-in, and the way to sign in by a passkey alone. */
export const factorPageRoutes = newRouter();

const signInPath = (to: string) => `/signin?return_to=${encodeURIComponent(to)}`;

factorPageRoutes.get("/signin/factor", async (context) => {
  const to = returnTo(context.req.query("return_to"));
  const visitor = await visitorOf(context);
  return visitor === undefined ? context.redirect(signInPath(to), 303) : factorPage(context, visitor, to, undefined);
});

factorPageRoutes.post("/signin/factor", async (context) => {
  const fields = await checkedForm(context);
  const to = returnTo(fields.get("return_to"));
  const visitor = await visitorOf(context);
  if (visitor === undefined) return context.redirect(signInPath(to), 303);
  const proof = proofOfForm(fields);
  if (proof === undefined) return factorPage(context, visitor, to, "Type the six digits that the app shows now.");
  try {
    const amr = await verifyFactor(context.env, systemClock, relyingParty(context.req.url), visitor.session, proof);
    const session = await noteSecondFactor(context, amr);
    await recordVisit(context, session, visitor.isPending ? "user.signed-in" : "second-factor.proved", session.user);
    return continuePage(context, to, "You are signed in");
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return factorPage(context, visitor, to, error.detail);
  }
});

/** What a person is asked for, by what they have. */
async function factorPage(context: Context<HttpEnv>, { session }: PageVisitor, to: string, trouble: string | undefined): Promise<Response> {
  const { totpSince, passkeys, recoveryCodesLeft } = await factorsOf(context.env, session);
  if (totpSince === undefined && passkeys.length === 0)
    return context.redirect(`/account/factors?return_to=${encodeURIComponent(to)}`, 303);
  const passkey = passkeys.length === 0 ? "" : await provingForm(context, "/signin/factor", session, to);
  const form = (
    method: string,
    label: string,
    attributes: ReturnType<typeof html>,
  ) => html`<form class="panel" method="post" action="/signin/factor">
${formTokenField(context)}
<input type="hidden" name="method" value="${method}"><input type="hidden" name="return_to" value="${to}">
<div class="field"><label for="${method}">${label}</label>
<input id="${method}" name="code" type="text" required ${attributes}></div>
<button class="wide-button" type="submit">Go on</button></form>`;
  return page(context, {
    title: "One more step",
    status: trouble === undefined ? 200 : 400,
    scripts: passkeys.length === 0 ? [] : [PASSKEY_SCRIPT],
    body: html`${trouble === undefined ? "" : html`<p class="trouble" role="alert">${trouble}</p>`}
${passkey}
${totpSince === undefined ? "" : form("totp", "Code of your authenticator app", html`inputmode="numeric" autocomplete="one-time-code" maxlength="7" autofocus`)}
${recoveryCodesLeft === 0 ? "" : html`<details class="below"><summary>Use a recovery code</summary>${form("recovery-code", "Recovery code", html`autocomplete="off" maxlength="40"`)}</details>`}`,
  });
}

factorPageRoutes.get("/signin/passkey", async (context) => {
  const to = returnTo(context.req.query("return_to"));
  return page(context, {
    title: "Sign in with a passkey",
    scripts: [PASSKEY_SCRIPT],
    body: html`${await passkeySignInForm(context, to)}<p class="below"><a href="${signInPath(to)}">Sign in another way</a></p>`,
  });
});

factorPageRoutes.post("/signin/passkey", async (context) => {
  const { env } = context;
  const fields = await checkedForm(context);
  const to = returnTo(fields.get("return_to"));
  const response = assertionOfForm(fields);
  const party = relyingParty(context.req.url);
  const passkey = response && (await provedPasskey(env, systemClock, party, { ticket: fields.get("ticket") ?? "", response }));
  const tenant = passkey && parseId("tenant", passkey.tenant);
  const user = tenant && passkey && (await readUser(env, tenant, passkey.user));
  if (passkey === undefined || tenant === undefined || user?.active !== true)
    return page(context, {
      title: "You are not signed in",
      status: 400,
      body: html`<p>The passkey is not known here, or took too long.</p><p><a href="${signInPath(to)}">Sign in again</a></p>`,
    });
  const now = systemClock.now();
  const id = parseId("user", user.id);
  const session = await startBrowserSession(context, { tenant, user: id, amr: methodsOf(passkey), authTime: now, mfaAt: now });
  await recordVisit(context, session, "user.signed-in", session.user);
  return continuePage(context, to, "You are signed in");
});
