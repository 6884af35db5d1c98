import { done, must, type Schemas, type SomaClient } from "../../sdk/client.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { EXIT, UsageError } from "../exit-codes.ts";
import { LIST_OPTIONS, localTime, printList } from "../listing.ts";
import { columns, shownShort } from "../output.ts";
import { graphIn, inputOf, templateOf } from "../what-runs.ts";

type Schedule = Schemas["Schedule"];

const ID = { name: "ID", about: "the schedule: sch_…" } as const;
const EXAMPLE_ID = "sch_01KAJ2M3N4P5Q6R7S8T9V0W1X2";
/** Firings that `show` prints; the rest is there with --json. */
const FIRINGS_SHOWN = 10;

const CATCH_UP = ["skip", "last", "all"] as const;
const OVERLAP = ["skip", "queue", "cancel"] as const;

const list = defineCommand({
  name: "schedules list",
  summary: "List schedules, newest first.",
  options: LIST_OPTIONS,
  examples: ["soma schedules list"],
  run: async ({ options, output, signal }) => {
    const { api } = await connected();
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/mao/schedules", { params: { query }, signal })),
      row: (schedule) => [schedule.id, schedule.state, schedule.cron, schedule.timezone, shownShort(schedule.title, 60)],
      none: "There are no schedules yet. Make one with soma schedules create.",
    });
    return EXIT.ok;
  },
});

const show = defineCommand({
  name: "schedules show",
  summary: "Show a schedule: its next ten times, and what became of the last.",
  operands: [ID],
  options: {},
  examples: [`soma schedules show ${EXAMPLE_ID}`],
  run: async ({ operands: [id = ""], output, signal }) => {
    const { api } = await connected();
    const schedule = await must(api.GET("/v1/mao/schedules/{id}", { params: { path: { id } }, signal }));
    output.result(schedule, described(schedule));
    return EXIT.ok;
  },
});

const create = defineCommand({
  name: "schedules create",
  summary: "Start runs of a template or graph at set times.",
  operands: [{ name: "CRON", about: "minute, hour, day of month, month, day of week, in quotes" }],
  options: {
    template: { type: "string", value: "NAME[@VERSION]", about: "what runs; without a version the newest" },
    graph: { type: "string", value: "FILE", about: "what runs, as YAML or JSON; - for standard input" },
    timezone: { type: "string", value: "ZONE", about: "whose clock it follows", default: "UTC" },
    title: { type: "string", value: "TEXT", about: "what it is called", default: "" },
    input: { type: "string", multiple: true, value: "NAME=VALUE", about: "an input of the runs; JSON, or else text" },
    "catch-up": { type: "string", value: "POLICY", about: `after a downtime: ${CATCH_UP.join(", ")}`, default: "last" },
    overlap: { type: "string", value: "POLICY", about: `while a run goes on: ${OVERLAP.join(", ")}`, default: "skip" },
    jitter: { type: "string", value: "TIME", about: "start up to this much later", default: "0s" },
  },
  examples: [
    'soma schedules create "0 7 * * mon-fri" --template morning-report --timezone Europe/Berlin',
    'soma schedules create "*/15 * * * *" --graph poll.yaml --overlap queue --input shop=4711',
  ],
  run: async ({ operands: [cron = ""], options, output, signal }) => {
    if ((options.template === undefined) === (options.graph === undefined))
      throw new UsageError("Say what runs: --template NAME or --graph FILE, and not both.");
    const body = {
      cron,
      timezone: options.timezone,
      title: options.title,
      jitter: options.jitter,
      inputs: Object.fromEntries((options.input ?? []).map(inputOf)),
      catchUp: { policy: oneOf(CATCH_UP, options["catch-up"], "--catch-up") },
      overlap: { policy: oneOf(OVERLAP, options.overlap, "--overlap") },
      ...(options.template === undefined ? {} : { template: templateOf(options.template) }),
      ...(options.graph === undefined ? {} : { graph: await graphIn(options.graph) }),
    };
    const { api } = await connected();
    const schedule = await must(api.POST("/v1/mao/schedules", { body, signal }));
    output.result(schedule, described(schedule));
    return EXIT.ok;
  },
});

const remove = defineCommand({
  name: "schedules delete",
  summary: "Delete a schedule; runs that it started go on.",
  operands: [ID],
  options: {},
  examples: [`soma schedules delete ${EXAMPLE_ID}`],
  run: async ({ operands: [id = ""], output, signal }) => {
    const { api } = await connected();
    await done(api.DELETE("/v1/mao/schedules/{id}", { params: { path: { id } }, signal }));
    output.result({ id }, `Deleted ${id}.`);
    return EXIT.ok;
  },
});

/** A command that does something to a schedule and shows how it then stands. */
function change(
  word: string,
  summary: string,
  request: (client: SomaClient, id: string, signal: AbortSignal) => Promise<Schedule>,
): Command {
  return defineCommand({
    name: `schedules ${word}`,
    summary,
    operands: [ID],
    options: {},
    examples: [`soma schedules ${word} ${EXAMPLE_ID}`],
    run: async ({ operands: [id = ""], output, signal }) => {
      const schedule = await request(await connected(), id, signal);
      output.result(schedule, described(schedule));
      return EXIT.ok;
    },
  });
}

const steer =
  (path: "/v1/mao/schedules/{id}/pause" | "/v1/mao/schedules/{id}/resume" | "/v1/mao/schedules/{id}/run") =>
  (client: SomaClient, id: string, signal: AbortSignal) =>
    must(client.api.POST(path, { params: { path: { id } }, signal }));

export const scheduleCommands: readonly Command[] = [
  list,
  show,
  create,
  change("pause", "Start no further run until it is resumed.", steer("/v1/mao/schedules/{id}/pause")),
  change("resume", "Go on after a pause; what fell into it is not made up for.", steer("/v1/mao/schedules/{id}/resume")),
  change("run", "Start a run now.", steer("/v1/mao/schedules/{id}/run")),
  remove,
];

function described(schedule: Schedule): string {
  const firings = schedule.history
    .slice(0, FIRINGS_SHOWN)
    .map(({ due, outcome, run, reason, count, problem }) => [
      localTime(due),
      count === undefined ? outcome : `${count} ${outcome}`,
      run ?? "",
      shownShort(reason ?? problem?.detail ?? "", 80),
    ]);
  return [
    `${schedule.id}  ${schedule.state}  ${schedule.cron}  ${schedule.timezone}  ${shownShort(schedule.title, 100)}`,
    `Next (in the time of this machine):\n${columns(
      schedule.next.map((at) => [localTime(at)]),
      "none",
    )}`,
    `Last:\n${columns(firings, "none yet")}`,
  ].join("\n");
}

function oneOf<const T extends string>(words: readonly T[], word: string, option: string): T {
  const found = words.find((candidate) => candidate === word);
  if (found === undefined) throw new UsageError(`${option} ${word} is not known; it is one of ${words.join(", ")}.`);
  return found;
}
