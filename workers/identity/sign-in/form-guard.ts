import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { html } from "hono/html";
import { readBounded } from "../../platform/bounded-body.ts";
import { digestsEqual, randomToken, sha256Hex } from "../../platform/crypto.ts";
import { Problem } from "../../platform/problem.ts";
import type { HttpEnv } from "../../platform/route.ts";
import type { Markup } from "../pages/page.ts";

/** Set before a form is shown, so that a form can be told to have come from a page that this browser was given. */
const COOKIE = "__Host-soma-form";
export const FORM_TOKEN_FIELD = "form_token";
/** A form of ours has a dozen short fields. */
const MAX_FORM_BYTES = 32_768;

/** The hidden field that every form of ours carries; gives the browser its cookie when it has none. */
export function formTokenField(context: Context<HttpEnv>): Markup {
  return html`<input type="hidden" name="${FORM_TOKEN_FIELD}" value="${formToken(context)}">`;
}

/** The token of this browser's forms. */
export function formToken(context: Context<HttpEnv>): string {
  const known = getCookie(context, COOKIE);
  const secret = known !== undefined && isSecret(known) ? known : randomToken(32);
  if (secret !== known) setCookie(context, COOKIE, secret, { path: "/", secure: true, httpOnly: true, sameSite: "Strict" });
  return tokenOf(secret);
}

/**
 * The fields of a form that was sent from a page of ours in this browser (no request forgery, also none that signs somebody in as
 * another): it says that it comes from this origin, and it carries the token of the browser's cookie.
 * @throws Problem `forbidden`, `payload-too-large`, `unsupported-media-type`
 */
export async function checkedForm(context: Context<HttpEnv>): Promise<ReadonlyMap<string, string>> {
  const { req } = context;
  if (!isOwnOrigin(req.url, req.header("origin"), req.header("sec-fetch-site"))) throw forged();
  if (req.header("content-type")?.split(";")[0]?.trim().toLowerCase() !== "application/x-www-form-urlencoded")
    throw new Problem("unsupported-media-type", "Forms are sent as application/x-www-form-urlencoded.");
  const text = new TextDecoder().decode(await readBounded(req.raw, MAX_FORM_BYTES));
  const fields = new Map(new URLSearchParams(text));
  const secret = getCookie(context, COOKIE);
  if (secret === undefined || !isSecret(secret) || !digestsEqual(tokenOf(secret), fields.get(FORM_TOKEN_FIELD) ?? "")) throw forged();
  return fields;
}

/** A form says where it comes from by `Origin`; the browsers that leave that out say `Sec-Fetch-Site`. */
function isOwnOrigin(url: string, origin: string | undefined, site: string | undefined): boolean {
  return origin === undefined ? site === "same-origin" : origin === new URL(url).origin;
}

function isSecret(value: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(value);
}

function tokenOf(secret: string): string {
  return sha256Hex(`form\n${secret}`);
}

function forged(): Problem {
  return new Problem(
    "forbidden",
    "The form did not come from a page of this platform, or is too old; open the page again and send it from there.",
  );
}
