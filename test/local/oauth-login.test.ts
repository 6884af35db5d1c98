import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { SignedInPlatform } from "../conformance/oauth/signed-in-platform.ts";
import { ROOT, run } from "./processes.ts";

const folder = mkdtempSync(join(tmpdir(), "soma-login-"));
const file = join(folder, "somaagent/login.json");
const bare = { XDG_CONFIG_HOME: folder, SOMA_URL: "", SOMA_API_KEY: "" };
const keptSchema = z.object({ url: z.string(), accessToken: z.string(), refreshToken: z.string(), expiresAt: z.number() });
const kept = () => keptSchema.parse(JSON.parse(readFileSync(file, "utf8")));
let platform: SignedInPlatform;

beforeAll(async () => {
  platform = await SignedInPlatform.start();
});
afterAll(async () => {
  await platform.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** `soma login`, whose user allows it in their browser as soon as it shows its code. */
async function logIn(): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(ROOT, "bin/soma.js"), "login", "--url", platform.url, "--json"], {
    env: { ...process.env, ...bare },
  });
  let [stdout, stderr] = ["", ""];
  let allowed: Promise<void> | undefined;
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    const code = /shows the code (\S+)\./.exec(stderr)?.[1];
    if (code !== undefined) allowed ??= platform.allowDevice(code);
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  await allowed;
  return { code, stdout, stderr };
}

describe("soma login", () => {
  it("signs its user in by a browser, keeps the tokens for the owner alone, and renews them once for all who wait", async () => {
    const ended = await logIn();
    expect(ended).toMatchObject({ code: 0 });
    expect(JSON.parse(ended.stdout)).toMatchObject({ url: platform.url, tenant: { id: platform.tenant } });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const first = kept();
    for (const secret of [first.accessToken, first.refreshToken]) expect(ended.stdout + ended.stderr).not.toContain(secret);
    expect((await run("bin/soma.js", ["whoami"], bare)).stdout).toContain(platform.tenant);
    writeFileSync(file, JSON.stringify({ ...first, expiresAt: 0 }), { mode: 0o600 });
    // A refresh token that is used twice ends the sign-in: were each to renew it, the next command would fail.
    const together = await Promise.all(Array.from({ length: 3 }, () => run("bin/soma.js", ["whoami"], bare)));
    expect(together.map(({ code, stderr }) => [code, stderr])).toEqual(together.map(() => [0, ""]));
    expect(kept().refreshToken).not.toBe(first.refreshToken);
    expect((await run("bin/soma.js", ["whoami"], bare)).code).toBe(0);
  });

  it("is ended by soma logout on the platform too, and what was revoked there asks to log in again", async () => {
    const { refreshToken } = kept();
    const before = readFileSync(file, "utf8");
    const out = await run("bin/soma.js", ["logout", "--json"], bare);
    expect(JSON.parse(out.stdout)).toEqual({ forgotten: true, revoked: true });
    expect(existsSync(file)).toBe(false);
    const form = new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken, client_id: "soma-cli" });
    expect((await fetch(`${platform.url}/oauth/token`, { method: "POST", body: form })).status).toBe(400);
    writeFileSync(file, JSON.stringify({ ...JSON.parse(before), expiresAt: 0 }), { mode: 0o600 });
    const refused = await run("bin/soma.js", ["whoami"], bare);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain("Run soma login again");
  });

  it("says what is wrong with an address that is none of a platform", async () => {
    const ended = await run("bin/soma.js", ["login", "--url", "http://127.0.0.1:9"], bare);
    expect(ended.code).not.toBe(0);
    expect(ended.stderr.trim().split("\n")).toHaveLength(1);
  });
});
