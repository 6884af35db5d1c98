import type { Miniflare } from "miniflare";
import { z } from "zod";
import { buildWorker } from "./build.ts";
import { buildPages } from "./build-pages.ts";
import { choosePort } from "./port.ts";
import { StateFolder } from "./state.ts";

export interface PlatformOptions {
  /** 0 for any free port; undefined for the default or the next free one. */
  readonly port: number | undefined;
  readonly state: string;
  /** A folder with a build of the Worker to serve; without it the checkout is built. */
  readonly worker?: string | undefined;
  /** Where a debugger can attach to the Worker (Chrome DevTools Protocol); without it nowhere. */
  readonly inspectorPort?: number | undefined;
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
 * database, storage and queues in one folder. It answers when this resolves.
 * @throws Error saying what to do: the port is taken, the folder is in use, the build fails
 */
export async function startPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const state = new StateFolder(options.state);
  state.lock();
  try {
    const port = await choosePort(options.port);
    // The runtime's libraries are large: who only asks for help, or errs in an option, does not wait for them.
    const { migrateData, startRuntime } = await import("./runtime.ts");
    const build = { pages: await buildPages(), worker: options.worker ?? (await buildWorker()) };
    await migrateData(state);
    const runtime = startRuntime(build, state, port, options.inspectorPort);
    try {
      const url = await openDoors(runtime.miniflare);
      const { tenant, apiKey } = await readyTenant(url, state);
      state.saveRunning(url);
      return {
        url,
        // The key is in the fragment, which a browser sends to nobody; the page takes it over and removes it from its address.
        console: `${url}/console#key=${encodeURIComponent(apiKey)}`,
        tenant,
        apiKey,
        async stop() {
          await runtime.stop();
          state.unlock();
        },
      };
    } catch (error) {
      await runtime.stop();
      throw error;
    }
  } catch (error) {
    state.unlock();
    throw error;
  }
}

async function openDoors(miniflare: Miniflare): Promise<string> {
  const { port } = new URL((await miniflare.ready).href);
  return `http://127.0.0.1:${port}`;
}

const createdSchema = z.object({ tenant: z.object({ id: z.string() }), apiKey: z.object({ secret: z.string() }) });

/** The tenant this platform was made with, as long as its key opens the door; otherwise one made through that door, as any operator would. */
async function readyTenant(url: string, state: StateFolder): Promise<{ tenant: string; apiKey: string }> {
  const known = state.tenant();
  if (known !== undefined) {
    const asked = await fetch(`${url}/v1/tenants/current`, { headers: { Authorization: `Bearer ${known.apiKey}` } });
    if (asked.status !== 401) return known;
  }
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
