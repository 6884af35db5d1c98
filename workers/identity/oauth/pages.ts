import type { Context } from "hono";
import { html } from "hono/html";
import type { HttpEnv } from "../../platform/route.ts";
import { type Markup, page } from "../pages/page.ts";
import { formTokenField } from "../sign-in/form-guard.ts";
import type { OAuthClient } from "./client.ts";
import type { OAuthError } from "./oauth-error.ts";
import { scopeWords } from "./scope-words.ts";
import type { Scope } from "./scopes.ts";

/** A request that cannot be answered where it came from: whoever sent it may not have sent the user to themselves. */
export function refusalPage(context: Context<HttpEnv>, error: OAuthError): Promise<Response> {
  return page(context, {
    title: "This request cannot be answered",
    status: 400,
    body: html`<section>
<p>An application sent you here with a request that is not right, so nothing was sent back to it.</p>
<p class="trouble">${error.description}</p>
<p class="hint">Go back and try again. If it stays so, tell the makers of the application: <code>${error.code}</code>.</p>
</section>`,
  });
}

interface Asked {
  readonly client: OAuthClient;
  readonly scopes: readonly Scope[];
  /** Who is signed in, by their e-mail address. */
  readonly as: string;
}

/** Asks a user whether a client may do what it asks for. */
export function consentPage(
  context: Context<HttpEnv>,
  { client, scopes, as, ticket, redirectUri }: Asked & { readonly ticket: string; readonly redirectUri: string },
): Promise<Response> {
  return page(context, {
    title: `Allow ${client.name}?`,
    body: html`<form class="panel" method="post" action="/oauth/consent">
${formTokenField(context)}
<input type="hidden" name="ticket" value="${ticket}">
<p>${whoAsks(client)} asks to act for <strong>${as}</strong>. It will be able to:</p>
${scopeList(scopes)}
<p class="hint">Its answer goes to <code>${placeOf(redirectUri)}</code>.</p>
${answerButtons()}
</form>`,
  });
}

/** Asks a user for the code that a device shows. */
export function userCodePage(
  context: Context<HttpEnv>,
  { typed, trouble }: { readonly typed: string; readonly trouble?: string },
): Promise<Response> {
  return page(context, {
    title: "Sign in on a device",
    status: trouble === undefined ? 200 : 400,
    body: html`<form class="panel" method="post" action="/oauth/device">
${formTokenField(context)}
${trouble === undefined ? "" : html`<p class="trouble" role="alert">${trouble}</p>`}
<div class="field"><label for="user_code">The code that your device shows</label>
<input type="text" id="user_code" name="user_code" value="${typed}" required autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="16" ${trouble === undefined ? "" : html`aria-invalid="true"`}>
<p class="hint">Eight letters, like BCDF-GHJK. Type only a code from a device that is yours.</p></div>
<button type="submit" class="wide-button">Continue</button>
</form>`,
  });
}

/** Asks a user whether the device that shows a code is theirs, which the code alone does not say (RFC 8628 §5.4). */
export function deviceConsentPage(
  context: Context<HttpEnv>,
  { client, scopes, as, userCode }: Asked & { readonly userCode: string },
): Promise<Response> {
  return page(context, {
    title: `Allow ${client.name}?`,
    body: html`<form class="panel" method="post" action="/oauth/device">
${formTokenField(context)}
<input type="hidden" name="user_code" value="${userCode}">
<p class="trouble">Go on only if your own device shows <strong>${userCode}</strong> now. If somebody sent you this code or a link with it, refuse: they would be signed in as you.</p>
<p>${whoAsks(client)} on that device asks to act for <strong>${as}</strong>. It will be able to:</p>
${scopeList(scopes)}
${answerButtons()}
</form>`,
  });
}

/** Says that something is done and that nothing more is to be done here. */
export function donePage(context: Context<HttpEnv>, title: string, words: string): Promise<Response> {
  return page(context, { title, body: html`<section><p class="done" role="status">${words}</p></section>` });
}

/** Asks whether a user wants to sign out, when the request does not show that it comes from a client of theirs. */
export function signOutPage(context: Context<HttpEnv>, parameters: ReadonlyMap<string, string>): Promise<Response> {
  const kept = ["client_id", "post_logout_redirect_uri", "state"];
  return page(context, {
    title: "Sign out?",
    body: html`<form class="panel" method="post" action="/oauth/end-session">
${formTokenField(context)}
${kept.map((name) => (parameters.has(name) ? html`<input type="hidden" name="${name}" value="${parameters.get(name) ?? ""}">` : ""))}
<p>You will be signed out of SomaAgent in this browser.</p>
<button type="submit">Sign out</button>
</form>`,
  });
}

function whoAsks(client: OAuthClient): Markup {
  const name = html`<strong>${client.name}</strong>`;
  if (client.origin !== "document") return name;
  return html`${name}, which describes itself at <code>${new URL(client.id).host}</code> and which nobody here has checked,`;
}

/** Names of a redirect URI that a person can judge: where the answer goes. */
function placeOf(redirectUri: string): string {
  const { protocol, host } = new URL(redirectUri);
  if (protocol === "https:") return host;
  return protocol === "http:" ? "a program on this computer" : `the app that owns ${protocol}`;
}

function scopeList(scopes: readonly Scope[]): Markup {
  return html`<ul>${scopes.map((scope) => html`<li>${scopeWords(scope)}</li>`)}</ul>`;
}

function answerButtons(): Markup {
  return html`<p class="row"><button type="submit" name="answer" value="allow">Allow</button>
<button type="submit" name="answer" value="deny" class="quiet">Refuse</button></p>`;
}
