import { newLogKey, openLogKey, type SealedKey } from "../../workers/audit/log/log-key.ts";
import { logIdOf, logKeys, originOf } from "../../workers/audit/log/log-name.ts";
import { emptyRoot } from "../../workers/audit/log/merkle.ts";
import { logVerifierKey, signCheckpoint } from "../../workers/audit/log/note.ts";
import { rootOfEdge, TILE_WIDTH } from "../../workers/audit/log/tiles.ts";
import type { Clock } from "../../workers/platform/clock.ts";
import { describeError, log } from "../../workers/platform/telemetry.ts";
import type { LogState } from "./log-state.ts";
import { putFull, putPartial, type Snapshot } from "./tile-files.ts";
import type { TreeStore } from "./tree-store.ts";

/** A checkpoint is signed this long after the first leaf it is to cover: tiles cost as much for one leaf as for a thousand. */
export const CHECKPOINT_EVERY_MS = 10_000;
/** A publication that failed is tried again after this. */
const RETRY_AFTER_MS = 60_000;
/** Appends that a publication lets overtake it before it signs what it has. */
const MAX_SNAPSHOTS = 5;
/** Checkpoints that are kept, for cosignatures that come late; a larger tree shows all it holds by proofs. */
const CHECKPOINTS_KEPT = 2_000;
/** Old checkpoints are removed when so many have gathered beyond those. */
const CHECKPOINTS_SLACK = 200;

/** A signed checkpoint, as it is kept. */
export interface SignedCheckpoint {
  readonly size: number;
  readonly note: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Where the tree is put, and by whom it is signed. */
interface Parts {
  readonly storage: DurableObjectStorage;
  readonly env: Env;
  readonly clock: Clock;
  readonly tree: TreeStore;
  readonly state: LogState;
  readonly tenant: string;
}

/**
 * Publishes the tree: first the tiles and entries into R2, then the signature over them, then the checkpoint. Killed anywhere in
 * between it begins again and writes the same bytes, since the tree only grows and an Ed25519 signature over the same text is the same.
 */
export class Publication {
  readonly #parts: Parts;
  readonly #logId: string;
  #latest: SignedCheckpoint | undefined;
  #isPut = true;
  #wantedSince: number | undefined;
  #notBefore = 0;
  #privateKey: CryptoKey | undefined;
  #publishing: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#logId = logIdOf(parts.tenant);
  }

