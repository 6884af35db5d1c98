import { formatFigure } from "../tools/data/figure.ts";
import type { DatasetProfile } from "../tools/data/profile.ts";
import { escapeHtml as h } from "./escape.ts";
import type { ReportContent, ReportSection } from "./report.ts";
import { qualityOf } from "./report-quality.ts";
import type { ReportTable } from "./report-tables.ts";

/** The one style sheet of a report. Pages that show reports allow it by its hash. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--ink:#1c1e21;--soft:#5b6168;--line:#d9dde1;--ground:#fff;--panel:#f6f7f8;--accent:#0b5cad}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaec;--soft:#a9b0b7;--line:#3a4046;--ground:#15181b;--panel:#1f2327;--accent:#7db8f5}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}
main{max-width:50rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}h1{font-size:2rem;line-height:1.2;margin:0 0 .5rem}h3{font-size:1.05rem;margin:1.5rem 0 .25rem}h2{font-size:1.3rem;line-height:1.3;margin:2.75rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--line)}
.answer{font-size:1.1rem}.brief{white-space:pre-line;color:var(--soft);overflow-wrap:anywhere}.audience,.method,figcaption,.note{color:var(--soft)}.summary{background:var(--panel);border-left:4px solid var(--accent);padding:.75rem 1.25rem;border-radius:0 .4rem .4rem 0}
ul{padding-left:1.25rem}li{margin:.35rem 0}sup a{color:var(--accent);text-decoration:none;font-size:.75em}
figure{margin:1.25rem 0;overflow-x:auto}figure svg{max-width:100%;height:auto;border:1px solid var(--line);border-radius:.4rem;background:#fff}
.scroll{overflow-x:auto;margin:1rem 0}table{border-collapse:collapse;font-size:.9rem;width:100%}caption{text-align:left;color:var(--soft);padding-bottom:.4rem}
th,td{text-align:start;padding:.35rem .7rem;border-bottom:1px solid var(--line);vertical-align:top;max-width:24rem;overflow-wrap:anywhere}tbody th{font-weight:inherit}td.number,th.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
pre{background:var(--panel);padding:.75rem;border-radius:.4rem;overflow-x:auto;font-size:.8rem;white-space:pre-wrap;overflow-wrap:anywhere}blockquote{margin:.5rem 0;padding-left:1rem;border-left:3px solid var(--line)}
details{margin:.5rem 0}summary{cursor:pointer}@media print{:root{--ink:#000;--soft:#444;--line:#bbb;--ground:#fff;--panel:#fff;--accent:#000}main{max-width:none;padding:0}.scroll,figure{overflow:visible}h2,h3{break-after:avoid}figure,tr{break-inside:avoid}}`;

/** Drawings that stand in the page itself; a report of more names the files of the others, so that a browser can still show it. */
const MAX_CHARTS_IN_PAGE = 200;

