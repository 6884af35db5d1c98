import { must, type Project, type SomaClient } from "../../sdk/client.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { checkOutFolder, deliverTo } from "../delivery.ts";
import { EXIT, UsageError } from "../exit-codes.ts";
import { readText } from "../files.ts";
import { followProject, readProject } from "../follow-project.ts";
import { LIST_OPTIONS, localTime, printList } from "../listing.ts";
import { columns } from "../output.ts";
import { tree } from "../project-tree.ts";
import { exitCodeOf, restText } from "../run-brief.ts";
import { projectReviewCommands } from "./project-reviews.ts";

const ID = { name: "ID", about: "the project: prj_…" } as const;
const EXAMPLE_ID = "prj_01KAJ2M3N4P5Q6R7S8T9V0W1X2";

const list = defineCommand({
  name: "projects list",
  summary: "List projects, newest first.",
  options: LIST_OPTIONS,
  examples: ["soma projects list", "soma projects list --limit 5 --json"],
  run: async ({ options, output, signal }) => {
    const { api } = await connected();
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/kamachiq/projects", { params: { query }, signal })),
      row: (project) => [project.id, project.state, localTime(project.updatedAt), project.title],
      none: "There are no projects yet. Start one with soma projects run.",
    });
    return EXIT.ok;
  },
});

const show = defineCommand({
  name: "projects show",
  summary: "Show how a project stands.",
  operands: [ID],
  options: {},
  examples: [`soma projects show ${EXAMPLE_ID}`],
  run: async ({ operands: [id = ""], output, signal }) => {
    const project = await readProject(await connected(), id, signal);
    const { inputTokens, outputTokens, costMicros } = project.usage;
    const usage = `${inputTokens} tokens in, ${outputTokens} out, $${(costMicros / 1e6).toFixed(4)}`;
    output.result(project, [tree(project), ...(project.state === "running" ? [] : [restText(project)]), usage].join("\n"));
    return EXIT.ok;
  },
});

const watch = defineCommand({
  name: "projects watch",
  summary: "Follow a project until it rests, over lost connections. With --json each event is a line.",
  operands: [ID],
  options: { out: { type: "string", value: "DIR", about: "folder for what it delivers" } },
  examples: [`soma projects watch ${EXAMPLE_ID} --out report`],
  run: async ({ operands: [id = ""], options, output, signal }) => {
    if (options.out !== undefined) checkOutFolder(options.out);
    const client = await connected();
    const project = await followProject(client, id, {
      output,
      signal,
      onEvent: (event) => (output.isJson ? output.result(event, "") : undefined),
    });
    if (project.state !== "delivered") output.say(restText(project));
    else if (options.out !== undefined) {
      const files = await deliverTo(client, project.id, options.out, signal);
      output.say(`Delivered ${files.length} files to ${options.out}.`);
    }
    return exitCodeOf(project);
  },
});

const deliverables = defineCommand({
  name: "projects deliverables",
  summary: "List what a project delivered, or write it into a folder.",
  operands: [ID],
  options: { out: { type: "string", value: "DIR", about: "folder to write them into" } },
  examples: [`soma projects deliverables ${EXAMPLE_ID}`, `soma projects deliverables ${EXAMPLE_ID} --out report`],
  run: async ({ operands: [id = ""], options, output, signal }) => {
    if (options.out !== undefined) checkOutFolder(options.out);
    const client = await connected();
    const { items } = await must(
      client.api.GET("/v1/kamachiq/projects/{id}/deliverables", { params: { path: { id }, query: { limit: 200 } }, signal }),
    );
    if (options.out === undefined) {
      const rows = items.map((item) => [item.name, item.mediaType, `${item.bytes} bytes`, item.sha256.slice(0, 12)]);
      output.result({ items }, columns(rows, "It has delivered nothing yet."));
      return EXIT.ok;
    }
    const project = await readProject(client, id, signal);
    if (project.state !== "delivered")
      throw new UsageError(`The project is ${project.state} and has delivered nothing yet; follow it with soma projects watch.`);
    const files = await deliverTo(client, project.id, options.out, signal);
    output.result({ files }, `Delivered ${files.length} files to ${options.out}.`);
    return EXIT.ok;
  },
});

