import { must, type Schemas } from "../../sdk/client.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { EXIT } from "../exit-codes.ts";
import { LIST_OPTIONS, localTime, printList } from "../listing.ts";
import { columns, shown } from "../output.ts";

const ID = { name: "ID", about: "the project: prj_…" } as const;
const EXAMPLE_ID = "prj_01KAJ2M3N4P5Q6R7S8T9V0W1X2";
const MARKS = { same: " ", removed: "-", added: "+", gap: "…" } as const;

const tasks = defineCommand({
  name: "projects tasks",
  summary: "List the tasks of a project's plan, in its order.",
  operands: [ID],
  options: LIST_OPTIONS,
  examples: [`soma projects tasks ${EXAMPLE_ID} --limit 1000`],
  run: async ({ operands: [id = ""], options, output, signal }) => {
    const { api } = await connected();
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/kamachiq/projects/{id}/tasks", { params: { path: { id }, query }, signal })),
      row: (task) => [
        task.step,
        task.state,
        `wave ${task.wave ?? "–"}`,
        shown(task.title),
        task.problem === undefined ? "" : shown(task.problem.detail),
      ],
      none: "The project has no plan yet.",
    });
    return EXIT.ok;
  },
});

const reviews = defineCommand({
  name: "projects reviews",
  summary: "List what waits for a person's decision, oldest first.",
  options: LIST_OPTIONS,
  examples: ["soma projects reviews", "soma projects reviews --json"],
  run: async ({ options, output, signal }) => {
    const { api } = await connected();
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/kamachiq/reviews", { params: { query }, signal })),
      row: (review) => [
        review.id,
        `since ${localTime(review.openedAt)}`,
        `round ${review.round}`,
        `${review.findings} findings`,
        shown(review.title),
      ],
      none: "Nothing waits for a decision.",
    });
    return EXIT.ok;
  },
});

const review = defineCommand({
  name: "projects review",
  summary: "Show what a decision is made on: the checks, the report, and how it differs from the round before.",
  operands: [ID],
  options: {},
  examples: [`soma projects review ${EXAMPLE_ID}`],
  run: async ({ operands: [id = ""], output, signal }) => {
    const { api } = await connected();
    const found = await must(api.GET("/v1/kamachiq/projects/{id}/review", { params: { path: { id } }, signal }));
    output.result(found, reviewText(found));
    return EXIT.ok;
  },
});

const summary = defineCommand({
  name: "projects summary",
  summary: "Sum up all projects: where they stand, what they took, what waits.",
  options: {},
  examples: ["soma projects summary --json"],
  run: async ({ output, signal }) => {
    const { api } = await connected();
    const sums = await must(api.GET("/v1/kamachiq/summary", { signal }));
    const rows = [
      ["active", String(sums.active)],
      ["done", String(sums.done)],
      ["failed", String(sums.failed)],
      [
        "waiting for a person",
        `${sums.gates.open}${sums.gates.oldestOpenedAt === undefined ? "" : `, since ${localTime(sums.gates.oldestOpenedAt)}`}`,
      ],
      ["findings", String(sums.findings)],
      ["spent", `$${(sums.spend.costMicros / 1e6).toFixed(4)}, ${sums.spend.tokens} tokens`],
      ...Object.entries(sums.projects).map(([state, count]) => [`  ${state}`, String(count)]),
    ];
    output.result(sums, columns(rows, "There are no projects."));
    return EXIT.ok;
  },
});

function reviewText({ project, state, round, score, checks, notes, peer, report, difference }: Schemas["ReviewDocument"]): string {
  const changed = difference?.lines.map(({ kind, text }) => `${MARKS[kind]} ${shown(text)}`) ?? [];
  return [
    `Round ${round}, score ${score} (${state})`,
    ...checks.map((check) => `  ${check.passed ? "✓" : "✗"} ${shown(check.name)}: ${shown(check.detail)}`),
    shown(notes),
    ...(peer === undefined
      ? []
      : [`Second agents agreed ${peer.agreed} times and disagreed ${peer.disagreed} times. ${shown(peer.notes)}`]),
    ...(difference === undefined ? ["", shown(report.text)] : ["", `Changed since round ${difference.against}:`, ...changed]),
    ...(state === "gate" ? ["", `Decide with: soma projects approve|refuse|revise ${project} ["notes"]`] : []),
  ].join("\n");
}

export const projectReviewCommands: readonly Command[] = [tasks, reviews, review, summary];
