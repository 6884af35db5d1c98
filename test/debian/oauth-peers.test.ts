import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { SignedInPlatform } from "../conformance/oauth/signed-in-platform.ts";
import { ROOT, runProgram } from "../local/processes.ts";

/** What is not installed by `npm ci`: Debian's authlib, and the conformance suite of the Model Context Protocol. `.ci/run` installs both. */
let platform: SignedInPlatform;
const SUITE = join(ROOT, "test/conformance/peers/node_modules/@modelcontextprotocol/conformance/dist/index.js");

beforeAll(async () => {
  platform = await SignedInPlatform.start();
});
afterAll(() => platform.stop());

it("authlib verifies our access tokens, and refuses one of which a character was changed", async () => {
  const client = await platform.newClient({ authMethod: "client_secret_basic", grantTypes: ["client_credentials"], scopes: ["runs.read"] });
  const answer = await fetch(`${platform.url}/oauth/token`, {
    method: "POST",
    headers: { Authorization: `Basic ${btoa(`${client.id}:${client.secret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  const { access_token: token } = z.object({ access_token: z.string() }).parse(await answer.json());
  const keys: unknown = await (await fetch(`${platform.url}/.well-known/jwks.json`)).json();
  const verify = (presented: string) => {
    const input = JSON.stringify({ token: presented, keys, issuer: platform.url });
    return runProgram("/usr/bin/python3", [join(ROOT, "test/debian/oauth-authlib.py")], {}, input);
  };
  const verified = await verify(token);
  expect(verified).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(verified.stdout)).toEqual({ sub: client.id, scope: "runs.read", alg: "ES256" });
  const [head, body, signature = ""] = token.split(".");
  const changed = await verify(`${head}.${body}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`);
  expect(changed.code).not.toBe(0);
  expect(changed.stderr).toContain("BadSignatureError");
});

it("the MCP suite finds our authorization server conformant", async () => {
  if (!existsSync(SUITE)) throw new Error("The suite is not installed: (cd test/conformance/peers && npm ci)");
  const port = await freePort();
  const client = await platform.newClient({
    authMethod: "none",
    grantTypes: ["authorization_code", "refresh_token"],
    redirectUris: [`http://127.0.0.1:${port}/callback`],
    scopes: ["runs.read", "tools.read"],
  });
  const args = [
    "authorization",
    "--url",
    platform.url,
    "--client-id",
    client.id,
    "--resource",
    `${platform.url}/mcp`,
    "--port",
    String(port),
  ];
  const suite = spawn(process.execPath, [SUITE, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let told = "";
  let isOpened = false;
  const read = (chunk: Buffer) => {
    told += chunk.toString();
    // The suite prints the address that its user is to open.
    const address = /^http\S+\/oauth\/authorize\?\S+$/m.exec(told)?.[0];
    if (address === undefined || isOpened) return;
    isOpened = true;
    void platform.allow(address).then((back) => fetch(back));
  };
  suite.stdout.on("data", read);
  suite.stderr.on("data", read);
  const code = await new Promise((resolve) => suite.once("close", resolve));
  expect(told).toMatch(/0 failed/);
  expect(told).not.toMatch(/0 passed/);
  expect(code, told).toBe(0);
});

/** A port that nobody has: the suite listens there for its code. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" ? (address?.port ?? 0) : 0;
      server.close(() => resolve(port));
    });
  });
}
