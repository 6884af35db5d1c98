import { recordChange } from "../audit/record.ts";
import type { Clock } from "../platform/clock.ts";
import { derivedId, type Id, newestTimeIn } from "../platform/ids.ts";
import type { Principal } from "../platform/principal.ts";
import type { RecordedDecision } from "../platform/recorded.ts";
import { artifactKey, storeContent } from "./content.ts";
import { checkedFileName } from "./file-name.ts";
import { type ArtifactRow, insertArtifact } from "./store.ts";

export interface NewArtifact {
  readonly id: Id<"artifact">;
  readonly name: string;
  readonly mediaType: string;
  readonly body: ReadableStream<Uint8Array>;
  /** Of the route that stores it; a tool's decision is recorded with its step. */
  readonly decision?: RecordedDecision;
}

/**
 * Keeps a file of a tenant: its bytes in R2 as they come, then its row, then the record of the change. The same id again replaces nothing that is recorded.
 * @throws Problem `invalid-request` (name), `payload-too-large`
 */
export async function keepArtifact(env: Env, clock: Clock, principal: Principal, file: NewArtifact): Promise<ArtifactRow> {
  const { id, mediaType, body, decision } = file;
  const name = checkedFileName(file.name);
  const content = await storeContent(env.ARTIFACTS, artifactKey(principal.tenant, id), body, mediaType);
  const row = { id, tenant: principal.tenant, name, mediaType, ...content, createdBy: principal.subject, createdAt: clock.now() };
  if (await insertArtifact(env, row)) {
    const change = { action: "artifact.created", resource: id, ...(decision === undefined ? {} : { decision }) };
    await recordChange(env, clock, principal, change);
  }
  return row;
}

/** The id of what a step stores: every try of the step has the same, so that a repetition stores it once. */
export function artifactIdOfStep(idempotencyKey: string, clock: Clock): Id<"artifact"> {
  return derivedId("artifact", newestTimeIn(idempotencyKey) ?? clock.now(), idempotencyKey);
}

/** A text as the stream that storage takes. */
export function streamOf(content: string | Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  return new Blob([content]).stream();
}
