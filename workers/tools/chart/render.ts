import { Problem } from "../../platform/problem.ts";
import type { Chart } from "../data/analysis.ts";
import type { ChartPlan } from "./specs.ts";

const WIDTH = 640;
/** What one chart may weigh in a report. */
const MAX_SVG_CHARACTERS = 1_000_000;
const MAX_DEPTH = 40;
const FONT = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif";

/** Colours that people who do not see all colours can tell apart (Okabe and Ito, 2008), on a light ground. */
const PALETTE = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c8c8c", "#b8a700"];
const AXIS = { labelColor: "#333", titleColor: "#333", gridColor: "#e8e8e8", domainColor: "#999", tickColor: "#999" };
const CONFIG = {
  background: "#ffffff",
  font: FONT,
  padding: 12,
  view: { stroke: null },
  axis: { ...AXIS, labelLimit: 220, labelFontSize: 11, titleFontSize: 11, titleFontWeight: "normal" },
  legend: { labelColor: "#333", titleColor: "#333", labelLimit: 160 },
  range: { category: PALETTE },
  bar: { color: PALETTE[0] },
  line: { color: PALETTE[0], strokeWidth: 2 },
  point: { color: PALETTE[0] },
};

/** Keys of a specification that reach outside it. */
const OUTSIDE = new Set(["url", "href", "usermeta", "loader"]);

const silent = () => silentLogger;
const silentLogger = { level: silent, error: silent, warn: silent, info: silent, debug: silent };

/**
 * Draws a Vega-Lite specification as SVG, inside the isolate: expressions are interpreted, since compiling them is not allowed there.
 * @throws Problem `invalid-request` when the specification does not compile or reaches outside itself
 */
export async function renderChart(plan: ChartPlan): Promise<Chart> {
  const outside = findOutside(plan.spec, 0);
  if (outside !== undefined)
    throw new Problem("invalid-request", `A chart may not use \`${outside}\`: all its data is in the specification.`);
  const spec = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: WIDTH,
    autosize: { type: "fit-x", contains: "padding" },
    ...plan.spec,
  };
  const { svg: drawing, marks } = await draw(spec);
  const svg = withNames(drawing, plan);
  if (svg.length > MAX_SVG_CHARACTERS)
    throw new Problem("limit-exceeded", `The chart has ${svg.length} characters; ${MAX_SVG_CHARACTERS} may be kept. Show fewer marks.`);
  return { title: plan.title, alt: plan.alt, evidence: plan.evidence, spec: JSON.stringify(spec), svg, marks };
}

/** Vega is loaded with the first chart, not with the Worker. */
async function draw(spec: Record<string, unknown>): Promise<{ svg: string; marks: number }> {
  const [vega, vegaLite, { expressionInterpreter }] = await Promise.all([import("vega"), import("vega-lite"), import("vega-interpreter")]);
  try {
    const compiled = vegaLite.compile(JSON.parse(JSON.stringify({ ...spec, config: CONFIG })), { logger: silentLogger });
    const view = new vega.View(vega.parse(compiled.spec, undefined, { ast: true }), {
      expr: expressionInterpreter,
      renderer: "none",
      logger: silentLogger,
    });
    const svg = renumbered(await view.toSVG());
    const marks = countMarks(view.scenegraph(), 0);
    view.finalize();
    return { svg, marks };
  } catch (error) {
    throw new Problem(
      "invalid-request",
      `The chart cannot be drawn: ${error instanceof Error ? error.message.slice(0, 200) : "its specification does not compile"}.`,
    );
  }
}

/** The drawing with its title and description inside, for those who hear it and for wherever it is shown alone (SVG 2 §5.8). */
function withNames(svg: string, { title, alt }: ChartPlan): string {
  const names = `<title>${escapeText(title)}</title><desc>${escapeText(alt)}</desc>`;
  return svg.replace(
    /^\s*<svg\b([^>]*)>/,
    (_, attributes: string) => `<svg role="img" aria-label="${escapeText(alt)}"${attributes}>${names}`,
  );
}

function escapeText(text: string): string {
  return text
    .replace(/[^\P{Cc}\n]/gu, " ")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}

/** Vega counts its clips and gradients over the life of the isolate; counted within the drawing, the same chart has the same bytes. */
function renumbered(svg: string): string {
  const numbers = new Map<string, string>();
  return svg.replace(/\b(clip|gradient_)\d+\b/g, (id, kind: string) => {
    const known = numbers.get(id) ?? `${kind}${numbers.size}`;
    numbers.set(id, known);
    return known;
  });
}

function findOutside(value: unknown, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return "nesting without end";
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    // Rows of data may have columns of any name.
    if (key === "values" && Array.isArray(member)) continue;
    if (OUTSIDE.has(key)) return key;
    const found = findOutside(member, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Data items in the drawn scene: what axes and legends are made of does not count. */
function countMarks(node: unknown, depth: number): number {
  if (depth > MAX_DEPTH || typeof node !== "object" || node === null) return 0;
  if ("root" in node) return countMarks(node.root, depth + 1);
  if (!("items" in node) || !Array.isArray(node.items)) return 0;
  const isMark = "role" in node && node.role === "mark" && "marktype" in node && node.marktype !== "group";
  const below = node.items.reduce((sum: number, item: unknown) => sum + countMarks(item, depth + 1), 0);
  return below + (isMark ? node.items.length : 0);
}
