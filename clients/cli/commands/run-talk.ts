import { must, type Run } from "../../sdk/client.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { EXIT, UsageError } from "../exit-codes.ts";
import { exitCodeOfRun, followRun } from "../follow-run.ts";
import { runTree } from "../run-tree.ts";
import { givenInputs, graphIn, jsonOrText } from "../what-runs.ts";

/** What is told to runs, asked of them, and tried with them. */
const ID = { name: "ID", about: "the run: run_…" } as const;
const STEP = { name: "STEP", about: "the step, as runs show names it" } as const;
const NAME = { name: "NAME", about: "its name in the graph" } as const;
const PAYLOAD = { name: "PAYLOAD", about: "JSON, or else text", isOptional: true } as const;
const GRAPH = { name: "GRAPH", about: "a file with a graph" } as const;
const EXAMPLE_ID = "run_01KAJ2M3N4P5Q6R7S8T9V0W1X2";

const shown = (run: Run) => `${runTree(run)}\nFollow it with: soma runs follow ${run.id}`;

const signalRun = defineCommand({
  name: "runs signal",
  summary: "Send a signal: the oldest step that waits for it gets the payload.",
  operands: [ID, NAME, PAYLOAD],
  options: {},
  examples: [`soma runs signal ${EXAMPLE_ID} paid '{"order":17}'`],
  run: async ({ operands: [id = "", name = "", payload = "null"], output, signal }) => {
    const { api } = await connected();
    const body = { payload: jsonOrText(payload) };
    const run = await must(api.POST("/v1/mao/runs/{id}/signals/{name}", { params: { path: { id, name } }, body, signal }));
    output.result(run, shown(run));
    return EXIT.ok;
  },
});

const update = defineCommand({
  name: "runs update",
  summary: "Change a value that the run's graph lets be changed; refused when the graph does not accept it.",
  operands: [ID, NAME, PAYLOAD],
  options: {},
  examples: [`soma runs update ${EXAMPLE_ID} limit 5`],
  run: async ({ operands: [id = "", name = "", payload = "null"], output, signal }) => {
    const { api } = await connected();
    const body = { payload: jsonOrText(payload) };
    const told = await must(api.POST("/v1/mao/runs/{id}/updates/{name}", { params: { path: { id, name } }, body, signal }));
    output.result(told, JSON.stringify(told));
    return EXIT.ok;
  },
});

const query = defineCommand({
  name: "runs query",
  summary: "Ask what the run's graph lets be asked.",
  operands: [ID, NAME],
  options: {},
  examples: [`soma runs query ${EXAMPLE_ID} standing`],
  run: async ({ operands: [id = "", name = ""], output, signal }) => {
    const { api } = await connected();
    const told = await must(api.GET("/v1/mao/runs/{id}/queries/{name}", { params: { path: { id, name } }, signal }));
    output.result(told, JSON.stringify(told.answer, null, 2));
    return EXIT.ok;
  },
});

const retry = defineCommand({
  name: "runs retry",
  summary: "Run a step again, and everything behind it.",
  operands: [ID, STEP],
  options: {},
  examples: [`soma runs retry ${EXAMPLE_ID} summarize`],
  run: async ({ operands: [id = "", step = ""], output, signal }) => {
    const { api } = await connected();
    const run = await must(api.POST("/v1/mao/runs/{id}/steps/{step}/retry", { params: { path: { id, step } }, signal }));
    output.result(run, shown(run));
    return EXIT.ok;
  },
});

const fork = defineCommand({
  name: "runs fork",
  summary: "Start a run from where another stood at one of its events; nothing of it runs again.",
  operands: [ID],
  options: {
    at: { type: "string", value: "N", about: "the number of the event" },
    graph: { type: "string", value: "FILE", about: "go on by this graph" },
  },
  examples: [`soma runs fork ${EXAMPLE_ID} --at 12`, `soma runs fork ${EXAMPLE_ID} --at 12 --graph changed.yaml`],
  run: async ({ operands: [id = ""], options, output, signal }) => {
    const at = Number(options.at);
    if (!Number.isInteger(at) || at < 1)
      throw new UsageError("Say by --at which event to start from: soma events tail shows their numbers.");
    const client = await connected();
    const body = { at, ...(options.graph === undefined ? {} : { graph: await graphIn(options.graph) }) };
    const started = await must(client.api.POST("/v1/mao/runs/{id}/fork", { params: { path: { id } }, body, signal }));
    output.say(`Run ${started.id}`);
    const run = await followRun(client, started.id, { output, signal });
    output.result(run, shown(run));
    return exitCodeOfRun(run);
  },
});

const replay = defineCommand({
  name: "runs replay",
  summary: "Show where a finished run would have gone another way by a changed graph; nothing runs.",
  operands: [ID, GRAPH],
  options: {},
  examples: [`soma runs replay ${EXAMPLE_ID} changed.yaml`],
  run: async ({ operands: [id = "", file = ""], output, signal }) => {
    const { api } = await connected();
    const told = await must(
      api.POST("/v1/mao/runs/{id}/replay", { params: { path: { id } }, body: { graph: await graphIn(file) }, signal }),
    );
    const lines = told.differences.map(({ step, kind, detail }) => `  ! ${step} (${kind}): ${detail}`);
    output.result(told, [`${told.same} steps as they were; outputs ${told.outputs}`, ...lines].join("\n"));
    return EXIT.ok;
  },
});

const dryRun = defineCommand({
  name: "runs dry-run",
  summary: "Show what a graph would do: its waves, what policy says of each step, what it costs at least; nothing runs.",
  operands: [GRAPH],
  options: {
    input: { type: "string", multiple: true, value: "NAME=VALUE", about: "an input; JSON, or else text; @FILE for what a file holds" },
  },
  examples: ["soma runs dry-run examples/graphs/fan-out.yaml"],
  run: async ({ operands: [file = ""], options, output, signal }) => {
    const { api } = await connected();
    const body = { graph: await graphIn(file), inputs: await givenInputs(options.input ?? []) };
    const told = await must(api.POST("/v1/mao/dry-run", { body, signal }));
    const lines = told.steps.map(({ wave, step, uses, decision }) => {
      const allowed =
        decision.effect === "deny" ? `denied: ${decision.reason}` : decision.needsApproval ? "asks a person" : decision.effect;
      return `  ${String(wave).padStart(4)}  ${step}  ${uses}  ${allowed}`;
    });
    const { rowsWritten, stepsThatAskAModel, basis } = told.estimate;
    output.result(
      told,
      ["  wave  step", ...lines, `${rowsWritten} rows at least, ${stepsThatAskAModel} steps ask a model. ${basis}`].join("\n"),
    );
    return EXIT.ok;
  },
});

export const runTalkCommands: readonly Command[] = [signalRun, update, query, retry, fork, replay, dryRun];
