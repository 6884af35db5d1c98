import { sha256Hex } from "../platform/crypto.ts";
import { Problem } from "../platform/problem.ts";
import { type ConstitutionText, readDocument } from "./document.ts";

/** Stores a document under its hash; storing it again changes nothing. */
export async function keepText(env: Env, tenant: string, { sha256, text }: { sha256: string; text: string }): Promise<void> {
  await env.ARTIFACTS.put(key(tenant, sha256), text, {
    onlyIf: { etagDoesNotMatch: "*" },
    httpMetadata: { contentType: "text/markdown; charset=utf-8" },
  });
}

/** A stored text; undefined when the tenant has none of this hash. @throws Problem `unavailable` when it is not what its hash says */
export async function keptText(env: Env, tenant: string, sha256: string): Promise<string | undefined> {
  const object = await env.ARTIFACTS.get(key(tenant, sha256));
  if (object === null) return undefined;
  const text = await object.text();
  if (sha256Hex(text) !== sha256)
    throw new Problem("unavailable", `The stored constitution ${sha256.slice(0, 12)}… does not match its hash; nothing is decided by it.`);
  return text;
}

/** A stored document, read. @throws Problem `unavailable` when it is missing, altered or not readable */
export async function keptDocument(env: Env, tenant: string, sha256: string): Promise<ConstitutionText> {
  const text = await keptText(env, tenant, sha256);
  const read = text === undefined ? undefined : readDocument(text);
  if (read === undefined || "faults" in read)
    throw new Problem("unavailable", `The constitution ${sha256.slice(0, 12)}… is missing from storage; nothing is decided without it.`);
  return read.document;
}

function key(tenant: string, sha256: string): string {
  return `governance/${tenant}/${sha256}`;
}
