import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { choosePort } from "../../clients/cli/platform/port.ts";
import { end, ROOT, run, startOver } from "./processes.ts";

const folder = mkdtempSync(join(tmpdir(), "soma-start-"));
const state = join(folder, "state");
const start = (...args: string[]) => run("clients/cli/start.ts", ["--state", join(folder, "other"), ...args]);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const answers = (url: string) =>
  fetch(`${url}/healthz`).then(
    (response) => response.ok,
    () => false,
  );

/** The process of the runtime that a host has started. */
function runtimeOf(host: number): number {
  const processes = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="]).toString().split("\n");
  const runtime = processes
    .map((line) => line.trim().split(/\s+/))
    .find(([, parent, name]) => parent === String(host) && name === "workerd");
  return Number(runtime?.[0]);
}

describe("npm start", () => {
  it("ends with 0 when it is asked to, and keeps tenant, key and files for the next start", async () => {
    const first = await startOver(state);
    const headers = { Authorization: `Bearer ${first.ready.apiKey}` };
    const stored = await fetch(`${first.ready.url}/v1/artifacts?name=a.csv`, { method: "POST", headers, body: "a\n1\n" });
    const { id } = z.object({ id: z.string() }).parse(await stored.json());
    expect(await end(first.host, "SIGTERM")).toBe(0);
    const second = await startOver(state);
    expect(second.ready).toMatchObject({ tenant: first.ready.tenant, apiKey: first.ready.apiKey });
    expect(await (await fetch(`${second.ready.url}/v1/artifacts/${id}/content`, { headers })).text()).toBe("a\n1\n");
    expect(await end(second.host, "SIGINT")).toBe(0);
  });

  it.each(["SIGTERM", "SIGKILL"] as const)("leaves no process behind when the npm that started it gets %s", async (signal) => {
    const npm = spawn("npm", ["start", "--silent", "--", "--port", "0", "--state", state, "--json"], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const line = await new Promise<string>((resolve) => npm.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString())));
    const { url } = z
      .object({ url: z.url(), console: z.string(), tenant: z.string(), apiKey: z.string() })
      .strict()
      .parse(JSON.parse(line));
    expect(await answers(url)).toBe(true);
    await end(npm, signal);
    await vi.waitFor(async () => expect(await answers(url)).toBe(false), { timeout: 20_000, interval: 100 });
    const next = await startOver(state);
    await end(next.host, "SIGTERM");
  });

  it("keeps its secrets readable by their owner alone", () => {
    expect(statSync(state).mode & 0o777).toBe(0o700);
    for (const file of ["secrets.json", "tenant.json"]) expect(statSync(join(state, file)).mode & 0o777).toBe(0o600);
  });

  it("leaves no runtime behind and no lock when it is killed", async () => {
    const killed = await startOver(state);
    await end(killed.host, "SIGKILL");
    await vi.waitFor(async () => expect(await answers(killed.ready.url)).toBe(false), { timeout: 5_000 });
    const next = await startOver(state);
    expect(await answers(next.ready.url)).toBe(true);
    await end(next.host, "SIGTERM");
  });

  it("refuses a folder that another platform uses, and names it", async () => {
    const running = await startOver(state);
    const taken = await run("clients/cli/start.ts", ["--port", "0", "--state", state]);
    expect(taken.code).toBe(2);
    expect(taken.stderr).toContain(`process ${running.host.pid}, ${running.ready.url}`);
    await end(running.host, "SIGTERM");
  });

  it("starts a runtime again that crashed, at the same address and over the same state", async () => {
    const running = await startOver(state);
    const headers = { Authorization: `Bearer ${running.ready.apiKey}` };
    process.kill(runtimeOf(running.host.pid ?? 0), "SIGKILL");
    await vi.waitFor(async () => expect(await answers(running.ready.url)).toBe(true), { timeout: 30_000, interval: 200 });
    expect((await fetch(`${running.ready.url}/v1/tenants/current`, { headers })).status).toBe(200);
    expect(await end(running.host, "SIGTERM")).toBe(0);
    expect(await answers(running.ready.url)).toBe(false);
  });

  it("refuses a state folder that it cannot write, or that is not its own", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(await run("clients/cli/start.ts", ["--port", "0", "--state", file])).toMatchObject({ code: 2, stdout: "" });
    expect((await run("clients/cli/start.ts", ["--port", "0", "--state", join(file, "below")])).stderr).toContain("cannot keep its state");
    const strange = join(folder, "strange");
    mkdirSync(strange);
    writeFileSync(join(strange, "secrets.json"), "{}");
    expect((await run("clients/cli/start.ts", ["--port", "0", "--state", strange])).stderr).toContain("is not what a platform wrote there");
  });

  it("refuses a busy port and says what to do", async () => {
    const blocker = createServer();
    const port = await new Promise<number>((resolve) =>
      blocker.listen(0, "127.0.0.1", () => resolve(z.object({ port: z.number() }).parse(blocker.address()).port)),
    );
    const busy = await start("--port", String(port));
    blocker.close();
    expect(busy).toMatchObject({ code: 2, stdout: "" });
    expect(busy.stderr).toBe(`Port ${port} is in use. Stop what uses it, or choose another with --port (0 takes any).\n`);
  });

  it("refuses what is no port, and an option that it does not have, in one line", async () => {
    for (const args of [
      ["--port", "abc"],
      ["--port", "99999"],
      ["--prot", "1"],
    ]) {
      const ended = await start(...args);
      expect(ended.code).toBe(2);
      expect(ended.stderr.trim().split("\n")).toHaveLength(1);
    }
  });

  it("takes the next port when the usual one is taken and none was asked for", async () => {
    const usual = await choosePort(undefined);
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(usual, "127.0.0.1", resolve));
    expect(await choosePort(undefined)).toBeGreaterThan(usual);
    blocker.close();
  });
});
