import { must, type Project, type SomaClient } from "../sdk/client.ts";
import { deliverTo } from "./delivery.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { uploadFiles } from "./files.ts";
import { followProject } from "./follow-project.ts";
import type { Output } from "./output.ts";
import { shown, shownShort } from "./output.ts";

const CHOICES_SHOWN = 20;

export interface BriefOrder {
  readonly brief: string;
  readonly title: string;
  readonly attach: readonly string[];
  /** The folder for what is delivered. */
  readonly out: string;
  readonly output: Output;
  readonly signal: AbortSignal;
  /** Told the project's id as soon as there is one. */
  readonly onCreated?: (id: string) => void;
  /** Asks a person for the answer to the planner's questions; without it, or without an answer, the project rests. */
  readonly ask?: (project: Project) => Promise<string>;
}

export interface BriefResult {
  readonly project: Project;
  /** The paths of what was delivered. */
  readonly files: readonly string[];
}

/** Answers to questions about one brief before the command lets go. */
const MAX_ANSWERS = 5;

/** Takes a brief with its files to a project, follows it, and writes what it delivers into a folder. */
export async function runBrief(client: SomaClient, order: BriefOrder): Promise<BriefResult> {
  const { brief, title, output, signal } = order;
  const attachments = (await uploadFiles(client, order.attach, signal)).map((artifact) => artifact.id);
  const created = await must(client.api.POST("/v1/kamachiq/projects", { body: { brief, title, attachments }, signal }));
  order.onCreated?.(created.id);
  let project = await followProject(client, created.id, { output, signal });
  for (let asked = 0; project.state === "questions" && order.ask !== undefined && asked < MAX_ANSWERS; asked += 1) {
    const text = await order.ask(project);
    if (text.trim() === "") break;
    await must(client.api.POST("/v1/kamachiq/projects/{id}/answers", { params: { path: { id: project.id } }, body: { text }, signal }));
    project = await followProject(client, project.id, { output, signal });
  }
  return { project, files: project.state === "delivered" ? await deliverTo(client, project.id, order.out, signal) : [] };
}

/** How a project's rest ends a command. */
export function exitCodeOf(project: Project): ExitCode {
  if (project.state === "delivered") return EXIT.ok;
  return project.state === "questions" || project.state === "gate" || project.state === "paused" ? EXIT.needsPerson : EXIT.failed;
}

/** What a person reads when a project rests. */
export function restText(project: Project): string {
  const { id } = project;
  switch (project.state) {
    case "questions":
      return `${questionsText(project)}\nAnswer with: soma projects answer ${id} "…"`;
    case "gate":
      return [
        `The review gave ${project.review?.score ?? "no score"}; a person decides:`,
        ...(project.review?.checks ?? [])
          .filter((check) => !check.passed)
          .map((check) => `  ✗ ${shown(check.name)}: ${shown(check.detail)}`),
        ...(project.review?.notes === undefined ? [] : [shown(project.review.notes)]),
        `Decide with: soma projects approve|refuse|revise ${id} ["notes"]`,
      ].join("\n");
    case "paused":
      return `The project is paused. Go on with: soma projects resume ${id}`;
    case "failed":
      return `The project failed: ${shown(project.problem?.detail ?? `see soma events tail ${id}`)}`;
    default:
      return `The project is ${project.state}.`;
  }
}

/** The planner's questions, one under the other. */
export function questionsText(project: Project): string {
  const questions = project.questions.flatMap(({ question, about, choices }) => [
    `  ? ${shown(question)}`,
    ...(about === "" ? [] : [`    about: ${shownShort(about, 200)}`]),
    ...(choices.length === 0
      ? []
      : [
          `    possible: ${choices
            .slice(0, CHOICES_SHOWN)
            .map((choice) => shownShort(choice, 80))
            .join(", ")}`,
        ]),
  ]);
  return ["The brief cannot be planned yet:", ...questions].join("\n");
}
