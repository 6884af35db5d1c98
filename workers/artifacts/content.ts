import { MAX_UPLOAD_BYTES } from "../platform/limits.ts";
import { Problem } from "../platform/problem.ts";

/** Where an artifact's bytes are in R2. The tenant is part of every key. */
export function artifactKey(tenant: string, id: string): string {
  return `${tenant}/artifacts/${id}`;
}

export interface StoredContent {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Streams content into R2 under `key`, counting and hashing as it passes: no more than a chunk of it is ever in memory.
 * Content of unknown length goes in parts.
 * @throws Problem `payload-too-large`; nothing is left at the key then
 */
export async function storeContent(
  bucket: Pick<R2Bucket, "createMultipartUpload" | "put">,
  key: string,
  body: ReadableStream<Uint8Array>,
  mediaType: string,
): Promise<StoredContent> {
  const digest = new crypto.DigestStream("SHA-256");
  const digestWriter = digest.getWriter();
  const upload = await bucket.createMultipartUpload(key, { httpMetadata: { contentType: mediaType } });
  try {
    const parts: R2UploadedPart[] = [];
    let bytes = 0;
    for await (const part of inParts(body)) {
      bytes += part.byteLength;
      if (bytes > MAX_UPLOAD_BYTES) throw new Problem("payload-too-large", `A file may have ${MAX_UPLOAD_BYTES} bytes; split it.`);
      await digestWriter.write(part);
      parts.push(await upload.uploadPart(parts.length + 1, part));
    }
    await digestWriter.close();
    if (parts.length === 0) await storeEmpty(bucket, key, mediaType, upload);
    else await upload.complete(parts);
    return { bytes, sha256: toHex(await digest.digest) };
  } catch (error) {
    await upload.abort().catch(() => undefined);
    throw error;
  }
}

/** A multipart upload needs a part; an empty file has none. */
async function storeEmpty(bucket: Pick<R2Bucket, "put">, key: string, mediaType: string, upload: R2MultipartUpload): Promise<void> {
  await upload.abort();
  await bucket.put(key, new Uint8Array(), { httpMetadata: { contentType: mediaType } });
}

/** R2 wants parts of one size, 5 MiB at least, but the last. */
const PART_BYTES = 8_388_608;

async function* inParts(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let part = new Uint8Array(PART_BYTES);
  let filled = 0;
  for await (const chunk of body) {
    for (let offset = 0; offset < chunk.byteLength; ) {
      const take = Math.min(PART_BYTES - filled, chunk.byteLength - offset);
      part.set(chunk.subarray(offset, offset + take), filled);
      filled += take;
      offset += take;
      if (filled < PART_BYTES) continue;
      yield part;
      part = new Uint8Array(PART_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

function toHex(buffer: ArrayBuffer): string {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
