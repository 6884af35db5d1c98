import type { Context } from "hono";
import { systemClock } from "../../platform/clock.ts";
import { parseId } from "../../platform/ids.ts";
import type { HttpEnv } from "../../platform/route.ts";
import { newRouter } from "../../platform/route.ts";
import { sendPasswordReset } from "../email/letters.ts";
import { continuePage } from "../pages/page.ts";
import {
  confirmAddressPage,
  emailPage,
  forgottenPage,
  goOn,
  letterSentPage,
  messagePage,
  newPasswordPage,
  passwordPage,
  spentLinkPage,
} from "../pages/sign-in-pages.ts";
import { pageHandler } from "../pages/trouble.ts";
import type { Tenant } from "../store.ts";
import { findUserByEmail, keyOf, type UserRow, updateUser } from "../users/store.ts";
import { startBrowserSession } from "./browser-session.ts";
import { checkedForm } from "./form-guard.ts";
import { homeTenant } from "./home-tenant.ts";
import { findMailLink, type LinkPurpose, spendMailLink } from "./mail-link.ts";
import { isPasswordOf, noteRightPassword, setPasswordByLink } from "./passwords.ts";
import { recordSignIn } from "./record-sign-in.ts";
import { returnTo } from "./return-to.ts";
import { checkAddress, countTry, forgiveAddress } from "./throttle.ts";
import { issuersFor, needsSecondFactor } from "./ways-in.ts";

/** The pages on which people sign in. They work by forms alone, and tell a stranger nothing of who is here. */
export const signInRoutes = newRouter();

/** Whoever waits, mistyped or does not exist reads this. */
const WRONG = "The address or the password is not right. If you tried often, wait a little before you try again.";
const TITLES: Readonly<Record<LinkPurpose, string>> = {
  invitation: "Welcome",
  "password-reset": "Set a new password",
  address: "Confirm your address",
};

signInRoutes.get(
  "/signin",
  pageHandler(async (context) => {
    const asked = askedBy(new Map(new URL(context.req.url).searchParams));
    const tenant = await homeTenant(context.env, addressOf(context, asked));
    const { ways } = tenant === undefined ? { ways: [] } : await issuersFor(context.env, tenant, asked);
    return emailPage(context, asked, { ways });
  }),
);

signInRoutes.post(
  "/signin",
  pageHandler(async (context) => {
    const asked = askedBy(await checkedForm(context));
    const tenant = await homeTenant(context.env, addressOf(context, asked));
    if (tenant === undefined) return passwordPage(context, asked, { needsTenant: true });
    const { own, ways } = await issuersFor(context.env, tenant, asked);
    if (own !== undefined) return continuePage(context, own, "On to your organisation's sign-in");
    if (!tenant.signIn.passwords) return emailPage(context, asked, { ways });
    return passwordPage(context, { ...asked, tenant: tenant.id }, { needsTenant: false });
  }),
);

signInRoutes.post(
  "/signin/password",
  pageHandler(async (context) => {
    const { env } = context;
    const form = await checkedForm(context);
    const asked = askedBy(form);
    await checkAddress(env, systemClock, context.req.header("cf-connecting-ip"));
    const tenant = await homeTenant(env, addressOf(context, asked));
    const user = tenant === undefined || !tenant.signIn.passwords ? undefined : await findUserByEmail(env, tenant.id, asked.email);
    const wait = await countTry(env, systemClock, "account", `${tenant?.id ?? asked.tenant}/${keyOf(asked.email)}`);
    // Whoever has to wait is told so, whether there is such a user or not; no work is done for them.
    const isRight = wait === undefined && (await isPasswordOf(env, systemClock, user, form.get("password") ?? ""));
    if (!isRight || user === undefined || tenant === undefined) {
      if (user !== undefined) context.executionCtx.waitUntil(recordSignIn(env, systemClock, user, "sign-in.failed"));
      return passwordPage(context, asked, { needsTenant: tenant === undefined, fault: WRONG, status: wait === undefined ? 401 : 429 });
    }
    return signIn(context, tenant, user, asked.returnTo);
  }),
);

