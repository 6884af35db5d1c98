import { z } from "zod";
import type { WayOut } from "../../platform/outbound.ts";
import { Problem } from "../../platform/problem.ts";
import { issuerDocument } from "./discovery.ts";

/** Entra's set, the largest in wide use, has about 20 KB with its certificates. */
const MAX_KEY_SET_BYTES = 131_072;
/** An issuer that rotates has two or three; one that serves many tenants a dozen. */
const MAX_KEYS = 50;
/** RSA moduli in characters of base64url: 2,048 bits (RFC 7518 §3.3 allows no fewer) to 8,192, above which checking a signature is an attack. */
const RSA_MODULUS = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/)
  .min(340)
  .max(1_368);
const base64UrlSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/)
  .max(100);

const headSchema = { kid: z.string().max(200).exactOptional(), alg: z.string().max(20).exactOptional() };

/** The public keys that are used, with the members that are used; what else a set holds (certificates, private halves, other uses) is let go of. */
const keySchema = z.discriminatedUnion("kty", [
  z.object({ kty: z.literal("RSA"), n: RSA_MODULUS, e: base64UrlSchema.max(8), ...headSchema }),
  z.object({ kty: z.literal("EC"), crv: z.enum(["P-256", "P-384", "P-521"]), x: base64UrlSchema, y: base64UrlSchema, ...headSchema }),
  z.object({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: base64UrlSchema, ...headSchema }),
]);
export const keySetSchema = z.array(keySchema).max(MAX_KEYS);
export type IssuerKey = z.infer<typeof keySchema>;

const documentSchema = z.object({ keys: z.array(z.unknown()).max(MAX_KEYS) });
const useSchema = z.object({ use: z.string().optional() });

/**
 * Reads an issuer's keys (RFC 7517), within bounds of time, size, redirects and number.
 * @throws Problem `tool-failed` when it is no key set or holds no key that could sign; those of `outboundFetch` otherwise
 */
export async function fetchKeySet(way: WayOut, url: string): Promise<IssuerKey[]> {
  const document = documentSchema.safeParse(
    await issuerDocument(way, url, MAX_KEY_SET_BYTES, ["application/json", "application/jwk-set+json"]),
  );
  if (!document.success) throw new Problem("tool-failed", `${url} is no key set (RFC 7517) of at most ${MAX_KEYS} keys.`);
  const keys = document.data.keys.flatMap((key) => {
    const use = useSchema.safeParse(key);
    const parsed = keySchema.safeParse(key);
    return parsed.success && (use.data?.use ?? "sig") === "sig" ? [parsed.data] : [];
  });
  if (keys.length === 0)
    throw new Problem("tool-failed", `${url} holds no public key that signs: RSA from 2048 bits, P-256, P-384, P-521 or Ed25519.`);
  return keys;
}
