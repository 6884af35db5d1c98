import { spawn } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { z } from "zod";
import { ROOT } from "./build.ts";
import { migrate } from "./migrate.ts";
import type { StateFolder } from "./state.ts";

/** Settings that go from the environment to the Worker as they are. */
const PASSED_SETTINGS = [
  "SOMA_MODEL_BASE_URL",
  "SOMA_MODEL_API_KEY",
  "SOMA_MODEL_NAME",
  "SOMA_MODEL_NAMES",
  "SOMA_MODEL_INPUT_PRICE",
  "SOMA_MODEL_OUTPUT_PRICE",
  "SOMA_MODEL_FIRST_TOKEN_MS",
  "SOMA_MODEL_TOTAL_MS",
  "SOMA_OUTBOUND_ALLOW",
  "SOMA_A2A_CREDENTIALS",
  "SOMA_A2A_CONFORMANCE",
];
/** A log that has grown beyond this is set aside at the next start, in place of the one set aside before. */
const MAX_LOG_BYTES = 10_000_000;
/** What guarded fetches go out by: a name that was made to mean this machine or its network is refused when it is connected to. */
export const PUBLIC_NETWORK = { network: { allow: ["public"], tlsOptions: { trustBrowserCas: true } } };
/** As often as the cron trigger in wrangler.toml, which nobody rings on a laptop. */
const SWEEP_EVERY_MS = 3_600_000;
/** Of the script that does nothing while the database is brought up to the build. */
const COMPATIBILITY_DATE = "2026-10-01";
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The runtime with the Worker in it, and how it is ended. */
export interface Runtime {
  readonly miniflare: Miniflare;
  stop(): Promise<void>;
}

/** How the Worker reaches its pages, as wrangler.toml has it. */
const assetsSchema = z.object({
  binding: z.string(),
  run_worker_first: z.boolean(),
  routerConfig: z.object({ has_user_worker: z.boolean() }),
  assetConfig: z.object({ html_handling: z.literal("none") }),
});

/** What is run: the folder of the Worker, and that of the pages it serves. */
export interface Build {
  readonly worker: string;
  readonly pages: string;
}

/** Starts workerd with a build of the Worker, its bindings as wrangler.toml has them, and its data in the state folder. */
export function startRuntime(build: Build, state: StateFolder, port: number, inspectorPort?: number): Runtime {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, "wrangler.toml"));
  const { modulesRules: _rules, assets, ...declared } = workerOptions;
  const { masterKey, operatorToken } = state.secrets();
  const passed = PASSED_SETTINGS.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
  const log = logFile(state);
  const options = convertV4MiniflareOptions({
    host: "127.0.0.1",
    port,
    cf: false,
    log: new Log(LogLevel.NONE),
    ...(inspectorPort === undefined ? {} : { inspectorPort }),
    workers: [
      {
        ...declared,
        name: "somaagent",
        modules: modulesOf(build.worker),
        serviceBindings: { OUTBOUND: PUBLIC_NETWORK },
        assets: { ...assetsSchema.parse(assets), directory: keptPages(build.pages, state) },
        bindings: {
          ...z.record(z.string(), z.string()).parse(workerOptions.bindings ?? {}),
          ...Object.fromEntries(passed),
          SOMA_MASTER_KEY: masterKey,
          SOMA_OPERATOR_TOKEN: operatorToken,
        },
      },
    ],
  });
  const release = endWithThisProcess();
  const miniflare = keepingSignals(
    () =>
      new Miniflare({
        ...options,
        // The registry is for Workers that call each other across processes: two platforms on one machine must not.
        enableDevRegistry: false,
        resourcePersistencePath: join(state.path, "data"),
        handleStructuredLogs: ({ message }) => appendFileSync(log, `${message}\n`, { mode: 0o600 }),
      }),
  );
  const sweeps = setInterval(() => void sweep(miniflare), SWEEP_EVERY_MS);
  sweeps.unref();
  return {
    miniflare,
    async stop() {
      clearInterval(sweeps);
      await miniflare.dispose();
      release();
    },
  };
}

/**
 * Brings the database up to the build, in a runtime without the Worker, which must find every table when its alarms begin to fire. Nor could it be done
 * beside them: calls through Miniflare's proxies block this process, which would then not read what the Worker logs, and a full pipe blocks the Worker.
 */
