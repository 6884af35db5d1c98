import { styleText } from "node:util";
import type { Project } from "../sdk/client.ts";
import { shownShort } from "./output.ts";
import { headLine, progressBar, stepLine, TITLE_CHARACTERS } from "./step-line.ts";

type Task = Project["tasks"][number];

/** The project as a tree: how far it is, its tasks by waves, its review. Colours only where the terminal has them. */
export function tree(project: Project): string {
  const { done, total } = project.progress;
  const more = total - project.tasks.length;
  return [
    headLine(project.title || project.id, project.state),
    ...(project.tasks.length === 0 ? [] : [progressBar(done, total), ...taskLines(project.tasks)]),
    ...(more > 0 ? [styleText("dim", `  … and ${more} more: soma projects tasks ${project.id}`)] : []),
    ...project.milestones.map((milestone) => milestoneLine(milestone)),
    ...(project.review === undefined ? [] : [reviewLine(project.review)]),
  ].join("\n");
}

/** Tasks stand under their waves when there is more than one. */
function taskLines(tasks: readonly Task[]): string[] {
  const waves = [...new Set(tasks.map((task) => task.wave ?? 0))].sort((a, b) => a - b);
  if (waves.length < 2) return tasks.map((task) => stepLine(task));
  return waves.flatMap((wave) => [
    styleText("dim", `  wave ${wave}`),
    ...tasks.filter((task) => (task.wave ?? 0) === wave).map((task) => `  ${stepLine(task)}`),
  ]);
}

function milestoneLine({ title, done, tasks, reachedAt }: Project["milestones"][number]): string {
  const mark = reachedAt === undefined ? styleText("dim", "◇") : styleText("green", "◆");
  return `  ${mark} ${shownShort(title, TITLE_CHARACTERS)} ${done}/${tasks}`;
}

/** What the review came to. */
export function reviewLine(review: NonNullable<Project["review"]>): string {
  return `  ${review.passed ? styleText("green", "✓") : styleText("yellow", "‖")} Review: score ${review.score}`;
}