interface Change {
  readonly summary: string;
  /** What a person says with it. */
  readonly says?: { readonly name: string; readonly about: string; readonly isOptional?: true };
  readonly request: (client: SomaClient, id: string, text: string, signal: AbortSignal) => Promise<Project>;
}

/** A command that changes a project and shows how it then stands. */
function change(word: string, { summary, says, request }: Change): Command {
  return defineCommand({
    name: `projects ${word}`,
    summary,
    operands: says === undefined ? [ID] : [ID, says],
    options: {},
    examples: [`soma projects ${word} ${EXAMPLE_ID}${says === undefined ? "" : ' "By size I mean body_mass_g."'}`],
    run: async ({ operands: [id = "", word = ""], output, signal }) => {
      const text = word === "-" || word.startsWith("@") ? await readText(word, "the text") : word;
      const project = await request(await connected(), id, text, signal);
      output.result(project, `${tree(project)}\nFollow it with: soma projects watch ${id}`);
      return EXIT.ok;
    },
  });
}

const NOTES = { name: "NOTES", about: "what to say with it: words, @file, or - for standard input", isOptional: true } as const;

const gate = (decision: "approve" | "refuse" | "revise") => (client: SomaClient, id: string, notes: string, signal: AbortSignal) =>
  must(client.api.POST("/v1/kamachiq/projects/{id}/gate", { params: { path: { id } }, body: { decision, notes }, signal }));

const steer =
  (path: "/v1/kamachiq/projects/{id}/pause" | "/v1/kamachiq/projects/{id}/resume" | "/v1/kamachiq/projects/{id}/cancel") =>
  (client: SomaClient, id: string, _text: string, signal: AbortSignal) =>
    must(client.api.POST(path, { params: { path: { id } }, signal }));

export const projectCommands: readonly Command[] = [
  list,
  show,
  watch,
  ...projectReviewCommands,
  deliverables,
  change("approve", { summary: "Let a report out that waits at the gate.", says: NOTES, request: gate("approve") }),
  change("refuse", { summary: "Refuse a report that waits at the gate; the project ends.", says: NOTES, request: gate("refuse") }),
  change("revise", {
    summary: "Send a report back with notes on what to do better.",
    says: { name: "NOTES", about: "what to do better: words, @file, or - for standard input" },
    request: gate("revise"),
  }),
  change("answer", {
    summary: "Answer the planner's questions.",
    says: { name: "TEXT", about: "the answer: words, @file, or - for standard input" },
    request: (client, id, text, signal) =>
      must(client.api.POST("/v1/kamachiq/projects/{id}/answers", { params: { path: { id } }, body: { text }, signal })),
  }),
  change("amend", {
    summary: "Change the brief of a project under way; finished work that it does not touch is kept.",
    says: { name: "TEXT", about: "what is to be added, dropped or done otherwise: words, @file, or - for standard input" },
    request: (client, id, text, signal) =>
      must(client.api.POST("/v1/kamachiq/projects/{id}/amend", { params: { path: { id } }, body: { text }, signal })),
  }),
  change("pause", { summary: "Start nothing new until it is resumed.", request: steer("/v1/kamachiq/projects/{id}/pause") }),
  change("resume", { summary: "Go on after a pause.", request: steer("/v1/kamachiq/projects/{id}/resume") }),
  change("cancel", { summary: "End a project for good.", request: steer("/v1/kamachiq/projects/{id}/cancel") }),
  change("retry", {
    summary: "Run a failed task again, and what depends on it.",
    says: { name: "STEP", about: "the task, as projects show --json names its step" },
    request: (client, id, step, signal) =>
      must(client.api.POST("/v1/kamachiq/projects/{id}/tasks/{step}/retry", { params: { path: { id, step } }, signal })),
  }),
];
