import { exportJWK, generateKeyPair, importJWK, SignJWT } from "jose";
import { z } from "zod";
import type { Clock } from "../../platform/clock.ts";
import { newId } from "../../platform/ids.ts";
import { openFor, sealFor } from "../sealed.ts";
import type { ClientAuthentication } from "./issuer.ts";

/** Understood by every provider that knows `private_key_jwt` at all. */
const ALGORITHM = "RS256";
/** An assertion is presented at once, and once. */
const ASSERTION_LIFETIME_SECONDS = 60;
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const purposeOf = (issuerId: string) => `federation-client/${issuerId}`;

/** Seals a client secret that the issuer gave the tenant. */
export async function sealClientSecret(env: Env, issuerId: string, secret: string): Promise<string> {
  return sealFor(env, purposeOf(issuerId), secret);
}

/** Makes the key by which the platform proves to one issuer that it is the client; only the public half ever leaves it. */
export async function newClientKey(env: Env, clock: Clock, issuerId: string): Promise<{ sealedCredential: string; publicJwk: string }> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const kid = newId("signingKey", clock.now());
  const sealedCredential = await sealFor(env, purposeOf(issuerId), JSON.stringify({ ...(await exportJWK(privateKey)), kid }));
  return { sealedCredential, publicJwk: JSON.stringify({ ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: "sig" }) };
}

/** The client that asks an issuer. */
export interface Client {
  readonly issuerId: string;
  readonly clientId: string;
  readonly method: ClientAuthentication;
  readonly sealedCredential: string | null;
}

/** What a request to the token endpoint carries, to say which client asks and to prove it (RFC 6749 §2.3, RFC 7523 §2.2). */
export async function clientProof(
  env: Env,
  clock: Clock,
  { issuerId, clientId, method, sealedCredential }: Client,
  issuer: string,
): Promise<{ headers: Record<string, string>; fields: Record<string, string> }> {
  const named = { client_id: clientId };
  if (sealedCredential === null || method === "none") return { headers: {}, fields: named };
  const credential = await openFor(env, purposeOf(issuerId), sealedCredential);
  switch (method) {
    case "client_secret_basic": {
      const pair = `${formEncoded(clientId)}:${formEncoded(credential)}`;
      return { headers: { Authorization: `Basic ${Buffer.from(pair).toString("base64")}` }, fields: {} };
    }
    case "client_secret_post":
      return { headers: {}, fields: { ...named, client_secret: credential } };
    case "private_key_jwt": {
      const assertion = await assertionOf(credential, clock, clientId, issuer);
      return { headers: {}, fields: { ...named, client_assertion_type: ASSERTION_TYPE, client_assertion: assertion } };
    }
    default:
      return method satisfies never;
  }
}

/** For the issuer by its name and nobody else, so that one issuer cannot pass it on to another. */
async function assertionOf(privateJwk: string, clock: Clock, clientId: string, issuer: string): Promise<string> {
  const jwk = z.looseObject({ kid: z.string() }).parse(JSON.parse(privateJwk));
  const now = Math.floor(clock.now() / 1_000);
  return new SignJWT({})
    .setProtectedHeader({ alg: ALGORITHM, kid: jwk.kid })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(issuer)
    .setJti(newId("request", clock.now()))
    .setIssuedAt(now)
    .setExpirationTime(now + ASSERTION_LIFETIME_SECONDS)
    .sign(await importJWK(JSON.parse(privateJwk), ALGORITHM));
}

/** As RFC 6749 appendix B has it. */
function formEncoded(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}
