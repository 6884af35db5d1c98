import { existsSync, readFileSync } from "node:fs";
import { must, type Project, type SomaClient } from "../sdk/client.ts";
import { deliverTo } from "./deliver-to.ts";
import { followProject, readProject } from "./project-progress.ts";

/** What a command ends with. */
export const EXIT = { ok: 0, failed: 1, usage: 2, needsPerson: 3 } as const;

export interface BriefOptions {
  readonly brief: string;
  readonly attach: readonly string[];
  readonly out: string;
  readonly json: boolean;
}

/** Reads a brief from a file or, for `-`, from standard input. @throws Error naming the file that is not there */
export function readBrief(path: string): string {
  if (path !== "-" && !existsSync(path))
    throw new Error(`There is no file ${path}; give the path of a brief, or - to read it from standard input.`);
  return readFileSync(path === "-" ? 0 : path, "utf8");
}

/** Takes a brief with its files to a project, follows it, and writes what it delivers into a folder. */
export async function runBrief(
  client: SomaClient,
  options: BriefOptions,
): Promise<{ project: Project; files: string[]; exitCode: number }> {
  const missing = options.attach.find((path) => !existsSync(path));
  if (missing !== undefined) throw new Error(`There is no file ${missing}; check what --attach names.`);
  const attachments: string[] = [];
  for (const path of options.attach) attachments.push((await client.upload(path)).id);
  const created = await must(client.api.POST("/v1/kamachiq/projects", { body: { brief: options.brief, attachments } }));
  const project = await followProject(client, created.id, { quiet: options.json });
  const files = project.state === "delivered" ? await deliverTo(client, project, options.out) : [];
  return { project: await readProject(client, created.id), files, exitCode: exitCodeOf(project) };
}

/** How a project's rest ends a command. */
export function exitCodeOf(project: Project): number {
  if (project.state === "delivered") return EXIT.ok;
  return project.state === "questions" || project.state === "gate" || project.state === "paused" ? EXIT.needsPerson : EXIT.failed;
}

/** What a person reads when a project rests. */
export function restText(project: Project): string {
  switch (project.state) {
    case "questions":
      return [
        "The brief cannot be planned yet:",
        ...project.questions.map(
          (question) =>
            `  ? ${question.question}\n    about: ${question.about}${question.choices.length === 0 ? "" : `\n    possible: ${question.choices.slice(0, 20).join(", ")}`}`,
        ),
        `Answer with: soma projects answer ${project.id} "…"`,
      ].join("\n");
    case "gate":
      return `The review gave ${project.review?.score ?? "no score"}; a person decides:\n${project.review?.notes ?? ""}\nDecide with: soma projects approve|refuse|revise ${project.id}`;
    case "failed":
      return `The project failed: ${project.problem?.detail ?? "see its events."}`;
    default:
      return `The project is ${project.state}.`;
  }
}
