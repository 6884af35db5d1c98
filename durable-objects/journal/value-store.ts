import { type Json, parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import { sha256Hex } from "../../workers/platform/crypto.ts";
import { MAX_INLINE_VALUE_BYTES } from "../../workers/platform/limits.ts";
import { Problem } from "../../workers/platform/problem.ts";

/** The largest value one step may return: it is held in memory while it is used. */
const MAX_VALUE_BYTES = 16_777_216;

/** A value as a step's record keeps it: in the row when it is small, in R2 by reference when it is not. */
export type KeptValue = { readonly output: Json } | { readonly reference: { key: string; sha256: string; bytes: number } };

/** Where one object keeps its large values: by content, so that writing one twice is writing it once. */
export interface ValueStore {
  keep(value: Json): Promise<KeptValue>;
  load(reference: { key: string; sha256: string }): Promise<Json>;
}

/** A value store in R2 under `prefix` (tenant and object). */
export function valueStore(bucket: R2Bucket, prefix: string): ValueStore {
  return {
    async keep(value) {
      const text = JSON.stringify(value);
      if (text.length <= MAX_INLINE_VALUE_BYTES) return { output: value };
      const bytes = new TextEncoder().encode(text);
      if (bytes.byteLength > MAX_VALUE_BYTES) {
        throw new Problem(
          "limit-exceeded",
          `The result has ${bytes.byteLength} bytes; a step may return ${MAX_VALUE_BYTES}. Store it as an artifact and return its id.`,
        );
      }
      const sha256 = sha256Hex(bytes);
      const key = `${prefix}/values/${sha256}.json`;
      await bucket.put(key, bytes, { httpMetadata: { contentType: "application/json" } });
      return { reference: { key, sha256, bytes: bytes.byteLength } };
    },
    async load(reference) {
      const object = await bucket.get(reference.key);
      if (object === null)
        throw new Problem("unavailable", `A recorded value is missing from storage (${reference.sha256.slice(0, 12)}…).`);
      const text = await object.text();
      if (sha256Hex(text) !== reference.sha256)
        throw new Problem("internal", `A recorded value does not match its hash (${reference.sha256.slice(0, 12)}…).`);
      return parsedJsonSchema.parse(JSON.parse(text));
    },
  };
}
