import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { done, must, type Schemas } from "../../sdk/client.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { EXIT, UsageError } from "../exit-codes.ts";
import { checkFile } from "../files.ts";
import { LIST_OPTIONS, localTime, printList } from "../listing.ts";
import { columns, shown, shownShort } from "../output.ts";

type Version = Schemas["ConstitutionVersion"];

const ID = { name: "ID", about: "the version: con_…" } as const;
const EXAMPLE_ID = "con_01KAJ2M3N4P5Q6R7S8T9V0W1X2";
/** Events of the audit log in which `verify` looks for the hash that decisions pin. */
const EVENTS_LOOKED_AT = 200;

const show = defineCommand({
  name: "constitution show",
  summary: "Show the constitution that binds the tenant's agents.",
  options: {},
  examples: ["soma constitution show"],
  run: async ({ output, signal }) => {
    const { api } = await connected();
    const constitution = await must(api.GET("/v1/constitution", { signal }));
    const documents = [constitution.platform, ...(constitution.tenant === undefined ? [] : [constitution.tenant])];
    const articles = documents.flatMap(({ title, sha256, articles }) => [
      `\n${shown(title)}  ${sha256}`,
      ...articles.map((article) => `  ${article.id}  ${shownShort(article.title, 80)}\n    ${shownShort(article.text, 300)}`),
    ]);
    const { approvals, author, services } = constitution.quorum;
    const who = `${author ? "" : ", not of its authors"}${services ? "" : ", of people alone"}`;
    output.result(
      constitution,
      [`In force: ${constitution.hash}`, `A new version needs ${approvals} approvals${who}.`, ...articles].join("\n"),
    );
    return EXIT.ok;
  },
});

const list = defineCommand({
  name: "constitution list",
  summary: "List the versions of the tenant's constitution, newest first.",
  options: LIST_OPTIONS,
  examples: ["soma constitution list"],
  run: async ({ options, output, signal }) => {
    const { api } = await connected();
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/constitution/versions", { params: { query }, signal })),
      row: (version) => [
        version.id,
        version.state,
        `${version.approvalsCounted}/${version.approvalsNeeded}`,
        version.sha256.slice(0, 12),
        localTime(version.updatedAt),
        shownShort(version.title, 60),
      ],
      none: "The tenant has no constitution of its own; the platform's stands alone. Draft one with soma constitution draft.",
    });
    return EXIT.ok;
  },
});

const draft = defineCommand({
  name: "constitution draft",
  summary: "Draft a version of the tenant's constitution from a Markdown file.",
  operands: [{ name: "FILE", about: "the text; docs/constitution.md has its form" }],
  options: {
    into: { type: "string", value: "ID", about: "write this draft anew; approvals of what it said before are void" },
    note: { type: "string", value: "TEXT", about: "what it is for, to those who approve", default: "" },
  },
  examples: ["soma constitution draft ours.md", `soma constitution draft ours.md --into ${EXAMPLE_ID} --note "after the review"`],
  run: async ({ operands: [file = ""], options, output, signal }) => {
    const { api } = await connected();
    const body = { text: textOf(file), note: options.note };
    const version =
      options.into === undefined
        ? await must(api.POST("/v1/constitution/versions", { body, signal }))
        : await must(api.PUT("/v1/constitution/versions/{id}", { params: { path: { id: options.into } }, body, signal }));
    output.result(version, described(version));
    return EXIT.ok;
  },
});

const diff = defineCommand({
  name: "constitution diff",
  summary: "Tell what a version says otherwise than the one in force, article by article.",
  operands: [ID],
  options: { against: { type: "string", value: "ID", about: "another version than the one in force" } },
  examples: [`soma constitution diff ${EXAMPLE_ID}`],
  run: async ({ operands: [id = ""], options, output, signal }) => {
    const { api } = await connected();
    const query = options.against === undefined ? {} : { against: options.against };
    const told = await must(api.GET("/v1/constitution/versions/{id}/diff", { params: { path: { id }, query }, signal }));
    const lines = told.articles.flatMap(({ article, change, parts, before, after }) => [
      `${change} ${article}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`,
      ...(["title", "text", "rationale", "policies", "moderation"] as const)
        .filter((part) => change !== "moved" && (before?.[part] ?? "") !== (after?.[part] ?? ""))
        .flatMap((part) => [...prefixed("-", before?.[part]), ...prefixed("+", after?.[part])]),
    ]);
    const others = (["title", "preamble", "quorum"] as const).filter((part) => told[part]).map((part) => `changed ${part}`);
    output.result(told, [...others, ...lines].join("\n") || "They say the same.");
    return EXIT.ok;
  },
});