/** The password was right: signs in, or goes on to the second factor. */
async function signIn(context: Context<HttpEnv>, tenant: Tenant, user: UserRow, to: string): Promise<Response> {
  const { env } = context;
  await Promise.all([noteRightPassword(env, systemClock, user), forgiveAddress(env, context.req.header("cf-connecting-ip"))]);
  const isPending = await needsSecondFactor(env, tenant, user);
  const session = await startBrowserSession(context, {
    tenant: tenant.id,
    user: parseId("user", user.id),
    amr: ["pwd"],
    authTime: systemClock.now(),
    ...(isPending ? { pending: "second-factor" as const } : {}),
  });
  await recordSignIn(env, systemClock, user, isPending ? "sign-in.password-right" : "sign-in.succeeded", session.id);
  return isPending ? context.redirect(`/signin/factor?${new URLSearchParams({ return_to: to })}`, 303) : goOn(context, to);
}

signInRoutes.get(
  "/signin/forgotten",
  pageHandler((context) => forgottenPage(context, askedBy(new Map(new URL(context.req.url).searchParams)))),
);

signInRoutes.post(
  "/signin/forgotten",
  pageHandler(async (context) => {
    const { env } = context;
    const asked = askedBy(await checkedForm(context));
    await checkAddress(env, systemClock, context.req.header("cf-connecting-ip"));
    const tenant = await homeTenant(env, addressOf(context, asked));
    const wait = await countTry(env, systemClock, "letter", `${tenant?.id ?? ""}/${keyOf(asked.email)}`);
    // After the answer, so that the time it takes says nothing of whether there is such a user.
    if (tenant?.signIn.passwords === true && wait === undefined) context.executionCtx.waitUntil(writeTo(context, tenant, asked.email));
    return letterSentPage(context);
  }),
);

async function writeTo(context: Context<HttpEnv>, tenant: Tenant, email: string): Promise<void> {
  const user = await findUserByEmail(context.env, tenant.id, email);
  if (user === undefined) return;
  await sendPasswordReset(context, user);
  await recordSignIn(context.env, systemClock, user, "password.reset-asked");
}

signInRoutes.get(
  "/signin/link/:token",
  pageHandler(async (context) => {
    const link = await findMailLink(context.env, systemClock, context.req.param("token") ?? "");
    if (link === undefined) return spentLinkPage(context);
    const action = new URL(context.req.url).pathname;
    const { email } = link.user;
    if (link.purpose === "address") return confirmAddressPage(context, { email, action });
    return newPasswordPage(context, { title: TITLES[link.purpose], email, action });
  }),
);

signInRoutes.post(
  "/signin/link/:token",
  pageHandler(async (context) => {
    const { env } = context;
    const form = await checkedForm(context);
    await checkAddress(env, systemClock, context.req.header("cf-connecting-ip"));
    const link = await findMailLink(env, systemClock, context.req.param("token") ?? "");
    if (link === undefined) return spentLinkPage(context);
    if (link.purpose === "address") {
      if (!(await spendMailLink(env, link))) return spentLinkPage(context);
      await updateUser(env, link.user, { emailVerifiedAt: systemClock.now() }, systemClock.now());
      await recordSignIn(env, systemClock, link.user, "address.confirmed");
      return messagePage(context, "Thank you", "Your address is confirmed.");
    }
    const outcome = await setPasswordByLink(env, systemClock, link, form.get("password") ?? "");
    if (outcome === "used") return spentLinkPage(context);
    if (outcome !== "done") {
      const action = new URL(context.req.url).pathname;
      return newPasswordPage(context, { title: TITLES[link.purpose], email: link.user.email, action, fault: outcome.fault });
    }
    await recordSignIn(env, systemClock, link.user, "password.set-by-link");
    return context.redirect(`/signin?${new URLSearchParams({ tenant: link.tenant, email: link.user.email })}`, 303);
  }),
);

signInRoutes.get(
  "/signin/signed-out",
  pageHandler((context) => messagePage(context, "Signed out", "You are signed out of this browser.")),
);

/** What the form or the address of a page says, each cut to what it may be. */
function askedBy(fields: ReadonlyMap<string, string>): { returnTo: string; tenant: string; email: string } {
  return {
    returnTo: returnTo(fields.get("return_to")),
    tenant: (fields.get("tenant") ?? "").trim().slice(0, 64),
    email: (fields.get("email") ?? fields.get("login_hint") ?? "").trim().slice(0, 254),
  };
}

function addressOf(context: Context<HttpEnv>, { tenant, email }: { tenant: string; email: string }) {
  return { host: new URL(context.req.url).hostname, tenant, email };
}
