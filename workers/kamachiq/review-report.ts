import { z } from "zod";
import { canonicalJson, parsedJsonSchema } from "../platform/canonical-json.ts";
import { filterSchema } from "../tools/data/sql-text.ts";
import { type Report, type ReportContent, type ReportSection, writeReport } from "./report.ts";
import type { Finding, ReviewInput } from "./review.ts";

const MAX_TEXT = 100;

/** Every goal of the plan has a section with a finding, and a result that is not empty behind it. */
export function goalsCheck({ plan, results, report }: ReviewInput): Finding {
  const ofGoal = Map.groupBy(results, (result) => result.goalId);
  const sections = new Map(report.content.sections.map((section) => [section.goalId, section]));
  const faults = plan.goals.flatMap((goal) => {
    const found = ofGoal.get(goal.id) ?? [];
    const section = sections.get(goal.id);
    const said = goal.text.slice(0, MAX_TEXT);
    if (section === undefined || section.findings.length === 0) return [`nothing in the report is about “${said}”`];
    const undone = goal.steps.filter((step) => !found.some((result) => result.step === step && result.analyses.some(hasResult)));
    return undone.map((step) => `“${said}” has no result of ${step} behind it`);
  });
  return {
    name: "Every goal is covered",
    weight: 0.25,
    count: plan.goals.length,
    faults,
    fine: `${plan.goals.length} goals have findings`,
  };
}

function hasResult(analysis: ReviewInput["results"][number]["analyses"][number]): boolean {
  return analysis.evidence.some((evidence) => (evidence.kind === "quote" ? evidence.text !== "" : evidence.rows.length > 0));
}

/** The report says what the results say and nothing else: written again from them it is the same, part by part, in both its forms. */
export function reportCheck(input: ReviewInput): Finding {
  const again = writeReport(input);
  const parts = partsOf(again, input.report);
  const faults = parts.filter(({ isSame }) => !isSame).map(({ name }) => `${name} of the report is not what the results say`);
  return {
    name: "The report says what was found",
    weight: 0.15,
    count: parts.length,
    faults,
    fine: "Written again from the results it is the same",
  };
}

interface Part {
  readonly name: string;
  readonly isSame: boolean;
}

function partsOf(again: Report, given: Report): Part[] {
  const content: (keyof ReportContent)[] = ["title", "audience", "brief", "summary", "remarks", "datasets", "documents", "engines"];
  const sections: (keyof ReportSection)[] = ["heading", "narrative", "findings", "tables", "charts", "methods", "caveats", "evidence"];
  const ids = [...new Set([...again.content.sections, ...given.content.sections].map(({ goalId }) => goalId))];
  const sectionsOf = (report: Report) => new Map(report.content.sections.map((section) => [section.goalId, section]));
  const [sectionsAgain, sectionsGiven] = [sectionsOf(again), sectionsOf(given)];
  return [
    ...content.map((name) => ({
      name: `the ${name === "datasets" ? "sources" : name}`,
      isSame: isSame(again.content[name], given.content[name]),
    })),
    ...ids.flatMap((id) =>
      sections.map((name) => ({
        name: `the ${name} of ${id}`,
        isSame: isSame(sectionsAgain.get(id)?.[name], sectionsGiven.get(id)?.[name]),
      })),
    ),
    {
      name: "the order of the sections",
      isSame: isSame(
        again.content.sections.map(({ goalId }) => goalId),
        given.content.sections.map(({ goalId }) => goalId),
      ),
    },
    { name: "the Markdown form", isSame: again.markdown === given.markdown },
    { name: "the HTML form", isSame: again.html === given.html },
  ];
}

function isSame(a: unknown, b: unknown): boolean {
  return asText(a) === asText(b);
}

function asText(value: unknown): string {
  return value === undefined ? "" : canonicalJson(parsedJsonSchema.parse(JSON.parse(JSON.stringify(value))));
}

const shareSchema = z.object({ statistic: z.literal("share"), of: z.array(filterSchema).min(1), filters: z.array(filterSchema).min(1) });

/** A share of rows that a filter has picked by the same condition is all of them, and answers nothing. */
export function sharesCheck({ plan }: ReviewInput): Finding {
  const shares = Object.entries(plan.graph.steps).flatMap(([step, { with: given }]) => {
    const parsed = shareSchema.safeParse(given.inputs);
    return parsed.success ? [{ step, ...parsed.data }] : [];
  });
  const faults = shares
    .filter(({ of, filters }) => of.every((condition) => filters.some((filter) => isSame(filter, condition))))
    .map(({ step }) => `the share of ${step} is one of rows that all meet its condition`);
  return {
    name: "Shares are of more than themselves",
    weight: 0.05,
    count: shares.length,
    faults,
    fine: `${shares.length} shares have a whole`,
  };
}
