import { appendFileSync, globSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { z } from "zod";
import { buildWorker, ROOT } from "./build.ts";
import { StateFolder } from "./state.ts";

export const DEFAULT_PORT = 8787;
/** Ports tried from the default on, when none was asked for. */
const PORTS_TRIED = 50;
/** Settings that go from the environment to the Worker as they are. */
const PASSED_SETTINGS = [
  "SOMA_MODEL_BASE_URL",
  "SOMA_MODEL_API_KEY",
  "SOMA_MODEL_NAME",
  "SOMA_MODEL_INPUT_PRICE",
  "SOMA_MODEL_OUTPUT_PRICE",
  "SOMA_OUTBOUND_ALLOW",
];

export interface PlatformOptions {
  /** 0 for any free port; undefined for the default or the next free one. */
  readonly port: number | undefined;
  readonly state: string;
}

export interface RunningPlatform {
  readonly url: string;
  readonly console: string;
  readonly tenant: string;
  readonly apiKey: string;
  stop(): Promise<void>;
}

/**
 * Starts the whole platform on this machine: the Worker as it is deployed, in the runtime it is deployed to, with its objects,
 * database, storage and queues in one folder.
 * @throws Error saying what to do: the port is taken, the folder is in use, the build fails
 */
export async function startPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const state = new StateFolder(options.state);
  state.lock();
  try {
    const port = await choosePort(options.port);
    const miniflare = await boot(await buildWorker(), state, port);
    try {
      const url = `http://127.0.0.1:${new URL((await miniflare.ready).href).port}`;
      await migrate(miniflare);
      const { tenant, apiKey } = state.tenant() ?? (await makeTenant(url, state));
      return {
        url,
        console: `${url}/console`,
        tenant,
        apiKey,
        async stop() {
          await miniflare.dispose();
          state.unlock();
        },
      };
    } catch (error) {
      await miniflare.dispose();
      throw error;
    }
  } catch (error) {
    state.unlock();
    throw error;
  }
}

async function boot(build: string, state: StateFolder, port: number): Promise<Miniflare> {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, "wrangler.toml"));
  const { modulesRules: _rules, ...declared } = workerOptions;
  const { masterKey, operatorToken } = state.secrets();
  const passed = PASSED_SETTINGS.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
  const logFile = join(state.path, "platform.log");
  const options = convertV4MiniflareOptions({
    host: "127.0.0.1",
    port,
    cf: false,
    log: new Log(LogLevel.NONE),
    workers: [
      {
        ...declared,
        name: "somaagent",
        modules: modulesOf(build),
        bindings: {
          ...z.record(z.string(), z.string()).parse(workerOptions.bindings ?? {}),
          ...Object.fromEntries(passed),
          SOMA_MASTER_KEY: masterKey,
          SOMA_OPERATOR_TOKEN: operatorToken,
        },
      },
    ],
  });
  return new Miniflare({
    ...options,
    resourcePersistencePath: join(state.path, "data"),
    handleStructuredLogs: ({ message }) => appendFileSync(logFile, `${message}\n`),
  });
}

/** The modules of a build: the script first, then the texts and WebAssembly it imports. */
function modulesOf(build: string) {
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

/** Applies the migrations that this database has not had, in the order of their names. */
async function migrate(miniflare: Miniflare): Promise<void> {
  const database = await miniflare.getD1Database("DB");
  await database.exec("CREATE TABLE IF NOT EXISTS applied_migrations (name TEXT PRIMARY KEY)");
  const { results } = await database.prepare("SELECT name FROM applied_migrations").all();
  const applied = new Set(
    z
      .array(z.object({ name: z.string() }))
      .parse(results)
      .map((row) => row.name),
  );
  for (const path of globSync("d1-migrations/*.sql", { cwd: ROOT }).sort()) {
    if (applied.has(path)) continue;
    const statements = readFileSync(join(ROOT, path), "utf8").split("--> statement-breakpoint");
    await database.batch([
      ...statements.map((statement) => database.prepare(statement)),
      database.prepare("INSERT INTO applied_migrations (name) VALUES (?)").bind(path),
    ]);
  }
}

const createdSchema = z.object({ tenant: z.object({ id: z.string() }), apiKey: z.object({ secret: z.string() }) });

/** Makes the ready tenant through the public door, as any operator would. */
async function makeTenant(url: string, state: StateFolder): Promise<{ tenant: string; apiKey: string }> {
  const response = await fetch(`${url}/v1/tenants`, {
    method: "POST",
    headers: { Authorization: `Bearer ${state.secrets().operatorToken}`, "Content-Type": "application/json" },
    body: JSON.stringify({ name: "Local" }),
  });
  if (!response.ok) throw new Error(`The platform started but could not make its tenant: ${await response.text()}`);
  const { tenant, apiKey } = createdSchema.parse(await response.json());
  const made = { tenant: tenant.id, apiKey: apiKey.secret };
  state.saveTenant(made);
  return made;
}

async function choosePort(wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    if (wanted === 0 || (await isFree(wanted))) return wanted;
    throw new Error(`Port ${wanted} is in use. Stop what uses it, or choose another with --port (0 takes any).`);
  }
  for (let port = DEFAULT_PORT; port < DEFAULT_PORT + PORTS_TRIED; port += 1) if (await isFree(port)) return port;
  throw new Error(`No port from ${DEFAULT_PORT} to ${DEFAULT_PORT + PORTS_TRIED - 1} is free; choose one with --port.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** A port as someone typed it. @throws Error */
export function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`--port ${text} is no port; give a number from 0 to 65535.`);
  return port;
}
