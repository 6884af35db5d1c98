import type { Context } from "hono";
import { putBounded } from "../platform/bounded-map.ts";
import { systemClock } from "../platform/clock.ts";
import { Problem } from "../platform/problem.ts";
import { type HttpEnv, newRouter } from "../platform/route.ts";
import { isLogId, logIdOf, logKeys } from "./log/log-name.ts";

/**
 * The published form of the logs (C2SP tlog-tiles): static files that anybody may get, without a credential, of the logs that their
 * tenants publish. They hold hashes alone.
 */
export const tlogRoutes = newRouter();

/** How long an isolate believes that a log is published, or is not. */
const PUBLISHED_CACHE_MS = 5_000;
/** Logs whose state an isolate remembers. */
const MAX_LOGS_IN_MEMORY = 2_000;
/** A tile or bundle of a number and width never changes. */
const IMMUTABLE = "public, max-age=31536000, immutable";
const A_MOMENT = "public, max-age=2";
const TILE_PATH = /^(\d|[1-5]\d|6[0-3]|entries)\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;
/** Bytes of what stands in a tile, and in a bundle with its length before it. */
const BYTES_OF = { hash: 32, entry: 34 };
const TILE_WIDTH = 256;

tlogRoutes.get("/tlog/:log/checkpoint", async (context) => {
  const log = await publishedLog(context, context.req.param("log"));
  const stored = await context.env.ARTIFACTS.get(logKeys.checkpoint(log));
  if (stored === null) throw nothing(context);
  return context.body(await stored.text(), 200, { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": A_MOMENT, ...OPEN });
});

tlogRoutes.get("/tlog/:log/tile/*", async (context) => {
  const log = await publishedLog(context, context.req.param("log"));
  const asked = TILE_PATH.exec(new URL(context.req.url).pathname.slice(`/tlog/${log}/tile/`.length));
  const [, level = "", number = "", digits] = asked ?? [];
  const width = digits === undefined ? TILE_WIDTH : Number(digits);
  if (asked === null || (digits !== undefined && width >= TILE_WIDTH)) throw nothing(context);
  const bytes = width * (level === "entries" ? BYTES_OF.entry : BYTES_OF.hash);
  const found = await tile(context.env.ARTIFACTS, `tlog/${log}/tile/${level}/${number}`, bytes, width);
  if (found === undefined) throw nothing(context);
  return context.body(found, 200, { "Content-Type": "application/octet-stream", "Cache-Control": IMMUTABLE, ...OPEN });
});

/** Any page may read what is public. */
const OPEN = { "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin" };

/** So many bytes from the front of a tile: of the partial one, or of the full one that it has become. */
async function tile(bucket: R2Bucket, key: string, bytes: number, width: number): Promise<ArrayBuffer | undefined> {
  for (const stored of width < TILE_WIDTH ? [`${key}.p`, key] : [key]) {
    const found = await bucket.get(stored);
    if (found !== null && found.size >= bytes) return (await found.arrayBuffer()).slice(0, bytes);
  }
  return undefined;
}

const known = new WeakMap<object, Map<string, { readonly isPublished: boolean; readonly at: number }>>();

/** @throws Problem `not-found` when there is no such log, or its tenant keeps it to itself */
async function publishedLog(context: Context<HttpEnv>, log: string): Promise<string> {
  if (!isLogId(log)) throw nothing(context);
  const { env } = context;
  const logs = known.get(env.ARTIFACTS) ?? new Map<string, { isPublished: boolean; at: number }>();
  known.set(env.ARTIFACTS, logs);
  const now = systemClock.now();
  let state = logs.get(log);
  if (state === undefined || now - state.at > PUBLISHED_CACHE_MS) {
    state = { isPublished: (await env.ARTIFACTS.head(logKeys.published(log))) !== null, at: now };
    putBounded(logs, log, state, MAX_LOGS_IN_MEMORY);
  }
  if (!state.isPublished && !(await isOwn(context, log))) throw nothing(context);
  return log;
}

/** Whether the caller is of the tenant whose log this is, and may read it; whoever shows no credential is nobody. */
async function isOwn(context: Context<HttpEnv>, log: string): Promise<boolean> {
  if (context.req.header("authorization") === undefined) return false;
  await context.get("authorize")("audit.read");
  return logIdOf(context.get("principal").tenant) === log;
}

function nothing(context: Context<HttpEnv>): Problem {
  return new Problem("not-found", `There is nothing published at ${new URL(context.req.url).pathname}.`);
}
