import type { Context } from "hono";
import { html } from "hono/html";
import type { HttpEnv } from "../../platform/route.ts";
import { formTokenField } from "../sign-in/form-guard.ts";
import { MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS } from "../sign-in/password-rules.ts";
import { continuePage, type Markup, page } from "./page.ts";
import { done, trouble } from "./trouble.ts";

/** What the sign-in forms hand on to each other. */
export interface Asked {
  readonly returnTo: string;
  /** A tenant's id as it was given; empty when none was. */
  readonly tenant: string;
  readonly email: string;
}

/** Another way in that the page offers. */
export interface OtherWay {
  readonly name: string;
  readonly address: string;
}

export function emailPage(
  context: Context<HttpEnv>,
  asked: Asked,
  extra: { readonly ways: readonly OtherWay[]; readonly body?: Markup; readonly scripts?: readonly string[] },
): Promise<Response> {
  return page(context, {
    title: "Sign in",
    ...(extra.scripts === undefined ? {} : { scripts: extra.scripts }),
    body: html`<form class="panel" method="post" action="/signin">
${formTokenField(context)}${hidden(asked, ["returnTo", "tenant"])}
<div class="field"><label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username webauthn" required maxlength="254" value="${asked.email}" autofocus></div>
<button class="wide-button">Continue</button>
</form>
${extra.ways.map((way) => html`<p class="below"><a href="${way.address}">Sign in with ${way.name}</a></p>`)}
<p class="below"><a href="/signin/passkey?${new URLSearchParams({ return_to: asked.returnTo })}">Sign in with a passkey</a></p>
${extra.body ?? ""}`,
  });
}

/** `needsTenant`: nothing says which organisation it is, so the person has to. */
export function passwordPage(
  context: Context<HttpEnv>,
  asked: Asked,
  { needsTenant, fault, status }: { readonly needsTenant: boolean; readonly fault?: string; readonly status?: 401 | 429 },
): Promise<Response> {
  return page(context, {
    title: "Enter your password",
    ...(status === undefined ? {} : { status }),
    body: html`${trouble(fault)}<form class="panel" method="post" action="/signin/password">
${formTokenField(context)}${hidden(asked, needsTenant ? ["returnTo"] : ["returnTo", "tenant"])}
<div class="field"><label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="254" value="${asked.email}"></div>
${
  needsTenant
    ? html`<div class="field"><label for="tenant">Organisation</label>
<input id="tenant" name="tenant" type="text" required maxlength="64" value="${asked.tenant}" spellcheck="false" aria-describedby="tenant-hint">
<p class="hint" id="tenant-hint">Its id, which begins with ten_. Your invitation leads here with it.</p></div>`
    : ""
}
<div class="field"><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="${MAX_PASSWORD_CHARACTERS}" autofocus></div>
<button class="wide-button">Sign in</button>
</form>
<p class="below"><a href="/signin/forgotten?${new URLSearchParams({ tenant: asked.tenant, email: asked.email })}">I have forgotten my password</a></p>`,
  });
}

export function forgottenPage(context: Context<HttpEnv>, asked: Pick<Asked, "tenant" | "email">): Promise<Response> {
  return page(context, {
    title: "Set a new password",
    body: html`<form class="panel" method="post" action="/signin/forgotten">
${formTokenField(context)}${hidden({ ...asked, returnTo: "" }, ["tenant"])}
<p>We send you a letter with a link that opens once, within 30 minutes.</p>
<div class="field"><label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="254" value="${asked.email}"></div>
<button class="wide-button">Send the letter</button>
</form>`,
  });
}

/** The same words whether there is such a user or not. */
export function letterSentPage(context: Context<HttpEnv>): Promise<Response> {
  return page(context, {
    title: "Look into your mail",
    body: html`<section><p>If we know this address, a letter with a link is on its way to it.</p><p><a href="/signin">Back to the sign-in page</a></p></section>`,
  });
}

/** The page behind the link of a letter. `action` is its own address. */
export function newPasswordPage(
  context: Context<HttpEnv>,
  { title, email, action, fault }: { readonly title: string; readonly email: string; readonly action: string; readonly fault?: string },
): Promise<Response> {
  return page(context, {
    title,
    ...(fault === undefined ? {} : { status: 400 }),
    body: html`${trouble(fault)}<form class="panel" method="post" action="${action}">
${formTokenField(context)}
<input type="hidden" name="username" autocomplete="username" value="${email}">
<p>For ${email}.</p>
${newPasswordField("password", "New password")}
<button class="wide-button">Keep this password</button>
</form>`,
  });
}

/** The field of a new password, as NIST SP 800-63B-4 has it: pasting and password managers welcome, no rule of composition. */
export function newPasswordField(name: string, label: string): Markup {
  return html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="password" autocomplete="new-password" required minlength="${MIN_PASSWORD_CHARACTERS}" maxlength="${MAX_PASSWORD_CHARACTERS}" aria-describedby="${name}-hint">
<p class="hint" id="${name}-hint">At least ${MIN_PASSWORD_CHARACTERS} characters, of any kind: a few words in a row will do.</p></div>`;
}

/** The page behind a link that confirms an address: a press of a button, since programs that look at letters open links too. */
export function confirmAddressPage(
  context: Context<HttpEnv>,
  { email, action }: { readonly email: string; readonly action: string },
): Promise<Response> {
  return page(context, {
    title: "Confirm your address",
    body: html`<form class="panel" method="post" action="${action}">${formTokenField(context)}<p>Is ${email} yours?</p><button>Yes, it is mine</button></form>`,
  });
}

export function spentLinkPage(context: Context<HttpEnv>): Promise<Response> {
  return page(context, {
    title: "This link opens nothing",
    status: 404,
    body: html`<section><p>It was used, has ended, or a newer letter took its place.</p><p><a href="/signin/forgotten">Send a new letter</a></p></section>`,
  });
}

export function messagePage(context: Context<HttpEnv>, title: string, text: string): Promise<Response> {
  return page(context, { title, body: html`${done(text)}<p><a class="button" href="/signin">Sign in</a></p>` });
}

/** On to where somebody wanted to go: straight to a page of ours, by a page in between where that may lead to another host. */
export function goOn(context: Context<HttpEnv>, returnTo: string): Response | Promise<Response> {
  return returnTo.startsWith("/oauth/") || returnTo.startsWith("/signin/federation/")
    ? continuePage(context, returnTo, "You are signed in")
    : context.redirect(returnTo, 303);
}

function hidden(asked: Asked, names: readonly ("returnTo" | "tenant" | "email")[]): Markup[] {
  const fields = { returnTo: "return_to", tenant: "tenant", email: "email" } as const;
  return names.map((name) => html`<input type="hidden" name="${fields[name]}" value="${asked[name]}">`);
}
