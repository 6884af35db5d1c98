import type { Context } from "hono";
import { html, raw } from "hono/html";
import { systemClock } from "../../../platform/clock.ts";
import { Problem } from "../../../platform/problem.ts";
import { type HttpEnv, newRouter } from "../../../platform/route.ts";
import { type Markup, page } from "../../pages/page.ts";
import { noteSecondFactor } from "../../sign-in/browser-session.ts";
import { checkedForm, formTokenField } from "../../sign-in/form-guard.ts";
import { readUser } from "../../users/store.ts";
import { type Factors, factorsOf, methodsOf } from "../factors.ts";
import { relyingParty } from "../passkeys/challenge.ts";
import { registerPasskey, registrationOptions } from "../passkeys/register.ts";
import { newRecoveryCodes } from "../recovery-codes.ts";
import { deletePasskey, deleteTotp, type PasskeyRow, renamePasskey } from "../store.ts";
import { confirmsAuthenticator, enrolAuthenticator } from "../totp/authenticator.ts";
import { type Fields, registrationOfForm } from "./form-proof.ts";
import { PASSKEY_SCRIPT, passkeyForm } from "./passkey-form.ts";
import { isStepUpFresh, type PageVisitor, recordVisit, visitorOf } from "./signed-in-person.ts";

/** A person's own second factors. Whoever signs in where one is required and has none sets it up here, before being signed in. */
export const factorAccountRoutes = newRouter();

const PATH = "/account/factors";
const MAX_NAME_CHARACTERS = 100;

factorAccountRoutes.get(PATH, async (context) => {
  const visitor = await visitorOf(context);
  if (visitor === undefined) return context.redirect(`/signin?return_to=${encodeURIComponent(PATH)}`, 303);
  const factors = await factorsOf(context.env, visitor.session);
  return needsStepUp(visitor, factors) ? context.redirect(stepUpPath(), 303) : listPage(context, visitor, factors, undefined);
});

factorAccountRoutes.post(PATH, async (context) => {
  const fields = await checkedForm(context);
  const visitor = await visitorOf(context);
  if (visitor === undefined) return context.redirect(`/signin?return_to=${encodeURIComponent(PATH)}`, 303);
  const factors = await factorsOf(context.env, visitor.session);
  if (needsStepUp(visitor, factors)) return context.redirect(stepUpPath(), 303);
  try {
    return await changed(context, visitor, fields);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return listPage(context, visitor, factors, error.detail);
  }
});

/** Whoever has a factor proves it before any of them is seen or changed. */
function needsStepUp({ session, isPending }: PageVisitor, { totpSince, passkeys }: Factors): boolean {
  return (totpSince !== undefined || passkeys.length > 0) && (isPending || !isStepUpFresh(session));
}

function stepUpPath(): string {
  return `/signin/factor?return_to=${encodeURIComponent(PATH)}`;
}

/** Does what a form of the page asks for. */
async function changed(context: Context<HttpEnv>, visitor: PageVisitor, fields: Fields): Promise<Response> {
  const { env } = context;
  const { session } = visitor;
  const id = fields.get("id") ?? "";
  switch (fields.get("action")) {
    case "enrol":
      return enrolPage(context, visitor);
    case "confirm": {
      if (!(await confirmsAuthenticator(env, systemClock, session, (fields.get("code") ?? "").replaceAll(" ", ""))))
        throw new Problem(
          "wrong-factor",
          "The code was not that of the new authenticator app. Set it up again, and check the clock of its device.",
        );
      await proved(context, visitor, ["otp"], "authenticator.confirmed", session.user);
      return codesPage(context, await newRecoveryCodes(env, session));
    }
    case "register-passkey": {
      const response = registrationOfForm(fields);
      if (response === undefined) throw new Problem("invalid-request", "The browser did not make a passkey; try again.");
      const registration = { name: nameOf(fields), ticket: fields.get("ticket") ?? "", response };
      const row = await registerPasskey(env, systemClock, session, relyingParty(context.req.url), registration);
      await proved(context, visitor, methodsOf(row), "passkey.registered", row.id);
      break;
    }
    case "rename-passkey":
      await renamePasskey(env, session, id, nameOf(fields));
      await recordVisit(context, session, "passkey.renamed", id);
      break;
    case "remove-passkey":
      await deletePasskey(env, session, id);
      await recordVisit(context, session, "passkey.removed", id);
      break;
    case "remove-authenticator":
      await deleteTotp(env, session);
      await recordVisit(context, session, "authenticator.removed", session.user);
      break;
    case "recovery-codes":
      await recordVisit(context, session, "recovery-codes.made", session.user);
      return codesPage(context, await newRecoveryCodes(env, session));
    default:
      throw new Problem("invalid-request", "The page did not understand that; try again.");
  }
  return context.redirect(PATH, 303);
}

/** A factor that was just set up was proved by it. */
async function proved(
  context: Context<HttpEnv>,
  { session }: PageVisitor,
  amr: readonly string[],
  action: string,
  resource: string,
): Promise<void> {
  await noteSecondFactor(context, amr);
  await recordVisit(context, session, action, resource);
}

