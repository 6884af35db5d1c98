import { existsSync, readFileSync } from "node:fs";
import { must, somaClient } from "../../sdk/client.ts";
import { folderSource, urlSource } from "../../verifier/source.ts";
import { type Verdict, verifyLog } from "../../verifier/verify.ts";
import { collectLog, writeExport } from "../audit-export.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected, findConnection } from "../connection.ts";
import { EXIT, UsageError } from "../exit-codes.ts";
import { isoTime, LIST_OPTIONS, localTime, printList } from "../listing.ts";

const DATA_CHARACTERS = 100;
const OUTCOMES = ["done", "failed", "denied", "refused", "unknown"] as const;

const search = defineCommand({
  name: "audit search",
  summary: "Search the audit, newest first: every change, decision, approval and tool call.",
  options: {
    ...LIST_OPTIONS,
    actor: { type: "string", value: "ID", about: "only what this user, service or agent did" },
    action: { type: "string", value: "ACTION", about: "only this action, as the audit names it" },
    resource: { type: "string", value: "ID", about: "only what was done to this" },
    outcome: { type: "string", value: "OUTCOME", about: `only what ended so: ${OUTCOMES.join(", ")}` },
    object: { type: "string", value: "ID", about: "only of this session, project or run" },
    type: { type: "string", value: "TYPE", about: "only events of this type" },
    from: { type: "string", value: "TIME", about: "from this time on (ISO 8601)" },
    to: { type: "string", value: "TIME", about: "before this time (ISO 8601)" },
  },
  examples: [
    "soma audit search",
    "soma audit search --outcome denied --from 2026-11-01",
    "soma audit search --action api-key.created --json",
    "soma audit search --object prj_01KAJ2M3N4P5Q6R7S8T9V0W1X2",
  ],
  run: async ({ options, output, signal }) => {
    const { api } = await connected();
    const outcome = OUTCOMES.find((known) => known === options.outcome);
    if (options.outcome !== undefined && outcome === undefined)
      throw new UsageError(`--outcome ${JSON.stringify(options.outcome)} is none of ${OUTCOMES.join(", ")}.`);
    const { object, type, actor, action, resource } = options;
    const given = Object.entries({ object, type, actor, action, resource, outcome }).filter(([, value]) => value !== undefined);
    const filter = {
      ...Object.fromEntries(given),
      ...(options.from === undefined ? {} : { from: isoTime(options.from, "--from") }),
      ...(options.to === undefined ? {} : { to: isoTime(options.to, "--to") }),
    };
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/audit/events", { params: { query: { ...query, ...filter } }, signal })),
      row: (event) => [
        localTime(event.time),
        event.type.replace(/^io\.somaagent\./, ""),
        event.id,
        JSON.stringify(event.data ?? {}).slice(0, DATA_CHARACTERS),
      ],
      none: "The audit has nothing of that.",
    });
    return EXIT.ok;
  },
});

const exportAudit = defineCommand({
  name: "audit export",
  summary: "Write the whole transparency log to a folder: checkpoint, tiles, entries, records, payloads and a proof for each leaf.",
  options: { out: { type: "string", value: "DIR", about: "a folder that is empty, or not there" } },
  examples: ["soma audit export --out audit-2026-11", "soma audit export --out audit --json"],
  notes: "The folder is verified without the platform: soma audit verify DIR.",
  run: async ({ options, output, signal }) => {
    if (options.out === undefined) throw new UsageError("--out is missing: name the folder to write to.");
    const connection = await findConnection();
    if (connection === undefined) throw new UsageError("There is no platform to export from; see soma login --help.");
    const { files, origin, size } = await collectLog(somaClient(connection), connection, signal);
    writeExport(options.out, files);
    const written = { folder: options.out, origin, size, files: files.size };
    output.result(written, `Wrote ${size} leaves of ${origin} to ${options.out}, in ${files.size} files.`);
    return EXIT.ok;
  },
});

const verify = defineCommand({
  name: "audit verify",
  summary: "Verify an export, or a published log, from what is there alone. Ends with 0 when everything holds, and with 1 otherwise.",
  operands: [{ name: "DIR|URL", about: "a folder that audit export wrote, or the address of a published log" }],
  options: {
    key: { type: "string", value: "VKEY", about: "the log's verifier key, as you noted it; the export's own when not given" },
    against: { type: "string", value: "FILE", about: "a checkpoint seen earlier, or by someone else: the log must hold all it covers" },
    witness: { type: "string", value: "VKEY", about: "the key of a witness that must have cosigned", multiple: true },
  },
  examples: [
    "soma audit verify audit-2026-11",
    "soma audit verify audit-2026-11 --against audit-2026-10/checkpoint",
    "soma audit verify https://soma.example.com/tlog/9f2c6a1d0b7e4c5f8a9b0c1d2e3f4a5b --key soma.example.com/tlog/9f2c+1a2b3c4d+AQ…",
  ],
  notes: "It does not ask the platform that made an export. What does not hold is told with its place, at most a hundred times.",
  run: async ({ operands: [place = ""], options, output, signal }) => {
    const source = /^https?:\/\//.test(place) ? urlSource(place, { signal }) : folderOf(place);
    if (options.against !== undefined && !existsSync(options.against))
      throw new UsageError(`There is no file ${options.against}; --against names a checkpoint that was kept.`);
    if (source.paths === undefined && options.key === undefined)
      throw new UsageError("A published log is verified with a key that is known from elsewhere: give it with --key.");
    const verdict = await verifyLog(source, {
      key: options.key,
      against: options.against === undefined ? undefined : readFileSync(options.against, "utf8"),
      witnesses: options.witness,
    });
    output.result(verdict, wordsOf(verdict));
    return verdict.isSound ? EXIT.ok : EXIT.failed;
  },
});

function folderOf(place: string) {
  try {
    return folderSource(place);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wordsOf({ isSound, size, root, origin, keyFrom, records, gaps, payloads, count, findings }: Verdict): string {
  const told = findings.map(({ where, what }) => `${where}: ${what}`);
  const more = count > findings.length ? [`… and ${count - findings.length} more`] : [];
  const key = keyFrom === "export" ? "The key came with the export: compare it with one you know." : "The key is the one you gave.";
  const held = `${records} records, ${gaps} gaps, ${payloads.present} payloads, ${payloads.erased} without payload.`;
  const lines = isSound
    ? [`${origin ?? "The log"} holds: ${size} leaves under ${root}.`, held, key]
    : [...told, ...more, `This log does not hold: ${count} findings.`];
  return lines.join("\n");
}

export const auditCommands: readonly Command[] = [search, exportAudit, verify];
