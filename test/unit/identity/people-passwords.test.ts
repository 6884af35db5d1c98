import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COMMON_PASSWORDS } from "../../../workers/identity/sign-in/common-passwords.ts";
import { hashPassword, isOutdated, verifyPassword } from "../../../workers/identity/sign-in/password-hash.ts";
import { faultOfPassword, MIN_PASSWORD_CHARACTERS } from "../../../workers/identity/sign-in/password-rules.ts";
import { returnTo } from "../../../workers/identity/sign-in/return-to.ts";

const WORDS = ["ada.lovelace@analytical.example", "Ada Lovelace", "Analytical Engines"];

describe("a new password", () => {
  it.each([
    "seven glaciers melt slowly",
    "correct horse battery staple",
    "Zwölf Boxkämpfer jagen Viktor",
    "七つの氷河はゆっくりと溶けていくものだ",
    "   spaces count, too   ",
    "x8$kq!mzp2@vbn7w",
  ])("%j is taken, of whatever characters", (password) => {
    expect(faultOfPassword(password, WORDS)).toBeUndefined();
  });

  it.each([
    ["too short", "fourteen chars"],
    ["too long", "long ".repeat(60)],
    ["one character", "a".repeat(20)],
    ["one part over and over", "abc1".repeat(5)],
    ["a run of the keyboard", "qwertyuiopasdfghjkl"],
    ["a run of digits", "1234567890123456"],
    ["the person's name", "AdaLovelaceAdaLovelace"],
    ["the organisation's name", "analytical engines 1"],
    ["the platform's name", "SomaAgent-SomaAgent1"],
    ["a word that guessers try", "PasswordPassword123"],
  ])("is refused when it is %s", (_, password) => {
    expect(faultOfPassword(password, WORDS)).toBeTypeOf("string");
  });

  it("is refused when many people use it, whatever its case", () => {
    for (const common of COMMON_PASSWORDS) {
      expect(common.length).toBeGreaterThanOrEqual(MIN_PASSWORD_CHARACTERS);
      expect(faultOfPassword(common.toUpperCase(), [])).toBeTypeOf("string");
    }
  });

  it("is judged in bounded time, whatever is sent", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5_000 }), fc.array(fc.string({ maxLength: 300 }), { maxLength: 6 }), (password, words) => {
        const before = performance.now();
        faultOfPassword(password, words);
        expect(performance.now() - before).toBeLessThan(200);
      }),
      { numRuns: 50 },
    );
  });
});

describe("a kept password", () => {
  it("is told from every other, and is another text each time", async () => {
    const password = "seven glaciers melt slowly";
    const [one, two] = await Promise.all([hashPassword(password), hashPassword(password)]);
    expect(one).toMatch(/^scrypt\$14\$8\$5\$[\w-]{22}\$[\w-]{43}$/);
    expect(one).not.toBe(two);
    expect(await verifyPassword(password, one)).toBe(true);
    for (const other of [`${password} `, password.toUpperCase(), password.slice(0, -1), ""])
      expect(await verifyPassword(other, one)).toBe(false);
    expect(isOutdated(one)).toBe(false);
    expect(isOutdated(one.replace("$14$", "$13$"))).toBe(true);
  });
});

describe("the address to return to", () => {
  it("is always a path of this host, whatever is asked for", () => {
    const tricks = fc.array(
      fc.constantFrom("/", "\\", "//", "evil.test", "@", ":", "https:", "javascript:", "\t", "\n", "%2f", ".", "..", "?", "#", " "),
      {
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          tricks.map((parts) => parts.join("")),
          fc.string(),
          fc.webUrl(),
        ),
        (asked) => {
          const to = returnTo(asked);
          expect(new URL(to, "https://soma.example/signin").origin).toBe("https://soma.example");
          expect(to).toMatch(/^\/(?![/\\])/);
        },
      ),
      { numRuns: 2_000 },
    );
    expect(returnTo("/oauth/authorize?client_id=x&state=a%2Fb#c")).toBe("/oauth/authorize?client_id=x&state=a%2Fb#c");
    expect(returnTo(undefined)).toBe("/account");
  });
});