function nameOf(fields: Fields): string {
  return (fields.get("name") ?? "").trim().slice(0, MAX_NAME_CHARACTERS) || "Passkey";
}

async function listPage(
  context: Context<HttpEnv>,
  { session }: PageVisitor,
  factors: Factors,
  trouble: string | undefined,
): Promise<Response> {
  const { totpSince, passkeys, recoveryCodesLeft } = factors;
  const user = await readUser(context.env, session.tenant, session.user);
  const party = relyingParty(context.req.url);
  const asked = await registrationOptions(context.env, systemClock, session, user?.email ?? session.user, party);
  const name = html`<div class="field"><label for="passkey-name">Name of the new passkey</label>
<input id="passkey-name" name="name" type="text" maxlength="${MAX_NAME_CHARACTERS}" placeholder="My phone">
<input type="hidden" name="action" value="register-passkey"></div>`;
  return page(context, {
    title: "Second factors",
    status: trouble === undefined ? 200 : 400,
    width: "wide",
    scripts: [PASSKEY_SCRIPT],
    body: html`${trouble === undefined ? "" : html`<p class="trouble" role="alert">${trouble}</p>`}
<h2>Passkeys</h2>
<section><ul class="plain">${passkeys.map((passkey) => passkeyItem(context, passkey))}</ul>
${passkeys.length === 0 ? html`<p>You have none yet. A passkey signs you in by your device, without a password.</p>` : ""}</section>
${passkeyForm(context, { action: PATH, kind: "create", ...asked, fields: name, button: "Add a passkey" })}
<h2>Authenticator app</h2>
<section>${
      totpSince === undefined
        ? button(context, { action: "enrol", label: "Set up an authenticator app" })
        : html`<p>Set up on ${new Date(totpSince).toISOString().slice(0, 10)}.</p>${button(context, { action: "remove-authenticator", label: "Remove it", look: "danger" })}`
    }</section>
<h2>Recovery codes</h2>
<section><p>${recoveryCodesLeft} left. Each lets you in once, when you have lost the rest.</p>
${totpSince === undefined && passkeys.length === 0 ? "" : button(context, { action: "recovery-codes", label: "Make new ones", look: "quiet" })}</section>
<p class="below"><a href="/account">Back to your account</a></p>`,
  });
}

function passkeyItem(context: Context<HttpEnv>, { id, name, rpId, createdAt, isBackedUp }: PasskeyRow): Markup {
  return html`<li><div class="row"><div><strong>${name}</strong>
<p class="hint">For ${rpId}, since ${new Date(createdAt).toISOString().slice(0, 10)}${isBackedUp ? ", synchronised between devices" : ""}</p></div>
<details><summary>Change</summary><form method="post" action="${PATH}">${formTokenField(context)}
<input type="hidden" name="action" value="rename-passkey"><input type="hidden" name="id" value="${id}">
<div class="field"><label for="name-${id}">Name</label><input id="name-${id}" name="name" type="text" value="${name}" maxlength="${MAX_NAME_CHARACTERS}" required></div>
<button class="quiet" type="submit">Rename</button></form>
${button(context, { action: "remove-passkey", label: "Remove", look: "danger", id })}</details></div></li>`;
}

interface Button {
  readonly action: string;
  readonly label: string;
  readonly look?: "quiet" | "danger";
  readonly id?: string;
}

function button(context: Context<HttpEnv>, { action, label, look, id }: Button): Markup {
  return html`<form method="post" action="${PATH}">${formTokenField(context)}
<input type="hidden" name="action" value="${action}">${id === undefined ? "" : html`<input type="hidden" name="id" value="${id}">`}
<button${look === undefined ? "" : html` class="${look}"`} type="submit">${label}</button></form>`;
}

async function enrolPage(context: Context<HttpEnv>, { session }: PageVisitor): Promise<Response> {
  const user = await readUser(context.env, session.tenant, session.user);
  const { secret, qrSvg } = await enrolAuthenticator(context.env, systemClock, session, user?.email ?? session.user);
  return page(context, {
    title: "Set up an authenticator app",
    body: html`<form class="panel" method="post" action="${PATH}">${formTokenField(context)}
<p>Scan this with your authenticator app, or type the key into it.</p>
<div class="qr" role="img" aria-label="QR code of the key">${raw(qrSvg)}</div>
<p>Key: <code>${secret.replace(/(.{4})(?=.)/g, "$1 ")}</code></p>
<input type="hidden" name="action" value="confirm">
<div class="field"><label for="code">The code that the app shows now</label>
<input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" maxlength="7" required></div>
<button class="wide-button" type="submit">Confirm</button></form>`,
  });
}

function codesPage(context: Context<HttpEnv>, codes: readonly string[]): Promise<Response> {
  return page(context, {
    title: "Your recovery codes",
    body: html`<section><p>Keep these where you find them without your phone. They are shown this once, and each lets you in once.</p>
<ul class="plain">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ul></section>
<p class="below"><a href="${PATH}">I have kept them</a></p>`,
  });
}
