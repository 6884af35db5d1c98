import { defineCommand } from "../command.ts";
import { EXIT, UsageError } from "../exit-codes.ts";

/** How long it may take; a proof that hangs is one that failed. */
const DEFAULT_MINUTES = "30";

export const proveProject = defineCommand({
  name: "prove project",
  summary: "Kill this machine's platform again and again while it works, and count what came of the work.",
  options: {
    tasks: { type: "string", value: "N", about: "tasks of the project, 1,000 at most", default: "60" },
    items: { type: "string", value: "N", about: "items of the for_each; as many as there are tasks when left out" },
    kills: { type: "string", value: "N", about: "times that the runtime, its host or both are killed", default: "5" },
    deploys: { type: "string", value: "N", about: "times that the Worker is replaced by another version", default: "2" },
    sessions: { type: "string", value: "N", about: "conversations that go on all the while", default: "2" },
    seed: { type: "string", value: "N", about: "what determines the moments", default: "1" },
    minutes: { type: "string", value: "N", about: "minutes after which it is given up", default: DEFAULT_MINUTES },
  },
  examples: ["soma prove project --tasks 1000 --kills 100 --deploys 10 --minutes 120", "soma prove project --json"],
  notes:
    "It works on a platform of its own in a temporary folder. Alarms fire twice and queues deliver twice in it. Ends with 1 when anything was done twice, is missing, or differs from what came of the undisturbed work.",
  run: async ({ options, output, signal }) => {
    const number = (name: "tasks" | "kills" | "deploys" | "sessions" | "seed" | "minutes") => numberOf(name, options[name]);
    const tasks = number("tasks");
    const items = options.items === undefined ? tasks : numberOf("items", options.items);
    const given = { tasks, items, kills: number("kills"), deploys: number("deploys"), sessions: number("sessions"), seed: number("seed") };
    const tooLong = AbortSignal.timeout(number("minutes") * 60_000);
    // What kills and counts is loaded only by who wants it.
    const { proveProject: prove } = await import("../../../test/faults/prove-project.ts");
    try {
      const proof = await prove(given, AbortSignal.any([signal, tooLong]), (words) => console.error(words));
      output.result(proof, JSON.stringify(proof, null, 2));
      return proof.isSound ? EXIT.ok : EXIT.failed;
    } catch (error) {
      // Clients of the platform that is gone would go on asking for it and keep this process alive.
      console.error(`Given up: ${error instanceof Error ? error.message : String(error)}`);
      process.exit(signal.aborted ? EXIT.interrupted : EXIT.failed);
    }
  },
});

function numberOf(name: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new UsageError(`--${name} ${text} is no whole number.`);
  return Number(text);
}
