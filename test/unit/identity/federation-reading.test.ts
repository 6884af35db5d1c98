import { describe, expect, it } from "vitest";
import { discover } from "../../../workers/identity/federation/discovery.ts";
import { fetchKeySet } from "../../../workers/identity/federation/key-set.ts";
import { KEYS_FRESH_MS, KEYS_KEPT_MS, RETRY_MS, serves } from "../../../workers/identity/federation/reading.ts";
import type { WayOut } from "../../../workers/platform/outbound.ts";
import { Problem } from "../../../workers/platform/problem.ts";

const ISSUER = "https://id.acme.example/realms/acme";
const DOCUMENT = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  jwks_uri: `${ISSUER}/jwks`,
  authorization_response_iss_parameter_supported: true,
};
const KEY = { kty: "EC", crv: "P-256", x: "a".repeat(43), y: "b".repeat(43), kid: "k1", alg: "ES256", use: "sig" };

/** A network in which each address answers as told; what is asked for is kept. */
function network(answers: Record<string, () => Response>): WayOut & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    allowed: new Set(),
    fetch: async (url) => {
      asked.push(url);
      return answers[url]?.() ?? new Response("nothing here", { status: 404, headers: { "Content-Type": "application/json" } });
    },
  };
}

const json =
  (value: unknown, init: ResponseInit = {}) =>
  () =>
    Response.json(value, init);
const problemOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Problem ? `${error.type}: ${error.detail}` : `no problem: ${error}`;
};

describe("reading an issuer's metadata", () => {
  const at = `${ISSUER}/.well-known/openid-configuration`;

  it("takes what OpenID Connect Discovery promises", async () => {
    expect(await discover(network({ [at]: json(DOCUMENT) }), ISSUER)).toEqual({
      authorizationEndpoint: `${ISSUER}/authorize`,
      tokenEndpoint: `${ISSUER}/token`,
      jwksUri: `${ISSUER}/jwks`,
      namesItself: true,
    });
  });

  it.each([
    ["another issuer", { ...DOCUMENT, issuer: "https://evil.example" }, "names the issuer https://evil.example"],
    ["the same with a slash", { ...DOCUMENT, issuer: `${ISSUER}/` }, "names the issuer"],
    ["no keys", { ...DOCUMENT, jwks_uri: undefined }, "jwks_uri"],
    ["an endpoint without TLS", { ...DOCUMENT, token_endpoint: "http://id.acme.example/token" }, "is not an https address"],
    ["an endpoint that is a script", { ...DOCUMENT, authorization_endpoint: "javascript:alert(1)" }, "is not an https address"],
    ["no PKCE with S256", { ...DOCUMENT, code_challenge_methods_supported: ["plain"] }, "PKCE"],
    ["a list", [], "is no OpenID provider's metadata"],
  ])("refuses metadata with %s", async (_, document, why) => {
    expect(await problemOf(discover(network({ [at]: json(document) }), ISSUER))).toContain(why);
  });

  it("refuses what is too large, of another kind, no JSON, an error, or elsewhere inside", async () => {
    const refusal = (answer: () => Response) => problemOf(discover(network({ [at]: answer }), ISSUER));
    expect(await refusal(json({ ...DOCUMENT, padding: "x".repeat(70_000) }))).toContain("larger than 65536 bytes");
    expect(await refusal(() => new Response("<html>", { headers: { "Content-Type": "text/html" } }))).toContain("text/html");
    expect(await refusal(() => new Response("{", { headers: { "Content-Type": "application/json" } }))).toContain(
      "did not answer with JSON",
    );
    expect(await refusal(json(DOCUMENT, { status: 500 }))).toContain("status 500");
    const away = () => new Response(null, { status: 302, headers: { Location: "http://169.254.169.254/latest/meta-data/" } });
    expect(await refusal(away)).toMatch(/^address-not-allowed/);
  });

  it("asks nobody for an issuer without TLS or on a private network", async () => {
    const way = network({});
    for (const issuer of ["http://id.acme.example", "https://127.0.0.1", "https://10.0.0.1:8443", "https://metadata.internal"])
      expect(await problemOf(discover(way, issuer)), issuer).toMatch(/^address-not-allowed/);
    expect(way.asked).toEqual([]);
  });
});

