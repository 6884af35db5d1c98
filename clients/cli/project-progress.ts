import pc from "picocolors";
import type { Project, SomaClient } from "../sdk/client.ts";
import { must } from "../sdk/client.ts";

const BAR_WIDTH = 24;
const MARKS: Record<Project["tasks"][number]["state"], string> = {
  pending: pc.dim("·"),
  running: pc.cyan("▸"),
  waiting: pc.yellow("‖"),
  done: pc.green("✓"),
  failed: pc.red("✗"),
  skipped: pc.dim("–"),
};
/** States in which nothing more happens without a person, or at all. */
const RESTING = new Set(["questions", "gate", "delivered", "failed", "cancelled", "refused", "paused"]);

/** Reads a project. */
export function readProject(client: SomaClient, id: string): Promise<Project> {
  return must(client.api.GET("/v1/kamachiq/projects/{id}", { params: { path: { id } } }));
}

/**
 * Follows a project until it rests: delivered, ended, or in need of a person. On a terminal the tree of tasks is drawn over; elsewhere
 * each step that ends is a line.
 * @returns the project as it rests
 */
export async function followProject(
  client: SomaClient,
  id: string,
  output: { quiet: boolean; onEvent?: (event: unknown) => void },
): Promise<Project> {
  const isDrawn = process.stdout.isTTY && !output.quiet;
  const drawn = isDrawn ? (await import("log-update")).default : undefined;
  const told = new Set<string>();
  let project = await readProject(client, id);
  const isOver = () => RESTING.has(project.state);
  const abort = new AbortController();
  if (!isOver()) {
    for await (const event of client.events(`kamachiq/projects/${id}`, { after: 0, signal: abort.signal, isLast: () => isOver() })) {
      output.onEvent?.(event);
      if (!/^(step|project|wave|review|gate)\./.test(event.type)) continue;
      project = await readProject(client, id);
      drawn?.(tree(project));
      if (!isDrawn && !output.quiet) for (const line of newLines(project, told)) console.log(line);
    }
  }
  drawn?.(tree(project));
  drawn?.done();
  if (!isDrawn && !output.quiet) for (const line of newLines(project, told)) console.log(line);
  return project;
}

/** The project as a tree of its tasks with a bar of how far it is. */
export function tree(project: Project): string {
  const done = project.tasks.filter((task) => task.state === "done").length;
  const total = Math.max(1, project.tasks.length);
  const filled = Math.round((done / total) * BAR_WIDTH);
  const bar = `${pc.green("█".repeat(filled))}${pc.dim("░".repeat(BAR_WIDTH - filled))} ${done}/${project.tasks.length}`;
  const tasks = project.tasks.map(
    (task) => `  ${MARKS[task.state]} ${task.title}${task.problem === undefined ? "" : pc.red(` — ${task.problem.detail}`)}`,
  );
  const review =
    project.review === undefined
      ? []
      : [`  ${project.review.passed ? pc.green("✓") : pc.yellow("‖")} Review: score ${project.review.score}`];
  return [`${pc.bold(project.title || project.id)}  ${pc.dim(project.state)}`, bar, ...tasks, ...review].join("\n");
}

function newLines(project: Project, told: Set<string>): string[] {
  const lines = [
    ...project.tasks
      .filter((task) => task.state === "done" || task.state === "failed")
      .map(
        (task) => `  ${task.state === "done" ? "✓" : "✗"} ${task.title}${task.problem === undefined ? "" : ` — ${task.problem.detail}`}`,
      ),
    ...(project.review === undefined ? [] : [`  ✓ Review: score ${project.review.score}`]),
  ];
  const fresh = lines.filter((line) => !told.has(line));
  for (const line of fresh) told.add(line);
  return fresh;
}
