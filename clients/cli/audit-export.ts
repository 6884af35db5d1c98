import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { must, type SomaClient } from "../sdk/client.ts";
import type { Send } from "../sdk/patience.ts";
import { pathsOf } from "../verifier/hashing.ts";
import { type Source, urlSource } from "../verifier/source.ts";
import { entryBundles, levelsOf, lineFiles, tilesOfLevel } from "../verifier/tile-paths.ts";
import { UsageError } from "./exit-codes.ts";

const PAGE = 200;
const RECORDS_A_PAGE = 1_024;
/** Files fetched at the same time. */
const FETCHED_AT_ONCE = 8;

/** A platform and the credential that reads its audit. */
interface Platform {
  readonly url: string;
  readonly apiKey: string;
  /** What reaches the platform in place of `fetch`. */
  readonly send?: Send;
}

/** A whole log as an export holds it. */
interface CollectedLog {
  readonly origin: string;
  readonly size: number;
  readonly files: ReadonlyMap<string, Buffer>;
}

/**
 * Reads a tenant's whole log: its published form as the platform serves it, the records and payloads behind the leaves, and a proof for
 * each. All of it is verified from that alone.
 * @throws UsageError when nothing has happened yet
 */
export async function collectLog(client: SomaClient, platform: Platform, signal: AbortSignal): Promise<CollectedLog> {
  const head = await must(client.api.GET("/v1/audit/log", { params: { query: { current: "true" } }, signal }));
  const { origin, checkpoint, checkpointSize: size, verifierKey } = head;
  if (checkpoint === undefined || size === undefined || verifierKey === undefined)
    throw new UsageError("The log is empty: nothing has happened yet.");
  const headers = { Authorization: `Bearer ${platform.apiKey}` };
  const tiles = await fetchTiles(urlSource(`${platform.url}${head.path}`, { ...platform, headers, signal }), size);
  const records = await fetchRecords(client, size, signal);
  const payloads = await fetchPayloads(client, records, signal);
  const tenant: unknown = JSON.parse(records[0] ?? "{}").tenant;
  const proofs = pathsOf(leavesOf(tiles, size)).map((path) => JSON.stringify(path.map((hash) => hash.toString("base64"))));
  const about = { format: 1, tenant, origin, verifierKey, size, exportedAt: new Date().toISOString() };
  const files = new Map<string, Buffer>([
    ["log.json", Buffer.from(`${JSON.stringify(about, null, 2)}\n`)],
    ["checkpoint", Buffer.from(`${checkpoint}${head.cosignatures.map((line) => `${line}\n`).join("")}`)],
    ...tiles,
  ]);
  for (const [name, lines] of [
    ["records", records],
    ["payloads", payloads],
    ["proofs", proofs],
  ] as const)
    for (const { path, first, count } of lineFiles(name, size))
      files.set(path, Buffer.from(`${lines.slice(first, first + count).join("\n")}\n`));
  return { origin, size, files };
}

/** Writes an export to a folder. @throws UsageError when the folder holds something already */
export function writeExport(folder: string, files: ReadonlyMap<string, Buffer>): void {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new UsageError(`${folder} is not empty; name a folder that is, or is not there.`);
  for (const [path, content] of files) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** Hashes of leaves as the stored tiles have them. */
function leavesOf(tiles: ReadonlyMap<string, Buffer>, size: number): Buffer[] {
  return tilesOfLevel(0, size).flatMap(({ path, width }) => {
    const tile = tiles.get(path) ?? Buffer.alloc(0);
    return Array.from({ length: width }, (_, i) => tile.subarray(i * 32, (i + 1) * 32));
  });
}

async function fetchTiles(source: Source, size: number): Promise<Map<string, Buffer>> {
  const wanted = [...entryBundles(size), ...levelsOf(size).flatMap((level) => tilesOfLevel(level, size))];
  const found = new Map<string, Buffer>();
  for (let i = 0; i < wanted.length; i += FETCHED_AT_ONCE)
    await Promise.all(
      wanted.slice(i, i + FETCHED_AT_ONCE).map(async ({ path }) => {
        const bytes = await source.read(path);
        // What is missing is left out: the verification says so.
        if (bytes !== undefined) found.set(path, bytes);
      }),
    );
  return found;
}

async function fetchRecords(client: SomaClient, size: number, signal: AbortSignal): Promise<string[]> {
  const lines: string[] = [];
  while (lines.length < size) {
    const query = { from: lines.length, limit: Math.min(RECORDS_A_PAGE, size - lines.length) };
    const page = await must(client.api.GET("/v1/audit/records", { params: { query }, signal }));
    if (page.lines.length === 0) break;
    lines.push(...page.lines);
  }
  return lines;
}

/** The payload behind each record, or null where it is not kept any more. */
async function fetchPayloads(client: SomaClient, records: readonly string[], signal: AbortSignal): Promise<string[]> {
  const byEvent = new Map<string, string>();
  for (let cursor: string | undefined; ; ) {
    const query = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page = await must(client.api.GET("/v1/audit/events", { params: { query }, signal }));
    for (const { id, salt, data } of page.items) if (salt !== undefined) byEvent.set(id, JSON.stringify({ salt, data }));
    if (page.nextCursor === undefined) break;
    cursor = page.nextCursor;
  }
  return records.map((line) => {
    const { object, seq } = JSON.parse(line);
    return byEvent.get(`${object}/${seq}`) ?? "null";
  });
}
