import { z } from "zod";
import { type DiffLine, reviewDiff } from "../../workers/kamachiq/review-diff.ts";
import { parsedJsonSchema } from "../../workers/platform/canonical-json.ts";
import { Problem } from "../../workers/platform/problem.ts";
import type { Desk } from "./desk.ts";
import { recordedReview, writtenFiles } from "./finish.ts";
import { shownState } from "./project-document.ts";

/** Of a report, what a person looks at in one answer; the deliverable has all of it. */
const MAX_REPORT_CHARACTERS = 400_000;
/** Goals whose evidence is told with a review. */
const MAX_EVIDENCE_GOALS = 50;

const evidenceSchema = z.array(z.object({ goal: z.string(), text: z.string(), evidence: z.array(parsedJsonSchema) }));

/** What a person looks at before a decision. @throws Problem `not-found` while no report was reviewed */
export async function reviewDocument(desk: Desk) {
  const { id, title, round } = desk.state();
  const [files, reviewed] = [await writtenFiles(desk, round), await recordedReview(desk, round)];
  if (files === undefined || reviewed === undefined)
    throw new Problem("not-found", "There is no review of this round yet; follow the project's events.");
  const report = await textOf(desk, files.report.key);
  const evidence = evidenceSchema.parse(JSON.parse(await textOf(desk, files.evidence.key)));
  return {
    project: id,
    title,
    state: shownState(desk.state()),
    round,
    openedAt: opened(desk),
    ...reviewed.review,
    peer: reviewed.peer,
    report: { text: report.slice(0, MAX_REPORT_CHARACTERS), sha256: files.report.sha256, isCut: report.length > MAX_REPORT_CHARACTERS },
    evidence: evidence.slice(0, MAX_EVIDENCE_GOALS),
    evidenceOmitted: Math.max(0, evidence.length - MAX_EVIDENCE_GOALS),
    difference: await differenceOf(desk, report),
  };
}

/** How the report differs from the last one that was written before this round; undefined when there was none. */
async function differenceOf(desk: Desk, report: string): Promise<{ against: number; lines: DiffLine[]; isCut: boolean } | undefined> {
  for (let before = desk.state().round - 1; before >= 1; before -= 1) {
    const files = await writtenFiles(desk, before);
    if (files !== undefined) return { against: before, ...reviewDiff(await textOf(desk, files.report.key), report) };
  }
  return undefined;
}

function opened(desk: Desk): string | undefined {
  const { gateOpenedAt } = desk.state();
  return gateOpenedAt === undefined ? undefined : new Date(gateOpenedAt).toISOString();
}

async function textOf({ env }: Desk, key: string): Promise<string> {
  const object = await env.ARTIFACTS.get(key);
  if (object === null) throw new Problem("unavailable", "The report of this round is missing from storage.");
  return object.text();
}
