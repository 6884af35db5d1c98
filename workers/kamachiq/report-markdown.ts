import { formatFigure } from "../tools/data/figure.ts";
import { escapeMarkdown as md } from "./escape.ts";
import type { ReportContent, ReportSection } from "./report.ts";

/** The report in Markdown (CommonMark with tables); charts are files beside it. */
export function reportMarkdown(content: ReportContent): string {
  return [
    `# ${md(content.title)}`,
    ...(content.audience === undefined ? [] : [`*${md(content.audience)}*`]),
    "## Summary",
    content.summary.map((line) => `- ${md(line)}`).join("\n"),
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
    part.findings
      .map((finding) => `- ${md(finding.text)}${finding.sources.length === 0 ? "" : ` \\[${finding.sources.join(", ")}\\]`}`)
      .join("\n"),
    ...part.charts.map((chart) => `![${md(chart.alt)}](charts/${chart.name}.svg)`),
    ...part.tables.map(table),
    ...part.methods.map((method) => `*Method.* ${md(method)}`),
    ...(part.caveats.length === 0 ? [] : [`*Note.* ${part.caveats.map(md).join(" ")}`]),
  ].join("\n\n");
}

function table(data: ReportSection["tables"][number]): string {
  const rows = [data.columns, data.columns.map(() => "---"), ...data.rows].map(
    (row, i) => `| ${row.map((cell) => (i === 1 ? cell : md(cell))).join(" | ")} |`,
  );
  return `${md(data.caption)}\n\n${rows.join("\n")}${data.omitted > 0 ? `\n\nAnd ${formatFigure(data.omitted)} more rows in the evidence file.` : ""}`;
}

function sources(content: ReportContent): string[] {
  const tables = content.datasets.map((dataset) => {
    const missing = dataset.columns
      .filter((column) => column.missing > 0)
      .map((column) => `${column.name}: ${formatFigure(column.missing)}`);
    const bad = dataset.badRows.map((row) => `- line ${row.line}: ${md(row.reason)}`).join("\n");
    return `**${md(dataset.source)}**: ${formatFigure(dataset.rows)} rows, ${formatFigure(dataset.columns.length)} columns (${dataset.format.toUpperCase()}, SHA-256 \`${dataset.sha256}\`). ${missing.length === 0 ? "Nothing is missing." : `Missing: ${md(missing.slice(0, 30).join("; "))}.`}${dataset.badRowCount === 0 ? "" : `\n\n${formatFigure(dataset.badRowCount)} rows or cells could not be taken as they were:\n\n${bad}`}`;
  });
  const documents = content.documents.map((document) => `**${md(document.name)}**: ${md(document.title)}`);
  return ["## Sources", ...tables, ...documents];
}

/** A fence longer than any run of backticks inside. */
function fenced(sql: string): string {
  const longest = Math.max(2, ...[...sql.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}sql\n${sql}\n${fence}`;
}
