import { artifactKey } from "../../workers/artifacts/content.ts";
import { findArtifact } from "../../workers/artifacts/store.ts";
import type { EventData } from "../../workers/platform/events.ts";
import type { Principal } from "../../workers/platform/principal.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { SessionState, Turn } from "./session-view.ts";

const MAX_FILES = 32;

/**
 * Loads stored files into the session's workspace, one after the other, and tells of each that was loaded.
 * @throws Problem `limit-exceeded`, `not-found`, and what is wrong with a file that cannot be loaded
 */
export async function attachFiles(
  env: Env,
  state: SessionState,
  order: { readonly principal: Principal; readonly attachments: readonly string[] },
  added: (file: EventData["file.added"]) => void,
): Promise<void> {
  const { principal, attachments } = order;
  if (state.files.length + attachments.length > MAX_FILES) throw new Problem("limit-exceeded", `A session takes ${MAX_FILES} files.`);
  const workspace = env.DATA_WORKSPACE.getByName(`${principal.tenant}/${state.workspace}`);
  for (const id of attachments) {
    const row = await findArtifact(env, principal.tenant, id);
    if (row === undefined) throw new Problem("not-found", `No artifact ${id} in this tenant.`);
    const kind = /\.(md|markdown|txt|html?)$/i.test(row.name) ? "document" : "table";
    const file = { key: artifactKey(principal.tenant, id), name: row.name };
    if (kind === "document") await workspace.addDocument(file);
    else await workspace.load(file);
    added({ artifact: id, name: row.name, kind });
  }
}

/** The tables and documents that a model is told of: those of a conversation, once there may be any. A task names its own. */
export async function materialOf(env: Env, state: SessionState, turn: Turn) {
  if (turn.task !== undefined || state.files.length === 0) return { datasets: [], documents: [] };
  const workspace = env.DATA_WORKSPACE.getByName(`${state.principal.tenant}/${state.workspace}`);
  return { datasets: await workspace.datasets(), documents: await workspace.documents() };
}
