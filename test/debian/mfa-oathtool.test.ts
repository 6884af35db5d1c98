import { existsSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { newTotp, stepOfCode } from "../../workers/identity/mfa/totp/totp.ts";
import { runProgram } from "../local/processes.ts";

/** `oathtool`, of OATH Toolkit: an implementation of RFC 6238 by other people, in C. */
const OATHTOOL = "/usr/bin/oathtool";
const PERIOD_MS = 30_000;

beforeAll(() => {
  if (!existsSync(OATHTOOL)) throw new Error(`There is no ${OATHTOOL}; install Debian's package oathtool.`);
});

/** The codes of the step that a time is in, and of those after it. */
async function codesOf(secret: string, at: number, more: number): Promise<string[]> {
  const args = [
    "--totp",
    "--base32",
    secret,
    "--now",
    `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`,
    "--window",
    String(more),
  ];
  const { code, stdout, stderr } = await runProgram(OATHTOOL, args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout.trim().split("\n");
}

it("oathtool's codes are taken in their step, one before and one after, for any secret of ours at any time", async () => {
  const times = fc.integer({ min: Date.UTC(1971, 0), max: Date.UTC(2037, 0) }).map((at) => at - (at % 1_000));
  await fc.assert(
    fc.asyncProperty(times, async (at) => {
      const { secret } = newTotp("ada@example.org");
      const codes = await codesOf(secret, at, 3);
      const step = Math.floor(at / PERIOD_MS);
      const steps = codes.slice(0, 3).map((code) => stepOfCode(secret, code, at + PERIOD_MS, 0));
      // Two steps in a row may have the same code, once in a million: then the earlier of them is found.
      if (new Set(codes).size === codes.length) expect(steps).toEqual([step, step + 1, step + 2]);
      // Unless two steps have the same code by chance, the third after is not yet good.
      if (!codes.slice(0, 3).includes(codes[3] ?? "")) expect(stepOfCode(secret, codes[3] ?? "", at + PERIOD_MS, 0)).toBeUndefined();
    }),
    { numRuns: 40 },
  );
});