/** The report as one page that needs nothing else and runs nothing. */
export function reportHtml(content: ReportContent): string {
  const shown = new Set(content.sections.flatMap(({ charts }) => charts.map(({ name }) => name)).slice(0, MAX_CHARTS_IN_PAGE));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${h(content.title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1 dir="auto">${h(content.title)}</h1>
${content.audience === undefined ? "" : `<p class="audience">${h(content.audience)}</p>`}
<section aria-labelledby="summary"><h2 id="summary">Summary</h2><div class="summary"><ul>${content.summary.map((line) => `<li dir="auto">${h(line)}</li>`).join("")}</ul></div></section>
${asked(content)}
${content.sections.map((part) => section(part, shown)).join("\n")}
<section aria-labelledby="sources"><h2 id="sources">Sources and their quality</h2>${content.datasets.map(dataset).join("")}${content.documents.map((document) => `<p><strong>${h(document.name)}</strong>: ${h(document.title)}</p>`).join("")}</section>
<section aria-labelledby="making"><h2 id="making">How this was made</h2><p>Each goal was worked on by an agent of its own, with the engine ${h(content.engines.join(", ") || "embedded")}. Every figure comes from a query listed below and was computed again before delivery.</p></section>
<section aria-labelledby="evidence"><h2 id="evidence">Evidence</h2>${content.sections.flatMap((part) => part.evidence.map(evidence)).join("")}</section>
</main>
</body>
</html>
`;
}

/** What was asked, word for word, and how it was taken. */
function asked(content: ReportContent): string {
  const remarks =
    content.remarks.length === 0 ? "" : `<ul>${content.remarks.map((remark) => `<li dir="auto">${h(remark)}</li>`).join("")}</ul>`;
  return `<section aria-labelledby="asked"><h2 id="asked">What was asked</h2><blockquote class="brief" dir="auto">${h(content.brief.trim())}</blockquote>${remarks}</section>`;
}

function section(part: ReportSection, shown: ReadonlySet<string>): string {
  const [answer, ...details] = part.findings.map(
    ({ text, sources }) => `${h(text)}${sources.map((source) => ` <sup><a href="#${h(source)}">${h(source)}</a></sup>`).join("")}`,
  );
  const told = part.narrative === undefined ? [] : part.narrative.split(/\n{2,}/).map((paragraph) => `<p dir="auto">${h(paragraph)}</p>`);
  const lead = answer === undefined ? "" : `<p class="answer" dir="auto">${answer}</p>`;
  const list = details.length === 0 ? "" : `<ul>${details.map((detail) => `<li dir="auto">${detail}</li>`).join("")}</ul>`;
  const charts = part.charts.map((chart) =>
    !shown.has(chart.name)
      ? `<p class="note">${h(chart.alt)} The drawing is in the file charts/${h(chart.name)}.svg.</p>`
      : `<figure role="group" aria-label="${h(chart.alt)}">${labelled(chart.svg, chart.alt)}<figcaption dir="auto">${h(chart.alt)}</figcaption></figure>`,
  );
  const methods = [...new Set(part.methods)].map((method) => `<p class="method"><em>Method.</em> ${h(method)}</p>`);
  const caveats = part.caveats.length === 0 ? "" : `<p class="note"><em>Note.</em> ${part.caveats.map(h).join(" ")}</p>`;
  return `<section aria-labelledby="${part.goalId}"><h2 id="${part.goalId}" dir="auto">${h(part.heading)}</h2>${told.join("")}${lead}${list}${charts.join("")}${part.tables.map(table).join("")}${methods.join("")}${caveats}</section>`;
}

/** The drawing with a name for those who hear it. */
function labelled(svg: string, alt: string): string {
  return svg.replace(/^\s*<svg\b(?![^>]*\brole=)/, `<svg role="img" aria-label="${h(alt)}"`);
}

function table(data: ReportTable): string {
  const isNumber = data.columns.map((_, i) => i > 0 && data.rows.some((row) => /^-?[\d,.]+%?$/.test(row[i] ?? "")));
  const kind = (i: number) => (isNumber[i] === true ? ' class="number"' : "");
  const head = data.columns.map((column, i) => `<th scope="col"${kind(i)} dir="auto">${h(column)}</th>`).join("");
  const cell = (text: string, i: number) =>
    i === 0 && data.columns.length > 1 ? `<th scope="row" dir="auto">${h(text)}</th>` : `<td${kind(i)} dir="auto">${h(text)}</td>`;
  const body = data.rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("");
  const more = data.omitted > 0 ? `<p class="note">And ${formatFigure(data.omitted)} more rows in the evidence file.</p>` : "";
  return `<div class="scroll" tabindex="0" role="region" aria-label="${h(data.caption)}"><table><caption dir="auto">${h(data.caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>${more}`;
}

function dataset(data: DatasetProfile): string {
  const { size, missing, bad, badRows } = qualityOf(data);
  const gaps =
    missing.length === 0
      ? "<p>Nothing is missing.</p>"
      : table({ caption: `What is missing in ${data.source}`, columns: ["column", "missing", "of all rows"], rows: missing, omitted: 0 });
  const rows = bad === "" ? "" : `<p>${h(bad)}</p><ul>${badRows.map((row) => `<li dir="auto">${h(row)}</li>`).join("")}</ul>`;
  const notes = data.notes.map((note) => `<p class="note" dir="auto">${h(note)}</p>`).join("");
  return `<h3 dir="auto">${h(data.source)}</h3><p>${h(size)}</p>${gaps}${rows}${notes}<p><small>SHA-256 ${h(data.sha256)}</small></p>`;
}

function evidence(item: ReportSection["evidence"][number]): string {
  const body =
    item.sql === undefined
      ? `<blockquote>${h(item.quote ?? "")}</blockquote><p class="note">${h(item.document ?? "")}</p>`
      : `<pre>${h(item.sql)}</pre>`;
  return `<details id="${h(item.reference)}"><summary>${h(item.reference)}</summary>${body}</details>`;
}