  create(): void {
    this.#parts.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS checkpoints (size INTEGER PRIMARY KEY, at INTEGER NOT NULL, note TEXT NOT NULL)",
    );
  }

  /** Reads back where the publication stands. */
  open(): void {
    const { storage, state, tree, clock } = this.#parts;
    const rows = storage.sql.exec<{ size: number; at: number; note: string }>("SELECT * FROM checkpoints ORDER BY size DESC LIMIT 1");
    [this.#latest] = rows.toArray();
    this.#isPut = this.#latest === undefined || Number(state.read("put_size") ?? -1) === this.#latest.size;
    if (tree.size > (this.#latest?.size ?? 0)) this.#wantedSince = clock.now();
  }

  /** The newest checkpoint that was signed. */
  get latest(): SignedCheckpoint | undefined {
    return this.#latest;
  }

  /** The verifier key of the log; undefined before its first checkpoint. */
  get verifierKey(): string | undefined {
    return this.#parts.state.read("vkey");
  }

  /** The checkpoint of a size, if it is kept. */
  checkpoint(size: number): SignedCheckpoint | undefined {
    return this.#parts.storage.sql
      .exec<{ size: number; at: number; note: string }>("SELECT * FROM checkpoints WHERE size = ?", size)
      .toArray()[0];
  }

  /** Leaves were appended. */
  want(): void {
    this.#wantedSince ??= this.#parts.clock.now();
  }

  dueAt(): number | undefined {
    if (!this.#isPut) return Math.max(this.#notBefore, this.#parts.clock.now());
    return this.#wantedSince === undefined ? undefined : Math.max(this.#notBefore, this.#wantedSince + CHECKPOINT_EVERY_MS);
  }

  /** Publishes when it is due; a failure is logged, and tried again. */
  async publishDue(): Promise<void> {
    try {
      await this.publish();
    } catch (error) {
      this.#notBefore = this.#parts.clock.now() + RETRY_AFTER_MS;
      log("warn", "audit.not-published", {}, { error: describeError(error) });
    }
  }

  /**
   * Publishes everything that is in the tree now, unless there is too much for one time; the alarm goes on then.
   * @throws Problem `unavailable` without a master key
   */
  async publish(): Promise<void> {
    this.#publishing ??= this.#publishNow().finally(() => {
      this.#publishing = undefined;
    });
    await this.#publishing;
  }

  /** Puts the newest checkpoint with what witnesses say of it: a note may carry more signatures than its log's. */
  async putCosigned(lines: readonly string[]): Promise<void> {
    const latest = this.#latest;
    if (latest === undefined) return;
    const note = `${latest.note}${lines.map((line) => `${line}\n`).join("")}`;
    await this.#parts.env.ARTIFACTS.put(logKeys.checkpoint(this.#logId), note);
  }

  async #publishNow(): Promise<void> {
    const { env, state, tree, clock } = this.#parts;
    const snapshot = await this.#settledSnapshot();
    if (snapshot === undefined) {
      this.#notBefore = clock.now();
      return;
    }
    if (snapshot.size > (this.#latest?.size ?? 0)) {
      await putPartial(env.ARTIFACTS, this.#logId, snapshot);
      this.#keep({ size: snapshot.size, at: clock.now(), note: await this.#sign(snapshot) });
    }
    const latest = this.#latest;
    if (latest === undefined || this.#isPut) return;
    await this.#putCheckpoint(latest);
    state.write("put_size", String(latest.size));
    this.#isPut = true;
    this.#wantedSince = tree.size > latest.size ? clock.now() : undefined;
  }

  /** The tree at an instant at which everything full was in R2; undefined when there is more to put than one publication may. */
  async #settledSnapshot(): Promise<Snapshot | undefined> {
    const { env, tree } = this.#parts;
    for (let tries = 0; tries < MAX_SNAPSHOTS; tries += 1) {
      if (!(await putFull(env.ARTIFACTS, this.#logId, tree))) return undefined;
      if (tree.fullTiles(1).length > 0 || tree.fullBundles(1).length > 0) continue;
      const { size, edge } = tree;
      return { size, edge, tail: tree.lines(size - (size % TILE_WIDTH), size) };
    }
    return undefined;
  }

  async #sign({ size, edge }: Snapshot): Promise<string> {
    const { env, state } = this.#parts;
    const key = await this.#key();
    this.#privateKey ??= await openLogKey(env, key);
    const origin = state.read("origin") ?? "";
    return signCheckpoint({ origin, size, root: rootOfEdge(edge) ?? emptyRoot() }, key.publicKey, this.#privateKey);
  }

  /** The log's key, made with its first checkpoint. The origin is its name, and stays what it was then. */
  async #key(): Promise<SealedKey> {
    const { env, state, storage } = this.#parts;
    const sealed = state.read("sealed_key");
    const known = state.read("public_key");
    if (sealed !== undefined && known !== undefined)
      return { sealedPrivateKey: sealed, publicKey: Uint8Array.from(Buffer.from(known, "base64")) };
    const key = await newLogKey(env);
    const origin = originOf(env, this.#logId);
    storage.transactionSync(() => {
      state.write("origin", origin);
      state.write("sealed_key", key.sealedPrivateKey);
      state.write("public_key", Buffer.from(key.publicKey).toString("base64"));
      state.write("vkey", logVerifierKey(origin, key.publicKey));
    });
    return key;
  }

  #keep(checkpoint: SignedCheckpoint): void {
    const { sql } = this.#parts.storage;
    sql.exec("INSERT INTO checkpoints (size, at, note) VALUES (?, ?, ?)", checkpoint.size, checkpoint.at, checkpoint.note);
    const { kept } = sql.exec<{ kept: number }>("SELECT count(*) AS kept FROM checkpoints").one();
    if (kept > CHECKPOINTS_KEPT + CHECKPOINTS_SLACK)
      sql.exec("DELETE FROM checkpoints WHERE size NOT IN (SELECT size FROM checkpoints ORDER BY size DESC LIMIT ?)", CHECKPOINTS_KEPT);
    this.#latest = checkpoint;
    this.#isPut = false;
  }

  async #putCheckpoint({ note }: SignedCheckpoint): Promise<void> {
    const { env, state } = this.#parts;
    if (state.read("is_published") === undefined) {
      await env.ARTIFACTS.put(logKeys.published(this.#logId), "");
      state.write("is_published", "true");
    }
    await env.ARTIFACTS.put(logKeys.checkpoint(this.#logId), note);
  }
}
