import { must, type Run, type SomaClient } from "../../sdk/client.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { EXIT, UsageError } from "../exit-codes.ts";
import { readText } from "../files.ts";
import { exitCodeOfRun, followRun, readRun } from "../follow-run.ts";
import { LIST_OPTIONS, localTime, printList } from "../listing.ts";
import { outputText, runTree } from "../run-tree.ts";
import { givenInputs, graphIn, templateOf } from "../what-runs.ts";
import { PLATFORM_OPTIONS, withPlatform } from "../with-platform.ts";
import { runTalkCommands } from "./run-talk.ts";

const ID = { name: "ID", about: "the run: run_…" } as const;
const STEP = { name: "STEP", about: "the step, as runs show names it" } as const;
const EXAMPLE_ID = "run_01KAJ2M3N4P5Q6R7S8T9V0W1X2";
const STATES = ["running", "waiting", "paused", "cancelling", "compensating", "completed", "failed", "cancelled"] as const;

const start = defineCommand({
  name: "runs start",
  summary: "Start a run of a template or a graph, and follow it until it rests.",
  operands: [{ name: "WHAT", about: "a template, as NAME or NAME@VERSION; or a file with a graph" }],
  options: {
    input: { type: "string", multiple: true, value: "NAME=VALUE", about: "an input; JSON, or else text; @FILE for what a file holds" },
    title: { type: "string", value: "TEXT", about: "what the run is called", default: "" },
    detach: { type: "boolean", about: "do not follow it" },
    ...PLATFORM_OPTIONS,
  },
  examples: ['soma runs start research-crew --input topic="Tidal power"', "soma runs start graph.yaml --detach --json"],
  run: async ({ operands: [what = ""], options, output, signal }) => {
    const inputs = await givenInputs(options.input ?? []);
    const isTemplate = /^[a-z][a-z0-9-]*(@\d+)?$/.test(what);
    const body = { ...(isTemplate ? { template: templateOf(what) } : { graph: await graphIn(what) }), inputs, title: options.title };
    return withPlatform({ ...options, output }, async (client) => {
      const started = await must(client.api.POST("/v1/mao/runs", { body, signal }));
      output.say(`Run ${started.id}`);
      if (options.detach === true) {
        output.result(started, `Follow it with: soma runs follow ${started.id}`);
        return EXIT.ok;
      }
      const run = await followRun(client, started.id, { output, signal });
      output.result(run, endText(run));
      return exitCodeOfRun(run);
    });
  },
});

function endText(run: Run): string {
  if (run.state === "completed") return outputText(run);
  return run.problem === undefined ? `The run is ${run.state}.\nSee soma runs show ${run.id}` : run.problem.detail;
}

const list = defineCommand({
  name: "runs list",
  summary: "List runs, newest first.",
  options: {
    ...LIST_OPTIONS,
    state: { type: "string", value: "STATE", about: `only those: ${STATES.join(", ")}` },
    template: { type: "string", value: "NAME", about: "only runs of this template" },
  },
  examples: ["soma runs list", "soma runs list --state waiting --template research-crew"],
  run: async ({ options, output, signal }) => {
    const state = STATES.find((known) => known === options.state);
    if (options.state !== undefined && state === undefined)
      throw new UsageError(`--state ${options.state} is not known; it is one of ${STATES.join(", ")}.`);
    const filter = { ...(state === undefined ? {} : { state }), ...(options.template === undefined ? {} : { template: options.template }) };
    const { api } = await connected();
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/mao/runs", { params: { query: { ...query, ...filter } }, signal })),
      row: (run) => [run.id, run.state, localTime(run.updatedAt), run.template ?? "", run.title],
      none: "There are no such runs.",
    });
    return EXIT.ok;
  },
});

const show = defineCommand({
  name: "runs show",
  summary: "Show how a run stands, and what it came to.",
  operands: [ID],
  options: {},
  examples: [`soma runs show ${EXAMPLE_ID}`],
  run: async ({ operands: [id = ""], output, signal }) => {
    const run = await readRun(await connected(), id, signal);
    output.result(run, [runTree(run), outputText(run)].filter((text) => text !== "").join("\n"));
    return EXIT.ok;
  },
});

