import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from "jose";
import { vi } from "vitest";

type Answer = () => Response | Promise<Response>;

/** An OpenID provider of which a test decides every word. Nothing of it leaves the isolate. */
export class ScriptedIssuer {
  readonly issuer: string;
  readonly asked: string[] = [];
  /** What answers in place of its own documents, by the end of the address. */
  readonly answers = new Map<string, Answer>();
  #keys: { kid: string; privateKey: CryptoKey; publicJwk: object }[] = [];

  constructor(issuer: string) {
    this.issuer = issuer;
  }

  /** Puts scripted issuers in place of the network, until `vi.unstubAllGlobals()`. */
  static stand(...issuers: ScriptedIssuer[]): void {
    vi.stubGlobal("fetch", async (input: string, init: RequestInit) => {
      const issuer = issuers.find((candidate) => input.startsWith(candidate.issuer));
      return issuer === undefined ? Promise.reject(new TypeError(`nobody answers at ${input}`)) : issuer.#answer(input, init);
    });
  }

  /** Signs with a new key from now on. */
  async rotate(options: { takesBack?: "the old ones" } = {}): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
    const kid = `k${crypto.randomUUID()}`;
    const key = { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" } };
    this.#keys = options.takesBack === undefined ? [key, ...this.#keys] : [key];
  }

  /** A token with the claims it gives, signed by its newest key. */
  async token(claims: Record<string, unknown>, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
    const [key] = this.#keys;
    if (key === undefined) throw new Error("the issuer has no key");
    const now = Math.floor(Date.now() / 1_000);
    return new SignJWT({ iss: this.issuer, sub: "robot", iat: now, exp: now + 300, ...claims })
      .setProtectedHeader({ alg: "RS256", kid: key.kid, ...header })
      .sign(key.privateKey);
  }

  /** Its public keys, as it publishes them. */
  get publicKeys(): readonly object[] {
    return this.#keys.map(({ publicJwk }) => publicJwk);
  }

  async #answer(url: string, init: RequestInit): Promise<Response> {
    const path = url.slice(this.issuer.length);
    this.asked.push(path);
    init.signal?.throwIfAborted();
    const scripted = this.answers.get(path);
    if (scripted !== undefined) return scripted();
    if (path === "/.well-known/openid-configuration")
      return Response.json({
        issuer: this.issuer,
        authorization_endpoint: `${this.issuer}/authorize`,
        token_endpoint: `${this.issuer}/token`,
        jwks_uri: `${this.issuer}/jwks`,
      });
    return path === "/jwks" ? Response.json({ keys: this.publicKeys }) : new Response("nothing here", { status: 404 });
  }
}