const approve = defineCommand({
  name: "constitution approve",
  summary: "Approve of a version as it reads under its hash.",
  operands: [ID],
  options: {
    sha256: { type: "string", value: "HASH", about: "of the text that you have read; soma constitution list and sha256sum print it" },
    note: { type: "string", value: "TEXT", about: "why", default: "" },
  },
  examples: [`soma constitution approve ${EXAMPLE_ID} --sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08`],
  run: async ({ operands: [id = ""], options, output, signal }) => {
    if (options.sha256 === undefined)
      throw new UsageError("Say with --sha256 what you approve of: the hash of the text that you have read.");
    const { api } = await connected();
    const body = { sha256: options.sha256, ...(options.note === "" ? {} : { note: options.note }) };
    const version = await must(api.POST("/v1/constitution/versions/{id}/approvals", { params: { path: { id } }, body, signal }));
    output.result(version, described(version));
    return EXIT.ok;
  },
});

const withdraw = defineCommand({
  name: "constitution withdraw",
  summary: "Withdraw your approval of a version.",
  operands: [ID],
  options: {},
  examples: [`soma constitution withdraw ${EXAMPLE_ID}`],
  run: async ({ operands: [id = ""], output, signal }) => {
    const { api } = await connected();
    const version = await must(api.DELETE("/v1/constitution/versions/{id}/approvals", { params: { path: { id } }, signal }));
    output.result(version, described(version));
    return EXIT.ok;
  },
});

const activate = defineCommand({
  name: "constitution activate",
  summary: "Put an approved version in force, now or at a time.",
  operands: [ID],
  options: { at: { type: "string", value: "TIME", about: "when (ISO 8601); now when not given" } },
  examples: [`soma constitution activate ${EXAMPLE_ID}`, `soma constitution activate ${EXAMPLE_ID} --at 2027-01-01T00:00:00Z`],
  run: async ({ operands: [id = ""], options, output, signal }) => {
    const { api } = await connected();
    const body = options.at === undefined ? {} : { at: isoTime(options.at) };
    const version = await must(api.POST("/v1/constitution/versions/{id}/activate", { params: { path: { id } }, body, signal }));
    output.result(version, described(version));
    return EXIT.ok;
  },
});

const rollBack = defineCommand({
  name: "constitution roll-back",
  summary: "Put a version in force again that was in force before.",
  operands: [ID, { name: "REASON", about: "why, in quotes" }],
  options: {},
  examples: [`soma constitution roll-back ${EXAMPLE_ID} "the night's reports were stopped"`],
  run: async ({ operands: [id = "", reason = ""], output, signal }) => {
    const { api } = await connected();
    const version = await must(
      api.POST("/v1/constitution/versions/{id}/roll-back", { params: { path: { id } }, body: { reason }, signal }),
    );
    output.result(version, described(version));
    return EXIT.ok;
  },
});

const discard = defineCommand({
  name: "constitution discard",
  summary: "Discard a draft.",
  operands: [ID],
  options: {},
  examples: [`soma constitution discard ${EXAMPLE_ID}`],
  run: async ({ operands: [id = ""], output, signal }) => {
    const { api } = await connected();
    await done(api.DELETE("/v1/constitution/versions/{id}", { params: { path: { id } }, signal }));
    output.result({ discarded: id }, `Discarded ${id}.`);
    return EXIT.ok;
  },
});

/** One thing that `verify` looked at. */
interface Check {
  readonly what: string;
  readonly holds: boolean;
  readonly detail: string;
}