const follow = defineCommand({
  name: "runs follow",
  summary: "Follow a run until it is over or waits for a person, over lost connections. With --json each event is a line.",
  operands: [ID],
  options: {},
  examples: [`soma runs follow ${EXAMPLE_ID}`],
  run: async ({ operands: [id = ""], output, signal }) => {
    const run = await followRun(await connected(), id, {
      output,
      signal,
      onEvent: (event) => (output.isJson ? output.result(event, "") : undefined),
    });
    if (!output.isJson) output.result(run, endText(run));
    return exitCodeOfRun(run);
  },
});

const answer = defineCommand({
  name: "runs answer",
  summary: "Answer a step that waits for a person: with a text, or by --approve or --refuse.",
  operands: [ID, STEP, { name: "TEXT", about: "the answer: words, @file, or - for standard input", isOptional: true }],
  options: {
    approve: { type: "boolean", about: "let it go on" },
    refuse: { type: "boolean", about: "do not" },
  },
  examples: [`soma runs answer ${EXAMPLE_ID} ok --approve`, `soma runs answer ${EXAMPLE_ID} review "Shorter, please."`],
  run: async ({ operands: [id = "", step = "", word], options: { approve, refuse }, output, signal }) => {
    if (approve === true && refuse === true) throw new UsageError("Say --approve or --refuse, not both.");
    const text = word === undefined ? undefined : word === "-" || word.startsWith("@") ? await readText(word, "the answer") : word;
    if (approve !== true && refuse !== true && text === undefined)
      throw new UsageError("Say what the answer is: a text, --approve or --refuse.");
    const body = {
      ...(approve === true ? { decision: "approve" as const } : refuse === true ? { decision: "refuse" as const } : {}),
      ...(text === undefined ? {} : { text }),
    };
    const { api } = await connected();
    const run = await must(api.POST("/v1/mao/runs/{id}/steps/{step}/answer", { params: { path: { id, step } }, body, signal }));
    output.result(run, `${runTree(run)}\nFollow it with: soma runs follow ${id}`);
    return EXIT.ok;
  },
});

const cancel = defineCommand({
  name: "runs cancel",
  summary: "End a run: what runs may finish, then what has effects to take back does so.",
  operands: [ID],
  options: { hard: { type: "boolean", about: "break off what runs" } },
  examples: [`soma runs cancel ${EXAMPLE_ID}`, `soma runs cancel ${EXAMPLE_ID} --hard`],
  run: async ({ operands: [id = ""], options, output, signal }) => {
    const body = { mode: options.hard === true ? ("hard" as const) : ("graceful" as const) };
    const { api } = await connected();
    const run = await must(api.POST("/v1/mao/runs/{id}/cancel", { params: { path: { id } }, body, signal }));
    output.result(run, runTree(run));
    return EXIT.ok;
  },
});

/** A command that does something to a run and shows how it then stands. */
function change(word: string, summary: string, request: (client: SomaClient, id: string, signal: AbortSignal) => Promise<Run>): Command {
  return defineCommand({
    name: `runs ${word}`,
    summary,
    operands: [ID],
    options: {},
    examples: [`soma runs ${word} ${EXAMPLE_ID}`],
    run: async ({ operands: [id = ""], output, signal }) => {
      const run = await request(await connected(), id, signal);
      output.result(run, `${runTree(run)}\nFollow it with: soma runs follow ${id}`);
      return EXIT.ok;
    },
  });
}

const steer = (path: "/v1/mao/runs/{id}/pause" | "/v1/mao/runs/{id}/resume") => (client: SomaClient, id: string, signal: AbortSignal) =>
  must(client.api.POST(path, { params: { path: { id } }, signal }));

export const runCommands: readonly Command[] = [
  start,
  list,
  show,
  follow,
  answer,
  change("pause", "Start no further step until it is resumed.", steer("/v1/mao/runs/{id}/pause")),
  change("resume", "Go on after a pause.", steer("/v1/mao/runs/{id}/resume")),
  cancel,
  ...runTalkCommands,
];
