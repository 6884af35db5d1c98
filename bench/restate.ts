import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { arch, platform, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT, run } from "../clients/cli/platform/build.ts";
import { choosePort } from "../clients/cli/platform/port.ts";

/** A package of its own with a lock file of its own: whoever only installs ours does not download its 224 MB. */
const PACKAGE = join(ROOT, "test/load/peers");
/** Its first start makes 24 partitions, which takes seconds. */
const STARTS_MS = 60_000;
const LOOK_EVERY_MS = 100;

export interface Restate {
  /** Where its workflows are called: `/Workflow/sequential`, `/Workflow/parallel`, the body being the number of steps. */
  readonly ingress: string;
  /** Processes whose time is Restate's: the server, and the one its steps run in. */
  readonly processes: readonly number[];
  stop(): Promise<void>;
}

/**
 * Starts Restate's server as it comes (one node, its own defaults but for ports and telemetry, state in a temporary folder) and the service that runs
 * the steps, and tells the one of the other. Installs both first when they are not there.
 */
export async function startRestate(): Promise<Restate> {
  if (!existsSync(join(PACKAGE, "node_modules/.package-lock.json"))) {
    console.error("Installing Restate for the comparison (npm ci in test/load/peers, 224 MB) …");
    // In its folder: --prefix would also move where npm looks for its settings.
    await run("npm", ["ci"], PACKAGE);
  }
  const folder = mkdtempSync(join(tmpdir(), "soma-restate-"));
  const children: ChildProcess[] = [];
  const stop = async () => {
    await Promise.all(children.map(end));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const service = spawn(process.execPath, [join(PACKAGE, "restate-service.js")], { stdio: ["ignore", "pipe", "ignore"] });
    children.push(service);
    const servicePort = await firstPort(service);
    const [node, ingress, admin] = [await choosePort(0), await choosePort(0), await choosePort(0)];
    const server = spawn(serverProgram(), ["--base-dir", folder, "--no-logo", "--listen-mode", "tcp"], {
      cwd: folder,
      env: { ...process.env, ...settings(node, ingress, admin) },
      stdio: "ignore",
    });
    children.push(server);
    await until(() => answers(`http://127.0.0.1:${admin}/health`), server);
    await register(`http://127.0.0.1:${admin}`, `http://127.0.0.1:${servicePort}`);
    await until(() => answers(`http://127.0.0.1:${ingress}/restate/health`), server);
    return { ingress: `http://127.0.0.1:${ingress}`, processes: [server, service].flatMap(({ pid }) => pid ?? []), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The program itself: the package's own command only starts it, and would not take it along when it is killed. */
function serverProgram(): string {
  return join(PACKAGE, `node_modules/@restatedev/restate-server-${platform()}-${arch()}/bin/restate-server`);
}

function settings(node: number, ingress: number, admin: number) {
  return {
    RESTATE_BIND_IP: "127.0.0.1",
    RESTATE_BIND_PORT: String(node),
    RESTATE_INGRESS__BIND_PORT: String(ingress),
    RESTATE_ADMIN__BIND_PORT: String(admin),
    RESTATE_DISABLE_TELEMETRY: "true",
    RESTATE_LOG_FILTER: "off",
    DO_NOT_TRACK: "1",
  };
}

async function register(admin: string, uri: string): Promise<void> {
  const response = await fetch(`${admin}/deployments`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ uri }),
  });
  if (!response.ok) throw new Error(`Restate did not take the service: ${await response.text()}`);
}

async function firstPort(service: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    service.stdout?.once("data", (chunk: Buffer) => resolve(Number(chunk.toString())));
    service.once("exit", (code) => reject(new Error(`Restate's service ended with ${code}.`)));
  });
}

async function until(isSo: () => Promise<boolean>, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + STARTS_MS;
  while (!(await isSo())) {
    if (server.exitCode !== null) throw new Error(`Restate's server ended with ${server.exitCode}.`);
    if (Date.now() > deadline) throw new Error(`Restate did not answer within ${STARTS_MS} ms.`);
    await sleep(LOOK_EVERY_MS);
  }
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}
