import { must, type Schemas } from "../../sdk/client.ts";
import { type Command, defineCommand } from "../command.ts";
import { connected } from "../connection.ts";
import { EXIT, UsageError } from "../exit-codes.ts";
import { LIST_OPTIONS, localTime, printList } from "../listing.ts";

type KillSwitch = Schemas["KillSwitch"];

const SCOPES = ["everything", "tenant", "agent", "capsule", "tool", "model"] as const;
const RELEASES = ["one-person", "two-people"] as const;

const list = defineCommand({
  name: "kill-switch list",
  summary: "List kill switches, newest first.",
  options: { ...LIST_OPTIONS, thrown: { type: "boolean", about: "only those that are thrown now" } },
  examples: ["soma kill-switch list --thrown"],
  run: async ({ options, output, signal }) => {
    const { api } = await connected();
    const filter = options.thrown === true ? { state: "thrown" as const } : {};
    await printList(output, options.limit, {
      read: (query) => must(api.GET("/v1/kill-switch", { params: { query: { ...query, ...filter } }, signal })),
      row: (one) => [one.id, localTime(one.thrownAt), one.drill ? `drill, ${one.state}` : one.state, whatOf(one), one.reason],
      none: "There are none.",
    });
    return EXIT.ok;
  },
});

const throwIt = defineCommand({
  name: "kill-switch throw",
  summary: "Stop a tenant, an agent, a capsule, a tool or a model, from the next step on.",
  operands: [
    { name: "SCOPE", about: SCOPES.join(", ") },
    { name: "TARGET", about: "the name of the agent, capsule, tool or model", isOptional: true },
  ],
  options: {
    reason: { type: "string", value: "TEXT", about: "why; it is shown to whoever wonders" },
    drill: { type: "boolean", about: "record and announce it, and stop nothing" },
  },
  examples: [
    'soma kill-switch throw tool http.fetch --reason "It answers with other people\'s data"',
    "soma kill-switch throw tenant --drill --reason exercise",
  ],
  notes: "What is stopped waits, fails nothing, and goes on by itself after the release.",
  run: async ({ operands: [scope = "", target], options, output, signal }) => {
    const known = SCOPES.find((name) => name === scope);
    if (known === undefined) throw new UsageError(`${JSON.stringify(scope)} is none of ${SCOPES.join(", ")}.`);
    if (options.reason === undefined) throw new UsageError("Say why with --reason: whoever finds the work stopped reads it.");
    const { api } = await connected();
    const named = target === undefined ? {} : { target };
    const body = { scope: known, reason: options.reason, drill: options.drill === true, ...named };
    const thrown = await must(api.POST("/v1/kill-switch", { body, signal }));
    output.result(
      thrown,
      `${thrown.drill ? "Drill" : "Thrown"}: ${thrown.id} stops ${whatOf(thrown)}. End it with: soma kill-switch release ${thrown.id}`,
    );
    return EXIT.ok;
  },
});

const release = defineCommand({
  name: "kill-switch release",
  summary: "Let what a kill switch has stopped go on, or ask for it where that takes two people.",
  operands: [{ name: "ID", about: "the switch: ksw_…" }],
  options: {},
  examples: ["soma kill-switch release ksw_01KAJ2M3N4P5Q6R7S8T9V0W1X2"],
  run: async ({ operands: [id = ""], output, signal }) => {
    const { api } = await connected();
    const record = await must(api.POST("/v1/kill-switch/{id}/release", { params: { path: { id } }, signal }));
    const words =
      record.state === "released"
        ? `Released ${record.id}: ${whatOf(record)} goes on.`
        : `Asked for the release of ${record.id}. Another person confirms it before ${localTime(record.confirmBefore ?? record.thrownAt)}, by the same command.`;
    output.result(record, words);
    return EXIT.ok;
  },
});

const rules = defineCommand({
  name: "kill-switch rules",
  summary: "Show or set how many people release a kill switch.",
  operands: [{ name: "RELEASE", about: RELEASES.join(" or "), isOptional: true }],
  options: { minutes: { type: "string", value: "N", about: "minutes in which a second person has to confirm", default: "15" } },
  examples: ["soma kill-switch rules", "soma kill-switch rules two-people --minutes 30"],
  run: async ({ operands: [wanted], options, output, signal }) => {
    const { api } = await connected();
    const chosen = RELEASES.find((name) => name === wanted);
    if (wanted !== undefined && chosen === undefined) throw new UsageError(`${JSON.stringify(wanted)} is none of ${RELEASES.join(", ")}.`);
    const body = { release: chosen ?? "one-person", requestMinutes: Number(options.minutes) };
    const found = await must(
      chosen === undefined ? api.GET("/v1/kill-switch-rules", { signal }) : api.PUT("/v1/kill-switch-rules", { body, signal }),
    );
    output.result(
      found,
      found.release === "one-person"
        ? "One person releases a switch."
        : `Two people release a switch, the second within ${found.requestMinutes} minutes.`,
    );
    return EXIT.ok;
  },
});

function whatOf({ scope, target }: KillSwitch): string {
  if (scope === "everything") return "everything";
  return target === undefined ? "the whole tenant" : `${scope} ${target}`;
}

export const killSwitchCommands: readonly Command[] = [list, throwIt, release, rules];
