import type { Context } from "hono";
import { html } from "hono/html";
import { systemClock } from "../../platform/clock.ts";
import { type HttpEnv, newRouter } from "../../platform/route.ts";
import { page } from "../pages/page.ts";
import { newPasswordField } from "../pages/sign-in-pages.ts";
import { done, pageHandler, trouble } from "../pages/trouble.ts";
import { type BrowserSession, browserSession, endBrowserSession, startBrowserSession } from "../sign-in/browser-session.ts";
import { checkedForm, formTokenField } from "../sign-in/form-guard.ts";
import { accountKey, isPasswordOf, setPassword } from "../sign-in/passwords.ts";
import { recordSignIn } from "../sign-in/record-sign-in.ts";
import { deleteSession, listSessions, type SignInSessionRow } from "../sign-in/store.ts";
import { checkTry } from "../sign-in/throttle.ts";
import { readTenant } from "../store.ts";
import { existingUser, signOutEverywhere } from "../users/change-user.ts";
import type { UserRow } from "../users/store.ts";
import { withdraw } from "../withdraw.ts";

/** The page on which people look after their own account. */
export const accountPageRoutes = newRouter();

/** A page for whoever is signed in; others are sent to sign in first. */
function forPerson(handler: (context: Context<HttpEnv>, session: BrowserSession) => Promise<Response>) {
  return pageHandler(async (context) => {
    const session = await browserSession(context);
    return session === undefined ? context.redirect("/signin?return_to=%2Faccount", 303) : handler(context, session);
  });
}

accountPageRoutes.get(
  "/account",
  forPerson((context, session) => accountPage(context, session, {})),
);

accountPageRoutes.post(
  "/account/sign-out",
  pageHandler(async (context) => {
    await checkedForm(context);
    const session = await endBrowserSession(context);
    if (session !== undefined) await ended(context.env, session, session.id);
    return context.redirect("/signin/signed-out", 303);
  }),
);

accountPageRoutes.post(
  "/account/sign-ins/end",
  forPerson(async (context, session) => {
    const id = (await checkedForm(context)).get("id") ?? "";
    if (await deleteSession(context.env, session.tenant, session.user, id)) await ended(context.env, session, id);
    return context.redirect("/account", 303);
  }),
);

accountPageRoutes.post(
  "/account/sign-ins/end-all",
  forPerson(async (context, session) => {
    await checkedForm(context);
    const user = await existingUser(context.env, session.tenant, session.user);
    await endBrowserSession(context);
    await signOutEverywhere(context.env, systemClock, session.tenant, user);
    await recordSignIn(context.env, systemClock, user, "sign-in.all-ended");
    return context.redirect("/signin/signed-out", 303);
  }),
);

accountPageRoutes.post(
  "/account/password",
  forPerson(async (context, session) => {
    const { env } = context;
    const form = await checkedForm(context);
    const user = await existingUser(env, session.tenant, session.user);
    await checkTry(env, systemClock, "account", accountKey(user));
    if (!(await isPasswordOf(env, systemClock, user, form.get("current") ?? "")))
      return accountPage(context, session, { fault: "The present password is not right." });
    const fault = await setPassword(env, systemClock, user, form.get("password") ?? "");
    if (fault !== undefined) return accountPage(context, session, { fault });
    await recordSignIn(env, systemClock, user, "password.changed");
    // All sign-ins have ended with the old password; this browser gets a new one with what it had proved.
    const { tenant, amr, authTime, mfaAt } = session;
    const next = await startBrowserSession(context, {
      tenant,
      user: session.user,
      amr,
      authTime,
      ...(mfaAt === undefined ? {} : { mfaAt }),
    });
    return accountPage(context, next, { note: "The password is changed. You are signed out everywhere else." });
  }),
);

async function accountPage(
  context: Context<HttpEnv>,
  session: BrowserSession,
  { fault, note }: { readonly fault?: string; readonly note?: string },
): Promise<Response> {
  const { env } = context;
  const [user, tenant, sessions] = await Promise.all([
    existingUser(env, session.tenant, session.user),
    readTenant(env, session.tenant),
    listSessions(env, session.tenant, session.user, systemClock.now()),
  ]);
  return page(context, {
    title: "Your account",
    width: "wide",
    ...(fault === undefined ? {} : { status: 400 }),
    body: html`${trouble(fault)}${done(note)}
<section><p><strong>${user.displayName}</strong><br>${user.email}<br>${tenant?.name ?? ""}</p>
<div class="row"><p><a href="/account/factors">Passkeys and second factors</a> · <a href="/console">Console</a></p>
<form method="post" action="/account/sign-out">${formTokenField(context)}<button class="quiet">Sign out</button></form></div></section>
<h2 id="sign-ins">Where you are signed in</h2>
<section aria-labelledby="sign-ins"><ul class="plain">${sessions.map((row) => signInItem(context, row, row.id === session.id))}</ul>
<form method="post" action="/account/sign-ins/end-all">${formTokenField(context)}<button class="danger">Sign out everywhere</button></form></section>
<h2 id="password-title">Password</h2>
${passwordForm(context, user)}`,
  });
}

function signInItem(context: Context<HttpEnv>, row: SignInSessionRow, isThis: boolean) {
  return html`<li class="row"><span>${row.browser === "" ? "A browser" : row.browser}<br>
<span class="hint">since ${when(row.createdAt)}, last seen ${when(row.lastSeenAt)}${isThis ? ", this browser" : ""}</span></span>
<form method="post" action="/account/sign-ins/end">${formTokenField(context)}<input type="hidden" name="id" value="${row.id}">
<button class="quiet" aria-label="End the sign-in of ${when(row.createdAt)}">End</button></form></li>`;
}

function passwordForm(context: Context<HttpEnv>, user: UserRow) {
  return html`<form class="panel" method="post" action="/account/password" aria-labelledby="password-title">${formTokenField(context)}
<input type="hidden" name="username" autocomplete="username" value="${user.email}">
<div class="field"><label for="current">Present password</label><input id="current" name="current" type="password" autocomplete="current-password" required></div>
${newPasswordField("password", "New password")}<button>Change the password</button></form>`;
}

async function ended(env: Env, session: BrowserSession, id: string): Promise<void> {
  await withdraw(env, systemClock, session.tenant, id);
  await recordSignIn(env, systemClock, { id: session.user, tenant: session.tenant }, "sign-in.ended", id);
}

function when(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
