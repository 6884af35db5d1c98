import { z } from "zod";
import { artifactKey } from "../../artifacts/content.ts";
import { artifactIdOfStep, keepArtifact, streamOf } from "../../artifacts/keep.ts";
import { mediaTypeOfName } from "../../artifacts/media-type.ts";
import { type ArtifactRow, findArtifact, listArtifacts } from "../../artifacts/store.ts";
import { idPattern } from "../../platform/ids.ts";
import { Problem } from "../../platform/problem.ts";
import { defineTool } from "../define.ts";
import type { RegisteredTool } from "../tool.ts";

const STORAGE_TIMEOUT_MS = 30_000;
/** Text that a model may store by one call; what is larger comes from tools and uploads. */
const MAX_PUT_CHARACTERS = 500_000;
/** Bytes of a file that one call shows: what fits a model's context beside everything else. */
const MAX_SHOWN_BYTES = 40_000;
const MAX_LISTED = 100;

const artifactSchema = z.object({ id: z.string(), name: z.string(), mediaType: z.string(), bytes: z.number().int(), sha256: z.string() });

/** The tools that store files and read them again; only the tenant's own can be found. */
export const artifactTools: readonly RegisteredTool[] = [
  defineTool({
    id: "artifacts.put",
    title: "Store a file",
    description: "Stores a text as a file under a plain name such as notes.md, and returns its id.",
    input: z.strictObject({ name: z.string().min(1).max(1_000), text: z.string().max(MAX_PUT_CHARACTERS) }),
    output: artifactSchema,
    risk: "write",
    onUnknown: "retry",
    timeoutMs: STORAGE_TIMEOUT_MS,
    run: async ({ name, text }, { env, clock, scope, idempotencyKey }) => {
      const id = artifactIdOfStep(idempotencyKey, clock);
      return shown(await keepArtifact(env, clock, scope.principal, { id, name, mediaType: mediaTypeOfName(name), body: streamOf(text) }));
    },
  }),
  defineTool({
    id: "artifacts.get",
    title: "Read a file",
    description: "Reads a stored text file from a place on (a number of bytes); `nextOffset` is where to go on when there is more.",
    input: z.strictObject({ id: z.string().regex(idPattern("artifact")), offset: z.number().int().nonnegative().default(0) }),
    output: artifactSchema.extend({ text: z.string(), nextOffset: z.number().int().optional() }),
    risk: "read",
    onUnknown: "retry",
    timeoutMs: STORAGE_TIMEOUT_MS,
    run: async ({ id, offset }, { env, scope }) => {
      const { tenant } = scope.principal;
      const row = await findArtifact(env, tenant, id);
      if (row === undefined) throw new Problem("not-found", `No artifact ${id} in this tenant.`);
      if (offset >= row.bytes) return { ...shown(row), text: "" };
      const object = await env.ARTIFACTS.get(artifactKey(tenant, id), { range: { offset, length: MAX_SHOWN_BYTES } });
      if (object === null) throw new Problem("unavailable", `The content of ${id} is missing from storage.`);
      const { text, bytes } = wholeCharacters(await object.bytes(), row.name);
      const end = offset + bytes;
      return { ...shown(row), text, ...(end < row.bytes ? { nextOffset: end } : {}) };
    },
  }),
  defineTool({
    id: "artifacts.list",
    title: "List files",
    description: "Lists stored files, newest first; `before` goes on after the last id shown.",
    input: z.strictObject({
      before: z.string().regex(idPattern("artifact")).optional(),
      limit: z.number().int().min(1).max(MAX_LISTED).default(20),
    }),
    output: z.object({ artifacts: z.array(artifactSchema) }),
    risk: "read",
    onUnknown: "retry",
    timeoutMs: STORAGE_TIMEOUT_MS,
    run: async ({ before, limit }, { env, scope }) => ({
      artifacts: (await listArtifacts(env, scope.principal.tenant, before, limit)).map(shown),
    }),
  }),
];

function shown({ id, name, mediaType, bytes, sha256 }: ArtifactRow): z.infer<typeof artifactSchema> {
  return { id, name, mediaType, bytes, sha256 };
}

/** The text of a piece of UTF-8 that may end inside a character, and how many bytes of it that is. @throws Problem `invalid-data` when it is no text */
function wholeCharacters(piece: Uint8Array, name: string): { text: string; bytes: number } {
  let end = piece.byteLength;
  // A character has at most four bytes, those after its first begin with the bits 10.
  for (let back = 1; back <= 4 && back <= piece.byteLength; back += 1) {
    const byte = piece[piece.byteLength - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    if (length > back) end = piece.byteLength - back;
    break;
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(piece.subarray(0, end)), bytes: end };
  } catch {
    throw new Problem("invalid-data", `${name} is not UTF-8 text from this place on; load it as a table, or download it.`);
  }
}
