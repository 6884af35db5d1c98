import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { build as bundle } from "esbuild";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { z } from "zod";
import { buildWorker, ROOT } from "../clients/cli/platform/build.ts";
import { migrate } from "../clients/cli/platform/migrate.ts";
import { modulesOf } from "../clients/cli/platform/runtime.ts";

/** Nothing outside this machine takes part. */
const HOST = "127.0.0.1";
const COMPATIBILITY = { compatibilityDate: "2026-10-01", compatibilityFlags: ["nodejs_compat"] };

type WorkerOptions = Extract<Parameters<typeof convertV4MiniflareOptions>[0], { workers: unknown }>["workers"][number];
export type ServedWorker = WorkerOptions & { name: string };

export interface Served {
  /** The address of a worker's own socket in workerd: no proxy stands before it. */
  url(name: string): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Serves workers side by side in one workerd, each at a socket of its own. State is kept in a temporary folder.
 * @throws Error when workerd refuses one of them
 */
export async function serve(workers: readonly ServedWorker[]): Promise<Served> {
  process.env.SOMA_BENCH_WORKERD = join(ROOT, "node_modules/workerd/bin/workerd");
  process.env.MINIFLARE_WORKERD_PATH = join(import.meta.dirname, "workerd.sh");
  const options = convertV4MiniflareOptions({
    host: HOST,
    port: 0,
    cf: false,
    log: new Log(LogLevel.NONE),
    workers: workers.map((worker) => ({ ...worker, unsafeDirectSockets: [{ host: HOST, port: 0 }] })),
  });
  const miniflare = new Miniflare({ ...options, enableDevRegistry: false, handleStructuredLogs: () => undefined });
  await miniflare.ready;
  if (workers.some(({ d1Databases }) => d1Databases !== undefined)) await migrate(miniflare);
  return {
    url: async (name) => (await miniflare.unsafeGetDirectURL(name)).href.replace(/\/$/, ""),
    stop: () => miniflare.dispose(),
  };
}

/** The platform as it is deployed, or another build of it, with every binding of wrangler.toml. */
export async function platformWorker(operatorToken: string, folder?: string): Promise<ServedWorker> {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, "wrangler.toml"));
  // Static pages take no part: with them Miniflare puts a router of its own before the Worker, which is what must not be measured.
  const { modulesRules: _rules, assets: _assets, ...declared } = workerOptions;
  return {
    ...declared,
    name: "platform",
    modules: modulesOf(folder ?? (await buildWorker())),
    bindings: {
      ...z.record(z.string(), z.string()).parse(workerOptions.bindings ?? {}),
      SOMA_MASTER_KEY: randomBytes(32).toString("base64"),
      SOMA_OPERATOR_TOKEN: operatorToken,
    },
  };
}

/** The platform's script without what it is bound to: enough to be started. */
export async function platformScript(): Promise<ServedWorker> {
  return { ...COMPATIBILITY, name: "platform", modules: modulesOf(await buildWorker()) };
}

/** A Worker that does nothing but answer. */
export function emptyWorker(): ServedWorker {
  const contents = 'export default { fetch: () => new Response("ok") };';
  return { ...COMPATIBILITY, name: "empty", modules: [{ type: "ESModule", path: "index.js", contents }] };
}

/** A small worker of one script, with no more bindings than are named. */
export async function scriptWorker(name: string, entry: string, bindings: Partial<WorkerOptions> = {}): Promise<ServedWorker> {
  const { outputFiles } = await bundle({
    entryPoints: [join(ROOT, entry)],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
  });
  const contents = outputFiles[0]?.text ?? "";
  return { ...COMPATIBILITY, ...bindings, name, modules: [{ type: "ESModule", path: "index.js", contents }] };
}

/** A secret for the operator of a platform that lives as long as its measurement. */
export function newOperatorToken(): string {
  return randomBytes(32).toString("base64url");
}
