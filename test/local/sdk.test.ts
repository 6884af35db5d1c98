import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { end, ROOT, runProgram, type StartedPlatform, startOver } from "./processes.ts";

const folder = mkdtempSync(join(tmpdir(), "soma-sdk-"));
let platform: StartedPlatform;

beforeAll(async () => {
  execFileSync(process.execPath, [join(ROOT, "scripts/build-sdk.ts")], { cwd: ROOT });
  mkdirSync(join(folder, "node_modules/@somaagent"), { recursive: true });
  symlinkSync(join(ROOT, "clients/sdk"), join(folder, "node_modules/@somaagent/sdk"));
  platform = await startOver(join(folder, "state"));
});

afterAll(async () => {
  await end(platform.host, "SIGTERM");
  rmSync(folder, { recursive: true, force: true });
});

/** This Node, and the one that the system has when that is another. */
function nodes(): string[] {
  const places = (process.env.PATH ?? "").split(delimiter).filter((place) => !place.includes("node_modules"));
  const own = places.map((place) => join(place, "node")).find((path) => spawnSync(path, ["--version"]).status === 0);
  return own === undefined ? [process.execPath] : [process.execPath, own];
}

describe("the SDK as a package", () => {
  it.each(nodes())("runs the example of its README in %s", async (node) => {
    const example = /```js\n(.*?)```/s.exec(readFileSync(join(ROOT, "clients/sdk/README.md"), "utf8"))?.[1];
    const file = join(folder, "example.mjs");
    writeFileSync(file, example ?? "");
    const ended = await runProgram(node, [file], { SOMA_URL: platform.ready.url, SOMA_API_KEY: platform.ready.apiKey });
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toContain("project.delivered");
    expect(ended.stdout).toContain("10.5");
    expect(ended.stdout).toMatch(/sales\.csv\n404 urn:soma:problem:not-found\n$/);
  });

  it("needs nothing of Node in a browser", async () => {
    const { errors, warnings } = await build({
      entryPoints: [join(ROOT, "clients/sdk/index.ts")],
      bundle: true,
      platform: "browser",
      format: "esm",
      write: false,
      logLevel: "silent",
    });
    expect([...errors, ...warnings]).toEqual([]);
  });
});
