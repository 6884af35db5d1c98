import { putBounded } from "../platform/bounded-map.ts";
import { sha256Hex } from "../platform/crypto.ts";

/** Texts kept in one isolate: few tenants change theirs, and each asks for the same again. */
const MAX_TEXTS = 64;
const texts = new Map<string, string>();

/** Keeps a tenant's policy text under its SHA-256; keeping it twice is keeping it once. @returns the hash */
export async function keepPolicyText(env: Env, tenant: string, text: string): Promise<string> {
  const hash = sha256Hex(text);
  await env.ARTIFACTS.put(keyOf(tenant, hash), text, { httpMetadata: { contentType: "text/plain; charset=utf-8" } });
  return hash;
}

/**
 * A tenant's policy text by its hash.
 * @throws Error when it is not there, or not what its hash says
 */
export async function readPolicyText(env: Env, tenant: string, hash: string): Promise<string> {
  const key = keyOf(tenant, hash);
  const known = texts.get(key);
  if (known !== undefined) return known;
  const stored = await env.ARTIFACTS.get(key);
  if (stored === null) throw new Error(`the policy text ${hash} is not stored`);
  const text = await stored.text();
  if (sha256Hex(text) !== hash) throw new Error(`the policy text ${hash} is not what was stored under this hash`);
  putBounded(texts, key, text, MAX_TEXTS);
  return text;
}

function keyOf(tenant: string, hash: string): string {
  return `governance/${tenant}/${hash}`;
}
