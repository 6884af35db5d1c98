import type { Context } from "hono";
import { html, raw } from "hono/html";
import { sha256Base64 } from "../../platform/crypto.ts";
import type { HttpEnv } from "../../platform/route.ts";
import { PAGE_STYLE } from "./style.ts";

/** What `html` of hono makes: every value put into it is escaped, unless it was made by `html` itself. */
export type Markup = ReturnType<typeof html>;

export interface Page {
  readonly title: string;
  readonly body: Markup;
  readonly status?: 200 | 400 | 401 | 403 | 404 | 429;
  /** Static files of ours (`/signin/assets/…`) that the page runs; none where it works by forms alone. */
  readonly scripts?: readonly string[];
  /** `wide` for lists. */
  readonly width?: "wide";
  /** Goes on by itself: see `continuePage`. */
  readonly goesTo?: string;
}

const STYLE_SOURCE = `'sha256-${sha256Base64(PAGE_STYLE)}'`;

/** Forms go to us alone, nothing is loaded from elsewhere, nobody frames the page, and no script stands in it. */
function policyOf(scripts: readonly string[]): string {
  return [
    "default-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    `style-src ${STYLE_SOURCE}`,
    "img-src 'self' data:",
    ...(scripts.length === 0 ? [] : ["script-src 'self'", "connect-src 'self'"]),
  ].join("; ");
}

/** A page of ours: plain HTML under a strict policy, never kept, whole without any script. */
export async function page(context: Context<HttpEnv>, { title, body, status, scripts, width, goesTo }: Page): Promise<Response> {
  const files = scripts ?? [];
  const document = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${goesTo === undefined ? "" : html`<meta http-equiv="refresh" content="0;url=${goesTo}">`}
<title>${title} · SomaAgent</title>
<style>${raw(PAGE_STYLE)}</style>
${files.map((file) => html`<script src="${file}" defer></script>`)}
</head>
<body>
<main${width === "wide" ? raw(' class="wide"') : ""}>
<p class="brand">SomaAgent</p>
<h1>${title}</h1>
${body}
</main>
</body>
</html>`;
  return context.html(document, status ?? 200, {
    "Content-Security-Policy": policyOf(files),
    // `same-origin` and not `no-referrer`: under that a browser sends `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
  });
}

/**
 * A page that goes on to another address by itself, and by a link where that is switched off. It stands between a form and an address of
 * somebody else: browsers hold a form's redirects to `form-action`, which is ours alone.
 */
export function continuePage(context: Context<HttpEnv>, to: string, title: string): Promise<Response> {
  return page(context, {
    title,
    goesTo: to,
    body: html`<section><p><a href="${to}">Continue</a> if nothing happens by itself.</p></section>`,
  });
}