describe("reading an issuer's keys", () => {
  const at = `${ISSUER}/jwks`;
  const keysOf = (keys: unknown) => fetchKeySet(network({ [at]: json({ keys }) }), at);

  it("keeps public keys that sign, and of them only what is needed", async () => {
    const privateKey = { ...KEY, kid: "k2", d: "c".repeat(43), x5c: ["MII"], x5u: "https://evil.example" };
    const kept = { kty: "EC", crv: "P-256", x: KEY.x, y: KEY.y, alg: "ES256" };
    expect(await keysOf([KEY, privateKey])).toEqual([
      { ...kept, kid: "k1" },
      { ...kept, kid: "k2" },
    ]);
  });

  it("lets go of shared secrets, keys that encrypt, and RSA that is too short or absurdly long", async () => {
    const rsa = (characters: number) => ({ kty: "RSA", e: "AQAB", n: "n".repeat(characters), kid: String(characters) });
    const keys = [{ kty: "oct", k: "c2VjcmV0" }, { ...KEY, use: "enc" }, rsa(171), rsa(2_731), rsa(342), "key", null];
    expect((await keysOf(keys)).map(({ kid }) => kid)).toEqual(["342"]);
    expect(await problemOf(keysOf(keys.slice(0, 4)))).toContain("no public key that signs");
  });

  it("refuses more keys than an issuer has, and what is no key set", async () => {
    expect(await problemOf(keysOf(Array.from({ length: 51 }, () => KEY)))).toContain("at most 50 keys");
    expect(await problemOf(fetchKeySet(network({ [at]: json([KEY]) }), at))).toContain("no key set");
  });

  it("stops reading a set of 50 MB after 128 KB", async () => {
    let sent = 0;
    const endless = () =>
      new Response(
        new ReadableStream<Uint8Array>({
          pull(controller) {
            sent += 65_536;
            if (sent > 52_428_800) controller.close();
            else controller.enqueue(new Uint8Array(65_536).fill(0x20));
          },
        }),
        { headers: { "Content-Type": "application/json" } },
      );
    expect(await problemOf(fetchKeySet(network({ [at]: endless }), at))).toBe(
      "limit-exceeded: What id.acme.example sends is larger than 131072 bytes.",
    );
    expect(sent).toBeLessThan(1_000_000);
  });
});

describe("what was read of an issuer", () => {
  const reading = {
    metadata: { authorizationEndpoint: "", tokenEndpoint: "", jwksUri: "", namesItself: true },
    keys: [],
    fetchedAt: 0,
    triedAt: 0,
  };
  const known = { ...reading, keys: [{ kty: "EC", crv: "P-256", x: "a", y: "b", kid: "k1" } as const] };

  it("serves for ten minutes, and then again for a minute after each time the issuer was asked in vain", () => {
    expect(serves(known, KEYS_FRESH_MS, "k1")).toBe(true);
    expect(serves(known, KEYS_FRESH_MS + 1, "k1")).toBe(false);
    const asked = { ...known, triedAt: KEYS_FRESH_MS + 1 };
    expect(serves(asked, asked.triedAt + RETRY_MS, "k1")).toBe(true);
    expect(serves(asked, asked.triedAt + RETRY_MS + 1, "k1")).toBe(false);
  });

  it("never serves longer than a day, however often the issuer was asked in vain", () => {
    expect(serves({ ...known, triedAt: KEYS_KEPT_MS }, KEYS_KEPT_MS, "k1")).toBe(true);
    expect(serves({ ...known, triedAt: KEYS_KEPT_MS + 1 }, KEYS_KEPT_MS + 1, "k1")).toBe(false);
  });

  it("does not serve for a key that it does not hold", () => {
    expect(serves(known, 0, "k2")).toBe(false);
    expect(serves(known, 0, undefined)).toBe(true);
  });
});
