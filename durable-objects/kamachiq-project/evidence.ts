import type { Plan } from "../../workers/kamachiq/plan.ts";
import type { TaskResult } from "../../workers/kamachiq/report.ts";

/** All evidence of a report, goal by goal, as JSON. */
export function evidenceText(plan: Plan, results: readonly TaskResult[]): string {
  const ofGoal = Map.groupBy(results, ({ goalId }) => goalId);
  const evidence = plan.goals.map((goal) => ({
    goal: goal.id,
    text: goal.text,
    evidence: (ofGoal.get(goal.id) ?? []).flatMap((result) =>
      result.analyses.map((analysis) => ({ title: analysis.title, evidence: analysis.evidence })),
    ),
  }));
  return JSON.stringify(evidence, null, 1);
}
