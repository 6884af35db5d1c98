import { must, type Project, type SomaClient } from "../sdk/client.ts";
import type { SomaEvent } from "../sdk/events.ts";
import type { Output } from "./output.ts";
import { reviewLine, tree } from "./project-tree.ts";
import { stepLine } from "./step-line.ts";

/** States in which nothing more happens without a person, or at all. */
const RESTING = new Set<Project["state"]>(["questions", "gate", "delivered", "failed", "cancelled", "refused", "paused"]);
/** Events that may bring a project to rest: whoever follows looks at once. */
const RESTS = /^(project\.(questioned|paused|cancelled|delivered|failed)|gate\.)/;
/** Looks at the project are this far apart while its tasks go on: a project of many tasks has hundreds of events. */
const LOOK_EVERY_MS = 150;

/** Reads a project. */
export function readProject(client: SomaClient, id: string, signal: AbortSignal): Promise<Project> {
  return must(client.api.GET("/v1/kamachiq/projects/{id}", { params: { path: { id } }, signal }));
}

interface Following {
  readonly output: Output;
  readonly signal: AbortSignal;
  /** Told of each event, once and in order. */
  readonly onEvent?: (event: SomaEvent) => void;
}

/**
 * Follows a project until it rests: delivered, ended, or in need of a person. On a terminal the tree of tasks is drawn over; elsewhere
 * each task that ends is a line.
 * @returns the project as it rests
 */
export async function followProject(client: SomaClient, id: string, { output, signal, onEvent }: Following): Promise<Project> {
  const show = await viewOf(output);
  let project = await readProject(client, id, signal);
  try {
    let lookedAt = Date.now();
    if (!RESTING.has(project.state)) {
      show.project(project);
      for await (const event of client.events(id, { signal })) {
        onEvent?.(event);
        const mayRest = RESTS.test(event.type);
        if (!mayRest && Date.now() - lookedAt < LOOK_EVERY_MS) continue;
        project = await readProject(client, id, signal);
        lookedAt = Date.now();
        show.project(project);
        if (mayRest && RESTING.has(project.state)) break;
      }
      project = await readProject(client, id, signal);
    }
    show.project(project);
    return project;
  } finally {
    show.end();
  }
}

interface View {
  project(project: Project): void;
  end(): void;
}

async function viewOf(output: Output): Promise<View> {
  if (output.isTerminal) {
    const { default: draw } = await import("log-update");
    return { project: (project) => draw(tree(project)), end: () => draw.done() };
  }
  const told = new Set<string>();
  const tell = (line: string) => {
    if (!told.has(line)) output.say(line);
    told.add(line);
  };
  return {
    project(project) {
      for (const task of project.tasks) if (task.state === "done" || task.state === "failed") tell(stepLine(task));
      if (project.review !== undefined) tell(reviewLine(project.review));
    },
    end() {},
  };
}
