import { z } from "zod";

/** An authenticator made of software (WebAuthn Level 3 §6), whose every word a test can make wrong. */

const optionsSchema = z.object({ challenge: z.string(), user: z.object({ id: z.string() }).optional() });
const UP_UV = 0x05;
const ATTESTED = 0x40;

/** What a test makes wrong. */
export interface Wrong {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  /** Flags of the authenticator data beside `attested`: present and verified, when it is left out. */
  readonly flags?: number;
  readonly counter?: number;
  readonly userHandle?: string;
}

export class SoftwareAuthenticator {
  readonly #keys: CryptoKeyPair;
  readonly #id = crypto.getRandomValues(new Uint8Array(16));
  #userHandle = "";
  #counter = 0;

  private constructor(keys: CryptoKeyPair) {
    this.#keys = keys;
  }

  static async make(): Promise<SoftwareAuthenticator> {
    const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
    if (!("publicKey" in keys)) throw new Error("no pair of keys");
    return new SoftwareAuthenticator(keys);
  }

  /** What a browser answers to options for a new passkey. */
  async register(options: unknown, wrong: Wrong = {}) {
    const { challenge, user } = optionsSchema.parse(options);
    this.#userHandle = user?.id ?? "";
    const authenticatorData = Buffer.concat([
      await this.#head(wrong, (wrong.flags ?? UP_UV) | ATTESTED),
      new Uint8Array(16),
      Uint8Array.of(0, this.#id.length),
      this.#id,
      await this.#coseKey(),
    ]);
    const attestationObject = Buffer.concat([
      Uint8Array.of(0xa3),
      text("fmt"),
      text("none"),
      text("attStmt"),
      Uint8Array.of(0xa0),
      text("authData"),
      Uint8Array.of(0x59, authenticatorData.length >> 8, authenticatorData.length & 0xff),
      authenticatorData,
    ]);
    const clientDataJSON = clientData(wrong.type ?? "webauthn.create", wrong.challenge ?? challenge, wrong.origin);
    return this.#answer({
      clientDataJSON: encoded(clientDataJSON),
      attestationObject: encoded(attestationObject),
      transports: ["internal"],
    });
  }

  /** What a browser answers to options to prove a passkey. */
  async prove(options: unknown, wrong: Wrong = {}) {
    const { challenge } = optionsSchema.parse(options);
    this.#counter += 1;
    const authenticatorData = await this.#head({ ...wrong, counter: wrong.counter ?? this.#counter }, wrong.flags ?? UP_UV);
    const clientDataJSON = clientData(wrong.type ?? "webauthn.get", wrong.challenge ?? challenge, wrong.origin);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", clientDataJSON));
    const signed = Buffer.concat([authenticatorData, hash]);
    const raw = new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, this.#keys.privateKey, signed));
    return this.#answer({
      clientDataJSON: encoded(clientDataJSON),
      authenticatorData: encoded(authenticatorData),
      signature: encoded(der(raw)),
      userHandle: wrong.userHandle ?? this.#userHandle,
    });
  }

  #answer<Response>(response: Response) {
    const id = encoded(this.#id);
    return { id, rawId: id, type: "public-key", clientExtensionResults: {}, response };
  }

  async #head({ rpId = "soma.test", counter = this.#counter }: Wrong, flags: number): Promise<Uint8Array> {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(rpId)));
    const count = new Uint8Array(4);
    new DataView(count.buffer).setUint32(0, counter);
    return Buffer.concat([hash, Uint8Array.of(flags), count]);
  }

  /** EC2, ES256, P-256 (RFC 9053 §7.1.1). */
  async #coseKey(): Promise<Uint8Array> {
    const raw = await crypto.subtle.exportKey("raw", this.#keys.publicKey);
    if (!(raw instanceof ArrayBuffer)) throw new Error("no raw key");
    const point = new Uint8Array(raw);
    const coordinate = (label: number, from: number) => Buffer.concat([Uint8Array.of(label, 0x58, 32), point.subarray(from, from + 32)]);
    return Buffer.concat([Uint8Array.of(0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01), coordinate(0x21, 1), coordinate(0x22, 33)]);
  }
}

function clientData(type: string, challenge: string, origin = "http://soma.test"): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}

function text(value: string): Uint8Array {
  return Buffer.concat([Uint8Array.of(0x60 | value.length), Buffer.from(value)]);
}

function encoded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

/** An ECDSA signature as ASN.1 (RFC 3279 §2.2.3), from its two halves. */
function der(raw: Uint8Array): Uint8Array {
  const integer = (bytes: Uint8Array) => {
    const first = bytes.findIndex((byte) => byte !== 0);
    const trimmed = bytes.subarray(first < 0 ? bytes.length - 1 : first);
    const padded = (trimmed[0] ?? 0) >= 0x80 ? Buffer.concat([Uint8Array.of(0), trimmed]) : trimmed;
    return Buffer.concat([Uint8Array.of(0x02, padded.length), padded]);
  };
  const both = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))]);
  return Buffer.concat([Uint8Array.of(0x30, both.length), both]);
}
