import { problemOf } from "../platform/problem.ts";
import type { Analysis, QueryEvidence } from "../tools/data/analysis.ts";
import type { Cell } from "../tools/data/profile.ts";
import type { Finding, ReviewInput } from "./review.ts";

/** Numbers that differ by less than this part of themselves are the same: sums in another order. */
const SAME_PART = 1e-9;

/** Every query of the evidence, run again, gives the same rows. */
export async function evidenceCheck({ results, requery }: ReviewInput): Promise<Finding> {
  const faults: string[] = [];
  const tasks = new Set<string>();
  let count = 0;
  for (const { step, analyses } of results) {
    for (const evidence of queriesOf(analyses)) {
      count += 1;
      const fault = await faultOf(evidence, requery);
      if (fault === undefined) continue;
      faults.push(fault);
      tasks.add(step);
    }
  }
  return {
    name: "Evidence computed again",
    weight: 0.2,
    count,
    faults,
    fine: `${count} queries gave the same rows`,
    tasks: [...tasks],
  };
}

/** What is wrong with a query's rows; undefined when they come again as they were. */
async function faultOf(evidence: QueryEvidence, requery: ReviewInput["requery"]): Promise<string | undefined> {
  try {
    const again = await requery(evidence.sql);
    const isSame = sameRows(evidence.rows, again.rows) && evidence.columns.join("\n") === again.columns.join("\n");
    return isSame ? undefined : `a query gives other rows now: ${evidence.sql.slice(0, 120)}`;
  } catch (error) {
    return `a query cannot be run again: ${refusalOf(error).slice(0, 120)}`;
  }
}

/** Every quote stands in its document, at its place, and is told word for word. */
export async function quotesCheck({ results, documentText }: ReviewInput): Promise<Finding> {
  const faults: string[] = [];
  let count = 0;
  for (const analysis of results.flatMap((result) => result.analyses)) {
    for (const evidence of analysis.evidence) {
      if (evidence.kind !== "quote") continue;
      count += 1;
      const text = await documentText(evidence.document).catch((error: unknown) => {
        refusalOf(error);
        return "";
      });
      const isTold = analysis.statements.some(
        (statement) => statement.sources.includes(evidence.id) && statement.text.includes(evidence.text.replace(/\s+/g, " ").trim()),
      );
      if (text.slice(evidence.start, evidence.end) !== evidence.text || !isTold)
        faults.push(`a quote does not stand in ${evidence.document}: “${evidence.text.slice(0, 80)}”`);
    }
  }
  return { name: "Quotes are word for word", weight: 0.05, count, faults, fine: `${count} quotes stand in their documents` };
}

function queriesOf(analyses: readonly Analysis[]): QueryEvidence[] {
  return analyses.flatMap((analysis) => analysis.evidence.filter((evidence): evidence is QueryEvidence => evidence.kind === "query"));
}

/** What the workspace says against it. An interruption says nothing about the report, and is thrown on. */
function refusalOf(error: unknown): string {
  const problem = problemOf(error);
  if (problem === undefined) throw error;
  return problem.detail;
}

function sameRows(a: readonly (readonly Cell[])[], b: readonly (readonly Cell[])[]): boolean {
  return (
    a.length === b.length && a.every((row, i) => row.length === b[i]?.length && row.every((cell, k) => sameCell(cell, b[i]?.[k] ?? null)))
  );
}

function sameCell(a: Cell, b: Cell): boolean {
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  return a === b || Math.abs(a - b) <= SAME_PART * Math.max(Math.abs(a), Math.abs(b));
}
