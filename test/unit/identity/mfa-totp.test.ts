import fc from "fast-check";
import { TOTP } from "otpauth";
import { describe, expect, it } from "vitest";
import { newTotp, stepOfCode } from "../../../workers/identity/mfa/totp/totp.ts";

/** "12345678901234567890", the secret of RFC 6238 appendix B, in base 32. */
const RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
/** RFC 6238 appendix B for SHA-1: seconds and the last six digits of its eight. */
const RFC_CODES = [
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
] as const;
const PERIOD_MS = 30_000;

describe("codes of an authenticator app", () => {
  it.each(RFC_CODES)("are those of RFC 6238 at second %i", (seconds, code) => {
    expect(stepOfCode(RFC_SECRET, code, seconds * 1_000, 0)).toBe(Math.floor(seconds / 30));
  });

  it("are taken one step early or late and no more", () => {
    const now = 1_234_567_890_000;
    const code = "005924";
    const step = Math.floor(now / PERIOD_MS);
    const at = (drift: number) => stepOfCode(RFC_SECRET, code, now + drift * PERIOD_MS, 0);
    expect([at(-2), at(-1), at(0), at(1), at(2)]).toEqual([undefined, step, step, step, undefined]);
  });

  it("are good once, and none before one that was used is good any more", () => {
    const now = 1_234_567_890_000;
    const step = Math.floor(now / PERIOD_MS);
    expect(stepOfCode(RFC_SECRET, "005924", now, step)).toBeUndefined();
    expect(stepOfCode(RFC_SECRET, "005924", now, step + 1)).toBeUndefined();
    expect(stepOfCode(RFC_SECRET, "005924", now, step - 1)).toBe(step);
  });

  it("are six digits and nothing else", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        fc.pre(!/^\d{6}$/.test(text));
        expect(stepOfCode(RFC_SECRET, text, 59_000, 0)).toBeUndefined();
      }),
    );
  });
});

describe("a new authenticator", () => {
  it("has a secret of 160 bits, an address that apps read, and a picture of it without scripts", () => {
    const { secret, uri, qrSvg } = newTotp("ada@example.org");
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(newTotp("ada@example.org").secret).not.toBe(secret);
    const url = new URL(uri);
    expect([url.protocol, url.host, decodeURIComponent(url.pathname)]).toEqual(["otpauth:", "totp", "/SomaAgent:ada@example.org"]);
    expect(url.searchParams.get("secret")).toBe(secret);
    expect(qrSvg).toMatch(/^<svg /);
    expect(qrSvg).not.toMatch(/script|onload|href/);
  });

  it("makes the codes that are asked of it", () => {
    const { secret } = newTotp("ada@example.org");
    const now = 1_700_000_000_000;
    expect(stepOfCode(secret, TOTP.generate({ secret: newSecret(secret), timestamp: now }), now, 0)).toBe(Math.floor(now / PERIOD_MS));
  });
});

function newSecret(base32: string) {
  return new TOTP({ secret: base32 }).secret;
}
