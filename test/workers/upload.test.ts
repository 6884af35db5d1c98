import { env } from "cloudflare:test";
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { storeContent } from "../../workers/artifacts/content.ts";
import { MAX_UPLOAD_BYTES } from "../../workers/platform/limits.ts";
import { problemOf } from "../../workers/platform/problem.ts";
import { newTenant } from "./tenant.ts";

const CHUNK_BYTES = 65_536;
/** Storage gets the file in parts of this size: the one that fills, and the one that is on its way. */
const PART_BYTES = 8_388_608;

/** A body that is made only as fast as it is read. */
function body(bytes: number, onChunk: (bytes: number) => void = () => undefined): ReadableStream<Uint8Array> {
  let made = 0;
  return new ReadableStream({
    pull(controller) {
      const size = Math.min(CHUNK_BYTES, bytes - made);
      if (size > 0) controller.enqueue(new Uint8Array(size).fill(made / CHUNK_BYTES));
      made += size;
      onChunk(size);
      if (made === bytes) controller.close();
    },
  });
}

/** The bucket, telling how many bytes were given to it. */
function watched(onStored: (bytes: number) => void): Pick<R2Bucket, "createMultipartUpload" | "put"> {
  return {
    put: env.ARTIFACTS.put.bind(env.ARTIFACTS),
    async createMultipartUpload(key, options) {
      const upload = await env.ARTIFACTS.createMultipartUpload(key, options);
      return {
        key,
        uploadId: upload.uploadId,
        abort: () => upload.abort(),
        complete: (parts) => upload.complete(parts),
        async uploadPart(number, part) {
          if (!(part instanceof Uint8Array)) throw new TypeError("parts are bytes");
          onStored(part.byteLength);
          return upload.uploadPart(number, part);
        },
      };
    },
  };
}

it("stores a file of 100 MiB part by part while it comes, never more than a part of it in memory", async () => {
  let made = 0;
  let stored = 0;
  let furthest = 0;
  const hash = createHash("sha256");
  for (let i = 0; i < MAX_UPLOAD_BYTES / CHUNK_BYTES; i += 1) hash.update(new Uint8Array(CHUNK_BYTES).fill(i));
  const content = await storeContent(
    watched((bytes) => {
      stored += bytes;
    }),
    "ten/artifacts/large",
    body(MAX_UPLOAD_BYTES, (bytes) => {
      made += bytes;
      furthest = Math.max(furthest, made - stored);
    }),
    "text/csv",
  );
  expect(content).toEqual({ bytes: MAX_UPLOAD_BYTES, sha256: hash.digest("hex") });
  expect(furthest).toBeLessThanOrEqual(PART_BYTES + 2 * CHUNK_BYTES);
  expect((await env.ARTIFACTS.head("ten/artifacts/large"))?.size).toBe(MAX_UPLOAD_BYTES);
});

it("refuses one byte more, and leaves nothing of it", async () => {
  const tenant = await newTenant();
  const response = await tenant.fetch("/v1/artifacts?name=large.csv", { method: "POST", body: body(MAX_UPLOAD_BYTES + 1) });
  expect(response.status).toBe(413);
  expect(await (await tenant.fetch("/v1/artifacts")).json()).toEqual({ items: [] });
  expect((await env.ARTIFACTS.list({ prefix: tenant.id })).objects).toEqual([]);
});

it("leaves nothing of an upload that breaks off", async () => {
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(PART_BYTES + 1)),
    pull: (controller) => controller.error(new Error("the client is gone")),
  });
  const error = await storeContent(env.ARTIFACTS, "ten/artifacts/broken", broken, "text/csv").catch((thrown: unknown) => thrown);
  expect(problemOf(error)).toBeUndefined();
  expect(await env.ARTIFACTS.head("ten/artifacts/broken")).toBeNull();
});

it("stores an empty file as one", async () => {
  const tenant = await newTenant();
  const response = await tenant.fetch("/v1/artifacts?name=empty.txt", { method: "POST", body: "" });
  expect(await response.json()).toMatchObject({ bytes: 0, sha256: createHash("sha256").digest("hex") });
});
