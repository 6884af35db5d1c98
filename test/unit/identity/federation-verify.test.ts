import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { type IssuerKey, keySetSchema } from "../../../workers/identity/federation/key-set.ts";
import { CLOCK_TOLERANCE_SECONDS, tokenAddress, verifiedClaims } from "../../../workers/identity/federation/verify.ts";

const NOW = Date.UTC(2026, 10, 21);
const SECONDS = NOW / 1_000;
const ISSUER = "https://id.acme.example";
const AUDIENCE = "api://ten_01KAJ2M3N4P5Q6R7S8T9V0W1X2";
const RIGHT = { iss: ISSUER, aud: AUDIENCE, sub: "ada", iat: SECONDS, exp: SECONDS + 300 };

let pair: Awaited<ReturnType<typeof generateKeyPair>>;
let other: Awaited<ReturnType<typeof generateKeyPair>>;
let keys: IssuerKey[] = [];

async function publicKey(key: CryptoKey, kid: string): Promise<unknown> {
  return { ...(await exportJWK(key)), kid, alg: "RS256" };
}

beforeAll(async () => {
  pair = await generateKeyPair("RS256", { extractable: true });
  other = await generateKeyPair("RS256", { extractable: true });
  keys = keySetSchema.parse([await publicKey(pair.publicKey, "k1")]);
});

const sign = (claims: Record<string, unknown>, header: Partial<JWTHeaderParameters> = {}, key = pair.privateKey) =>
  new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "k1", ...header }).sign(key);
const isTaken = (token: string) =>
  verifiedClaims(token, { issuer: ISSUER, audiences: [AUDIENCE], keys }, NOW).then(
    () => true,
    () => false,
  );

describe("a token of a tenant's issuer", () => {
  it("is its word when it is signed by its key, for this audience, and of this time", async () => {
    const claims = await verifiedClaims(await sign(RIGHT), { issuer: ISSUER, audiences: ["x", AUDIENCE], keys }, NOW);
    expect(claims).toEqual(RIGHT);
    expect(await isTaken(await sign({ ...RIGHT, aud: ["other", AUDIENCE] }))).toBe(true);
  });

  it.each([
    ["another audience", { aud: "api://ten_01KAJ2M3N4P5Q6R7S8T9V0W1X3" }],
    ["no audience", { aud: undefined }],
    ["another issuer", { iss: "https://evil.example" }],
    ["the issuer with a slash", { iss: `${ISSUER}/` }],
    ["nobody as its subject", { sub: undefined }],
    ["no end", { exp: undefined }],
    ["no beginning", { iat: undefined }],
    ["an end that is over", { exp: SECONDS - CLOCK_TOLERANCE_SECONDS - 1 }],
    ["a beginning to come", { iat: SECONDS + CLOCK_TOLERANCE_SECONDS + 1 }],
    ["a time before which it is not good", { nbf: SECONDS + CLOCK_TOLERANCE_SECONDS + 1 }],
    ["an age of more than a day", { iat: SECONDS - 86_400 - CLOCK_TOLERANCE_SECONDS - 1 }],
    ["an end that is a text", { exp: "never" }],
  ])("is refused with %s", async (_, wrong) => {
    expect(await isTaken(await sign({ ...RIGHT, ...wrong }))).toBe(false);
  });

  it("is taken with a clock a minute ahead or behind", async () => {
    expect(await isTaken(await sign({ ...RIGHT, exp: SECONDS - CLOCK_TOLERANCE_SECONDS + 1 }))).toBe(true);
    const ahead = SECONDS + CLOCK_TOLERANCE_SECONDS;
    expect(await isTaken(await sign({ ...RIGHT, iat: ahead, nbf: ahead, exp: ahead + 300 }))).toBe(true);
  });

  it("is refused when another key signed it, under whatever name, and when its key was taken back", async () => {
    expect(await isTaken(await sign(RIGHT, {}, other.privateKey))).toBe(false);
    expect(await isTaken(await sign(RIGHT, { kid: "k2" }, other.privateKey))).toBe(false);
    expect(await isTaken(await sign(RIGHT, { kid: "../../etc/passwd" }))).toBe(false);
    expect(await isTaken(await sign(RIGHT, { kid: "' OR 1=1 --" }))).toBe(false);
  });

  it("is refused without a signature and with one that the public key makes (RFC 8725 §2.1)", async () => {
    const unsigned = new UnsecuredJWT(RIGHT).encode();
    expect(await isTaken(unsigned)).toBe(false);
    expect(tokenAddress(unsigned)).toBeUndefined();
    const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(pair.publicKey)));
    const hashed = await new SignJWT(RIGHT).setProtectedHeader({ alg: "HS256", kid: "k1" }).sign(secret);
    expect(await isTaken(hashed)).toBe(false);
    expect(tokenAddress(hashed)).toBeUndefined();
  });

  it("brings no key of its own: jwk, jku, x5u and x5c of its header are not looked at (RFC 8725 §3.10)", async () => {
    const jwk = await exportJWK(other.publicKey);
    const brought = { jwk, jku: "https://evil.example/jwks", x5u: "https://evil.example/x5u" };
    expect(await isTaken(await sign(RIGHT, brought, other.privateKey))).toBe(false);
    expect(await isTaken(await sign(RIGHT, brought))).toBe(true);
  });

  it("is refused when it asks for an extension that nobody here knows", async () => {
    const header = Buffer.from(JSON.stringify({ alg: "RS256", kid: "k1", crit: ["urn:x"], "urn:x": true })).toString("base64url");
    const [, payload, signature] = (await sign(RIGHT)).split(".");
    expect(await isTaken(`${header}.${payload}.${signature}`)).toBe(false);
  });

  it("is refused when one byte of it was changed", async () => {
    const [header = "", , signature = ""] = (await sign(RIGHT)).split(".");
    const changed = Buffer.from(JSON.stringify({ ...RIGHT, sub: "eve" })).toString("base64url");
    expect(await isTaken(`${header}.${changed}.${signature}`)).toBe(false);
  });
});

describe("where a token comes from", () => {
  it("is read from what has the form of one, of no absurd length", async () => {
    expect(tokenAddress(await sign(RIGHT))).toEqual({ issuer: ISSUER, audiences: [AUDIENCE], keyId: "k1" });
    for (const text of [
      "",
      "a.b.c",
      "x".repeat(20_000),
      await sign({ ...RIGHT, iss: undefined }),
      await sign({ ...RIGHT, big: "x".repeat(20_000) }),
    ])
      expect(tokenAddress(text)).toBeUndefined();
  });
});
