import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { styleText } from "node:util";
import { parseDocument } from "yaml";
import { z } from "zod";
import { done, must, type Schemas } from "../../sdk/client.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { definitionFiles, readDefinition } from "../definition-files.ts";
import { EXIT, UsageError } from "../exit-codes.ts";
import { LIST_OPTIONS, localTime, printList, wholeNumber } from "../listing.ts";
import { columns, shown, shownShort } from "../output.ts";
import { templateOf } from "../what-runs.ts";
import { PLATFORM_OPTIONS, withPlatform } from "../with-platform.ts";

const NAME = { name: "NAME", about: "the template" } as const;
const VERSIONED = { name: "NAME[@VERSION]", about: "the template; without a version the newest" } as const;
const TEXT_CHARACTERS = 160;

type Import = Schemas["Import"];

const importFiles = defineCommand({
  name: "templates import",
  summary:
    "Import graphs, or teams of CrewAI, AutoGen, LangGraph or the Open Agent Specification, and say what was carried over and what was not.",
  operands: [{ name: "PATH", about: "a file, or a folder with files of one or more teams" }],
  options: {
    framework: { type: "string", value: "NAME", about: "whose files they are; recognised when not given" },
    name: { type: "string", value: "NAME", about: "what the template is called; taken from the files when not given" },
    binding: { type: "string", value: "FILE", about: "what says how things outside the files are bound here" },
    ...PLATFORM_OPTIONS,
  },
  examples: ["soma templates import crew/config", "soma templates import team.json --name support --json"],
  notes: "Each line names the place in your files as FILE:LINE:COLUMN. What cannot be carried over does not fail the import.",
  run: async ({ operands: [path = ""], options, output, signal }) => {
    const { framework, name, binding } = options;
    const body = {
      files: definitionFiles(path),
      ...(framework === undefined ? {} : { framework }),
      ...(name === undefined ? {} : { name }),
      ...(binding === undefined ? {} : { binding: readDefinition(binding, basename(binding)) }),
    };
    return withPlatform({ ...options, output }, async ({ api }) => {
      const imported = await must(api.POST("/v1/templates/import", { body, signal }));
      output.result(imported, importText(imported));
      return EXIT.ok;
    });
  },
});

function importText({ framework, templates, mapped, unmapped, untold }: Import): string {
  const heads = templates.map(
    ({ name, version, isNew }) =>
      `${styleText("bold", shown(name))} version ${version} ${isNew ? "imported" : "was this already"} (${shown(framework)})`,
  );
  const place = ({ where: { file, line, column } }: { where: Schemas["Place"] }) => shown(`${file}:${line}:${column}`);
  const entry = (what: string, becomes: string) => shownShort(`${what} ${becomes}`, TEXT_CHARACTERS);
  return [
    ...heads,
    ...listed(
      "Mapped",
      mapped.map((one) => `${styleText("green", "✓")} ${place(one)}  ${entry(one.what, `→ ${one.to}`)}`),
    ),
    ...listed(
      "Not mapped",
      unmapped.map((one) => `${styleText("yellow", "!")} ${place(one)}  ${entry(one.what, `— ${one.why}`)}`),
    ),
    ...(untold === 0 ? [] : [`… and ${untold} more`]),
  ].join("\n");
}

function listed(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [`${title}: nothing`] : [`${title}: ${lines.length}`, ...lines.map((line) => `  ${line}`)];
}

const list = defineCommand({
  name: "templates list",
  summary: "List templates by name.",
  options: LIST_OPTIONS,
  examples: ["soma templates list"],
  run: async ({ options, output, signal }) => {
    const { api } = await connected();
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/templates", { params: { query }, signal })),
      row: (template) => [template.name, `version ${template.version}`, template.framework, localTime(template.updatedAt)],
      none: "There are no templates yet. Import one with soma templates import.",
    });
    return EXIT.ok;
  },
});

const show = defineCommand({
  name: "templates show",
  summary: "Show a version: its inputs, agents and steps, and what of its files could not be carried over.",
  operands: [VERSIONED],
  options: {},
  examples: ["soma templates show research-crew", "soma templates show research-crew@2 --json"],
  run: async ({ operands: [word = ""], output, signal }) => {
    const { api } = await connected();
    const { name, version } = templateOf(word);
    const number = version ?? (await must(api.GET("/v1/templates/{name}", { params: { path: { name } }, signal }))).version;
    const found = await must(api.GET("/v1/templates/{name}/versions/{version}", { params: { path: { name, version: number } }, signal }));
    output.result(found, versionText(found));
    return EXIT.ok;
  },
});

function versionText({ name, version, framework, hash, graph, report }: Schemas["TemplateVersion"]): string {
  const steps = membersOf(graph.steps).map(([step, value]) => [`  ${step}`, textOf(value, "uses"), textOf(value, "title")]);
  const names = (part: unknown) => membersOf(part).map(([member]) => member);
  return [
    `${name}@${version}  ${framework}  ${hash.slice(0, 12)}`,
    `Inputs: ${shownShort(names(graph.inputs).join(", ") || "none", TEXT_CHARACTERS)}`,
    `Agents: ${shownShort(names(graph.agents).join(", ") || "none", TEXT_CHARACTERS)}`,
    `Steps:\n${columns(steps, "  none")}`,
    ...listed(
      "Not mapped",
      report.unmapped.map(({ what, where, why }) => shown(`${where.file}:${where.line}:${where.column}  ${what} — ${why}`)),
    ),
  ].join("\n");
}

function membersOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function textOf(value: unknown, member: string): string {
  const found = membersOf(value).find(([name]) => name === member)?.[1];
  return typeof found === "string" ? found : "";
}

const versions = defineCommand({
  name: "templates versions",
  summary: "List the versions of a template, newest first.",
  operands: [NAME],
  options: LIST_OPTIONS,
  examples: ["soma templates versions research-crew"],
  run: async ({ operands: [name = ""], options, output, signal }) => {
    const { api } = await connected();
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/templates/{name}/versions", { params: { path: { name }, query }, signal })),
      row: (version) => [
        String(version.version),
        localTime(version.createdAt),
        version.framework,
        `${version.steps} steps`,
        version.createdBy,
      ],
      none: "It has no versions.",
    });
    return EXIT.ok;
  },
});

const diff = defineCommand({
  name: "templates diff",
  summary: "Show how two versions of a template differ: the newest and the one before it when none are named.",
  operands: [NAME],
  options: {
    from: { type: "string", value: "N", about: "the older version" },
    to: { type: "string", value: "N", about: "the newer version" },
  },
  examples: ["soma templates diff research-crew", "soma templates diff research-crew --from 1 --to 4"],
  run: async ({ operands: [name = ""], options, output, signal }) => {
    const { api } = await connected();
    const query = {
      ...(options.from === undefined ? {} : { from: wholeNumber(options.from, "--from") }),
      ...(options.to === undefined ? {} : { to: wholeNumber(options.to, "--to") }),
    };
    const found = await must(api.GET("/v1/templates/{name}/diff", { params: { path: { name }, query }, signal }));
    output.result(found, diffText(found));
    return EXIT.ok;
  },
});

function diffText({ from, to, steps, agents, parts, patch }: Schemas["TemplateDiff"]): string {
  const lines = Object.entries({ Steps: steps, Agents: agents }).flatMap(([kind, { added, removed, changed }]) =>
    Object.entries({ added, removed, changed }).flatMap(([how, names]) =>
      names.length === 0 ? [] : [`${kind} ${how}: ${names.join(", ")}`],
    ),
  );
  if (patch === "") return `Version ${from} and version ${to} are the same.`;
  return [
    `Version ${from} → version ${to}`,
    ...lines,
    ...(parts.length === 0 ? [] : [`Other parts: ${parts.join(", ")}`]),
    shown(patch ?? ""),
  ].join("\n");
}

const FORMATS = ["yaml", "json", "agent-spec", "agent-spec-yaml"] as const;

const exportTemplate = defineCommand({
  name: "templates export",
  summary: "Write a template out as a file.",
  operands: [VERSIONED],
  options: {
    format: { type: "string", value: "FORMAT", about: FORMATS.join(", "), default: "yaml" },
    "agent-spec": { type: "boolean", about: "as Open Agent Specification, in JSON (agent-spec-yaml is a format too)" },
    out: { type: "string", value: "FILE", about: "the file; standard output when not given" },
  },
  examples: [
    "soma templates export research-crew --out crew.yaml",
    "soma templates export research-crew@2 --format json",
    "soma templates export research-crew --agent-spec --out crew.json",
  ],
  notes:
    "What Open Agent Specification has no words for is told when the document goes to a file, and stands in its metadata.somaagent.left.",
  run: async ({ operands: [word = ""], options, output, signal }) => {
    const { name, version } = templateOf(word);
    const asked = options["agent-spec"] ? "agent-spec" : options.format;
    const format = FORMATS.find((known) => known === asked);
    if (format === undefined) throw new UsageError(`--format ${options.format} is not known; it is one of ${FORMATS.join(", ")}.`);
    const { api } = await connected();
    const query = { format, ...(version === undefined ? {} : { version }) };
    const text = await must(api.GET("/v1/templates/{name}/export", { params: { path: { name }, query }, parseAs: "text", signal }));
    if (options.out !== undefined) writeFileSync(options.out, text);
    output.result(
      options.out === undefined ? { name, format, text } : { name, format, out: options.out },
      options.out === undefined ? text : [`Wrote ${options.out}.`, ...leftOut(text)].join("\n"),
    );
    return EXIT.ok;
  },
});

const exportedSchema = z.object({
  metadata: z.object({ somaagent: z.object({ left: z.array(z.object({ what: z.string(), why: z.string() })) }) }),
});

/** What a document of Open Agent Specification could not say; nothing of other forms. */
function leftOut(text: string): string[] {
  const parsed = exportedSchema.safeParse(parseDocument(text).toJS());
  const left = parsed.success ? parsed.data.metadata.somaagent.left : [];
  return left.map(({ what, why }) => `${styleText("yellow", "!")} ${shownShort(`${what}: ${why}`, TEXT_CHARACTERS)}`);
}

const remove = defineCommand({
  name: "templates delete",
  summary: "Delete a template with all its versions; runs of it keep their graph.",
  operands: [NAME],
  options: {},
  examples: ["soma templates delete research-crew"],
  run: async ({ operands: [name = ""], output, signal }) => {
    const { api } = await connected();
    await done(api.DELETE("/v1/templates/{name}", { params: { path: { name } }, signal }));
    output.result({ name }, `Deleted ${name}.`);
    return EXIT.ok;
  },
});

export const templateCommands: readonly Command[] = [importFiles, list, show, versions, diff, exportTemplate, remove];
