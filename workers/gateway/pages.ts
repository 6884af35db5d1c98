import type { Context } from "hono";
import { REPORT_STYLE } from "../kamachiq/report-html.ts";
import { sha256Base64 } from "../platform/crypto.ts";
import { Problem } from "../platform/problem.ts";
import { type HttpEnv, newRouter } from "../platform/route.ts";

/**
 * The pages that people open in a browser: the console and the API reference. They are static files beside the Worker; every request
 * for them comes through here, so that each page has its own policy and no other path of the platform is ever answered by a file.
 */
export const pageRoutes = newRouter();

/** What a page may never do, whatever else it needs. */
const COMMON_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/**
 * Scripts and styles of our own files alone, and data from this host alone. A previewed report inherits the policy of the page that shows
 * it, so the one style sheet a report has is named by its hash.
 */
const CONSOLE_POLICY = [
  COMMON_POLICY,
  "script-src 'self'",
  `style-src 'self' 'sha256-${sha256Base64(REPORT_STYLE)}'`,
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "frame-src blob:",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");
/** The reference writes its style sheets into the page while it runs; scripts and data are this host's all the same. */
const REFERENCE_POLICY = [
  COMMON_POLICY,
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
].join("; ");

/** A file whose name holds its hash never changes. */
const HASHED = "public, max-age=31536000, immutable";
/** A page is asked for again each time; its ETag spares the bytes. */
const ASKED_AGAIN = "no-cache";

pageRoutes.get("/console/assets/:file", (context) => file(context, new URL(context.req.url).pathname, { "Cache-Control": HASHED }));
pageRoutes.get("/signin/assets/:file", (context) => file(context, new URL(context.req.url).pathname, { "Cache-Control": ASKED_AGAIN }));
for (const path of ["/console", "/console/*"]) {
  pageRoutes.get(path, (context) =>
    file(context, "/console/index.html", { "Content-Security-Policy": CONSOLE_POLICY, "Cache-Control": ASKED_AGAIN }),
  );
}
pageRoutes.get("/docs/:file", (context) => file(context, new URL(context.req.url).pathname, { "Cache-Control": ASKED_AGAIN }));
pageRoutes.get("/docs", (context) =>
  file(context, "/docs/index.html", { "Content-Security-Policy": REFERENCE_POLICY, "Cache-Control": ASKED_AGAIN }),
);

/** A static file with the headers given. @throws Problem `not-found`; `unavailable` when this deployment has no pages */
async function file(context: Context<HttpEnv>, path: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  const asked = new Request(new URL(path, context.req.url), { headers: conditions(context) });
  const found = await context.env.ASSETS.fetch(asked);
  if (found.status === 404 && path.endsWith("/index.html"))
    throw new Problem("unavailable", "This deployment was made without its pages; build them with `npm run build:pages`.");
  if (found.status === 404) throw new Problem("not-found", `There is no page ${path}.`);
  const answer = new Response(found.body, found);
  for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
  return answer;
}

/** What a browser asks a file under: only if it has changed. */
function conditions(context: Context<HttpEnv>): Record<string, string> {
  const tag = context.req.header("if-none-match");
  return tag === undefined ? {} : { "If-None-Match": tag };
}