export async function migrateData(state: StateFolder): Promise<void> {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, "wrangler.toml"));
  const d1Databases = z.record(z.string(), z.object({ id: z.string() })).parse(workerOptions.d1Databases);
  const modules = [{ type: "ESModule" as const, path: "index.js", contents: "export default {};" }];
  const workers = [{ name: "migrations", modules, compatibilityDate: COMPATIBILITY_DATE, d1Databases }];
  const options = convertV4MiniflareOptions({ host: "127.0.0.1", port: 0, cf: false, log: new Log(LogLevel.NONE), workers });
  const release = endWithThisProcess();
  const kept = { enableDevRegistry: false, resourcePersistencePath: join(state.path, "data") };
  const miniflare = keepingSignals(() => new Miniflare({ ...options, ...kept }));
  try {
    await migrate(miniflare);
  } finally {
    await miniflare.dispose();
    release();
  }
}

/** Rings the Worker's schedule. A sweep that fails is told in the log, and the next comes in an hour. */
async function sweep(miniflare: Miniflare): Promise<void> {
  await (await miniflare.getWorker()).scheduled({ cron: "17 * * * *" }).catch(() => undefined);
}

/**
 * Sees to it that no runtime outlives this process, however it ends: an orphan would go on working on the state that the next platform
 * opens. For each runtime that is started (the host starts another when one crashes) a shell waits for our end of a pipe to close, which
 * the system does for a killed process too, and then kills the runtime.
 * @returns what ends the watch
 */
function endWithThisProcess(): () => void {
  const onProcess = (message: unknown) => {
    const parsed = startedProcessSchema.safeParse(message);
    if (!parsed.success) return;
    const { process: child } = parsed.data;
    child.once("spawn", () => {
      if (child.pid === undefined || !/workerd(\.exe)?$/.test(child.spawnfile)) return;
      const guard = spawn("sh", ["-c", 'read -r _ || kill -KILL "$1"', "sh", String(child.pid)], {
        stdio: ["pipe", "ignore", "ignore"],
        detached: true, // Ctrl-C goes to everyone of a terminal's group; the guard is the last to leave.
      });
      guard.on("error", () => undefined); // Without a shell (Windows) a killed host leaves its runtime behind.
      guard.stdin.on("error", () => undefined);
      guard.unref();
      child.once("exit", () => guard.stdin.end("gone\n"));
    });
  };
  subscribe("child_process", onProcess);
  return () => unsubscribe("child_process", onProcess);
}

/** What the channel `child_process` of Node tells of each process that is started. */
const startedProcessSchema = z.object({
  process: z.custom<import("node:child_process").ChildProcess>(
    (value) => value instanceof Object && "spawnfile" in value && "once" in value,
  ),
});

/** Makes a Miniflare that leaves the signals of this process alone: it would end the process at once, before anyone could stop in order. */
function keepingSignals(make: () => Miniflare): Miniflare {
  const before = SIGNALS.map((signal) => new Set(process.listeners(signal)));
  const miniflare = make();
  SIGNALS.forEach((signal, i) => {
    for (const listener of process.listeners(signal)) if (before[i]?.has(listener) === false) process.removeListener(signal, listener);
  });
  return miniflare;
}

function logFile(state: StateFolder): string {
  const file = join(state.path, "platform.log");
  if (existsSync(file) && statSync(file).size > MAX_LOG_BYTES) renameSync(file, `${file}.1`);
  return file;
}

/** The pages in the state folder: they are read as they are asked for, and a build may be cleared away while the platform runs. */
function keptPages(pages: string, state: StateFolder): string {
  const kept = join(state.path, "pages");
  rmSync(kept, { recursive: true, force: true });
  cpSync(pages, kept, { recursive: true });
  return kept;
}

/** The modules of a build: the script first, then the texts and WebAssembly it imports. */
export function modulesOf(build: string) {
  const others = readdirSync(build).filter((name) => !/^(index\.js|index\.js\.map|README\.md)$/.test(name));
  return [
    { type: "ESModule" as const, path: "index.js", contents: readFileSync(join(build, "index.js"), "utf8") },
    ...others.map((name) =>
      name.endsWith(".wasm")
        ? { type: "CompiledWasm" as const, path: name, contents: readFileSync(join(build, name)) }
        : { type: "Text" as const, path: name, contents: readFileSync(join(build, name), "utf8") },
    ),
  ];
}
