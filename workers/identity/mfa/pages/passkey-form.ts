import type { Context } from "hono";
import { html } from "hono/html";
import { systemClock } from "../../../platform/clock.ts";
import type { HttpEnv } from "../../../platform/route.ts";
import type { Markup } from "../../pages/page.ts";
import { formTokenField } from "../../sign-in/form-guard.ts";
import { authenticationOptions } from "../passkeys/authenticate.ts";
import { relyingParty } from "../passkeys/challenge.ts";
import type { Person } from "../store.ts";

/** The static file that makes these forms work. */
export const PASSKEY_SCRIPT = "/signin/assets/passkeys.js";

/** A form that a passkey answers. */
interface PasskeyForm {
  readonly action: string;
  /** Make a new passkey, or prove one. */
  readonly kind: "create" | "get";
  readonly options: object;
  readonly ticket: string;
  /** What stands before the button. */
  readonly fields: Markup;
  readonly button: string;
}

/** A form that is hidden until the page's script has found that the browser knows passkeys. */
export function passkeyForm(context: Context<HttpEnv>, { action, kind, options, ticket, fields, button }: PasskeyForm): Markup {
  return html`<form class="panel" method="post" action="${action}" data-passkey="${kind}" data-options="${JSON.stringify(options)}" hidden>
${formTokenField(context)}
<input type="hidden" name="ticket" value="${ticket}">
<input type="hidden" name="response" value="">
${fields}
<button class="wide-button" type="submit">${button}</button>
<p class="hint" role="alert" data-trouble></p>
</form>`;
}

/** Signing in by a passkey alone, without a name: for the sign-in page. */
export async function passkeySignInForm(context: Context<HttpEnv>, returnTo: string): Promise<Markup> {
  return provingForm(context, "/signin/passkey", undefined, returnTo);
}

/** Proving one of a person's passkeys. */
export async function provingForm(
  context: Context<HttpEnv>,
  action: string,
  person: Person | undefined,
  returnTo: string,
): Promise<Markup> {
  const asked = await authenticationOptions(context.env, systemClock, relyingParty(context.req.url), person);
  const fields = html`<input type="hidden" name="method" value="passkey"><input type="hidden" name="return_to" value="${returnTo}">`;
  return passkeyForm(context, { action, kind: "get", ...asked, fields, button: "Use a passkey" });
}
