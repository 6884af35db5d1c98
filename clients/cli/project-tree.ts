import { styleText } from "node:util";
import type { Project } from "../sdk/client.ts";
import { shownShort } from "./output.ts";

const BAR_WIDTH = 24;
const TITLE_CHARACTERS = 100;
type Task = Project["tasks"][number];

/** A mark and its colour for each state of a task. */
const MARKS = {
  pending: ["·", "dim"],
  running: ["▸", "cyan"],
  waiting: ["‖", "yellow"],
  done: ["✓", "green"],
  failed: ["✗", "red"],
  skipped: ["–", "dim"],
} as const satisfies Record<Task["state"], readonly [string, Parameters<typeof styleText>[0]]>;

/** The project as a tree: how far it is, its tasks by waves, its review. Colours only where the terminal has them. */
export function tree(project: Project): string {
  const { done, total } = project.progress;
  const filled = Math.round((done / Math.max(1, total)) * BAR_WIDTH);
  const bar = `${styleText("green", "█".repeat(filled))}${styleText("dim", "░".repeat(BAR_WIDTH - filled))} ${done}/${total}`;
  const more = total - project.tasks.length;
  const title = shownShort(project.title || project.id, TITLE_CHARACTERS);
  return [
    `${styleText("bold", title)}  ${styleText("dim", project.state)}`,
    ...(project.tasks.length === 0 ? [] : [bar, ...taskLines(project.tasks)]),
    ...(more > 0 ? [styleText("dim", `  … and ${more} more: soma projects tasks ${project.id}`)] : []),
    ...project.milestones.map((milestone) => milestoneLine(milestone)),
    ...(project.review === undefined ? [] : [reviewLine(project.review)]),
  ].join("\n");
}

/** Tasks stand under their waves when there is more than one. */
function taskLines(tasks: readonly Task[]): string[] {
  const waves = [...new Set(tasks.map((task) => task.wave ?? 0))].sort((a, b) => a - b);
  if (waves.length < 2) return tasks.map((task) => taskLine(task));
  return waves.flatMap((wave) => [
    styleText("dim", `  wave ${wave}`),
    ...tasks.filter((task) => (task.wave ?? 0) === wave).map((task) => `  ${taskLine(task)}`),
  ]);
}

/** One task on one line. */
export function taskLine(task: Task): string {
  const [mark, colour] = MARKS[task.state];
  const again = task.attempt > 1 ? styleText("dim", ` (attempt ${task.attempt})`) : "";
  const problem = task.problem === undefined ? "" : styleText("red", ` — ${shownShort(task.problem.detail, TITLE_CHARACTERS)}`);
  return `  ${styleText(colour, mark)} ${shownShort(task.title, TITLE_CHARACTERS)}${again}${problem}`;
}

function milestoneLine({ title, done, tasks, reachedAt }: Project["milestones"][number]): string {
  const mark = reachedAt === undefined ? styleText("dim", "◇") : styleText("green", "◆");
  return `  ${mark} ${shownShort(title, TITLE_CHARACTERS)} ${done}/${tasks}`;
}

/** What the review came to. */
export function reviewLine(review: NonNullable<Project["review"]>): string {
  return `  ${review.passed ? styleText("green", "✓") : styleText("yellow", "‖")} Review: score ${review.score}`;
}