const verify = defineCommand({
  name: "constitution verify",
  summary: "Recompute the hash of the constitution from the served texts, and compare it with what is pinned.",
  operands: [{ name: "FILE", about: "your own copy of the tenant's text", isOptional: true }],
  options: { session: { type: "string", value: "ID", about: "compare with what this session pinned, too" } },
  examples: ["soma constitution verify", "soma constitution verify ours.md"],
  notes: "Exits with 1 when something does not agree. Texts are hashed by this program, not by the platform.",
  run: async ({ operands: [file], options, output, signal }) => {
    const { api } = await connected();
    const constitution = await must(api.GET("/v1/constitution", { signal }));
    const text = (sha256: string) =>
      must(api.GET("/v1/constitution/documents/{sha256}", { params: { path: { sha256 } }, parseAs: "text", signal }));
    const parts = [constitution.platform, ...(constitution.tenant === undefined ? [] : [constitution.tenant])];
    const texts = await Promise.all(parts.map(({ sha256 }) => text(sha256)));
    const checks: Check[] = parts.map(({ title, sha256 }, i) => same(`the text “${title}”`, sha256, hashOf(texts[i] ?? "")));
    const hash = hashOf(texts.join(""));
    checks.push(same("the constitution in force", constitution.hash, hash));
    if (file !== undefined)
      checks.push(same(file, hashOf(canonical(textOf(file))), constitution.tenant?.sha256 ?? "no text of the tenant's own"));
    const { items } = await must(api.GET("/v1/audit/events", { params: { query: { limit: EVENTS_LOOKED_AT } }, signal }));
    const pinned = items.flatMap(({ time, data }) => pinsIn(data).map((pin) => ({ time, pin })));
    const last = pinned[0];
    if (last !== undefined) checks.push(same(`the newest decision, of ${localTime(last.time)}`, last.pin, hash));
    if (options.session !== undefined) {
      const session = await must(api.GET("/v1/sessions/{id}", { params: { path: { id: options.session } }, signal }));
      checks.push(same(options.session, session.constitutionHash ?? "nothing", hash));
    }
    const holds = checks.every((check) => check.holds);
    const rows = checks.map((check) => [check.holds ? "ok" : "DIFFERS", check.what, check.detail]);
    output.result({ holds, hash, checks }, `${hash}\n${columns(rows, "")}`);
    return holds ? EXIT.ok : EXIT.failed;
  },
});

function same(what: string, claimed: string, found: string): Check {
  const holds = claimed === found;
  return { what, holds, detail: holds ? found.slice(0, 12) : `says ${claimed}, is ${found}` };
}

/** Hashes of constitutions that an event's decisions were made under. */
function pinsIn(data: unknown): string[] {
  if (typeof data !== "object" || data === null || !("decision" in data)) return [];
  const { decision } = data;
  if (typeof decision !== "object" || decision === null || !("constitutionHash" in decision)) return [];
  return typeof decision.constitutionHash === "string" ? [decision.constitutionHash] : [];
}

/** The canonical form of a text, as docs/constitution.md defines it: NFC, line feeds, no white space at the ends of lines, one line feed at the end. */
function canonical(text: string): string {
  const lines = text
    .replace(/^\ufeff/, "")
    .normalize("NFC")
    .split(/\r\n|\r|\n/);
  return `${lines
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/\n+$/, "")}\n`;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

function textOf(file: string): string {
  checkFile(file, "a constitution");
  return readFileSync(file, "utf8");
}

function isoTime(text: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new UsageError(`--at ${JSON.stringify(text)} is no time; write it like 2027-01-01T00:00:00Z.`);
  return at.toISOString();
}

function prefixed(sign: string, text: string | undefined): string[] {
  return text === undefined || text === "" ? [] : text.split("\n").map((line) => `  ${sign} ${shown(line)}`);
}

function described(version: Version): string {
  const when = version.scheduledFor === undefined ? "" : `, in force from ${localTime(version.scheduledFor)}`;
  const approvals = version.approvals.map(
    ({ by, at, note }) => `  approved by ${shown(by)} at ${localTime(at)}${note === undefined ? "" : `: ${shownShort(note, 100)}`}`,
  );
  return [
    `${version.id}  ${version.state}${when}  ${shownShort(version.title, 80)}`,
    `  ${version.sha256}`,
    `  ${version.approvalsCounted} of ${version.approvalsNeeded} approvals`,
    ...approvals,
  ].join("\n");
}

export const constitutionCommands: readonly Command[] = [show, list, draft, diff, approve, withdraw, activate, rollBack, discard, verify];
