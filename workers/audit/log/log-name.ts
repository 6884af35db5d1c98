import { createHash } from "node:crypto";
import { settings } from "../../platform/settings.ts";
import { numberPath, TILE_WIDTH, type TilePlace } from "./tiles.ts";

/** Characters of a log's id: 128 bits, as many as nobody can go through. */
const ID_CHARACTERS = 32;

/** The id that a tenant's log is published under: it does not tell whose it is. */
export function logIdOf(tenant: string): string {
  return createHash("sha256").update(`somaagent transparency log\n${tenant}`).digest("hex").slice(0, ID_CHARACTERS);
}

/** True for what could be the id of a log. */
export function isLogId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

/** The name of the object that keeps a tenant's log. */
export function auditLogName(tenant: string): string {
  return `${tenant}/log`;
}

/** The origin of a tenant's checkpoints (C2SP tlog-checkpoint): the address of the log without its scheme. */
export function originOf(env: Env, logId: string): string {
  return `${settings(env).SOMA_LOG_ORIGIN}/${logId}`;
}

/** Where a log's files are in R2. */
export const logKeys = {
  checkpoint: (logId: string) => `tlog/${logId}/checkpoint`,
  /** There while the tenant publishes its log. */
  published: (logId: string) => `tlog/${logId}/published`,
  /** A full tile, or the newest partial one: that one grows in place until it is full. */
  tile: (logId: string, { level, number }: TilePlace, width: number) =>
    `tlog/${logId}/tile/${level}/${numberPath(number)}${width < TILE_WIDTH ? ".p" : ""}`,
  entries: (logId: string, number: number, width: number) =>
    `tlog/${logId}/tile/entries/${numberPath(number)}${width < TILE_WIDTH ? ".p" : ""}`,
  /** The records behind 256 entries, a line each; for the tenant alone. */
  records: (logId: string, number: number) => `tlog/${logId}/records/${numberPath(number)}`,
};
