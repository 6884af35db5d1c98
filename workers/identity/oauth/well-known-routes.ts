import type { Context } from "hono";
import { type HttpEnv, newRouter } from "../../platform/route.ts";
import { resourceMetadata, serverMetadata } from "./metadata.ts";

/** Documents that clients find everything else by. */
export const wellKnownRoutes = newRouter();

for (const path of ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"])
  wellKnownRoutes.get(path, (context) => document(context, serverMetadata));
wellKnownRoutes.get("/.well-known/oauth-protected-resource", (context) => document(context, resourceMetadata));

function document(context: Context<HttpEnv>, of: (issuer: string) => Record<string, unknown>): Response {
  // Clients in browsers read it too, whatever page they are part of: there is nothing in it that is not public.
  return context.json(of(new URL(context.req.url).origin), 200, {
    "Cache-Control": "public, max-age=60",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
  });
}
