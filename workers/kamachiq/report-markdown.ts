import { formatFigure } from "../tools/data/figure.ts";
import type { DatasetProfile } from "../tools/data/profile.ts";
import { escapeMarkdown as md } from "./escape.ts";
import type { ReportContent, ReportSection } from "./report.ts";
import { qualityOf } from "./report-quality.ts";
import type { ReportTable } from "./report-tables.ts";

/** The report in Markdown (CommonMark with tables); charts are files beside it. */
export function reportMarkdown(content: ReportContent): string {
  return [
    `# ${md(content.title)}`,
    ...(content.audience === undefined ? [] : [`*${md(content.audience)}*`]),
    "## Summary",
    content.summary.map((line) => `- ${md(line)}`).join("\n"),
    "## What was asked",
    quoted(content.brief),
    ...(content.remarks.length === 0 ? [] : [content.remarks.map((remark) => `- ${md(remark)}`).join("\n")]),
    ...content.sections.map(section),
    ...sources(content),
    "## How this was made",
    md(
      `Each goal was worked on by an agent of its own, with the engine ${content.engines.join(", ") || "embedded"}. Every figure comes from a query listed below and was computed again before delivery.`,
    ),
    "## Evidence",
    ...content.sections.flatMap((part) =>
      part.evidence.map((item) =>
        item.sql === undefined
          ? `**${item.reference}** ${md(item.document ?? "")}\n\n> ${md(item.quote ?? "")}`
          : `**${item.reference}**\n\n${fenced(item.sql)}`,
      ),
    ),
    "",
  ].join("\n\n");
}

function section(part: ReportSection): string {
  return [
    `## ${md(part.heading)}`,
    ...(part.narrative === undefined ? [] : part.narrative.split(/\n{2,}/).map(md)),
    ...findings(part),
    ...part.charts.map((chart) => `![${md(chart.alt)}](charts/${chart.name}.svg)`),
    ...part.tables.map(table),
    ...[...new Set(part.methods)].map((method) => `*Method.* ${md(method)}`),
    ...(part.caveats.length === 0 ? [] : [`*Note.* ${part.caveats.map(md).join(" ")}`]),
  ].join("\n\n");
}

/** The answer as a paragraph, what belongs to it as a list. */
function findings(part: ReportSection): string[] {
  const [answer, ...details] = part.findings.map(
    ({ text, sources }) => `${md(text)}${sources.length === 0 ? "" : ` \\[${sources.join(", ")}\\]`}`,
  );
  if (answer === undefined) return [];
  return details.length === 0 ? [answer] : [answer, details.map((detail) => `- ${detail}`).join("\n")];
}

/** Somebody's words as a quotation, line by line. */
function quoted(text: string): string {
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => `> ${md(line)}`.trimEnd())
    .join("\n");
}

function table(data: ReportTable): string {
  const rows = [data.columns, data.columns.map(() => "---"), ...data.rows].map(
    (row, i) => `| ${row.map((cell) => (i === 1 ? cell : md(cell))).join(" | ")} |`,
  );
  return `${md(data.caption)}\n\n${rows.join("\n")}${data.omitted > 0 ? `\n\nAnd ${formatFigure(data.omitted)} more rows in the evidence file.` : ""}`;
}

function sources(content: ReportContent): string[] {
  const documents = content.documents.map((document) => `**${md(document.name)}**: ${md(document.title)}`);
  return ["## Sources and their quality", ...content.datasets.flatMap(dataset), ...documents];
}

function dataset(data: DatasetProfile): string[] {
  const { size, missing, bad, badRows } = qualityOf(data);
  const gaps = { caption: `What is missing in ${data.source}`, columns: ["column", "missing", "of all rows"], rows: missing, omitted: 0 };
  return [
    `### ${md(data.source)}`,
    md(size),
    missing.length === 0 ? "Nothing is missing." : table(gaps),
    ...(bad === "" ? [] : [md(bad), badRows.map((row) => `- ${md(row)}`).join("\n")]),
    ...data.notes.map(md),
    `SHA-256 \`${data.sha256}\``,
  ];
}

/** A fence longer than any run of backticks inside. */
function fenced(sql: string): string {
  const longest = Math.max(2, ...[...sql.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}sql\n${sql}\n${fence}`;
}
